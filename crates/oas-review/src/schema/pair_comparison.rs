//! One comparison of two conjunctions.

use oas_document::Location;
use oas_model::SchemaId;

use super::constraint::Constraint;
use super::medium::Medium;
use super::pair::{Child, Found, Inside, Pair};
use super::proofs::Proofs;
use super::resolver::{Resolver, is_untouched};
use crate::rule::Rule;

/// One comparison of two conjunctions.
pub(crate) struct PairComparison<'l, 'a> {
    pub(crate) base: &'l mut Resolver<'a>,
    pub(crate) revision: &'l mut Resolver<'a>,
    pub(crate) proofs: &'l mut Proofs,
    /// What is compared; its conjunctions are those of the whole comparison.
    pub(crate) pair: Pair,
    /// Where the conjunctions stand, for what has no better place.
    pub(crate) homes: (Location, Location),
    pub(crate) found: Vec<Found>,
    pub(crate) children: Vec<Child>,
}

impl<'l, 'a> PairComparison<'l, 'a> {
    pub(crate) fn new(
        base: &'l mut Resolver<'a>,
        revision: &'l mut Resolver<'a>,
        proofs: &'l mut Proofs,
        pair: Pair,
        homes: (Location, Location),
    ) -> Self {
        Self { base, revision, proofs, pair, homes, found: Vec::new(), children: Vec::new() }
    }

    /// Notes a difference, to be filled in by the caller.
    pub(crate) fn find(&mut self, rule: Rule, base: Location, revision: Location) -> &mut Found {
        let (limit, name, before, after) = (None, None, None, None);
        self.found.push(Found { rule, base, revision, limit, name, before, after, is_whole: false, is_meaning: false });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// Goes on to a position inside, unless both sides are untouched there.
    pub(crate) fn descend(
        &mut self,
        inside: Inside,
        base: Vec<SchemaId>,
        revision: Vec<SchemaId>,
        homes: (Location, Location),
    ) {
        if is_untouched(self.base, self.revision, &base, &revision) {
            return;
        }
        let pair = self.pair_inside(&inside, base, revision);
        self.children.push(Child { pair, inside, homes });
    }

    /// The pair of a position inside.
    pub(crate) fn pair_inside(&mut self, inside: &Inside, base: Vec<SchemaId>, revision: Vec<SchemaId>) -> Pair {
        let medium = self.pair.medium;
        let (medium, is_present) = match inside {
            Inside::Same | Inside::Branch => (medium, self.pair.is_present),
            Inside::Member { is_present, .. } => (medium.of_member(), *is_present),
            Inside::Rest { .. } => (medium.of_member(), true),
            Inside::Item(_) => (medium.of_item(), true),
            Inside::Apart => (Medium::Json, true),
        };
        let (base, revision) = (self.base.conjunction(base), self.revision.conjunction(revision));
        Pair { direction: self.pair.direction, medium, is_present, base, revision }
    }

    /// The place of `keyword` in the schema that says it, or of the first schema, or of the position.
    pub(crate) fn base_place<T>(
        &self,
        constraint: Option<&Constraint<T>>,
        sources: &[SchemaId],
        keywords: &[&str],
    ) -> Location {
        place(self.base, constraint.map(|constraint| constraint.by), sources, keywords, &self.homes.0)
    }

    /// The same on the side of the revision.
    pub(crate) fn revision_place<T>(
        &self,
        constraint: Option<&Constraint<T>>,
        sources: &[SchemaId],
        keywords: &[&str],
    ) -> Location {
        place(self.revision, constraint.map(|constraint| constraint.by), sources, keywords, &self.homes.1)
    }
}

/// The place of the first of `keywords` that `by` has, or of the first source, or `home`.
pub(crate) fn place(
    resolver: &Resolver<'_>,
    by: Option<SchemaId>,
    sources: &[SchemaId],
    keywords: &[&str],
    home: &Location,
) -> Location {
    if let Some(by) = by {
        let at = &resolver.schema(by).at;
        let keyword = keywords.iter().map(|keyword| at.child(keyword));
        return keyword
            .into_iter()
            .find(|place| resolver.side.document.get(place).is_some())
            .unwrap_or_else(|| at.clone());
    }
    sources.first().map_or_else(|| home.clone(), |first| resolver.schema(*first).at.clone())
}
