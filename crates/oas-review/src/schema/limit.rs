//! Upper and lower bounds on counts: lengths, items, members.

use oas_model::{Schema, SchemaId};

use super::constraint::{Constraint, tightest};
use super::pair_comparison::PairComparison;
use super::resolver::Resolver;
use super::shape::Record;
use crate::rule::{Rule, is};

/// A bound on a count.
pub(crate) struct Limit {
    /// Its name, as ids write it.
    pub(crate) name: &'static str,
    /// The keyword.
    pub(crate) keyword: &'static str,
    /// Whether it is an upper bound.
    pub(crate) is_upper: bool,
    /// Reads it.
    pub(crate) read: fn(&Schema) -> Option<u64>,
}

impl Limit {
    /// Whether one value allows less than another.
    pub(crate) const fn is_tighter(&self, one: u64, other: u64) -> bool {
        if self.is_upper { one < other } else { one > other }
    }

    /// The one of `sources` that allows least.
    pub(crate) fn tightest(&self, resolver: &Resolver<'_>, sources: &[SchemaId]) -> Option<Constraint<u64>> {
        tightest(resolver, sources, self.read, |one, other| self.is_tighter(*one, *other))
    }
}

impl PairComparison<'_, '_> {
    /// Compares a bound; `floors` are lower bounds that follow from other keywords.
    pub(crate) fn compare_limit(&mut self, old: &Record, new: &Record, limit: &Limit, floors: (u64, u64)) {
        let before = limit.tightest(self.base, &old.sources);
        let after = limit.tightest(self.revision, &new.sources);
        let effective = |value: Option<u64>, floor: u64| {
            if limit.is_upper { value } else { Some(value.unwrap_or(0).max(floor)).filter(|least| *least > 0) }
        };
        let (was, is) = (
            effective(before.map(|constraint| constraint.value), floors.0),
            effective(after.map(|constraint| constraint.value), floors.1),
        );
        // What follows from other keywords is reported there.
        if was == is || (before.map(|constraint| constraint.value) == after.map(|constraint| constraint.value)) {
            return;
        }
        let rule = rule(limit.is_upper, was, is);
        let place_there = self.base_place(before.as_ref(), &old.sources, &[limit.keyword]);
        let place_here = self.revision_place(after.as_ref(), &new.sources, &[limit.keyword]);
        let found = self.find(rule, place_there, place_here);
        found.limit = Some(limit.name);
        found.before = was.map(Into::into);
        found.after = is.map(Into::into);
    }
}

/// The rule for a bound that went from `before` to `after`, which differ.
pub(crate) fn rule<T: PartialOrd>(is_upper: bool, before: Option<T>, after: Option<T>) -> Rule {
    match (is_upper, before, after) {
        (true, None, _) => is::UPPER_INTRODUCED,
        (true, Some(_), None) => is::UPPER_DROPPED,
        (true, Some(before), Some(after)) if after < before => is::UPPER_LOWERED,
        (true, Some(_), Some(_)) => is::UPPER_RAISED,
        (false, None, _) => is::LOWER_INTRODUCED,
        (false, Some(_), None) => is::LOWER_DROPPED,
        (false, Some(before), Some(after)) if after > before => is::LOWER_RAISED,
        (false, Some(_), Some(_)) => is::LOWER_LOWERED,
    }
}
