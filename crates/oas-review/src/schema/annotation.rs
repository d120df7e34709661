//! What schemas say that does not make a value valid or not: defaults, words, extensions, discriminators.

use indexmap::IndexMap;
use oas_model::{Discriminator, Schema, SchemaId};
use serde_json::Value;

use super::choice::component_name;
use super::lens::{Conjunction, is_untouched};
use super::walk::Comparison;
use crate::rule::{Rule, is};

impl Comparison<'_, '_> {
    /// Compares the annotations of the schemas that stand at the position themselves.
    pub(crate) fn compare_seeds(&mut self, base: Conjunction, revision: Conjunction) {
        let (old, new) = (self.base.seeds(base).to_vec(), self.revision.seeds(revision).to_vec());
        self.compare_annotations(&old, &new);
    }

    /// Compares the annotations of schemas that belong together.
    pub(crate) fn compare_annotations(&mut self, old: &[SchemaId], new: &[SchemaId]) {
        if old.len() != new.len() {
            return;
        }
        for (was, is) in old.iter().zip(new) {
            if self.base.digests.get(*was) != self.revision.digests.get(*is) {
                self.compare_annotated(*was, *is);
            }
        }
    }

    fn compare_annotated(&mut self, was: SchemaId, is: SchemaId) {
        let (there, here) = (self.base.schema(was), self.revision.schema(is));
        self.compare_default(there, here);
        self.compare_discriminators(was, is);
        let rules = match (there.deprecated, here.deprecated) {
            (false, true) => Some(is::DEPRECATED),
            (true, false) => Some(is::UNDEPRECATED),
            _ => None,
        };
        if let Some(rule) = rules {
            self.find(rule, there.at.clone(), here.at.clone());
        }
        if there.xml != here.xml {
            self.find(is::XML_CHANGED, there.at.clone(), here.at.clone());
        }
        let words: [(&str, bool); 4] = [
            ("title", there.title != here.title),
            ("description", there.description != here.description),
            ("examples", there.examples != here.examples),
            ("externalDocs", there.external_docs != here.external_docs),
        ];
        for (keyword, _) in words.into_iter().filter(|(_, differs)| *differs) {
            let place = |schema: &Schema| schema.at.child(keyword);
            self.find(is::DOCUMENTATION_CHANGED, place(there), place(here)).name = Some(format!("`{keyword}`"));
        }
        self.compare_named(there, here, &there.extensions, &here.extensions, is::EXTENSION_CHANGED);
        self.compare_named(there, here, &there.unknown, &here.unknown, is::UNKNOWN_KEYWORD_CHANGED);
    }

    fn compare_named(
        &mut self,
        there: &Schema,
        here: &Schema,
        old: &IndexMap<String, Value>,
        new: &IndexMap<String, Value>,
        rule: Rule,
    ) {
        let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
        for name in names.filter(|name| old.get(*name) != new.get(*name)) {
            let found = self.find(rule, there.at.child(name), here.at.child(name));
            found.name = Some(format!("`{name}`"));
            found.before = old.get(name).cloned();
            found.after = new.get(name).cloned();
        }
    }

    fn compare_default(&mut self, there: &Schema, here: &Schema) {
        let rule = match (&there.default, &here.default) {
            (Some(was), Some(is)) if !super::same_value(was, is) => is::DEFAULT_CHANGED,
            (None, Some(_)) => is::DEFAULT_INTRODUCED,
            (Some(_), None) => is::DEFAULT_DROPPED,
            _ => return,
        };
        let found = self.find(rule, there.at.child("default"), here.at.child("default"));
        found.before.clone_from(&there.default);
        found.after.clone_from(&here.default);
    }

    fn compare_discriminators(&mut self, was: SchemaId, is: SchemaId) {
        let (there, here) = (self.base.schema(was), self.revision.schema(is));
        let (place_there, place_here) = (there.at.child("discriminator"), here.at.child("discriminator"));
        let text = |discriminator: &Discriminator| Value::String(format!("`{}`", discriminator.property));
        match (&there.discriminator, &here.discriminator) {
            (Some(old), Some(new)) => {
                if old.property != new.property {
                    let found = self.find(is::DISCRIMINATOR_PROPERTY_CHANGED, place_there, place_here);
                    found.before = Some(text(old));
                    found.after = Some(text(new));
                }
                self.compare_mappings(was, is, old, new);
                let (target_there, target_here) = (
                    old.default.and_then(|id| component_name(self.base, id)),
                    new.default.and_then(|id| component_name(self.revision, id)),
                );
                if target_there != target_here {
                    let places = (there.at.child("discriminator"), here.at.child("discriminator"));
                    let found = self.find(is::DISCRIMINATOR_VALUE_RETARGETED, places.0, places.1);
                    found.name = Some("any other value".to_owned());
                    found.before = target_there.map(Into::into);
                    found.after = target_here.map(Into::into);
                }
            }
            (None, Some(new)) => {
                self.find(is::DISCRIMINATOR_INTRODUCED, place_there, place_here).after = Some(text(new));
            }
            (Some(old), None) => {
                self.find(is::DISCRIMINATOR_DROPPED, place_there, place_here).before = Some(text(old));
            }
            (None, None) => {}
        }
    }

    /// Compares which value names which alternative. A value that comes or goes with its alternative is reported with
    /// the alternative.
    fn compare_mappings(&mut self, was: SchemaId, is: SchemaId, old: &Discriminator, new: &Discriminator) {
        let (there, here) = (self.base.schema(was), self.revision.schema(is));
        let names = old.mapping.keys().chain(new.mapping.keys().filter(|name| !old.mapping.contains_key(*name)));
        for name in names {
            let target_there = old.mapping.get(name).and_then(|id| component_name(self.base, *id));
            let target_here = new.mapping.get(name).and_then(|id| component_name(self.revision, *id));
            let branches = |schema: &Schema| [schema.one_of.clone(), schema.any_of.clone()].concat();
            let is_branch_there = |target: &str| {
                let all = branches(there);
                all.is_empty() || all.iter().any(|id| component_name(self.base, *id) == Some(target))
            };
            let is_branch_here = |target: &str| {
                let all = branches(here);
                all.is_empty() || all.iter().any(|id| component_name(self.revision, *id) == Some(target))
            };
            let rule = match (old.mapping.get(name), new.mapping.get(name)) {
                (Some(_), Some(_)) if target_there == target_here => continue,
                // The same schema under another name.
                (Some(old), Some(new))
                    if target_there.is_some_and(|name| !self.revision.side.api.components.contains_key(name))
                        && is_untouched(self.base, self.revision, &[*old], &[*new]) =>
                {
                    continue;
                }
                (Some(_), Some(_)) => is::DISCRIMINATOR_VALUE_RETARGETED,
                (None, _) if target_here.is_some_and(|target| !is_branch_there(target)) => continue,
                (_, None) if target_there.is_some_and(|target| !is_branch_here(target)) => continue,
                (None, _) => is::DISCRIMINATOR_VALUE_ADDED,
                (Some(_), None) => is::DISCRIMINATOR_VALUE_REMOVED,
            };
            let place = |schema: &Schema| schema.at.child("discriminator").child("mapping").child(name);
            let (before, after) = (target_there.map(Into::into), target_here.map(Into::into));
            let found = self.find(rule, place(there), place(here));
            found.name = Some(format!("`{name}`"));
            found.before = before;
            found.after = after;
        }
    }
}
