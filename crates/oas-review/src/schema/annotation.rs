//! What schemas say that does not make a value valid or not: defaults, words, extensions.

use indexmap::IndexMap;
use oas_model::{Schema, SchemaId};
use serde_json::Value;

use super::pair_comparison::PairComparison;
use super::resolver::Conjunction;
use super::value::text_of;
use crate::rule::{Rule, is};

impl PairComparison<'_, '_> {
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

    /// Whether two defaults are the same where they stand: `1` and `"1"` are the same text.
    fn is_same_default(&self, was: &Value, is: &Value) -> bool {
        let is_same_text = || text_of(was).is_some_and(|text| text_of(is) == Some(text));
        super::same_value(was, is) || (self.pair.medium.is_text() && is_same_text())
    }

    fn compare_default(&mut self, there: &Schema, here: &Schema) {
        let rule = match (&there.default, &here.default) {
            (Some(was), Some(is)) if !self.is_same_default(was, is) => is::DEFAULT_CHANGED,
            (None, Some(_)) => is::DEFAULT_INTRODUCED,
            (Some(_), None) => is::DEFAULT_DROPPED,
            _ => return,
        };
        // What is always there needs no default.
        let rule = if self.pair.is_present { is::DEFAULT_UNUSED } else { rule };
        let found = self.find(rule, there.at.child("default"), here.at.child("default"));
        found.before.clone_from(&there.default);
        found.after.clone_from(&here.default);
    }
}
