//! Numbers: bounds and steps.

use std::cmp::Ordering;

use oas_model::{Bound, Schema, integer_range};
use serde_json::{Number, Value};

use super::constraint::{Constraint, distinct, tightest};
use super::limit;
use super::pair_comparison::PairComparison;
use super::shape::Record;
use super::value::{compare_numbers, integer, is_multiple};
use crate::rule::is;

/// A bound with an order: a lower one that is greater, or an upper one that is less, allows less.
#[derive(Debug, Clone)]
struct End {
    value: Number,
    exclusive: bool,
    is_upper: bool,
}

impl End {
    /// For integers, `> 0` is the same as `>= 1`.
    fn new(bound: &Bound, is_upper: bool, is_integer: bool) -> Self {
        let mut end = Self { value: bound.value.clone(), exclusive: bound.exclusive, is_upper };
        let whole = if is_integer { nearest_integer(bound, is_upper) } else { None };
        if let Some(whole) = whole {
            end.value = whole.into();
            end.exclusive = false;
        }
        end
    }

    fn show(&self) -> Value {
        if self.exclusive {
            Value::String(format!("{} (exclusive)", self.value))
        } else {
            Value::Number(self.value.clone())
        }
    }
}

/// The outermost integer inside the bound.
fn nearest_integer(bound: &Bound, is_upper: bool) -> Option<i64> {
    if let Some(whole) = integer(&bound.value) {
        let step = i128::from(bound.exclusive);
        return i64::try_from(if is_upper { whole - step } else { whole + step }).ok();
    }
    let float = bound.value.as_f64()?;
    let whole = if is_upper { float.floor() } else { float.ceil() };
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
    (whole.abs() < 9e15).then_some(whole as i64)
}

impl PartialEq for End {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for End {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        // An exclusive lower bound is above the inclusive one of the same number, an exclusive upper one below it.
        let exclusive = self.exclusive.cmp(&other.exclusive);
        let exclusive = if self.is_upper { exclusive.reverse() } else { exclusive };
        Some(compare_numbers(&self.value, &other.value).then(exclusive))
    }
}

impl PairComparison<'_, '_> {
    /// Compares what two records say about numbers that are not listed.
    pub(crate) fn compare_numbers(&mut self, old: &Record, new: &Record) {
        self.compare_end(old, new, "minimum", &["minimum", "exclusiveMinimum"], false, |schema| schema.minimum.clone());
        self.compare_end(old, new, "maximum", &["maximum", "exclusiveMaximum"], true, |schema| schema.maximum.clone());
        self.compare_steps(old, new);
    }

    fn compare_end(
        &mut self,
        old: &Record,
        new: &Record,
        name: &'static str,
        keywords: &[&str],
        is_upper: bool,
        read: impl Fn(&Schema) -> Option<Bound> + Copy,
    ) {
        let end = |integer: bool| move |schema: &Schema| read(schema).map(|bound| End::new(&bound, is_upper, integer));
        let tighter = |a: &End, b: &End| if is_upper { a < b } else { a > b };
        // A number that becomes an integer keeps its bounds, whatever is between them.
        let is_integer = old.integer && new.integer;
        let before = tightest(self.base, &old.sources, end(is_integer), tighter);
        let after = tightest(self.revision, &new.sources, end(is_integer), tighter);
        // What the format says anyway is no bound of its own, and what goes with a format is told about with the format.
        let implied = |formats: Vec<Constraint<String>>| {
            let ranges = formats.iter().filter_map(|constraint| integer_range(&constraint.value));
            let ends =
                ranges.filter_map(|range| Number::from_i128(*if is_upper { range.end() } else { range.start() }));
            let ends = ends.map(|value| End { value, exclusive: false, is_upper });
            ends.reduce(|one, other| if tighter(&one, &other) { one } else { other })
        };
        let format = |schema: &Schema| schema.format.clone();
        let implied_there = implied(distinct(self.base, &old.sources, format));
        let implied_here = implied(distinct(self.revision, &new.sources, format));
        let of = |constraint: Option<&Constraint<End>>| constraint.map(|constraint| constraint.value.clone());
        let effective = |stated: Option<End>, implied: &Option<End>| match (stated, implied) {
            (Some(stated), Some(implied)) if tighter(implied, &stated) => Some(implied.clone()),
            (None, implied) => implied.clone(),
            (stated, _) => stated,
        };
        let stated = (of(before.as_ref()), of(after.as_ref()));
        let (was, is) = (effective(stated.0.clone(), &implied_there), effective(stated.1.clone(), &implied_here));
        let is_tighter = |one: &Option<End>, other: &Option<End>| {
            one.as_ref().is_some_and(|one| other.as_ref().is_none_or(|other| tighter(one, other)))
        };
        let is_told = match &stated {
            (None, None) => false,
            (None, Some(_)) => is_tighter(&is, &was),
            (Some(_), None) => is_tighter(&was, &is),
            (Some(before), Some(after)) => before != after && was != is,
        };
        if !is_told {
            return;
        }
        let (was, is) = (stated.0.as_ref(), stated.1.as_ref());
        let rule = limit::rule(is_upper, was, is);
        let (shown_before, shown_after) = (was.map(End::show), is.map(End::show));
        let place_there = self.base_place(before.as_ref(), &old.sources, keywords);
        let place_here = self.revision_place(after.as_ref(), &new.sources, keywords);
        let found = self.find(rule, place_there, place_here);
        found.limit = Some(name);
        found.before = shown_before;
        found.after = shown_after;
    }

    fn compare_steps(&mut self, old: &Record, new: &Record) {
        let step = |schema: &Schema| schema.multiple_of.clone();
        let coarser = |a: &Number, b: &Number| compare_numbers(a, b).is_gt();
        let before = tightest(self.base, &old.sources, step, coarser);
        let after = tightest(self.revision, &new.sources, step, coarser);
        // Every integer is a multiple of one.
        let is_typed = (old.typed, new.typed);
        let is_one = |constraint: &Constraint<Number>| integer(&constraint.value) == Some(1);
        let is_said = |constraint: &&Constraint<Number>| !(is_one(constraint) && (is_typed.0 || is_typed.1));
        let was = before.as_ref().filter(is_said).map(|constraint| &constraint.value);
        let is = after.as_ref().filter(is_said).map(|constraint| &constraint.value);
        // A step that all integers are multiples of goes with the type.
        let divides_one = |step: &Number| is_multiple(&Number::from(1), step);
        let is_told = match (was, is) {
            (Some(was), None) => is_typed.1 && divides_one(was),
            (None, Some(is)) => is_typed.0 && divides_one(is),
            _ => false,
        };
        if is_told {
            return;
        }
        let rule = match (was, is) {
            (None, None) => return,
            (None, Some(_)) => is::MULTIPLE_OF_NARROWED,
            (Some(_), None) => is::MULTIPLE_OF_WIDENED,
            (Some(was), Some(is)) if compare_numbers(was, is).is_eq() => return,
            (Some(was), Some(is)) if is_multiple(is, was) => is::MULTIPLE_OF_NARROWED,
            (Some(was), Some(is)) if is_multiple(was, is) => is::MULTIPLE_OF_WIDENED,
            (Some(_), Some(_)) => is::MULTIPLE_OF_CHANGED,
        };
        let none = || Some(Value::String("none".to_owned()));
        let shown_before = was.cloned().map(Value::Number).or_else(none);
        let shown_after = is.cloned().map(Value::Number).or_else(none);
        let place_there = self.base_place(before.as_ref(), &old.sources, &["multipleOf"]);
        let place_here = self.revision_place(after.as_ref(), &new.sources, &["multipleOf"]);
        let found = self.find(rule, place_there, place_here);
        found.before = shown_before;
        found.after = shown_after;
    }
}
