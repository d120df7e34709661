//! Discriminators: which value names which alternative, and the alternatives that no `oneOf` lists.

use std::collections::HashSet;

use oas_model::{Discriminator, Schema, SchemaId};
use serde_json::Value;

use super::moved::is_renamed;
use super::pair::Inside;
use super::pair_comparison::PairComparison;
use super::resolver::{Resolver, component_name};
use super::shape::{Record, Shape};
use crate::effect::Effect;
use crate::rule::is;

/// The values that name the alternative that was chosen on the way to a record.
pub(crate) fn wire_values<'a>(resolver: &Resolver<'a>, record: &Record) -> Vec<&'a str> {
    let schemas = &resolver.side.api.schemas;
    let chosen: Vec<SchemaId> = record.choices.iter().map(|id| schemas.resolve(*id)).collect();
    let mappings = record.sources.iter().filter_map(|id| {
        let schema = resolver.schema(*id);
        schema.discriminator.as_ref().filter(|_| has_branches(schema))
    });
    mappings
        .flat_map(|one| &one.mapping)
        .filter(|(_, target)| chosen.contains(&schemas.resolve(**target)))
        .map(|(value, _)| value.as_str())
        .collect()
}

fn has_branches(schema: &Schema) -> bool {
    !schema.one_of.is_empty() || !schema.any_of.is_empty()
}

/// The schemas behind a position that have a discriminator.
fn discriminated(resolver: &Resolver<'_>, shape: &Shape) -> Vec<SchemaId> {
    let mut all: Vec<SchemaId> = Vec::new();
    for id in shape.records.iter().flat_map(|record| record.sources.iter()) {
        if resolver.schema(*id).discriminator.is_some() && !all.contains(id) {
            all.push(*id);
        }
    }
    all
}

/// The schemas that a schema is made of: itself, what it refers to, its `allOf`.
fn made_of(resolver: &Resolver<'_>, id: SchemaId) -> HashSet<SchemaId> {
    let mut seen = HashSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let schema = resolver.schema(id);
            open.extend(schema.all_of.iter().copied().chain(schema.reference));
        }
    }
    seen
}

/// The alternatives that extend the schemas of a position, by the values that name them.
fn children<'a>(resolver: &Resolver<'a>, shape: &Shape, owner: SchemaId) -> Vec<(&'a str, SchemaId)> {
    let schema = resolver.schema(owner);
    let Some(discriminator) = schema.discriminator.as_ref().filter(|_| !has_branches(schema)) else {
        return Vec::new();
    };
    let schemas = &resolver.side.api.schemas;
    // A position of one alternative has that and those that extend it, and none of the others.
    let sources: HashSet<SchemaId> = shape.records.iter().flat_map(|record| record.sources.iter().copied()).collect();
    let named: HashSet<SchemaId> = discriminator.mapping.values().map(|id| schemas.resolve(*id)).collect();
    let chosen: Vec<SchemaId> = sources.intersection(&named).copied().filter(|id| *id != owner).collect();
    let is_inside = |id: SchemaId| {
        let parts = made_of(resolver, id);
        chosen.iter().all(|one| parts.contains(one))
    };
    discriminator.mapping.iter().map(|(value, id)| (value.as_str(), *id)).filter(|(_, id)| is_inside(*id)).collect()
}

impl PairComparison<'_, '_> {
    /// Compares the discriminators of a position, and the alternatives that only they lead to.
    pub(crate) fn compare_polymorphism(&mut self, there: &Shape, here: &Shape) {
        let (old, new) = (discriminated(self.base, there), discriminated(self.revision, here));
        for index in 0..old.len().max(new.len()) {
            match (old.get(index), new.get(index)) {
                (Some(was), Some(is)) => {
                    self.compare_discriminators(*was, *is);
                    let before = children(self.base, there, *was);
                    let after = children(self.revision, here, *is);
                    for (value, was) in before {
                        let Some((_, is)) = after.iter().find(|(other, _)| *other == value) else { continue };
                        let homes = (self.base.schema(was).at.clone(), self.revision.schema(*is).at.clone());
                        self.descend(Inside::Same, vec![was], vec![*is], homes);
                    }
                }
                (Some(was), None) => {
                    let schema = self.base.schema(*was);
                    let (place_there, place_here) = (schema.at.child("discriminator"), self.homes.1.clone());
                    let text = schema.discriminator.as_ref().map(text);
                    self.find(is::DISCRIMINATOR_DROPPED, place_there, place_here).before = text;
                }
                (None, Some(is)) => {
                    let schema = self.revision.schema(*is);
                    let (place_there, place_here) = (self.homes.0.clone(), schema.at.child("discriminator"));
                    let text = schema.discriminator.as_ref().map(text);
                    self.find(is::DISCRIMINATOR_INTRODUCED, place_there, place_here).after = text;
                }
                (None, None) => {}
            }
        }
    }

    fn compare_discriminators(&mut self, was: SchemaId, is: SchemaId) {
        let (there, here) = (self.base.schema(was), self.revision.schema(is));
        let (Some(old), Some(new)) = (&there.discriminator, &here.discriminator) else { return };
        if old.property != new.property {
            let (place_there, place_here) = (there.at.child("discriminator"), here.at.child("discriminator"));
            let found = self.find(is::DISCRIMINATOR_PROPERTY_CHANGED, place_there, place_here);
            found.before = Some(text(old));
            found.after = Some(text(new));
        }
        self.compare_mappings(was, is, old, new);
        let (target_there, target_here) = (
            old.default.and_then(|id| component_name(self.base, id)),
            new.default.and_then(|id| component_name(self.revision, id)),
        );
        let is_same = match (target_there, target_here) {
            (Some(was), Some(is)) => was == is || is_renamed(self.base, self.revision, was, is),
            (was, is) => was == is,
        };
        if !is_same {
            let places = (there.at.child("discriminator"), here.at.child("discriminator"));
            let found = self.find(is::DISCRIMINATOR_VALUE_RETARGETED, places.0, places.1);
            found.name = Some("any other value".to_owned());
            found.before = Some(target_there.unwrap_or("nothing").into());
            found.after = Some(target_here.unwrap_or("nothing").into());
        }
    }

    /// Compares which value names which alternative. A value that comes or goes with its alternative is told about with
    /// the alternative.
    fn compare_mappings(&mut self, was: SchemaId, is: SchemaId, old: &Discriminator, new: &Discriminator) {
        let place = |schema: &Schema, name: &str| schema.at.child("discriminator").child("mapping").child(name);
        let (there, here) = (self.base.schema(was), self.revision.schema(is));
        for (name, (old, new)) in
            old.mapping.iter().filter_map(|(name, id)| Some((name, (*id, *new.mapping.get(name)?))))
        {
            let (was, is) = (component_name(self.base, old), component_name(self.revision, new));
            let is_same = match (was, is) {
                (Some(was), Some(is)) => was == is || is_renamed(self.base, self.revision, was, is),
                _ => true,
            };
            if !is_same {
                let found = self.find(is::DISCRIMINATOR_VALUE_RETARGETED, place(there, name), place(here, name));
                found.name = Some(format!("`{name}`"));
                found.before = was.map(Into::into);
                found.after = is.map(Into::into);
            }
        }
        let only = |these: &Discriminator, those: &Discriminator| -> Vec<(String, SchemaId)> {
            let own = these.mapping.iter().filter(|(name, _)| !those.mapping.contains_key(*name));
            own.map(|(name, id)| (name.clone(), *id)).collect()
        };
        let (removed, mut added) = (only(old, new), only(new, old));
        for (name, target) in removed {
            if let Some(index) = added.iter().position(|(_, other)| self.is_same_alternative(target, *other)) {
                let (new_name, _) = added.remove(index);
                let found = self.find(is::DISCRIMINATOR_VALUE_RENAMED, place(there, &name), place(here, &new_name));
                found.before = Some(format!("`{name}`").into());
                found.after = Some(format!("`{new_name}`").into());
            } else if !has_branches(there) || is_branch(self.revision, here, component_name(self.base, target)) {
                let before = component_name(self.base, target).map(Into::into);
                let found = self.find(is::DISCRIMINATOR_VALUE_REMOVED, place(there, &name), place(here, &name));
                found.name = Some(format!("`{name}`"));
                found.before = before;
            }
        }
        for (name, target) in added {
            if !has_branches(here) || is_branch(self.base, there, component_name(self.revision, target)) {
                let after = component_name(self.revision, target).map(Into::into);
                let found = self.find(is::DISCRIMINATOR_VALUE_ADDED, place(there, &name), place(here, &name));
                found.name = Some(format!("`{name}`"));
                found.after = after;
            }
        }
    }

    /// Whether two components are the same alternative, whatever they are called: by name, or by what they say where one
    /// name took the place of the other.
    pub(crate) fn is_same_alternative(&mut self, old: SchemaId, new: SchemaId) -> bool {
        let (Some(was), Some(is)) = (component_name(self.base, old), component_name(self.revision, new)) else {
            return false;
        };
        was == is
            || (is_renamed(self.base, self.revision, was, is) && self.overall(vec![old], vec![new]) == Effect::None)
    }
}

/// Whether a schema lists a component among its alternatives.
fn is_branch(resolver: &Resolver<'_>, schema: &Schema, name: Option<&str>) -> bool {
    name.is_some_and(|name| {
        schema.one_of.iter().chain(&schema.any_of).any(|id| component_name(resolver, *id) == Some(name))
    })
}

fn text(discriminator: &Discriminator) -> Value {
    Value::String(format!("`{}`", discriminator.property))
}
