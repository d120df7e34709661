//! Alternatives: which one of the base became which one of the revision.

use oas_document::Location;

use serde_json::Value;

use super::member::members;
use super::moved::is_renamed;
use super::pair::Inside;
use super::pair_comparison::PairComparison;
use super::polymorphism::wire_values;
use super::resolver::{Resolver, component_name, is_untouched};
use super::shape::{Kind, Record, Shape};
use super::value::same_value;
use crate::effect::{Direction, Effect};
use crate::rule::is;

impl PairComparison<'_, '_> {
    /// The records of the base that nothing of the revision allows as well.
    fn lost<'r>(&mut self, left: &[&'r Record], new: &[&Record]) -> Vec<&'r Record> {
        let mut lost = left.to_vec();
        lost.retain(|was| {
            is_tagged(self.base, was)
                || !new.iter().any(|is| matches!(self.overall_of_records(was, is), Effect::None | Effect::Widens))
        });
        lost
    }

    /// The records of the revision that nothing of the base allowed as well.
    fn won<'r>(&mut self, left: &[&'r Record], old: &[&Record]) -> Vec<&'r Record> {
        let mut won = left.to_vec();
        won.retain(|is| {
            is_tagged(self.revision, is)
                || !old.iter().any(|was| matches!(self.overall_of_records(was, is), Effect::None | Effect::Narrows))
        });
        won
    }

    /// Compares two lists of ways to be valid for values of one type.
    pub(crate) fn compare_choices(&mut self, old: &[&Record], new: &[&Record]) {
        let mut left_there: Vec<&Record> = old.to_vec();
        let mut left_here: Vec<&Record> = new.to_vec();
        let is_same = |this: &mut Self, old: &Record, new: &Record| {
            is_untouched(this.base, this.revision, &old.sources, &new.sources)
        };
        self.match_up(&mut left_there, &mut left_here, is_same, false);
        self.match_up(&mut left_there, &mut left_here, Self::has_same_wire_value, true);
        self.match_up(&mut left_there, &mut left_here, Self::has_same_name, true);
        self.match_up(&mut left_there, &mut left_here, Self::is_called_otherwise, false);
        self.match_up(&mut left_there, &mut left_here, Self::has_same_tag, true);
        let (lost, won) = (self.lost(&left_there, new), self.won(&left_here, old));
        // One that a discriminator names is another one, and not an edit of one that is gone.
        let is_edit =
            !lost.iter().any(|was| is_tagged(self.base, was)) || !won.iter().any(|is| is_tagged(self.revision, is));
        let has = |all: &[&Record], one: &Record| all.iter().any(|other| std::ptr::eq(*other, one));
        if is_edit && left_there.len() == left_here.len() {
            for (was, is) in left_there.iter().zip(&left_here).filter(|(was, is)| has(&lost, was) || has(&won, is)) {
                self.compare_alternatives(was, is);
            }
            return;
        }
        let pairs = if is_edit { lost.len().min(won.len()) } else { 0 };
        for (was, is) in lost.iter().zip(&won).take(pairs) {
            self.compare_alternatives(was, is);
        }
        for was in lost.iter().skip(pairs) {
            let place_there = branch_place(self.base, was).unwrap_or_else(|| self.homes.0.clone());
            let place_here = self.owner_place_here(new);
            let (name, is_tagged) = (branch_name(self.base, was), is_tagged(self.base, was));
            let found = self.find(is::BRANCH_REMOVED, place_there, place_here);
            found.name = Some(name);
            found.is_meaning = is_tagged;
        }
        for is in won.iter().skip(pairs) {
            let place_there = self.owner_place_there(old);
            let place_here = branch_place(self.revision, is).unwrap_or_else(|| self.homes.1.clone());
            let (name, is_tagged) = (branch_name(self.revision, is), is_tagged(self.revision, is));
            let found = self.find(is::BRANCH_ADDED, place_there, place_here);
            found.name = Some(name);
            found.is_meaning = is_tagged;
        }
    }

    /// Compares two alternatives that are told apart by their place alone: references to two components are one change.
    fn compare_alternatives(&mut self, old: &Record, new: &Record) {
        if let ([was], [is]) = (&*old.choices, &*new.choices)
            && super::moved::is_elsewhere(self.base, self.revision, *was, *is)
        {
            let homes = (self.base.schema(*was).at.clone(), self.revision.schema(*is).at.clone());
            return self.descend(Inside::Branch, vec![*was], vec![*is], homes);
        }
        self.compare_records(old, new);
    }

    /// Takes out those that belong together, and compares them when they may differ.
    fn match_up(
        &mut self,
        old: &mut Vec<&Record>,
        new: &mut Vec<&Record>,
        belong_together: impl Fn(&mut Self, &Record, &Record) -> bool,
        may_differ: bool,
    ) {
        let mut unmatched = Vec::new();
        for was in std::mem::take(old) {
            match new.iter().position(|is| belong_together(self, was, is)) {
                Some(index) => {
                    let is = new.remove(index);
                    if may_differ {
                        self.compare_records(was, is);
                    }
                }
                None => unmatched.push(was),
            }
        }
        *old = unmatched;
    }

    /// Whether the same value of a discriminator names both, and the components are not two that stand beside each other.
    fn has_same_wire_value(&mut self, old: &Record, new: &Record) -> bool {
        let (values, others) = (wire_values(self.base, old), wire_values(self.revision, new));
        if !values.iter().any(|value| others.contains(value)) {
            return false;
        }
        let (names, new_names) = (component_names(self.base, old), component_names(self.revision, new));
        names == new_names
            || names.last().zip(new_names.last()).is_none_or(|(was, is)| is_renamed(self.base, self.revision, was, is))
    }

    /// Whether only the name of the alternative is another one, which the discriminator tells about.
    fn is_called_otherwise(&mut self, old: &Record, new: &Record) -> bool {
        if !is_tagged(self.base, old) || !is_tagged(self.revision, new) {
            return false;
        }
        let (Some(was), Some(is)) = (old.choices.last(), new.choices.last()) else { return false };
        self.is_same_alternative(*was, *is)
    }

    fn has_same_name(&mut self, old: &Record, new: &Record) -> bool {
        let names = component_names(self.base, old);
        !names.is_empty() && names == component_names(self.revision, new)
    }

    fn has_same_tag(&mut self, old: &Record, new: &Record) -> bool {
        let tags = tags_of(self.base, old, self.pair.direction);
        let are_told_apart = is_tagged(self.base, old) && is_tagged(self.revision, new);
        !tags.is_empty() && !are_told_apart && {
            let others = tags_of(self.revision, new, self.pair.direction);
            tags.iter()
                .any(|(name, value)| others.iter().any(|(other, theirs)| name == other && same_value(value, theirs)))
        }
    }

    /// Where the alternatives of the base stand.
    fn owner_place_there(&self, records: &[&Record]) -> Location {
        owner_place(self.base, records).unwrap_or_else(|| self.homes.0.clone())
    }

    /// Where the alternatives of the revision stand.
    fn owner_place_here(&self, records: &[&Record]) -> Location {
        owner_place(self.revision, records).unwrap_or_else(|| self.homes.1.clone())
    }
}

impl Shape {
    /// Whether a value may fit two ways at once, as far as one can see.
    pub(crate) fn may_overlap(&self, resolver: &Resolver<'_>) -> bool {
        if !self.left_out.is_empty() {
            return true;
        }
        Kind::ALL.into_iter().any(|kind| {
            let records: Vec<&Record> = self.of(kind).collect();
            records
                .iter()
                .enumerate()
                .any(|(index, one)| records.iter().skip(index + 1).any(|other| !are_disjoint(resolver, one, other)))
        })
    }
}

/// Whether no value fits both, as far as one can see: listed values differ, or a required member tells them apart.
fn are_disjoint(resolver: &Resolver<'_>, one: &Record, other: &Record) -> bool {
    if let (Some(values), Some(others)) = (&one.values, &other.values) {
        return !values.iter().any(|value| others.iter().any(|other| same_value(value, other)));
    }
    let (tags, others) = (tags_of(resolver, one, Direction::Response), tags_of(resolver, other, Direction::Response));
    tags.iter().any(|(name, value)| others.iter().any(|(other, theirs)| name == other && !same_value(value, theirs)))
}

/// Whether a reader tells a record from others by a discriminator: then it is one of its own, whatever it allows.
fn is_tagged(resolver: &Resolver<'_>, record: &Record) -> bool {
    !component_names(resolver, record).is_empty()
        && record.sources.iter().any(|id| resolver.schema(*id).discriminator.is_some())
}

/// The names of the components that were chosen on the way to a record.
fn component_names<'a>(resolver: &Resolver<'a>, record: &Record) -> Vec<&'a str> {
    record.choices.iter().filter_map(|id| component_name(resolver, *id)).collect()
}

/// The required members of an object that have a single value.
fn tags_of(resolver: &Resolver<'_>, record: &Record, direction: Direction) -> Vec<(String, Value)> {
    if record.kind != Kind::Object {
        return Vec::new();
    }
    let members = members(resolver, &record.sources, direction);
    let mut tags = Vec::new();
    for (name, member) in &members.named {
        if member.required_by.is_none() {
            continue;
        }
        let constant = member.schemas.iter().find_map(|id| {
            let schema = resolver.schema(resolver.side.api.schemas.resolve(*id));
            let single =
                schema.enumeration.as_ref().filter(|values| values.len() == 1).and_then(|values| values.first());
            schema.constant.as_ref().or(single)
        });
        if let Some(value) = constant {
            tags.push((name.clone(), value.clone()));
        }
    }
    tags
}

/// Where the alternative stands that led to a record.
fn branch_place(resolver: &Resolver<'_>, record: &Record) -> Option<Location> {
    let branch = record.choices.last().or_else(|| record.sources.first())?;
    Some(resolver.schema(*branch).at.clone())
}

/// Where the list of alternatives stands.
fn owner_place(resolver: &Resolver<'_>, records: &[&Record]) -> Option<Location> {
    let mut place = branch_place(resolver, records.first()?)?;
    // The alternative stands at `.../oneOf/0`.
    let is_branch = records.first().is_some_and(|record| !record.choices.is_empty());
    if let Some(parent) = place.pointer.parent().filter(|_| is_branch) {
        place.pointer = parent;
    }
    Some(place)
}

/// What to call an alternative.
fn branch_name(resolver: &Resolver<'_>, record: &Record) -> String {
    if let Some(name) = component_names(resolver, record).last() {
        return format!("`{name}`");
    }
    let titled = record.choices.last().and_then(|id| resolver.schema(*id).title.as_ref());
    if let Some(title) = titled {
        return format!("`{title}`");
    }
    match record.kind {
        Kind::Array => "another array".to_owned(),
        Kind::Object => "another object".to_owned(),
        kind => format!("another {}", kind.as_str()),
    }
}
