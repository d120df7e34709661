//! Keywords whose schemas do not describe a part of the value: `not`, `if`, and alternatives that exclude each other.

use oas_model::{Schema, SchemaId};

use super::constraint::{Constraint, distinct};
use super::pair::Inside;
use super::pair_comparison::PairComparison;
use super::resolver::{Conjunction, Resolver, is_untouched};
use super::shape::{Record, Shape};
use crate::effect::Effect;
use crate::rule::is;

impl PairComparison<'_, '_> {
    /// What the change of a schema does, all positions inside included.
    pub(crate) fn overall(&mut self, base: Vec<SchemaId>, revision: Vec<SchemaId>) -> Effect {
        if is_untouched(self.base, self.revision, &base, &revision) {
            return Effect::None;
        }
        let pair = self.pair_inside(&Inside::Same, base, revision);
        self.overall_of_pair(pair)
    }

    /// Compares what values must not be.
    pub(crate) fn compare_negations(&mut self, old: &Record, new: &Record) {
        let read = |schema: &Schema| schema.not;
        let before = distinct(self.base, &old.sources, read);
        let mut after = distinct(self.revision, &new.sources, read);
        let mut removed = Vec::new();
        for was in before {
            let same = after.iter().position(|is| self.overall(vec![was.value], vec![is.value]) == Effect::None);
            match same {
                Some(index) => drop(after.remove(index)),
                None => removed.push(was),
            }
        }
        for index in 0..removed.len().max(after.len()) {
            let (was, is) = (removed.get(index), after.get(index));
            let place_there = self.base_place(was, &old.sources, &["not"]);
            let place_here = self.revision_place(is, &new.sources, &["not"]);
            self.find(is::NEGATION_CHANGED, place_there, place_here);
        }
    }

    /// Compares `if`, `then`, `else` and schemas that depend on a member.
    pub(crate) fn compare_conditions(&mut self, old: &Record, new: &Record) {
        let read =
            |schema: &Schema| schema.condition.filter(|_| schema.consequence.is_some() || schema.alternative.is_some());
        let before = distinct(self.base, &old.sources, read);
        let after = distinct(self.revision, &new.sources, read);
        for index in 0..before.len().max(after.len()) {
            let (was, is) = (before.get(index), after.get(index));
            let same = match (was, is) {
                (Some(was), Some(is)) => self.overall(vec![was.value], vec![is.value]) == Effect::None,
                _ => false,
            };
            if let (true, Some(was), Some(is)) = (same, was, is) {
                self.compare_consequences(was.by, is.by);
                continue;
            }
            let place_there = self.base_place(was, &old.sources, &["if"]);
            let place_here = self.revision_place(is, &new.sources, &["if"]);
            self.find(is::CONDITION_CHANGED, place_there, place_here);
        }
    }

    /// Compares what follows from the same condition.
    fn compare_consequences(&mut self, old: SchemaId, new: SchemaId) {
        let (there, here) = (self.base.schema(old), self.revision.schema(new));
        let parts = [("then", there.consequence, here.consequence), ("else", there.alternative, here.alternative)];
        for (keyword, was, is) in parts {
            let homes = (there.at.child(keyword), here.at.child(keyword));
            self.descend(Inside::Same, Vec::from_iter(was), Vec::from_iter(is), homes);
        }
    }

    /// Compares whether alternatives exclude each other, and those that are too many.
    pub(crate) fn compare_exclusivity(
        &mut self,
        base: Conjunction,
        revision: Conjunction,
        there: &Shape,
        here: &Shape,
    ) {
        let (old, new) = (self.base.seeds(base).to_vec(), self.revision.seeds(revision).to_vec());
        let by = |id: Option<&SchemaId>| id.map(|by| Constraint { value: (), by: *by });
        if !there.unresolved.is_empty() || !here.unresolved.is_empty() {
            let (was, is) = (by(there.unresolved.first()), by(here.unresolved.first()));
            let place_there = self.base_place(was.as_ref(), &old, &["anyOf", "oneOf"]);
            let place_here = self.revision_place(is.as_ref(), &new, &["anyOf", "oneOf"]);
            self.find(is::CHOICE_CHANGED, place_there, place_here);
        }
        let has_choices = |resolver: &Resolver<'_>, shape: &Shape| {
            let sources = shape.records.iter().flat_map(|record| record.sources.iter());
            sources.into_iter().any(|id| resolver.schema(*id).any_of.len() > 1)
        };
        // Where a discriminator tells which alternative a value is, nobody counts those that it fits.
        let is_told = |resolver: &Resolver<'_>, shape: &Shape| {
            shape.exclusive.first().is_some_and(|id| resolver.schema(*id).discriminator.is_some())
        };
        if is_told(self.base, there) && is_told(self.revision, here) {
            return;
        }
        let overlap = (there.may_overlap(self.base), here.may_overlap(self.revision));
        let rule = match (there.exclusive.first(), here.exclusive.first()) {
            (None, Some(_)) if overlap.1 && has_choices(self.base, there) => is::CHOICE_BECAME_EXCLUSIVE,
            (Some(_), None) if overlap.0 && has_choices(self.revision, here) => is::CHOICE_BECAME_INCLUSIVE,
            (Some(_), _) if overlap.0 => is::CHOICE_OVERLAP_CHANGED,
            (_, Some(_)) if overlap.1 => is::CHOICE_OVERLAP_CHANGED,
            _ => return,
        };
        let (was, is) = (by(there.exclusive.first()), by(here.exclusive.first()));
        let place_there = self.base_place(was.as_ref(), &old, &["oneOf"]);
        let place_here = self.revision_place(is.as_ref(), &new, &["oneOf"]);
        self.find(rule, place_there, place_here);
    }
}
