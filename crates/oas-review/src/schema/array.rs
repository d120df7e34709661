//! Arrays: counts, items, what they contain.

use oas_model::{Schema, SchemaId, Schemas};

use super::constraint::{Constraint, distinct, tightest};
use super::limit::Limit;
use super::pair::Inside;
use super::pair_comparison::PairComparison;
use super::resolver::Resolver;
use super::scalar::forbids;
use super::shape::Record;
use crate::effect::Effect;
use crate::rule::is;

const MIN_ITEMS: Limit =
    Limit { name: "min-items", keyword: "minItems", is_upper: false, read: |schema| schema.min_items };
const MAX_ITEMS: Limit =
    Limit { name: "max-items", keyword: "maxItems", is_upper: true, read: |schema| schema.max_items };

/// What the schemas of a record say about items.
struct Items {
    /// How many positions have schemas of their own.
    positions: usize,
    /// Which schema forbids items behind those positions.
    closed_by: Option<SchemaId>,
}

impl Items {
    fn new(resolver: &Resolver<'_>, sources: &[SchemaId]) -> Self {
        let schemas = &resolver.side.api.schemas;
        let positions = sources.iter().map(|id| resolver.schema(*id).prefix_items.len()).max().unwrap_or(0);
        let closed_by = sources
            .iter()
            .copied()
            .find(|id| forbids(schemas, schemas[*id].items) || forbids(schemas, schemas[*id].unevaluated_items));
        Self { positions, closed_by }
    }
}

/// The schemas of the item at `position`, or of those behind all positions.
fn item(schemas: &Schemas, sources: &[SchemaId], position: Option<usize>) -> Vec<SchemaId> {
    let of = |id: &SchemaId| {
        let schema: &Schema = &schemas[*id];
        position
            .and_then(|position| schema.prefix_items.get(position).copied())
            .or_else(|| schema.items.schema())
            .or_else(|| schema.unevaluated_items.schema())
    };
    sources.iter().filter_map(of).collect()
}

impl PairComparison<'_, '_> {
    /// Compares what two records say about arrays.
    pub(crate) fn compare_arrays(&mut self, old: &Record, new: &Record) {
        self.compare_limit(old, new, &MIN_ITEMS, (0, 0));
        self.compare_limit(old, new, &MAX_ITEMS, (0, 0));
        self.compare_uniqueness(old, new);
        self.compare_items(old, new);
        self.compare_contains(old, new);
    }

    fn compare_uniqueness(&mut self, old: &Record, new: &Record) {
        let unique = |schema: &Schema| schema.unique_items.then_some(());
        let before = tightest(self.base, &old.sources, unique, |(), ()| false);
        let after = tightest(self.revision, &new.sources, unique, |(), ()| false);
        let rule = match (before.is_some(), after.is_some()) {
            (false, true) => is::UNIQUE_ITEMS_INTRODUCED,
            (true, false) => is::UNIQUE_ITEMS_DROPPED,
            _ => return,
        };
        let place_there = self.base_place(before.as_ref(), &old.sources, &["uniqueItems"]);
        let place_here = self.revision_place(after.as_ref(), &new.sources, &["uniqueItems"]);
        self.find(rule, place_there, place_here);
    }

    fn compare_items(&mut self, old: &Record, new: &Record) {
        let (there, here) = (Items::new(self.base, &old.sources), Items::new(self.revision, &new.sources));
        let (homes_there, homes_here) =
            (self.base_place::<()>(None, &old.sources, &[]), self.revision_place::<()>(None, &new.sources, &[]));
        let positions = there.positions.max(here.positions);
        let schemas = (&self.base.side.api.schemas, &self.revision.side.api.schemas);
        // What cannot be there on one side is told about with `maxItems`.
        let room = |resolver: &Resolver<'_>, sources: &[SchemaId]| {
            sources.iter().filter_map(|id| resolver.schema(*id).max_items).min().unwrap_or(u64::MAX)
        };
        let room = room(self.base, &old.sources).min(room(self.revision, &new.sources));
        for position in (0..positions).map(Some).chain([None]) {
            if position.unwrap_or(positions) as u64 >= room {
                break;
            }
            let (was, is) = (item(schemas.0, &old.sources, position), item(schemas.1, &new.sources, position));
            let closed =
                |items: &Items| items.closed_by.filter(|_| position.is_none_or(|position| position >= items.positions));
            let rule = match (closed(&there), closed(&here)) {
                (Some(_), Some(_)) => continue,
                (None, None) => {
                    let inside = Inside::Item(position.unwrap_or(positions));
                    self.descend(inside, was, is, (homes_there.clone(), homes_here.clone()));
                    continue;
                }
                (None, Some(_)) => is::ITEMS_FORBIDDEN,
                (Some(_), None) => is::ITEMS_ALLOWED,
            };
            let by = |id: Option<SchemaId>| id.map(|by| Constraint { value: (), by });
            let keywords = ["items", "unevaluatedItems"];
            let place_there = self.base_place(by(there.closed_by).as_ref(), &old.sources, &keywords);
            let place_here = self.revision_place(by(here.closed_by).as_ref(), &new.sources, &keywords);
            let name = position.map(|position| position.to_string());
            self.find(rule, place_there, place_here).name = name;
        }
    }

    fn compare_contains(&mut self, old: &Record, new: &Record) {
        let read = |schema: &Schema| {
            // `minContains: 0` asks for nothing, unless there may be too many.
            schema
                .contains
                .filter(|_| schema.min_contains != Some(0) || schema.max_contains.is_some())
                .map(|id| (id, schema.min_contains.unwrap_or(1), schema.max_contains))
        };
        let before = distinct(self.base, &old.sources, read);
        let after = distinct(self.revision, &new.sources, read);
        for index in 0..before.len().max(after.len()) {
            let (was, is) = (before.get(index), after.get(index));
            let rule = match (was.map(|constraint| constraint.value), is.map(|constraint| constraint.value)) {
                (Some((was, least, most)), Some((is, new_least, new_most))) => {
                    let inner = self.overall(vec![was], vec![is]);
                    let counts = Effect::of(
                        new_least > least || most.is_none_or(|most| new_most.is_some_and(|new| new < most)),
                        new_least < least || new_most.is_none_or(|new| most.is_some_and(|most| new > most)),
                    );
                    let same_counts = (least, most) == (new_least, new_most);
                    match (inner, same_counts, counts) {
                        (Effect::None, true, _) => continue,
                        (Effect::Narrows, true, _) if new_most.is_none() => is::CONTAINS_INTRODUCED,
                        (Effect::Widens, true, _) if new_most.is_none() => is::CONTAINS_DROPPED,
                        _ => is::CONTAINS_CHANGED,
                    }
                }
                (None, Some(_)) => is::CONTAINS_INTRODUCED,
                (Some(_), None) => is::CONTAINS_DROPPED,
                (None, None) => continue,
            };
            let place_there = self.base_place(was, &old.sources, &["contains"]);
            let place_here = self.revision_place(is, &new.sources, &["contains"]);
            self.find(rule, place_there, place_here);
        }
    }
}
