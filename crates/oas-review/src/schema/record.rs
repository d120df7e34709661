//! Facts about the schemas behind a record.

use oas_model::{Schema, SchemaId};
use serde_json::Value;

use super::lens::Lens;
use super::scalar;
use super::shape::{Kind, Record};
use super::value::same_value;
use super::walk::Comparison;
use crate::rule::is;

/// The tightest of what several schemas say, and which of them says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Said<T> {
    pub(crate) value: T,
    pub(crate) by: SchemaId,
}

/// The tightest of what `sources` say; `tighter(a, b)` tells whether `a` allows less than `b`.
pub(crate) fn tightest<T>(
    lens: &Lens<'_>,
    sources: &[SchemaId],
    read: impl Fn(&Schema) -> Option<T>,
    tighter: impl Fn(&T, &T) -> bool,
) -> Option<Said<T>> {
    let mut best: Option<Said<T>> = None;
    for by in sources {
        let Some(value) = read(lens.schema(*by)) else { continue };
        if best.as_ref().is_none_or(|best| tighter(&value, &best.value)) {
            best = Some(Said { value, by: *by });
        }
    }
    best
}

/// All that `sources` say, without repetitions.
pub(crate) fn distinct<T: PartialEq>(
    lens: &Lens<'_>,
    sources: &[SchemaId],
    read: impl Fn(&Schema) -> Option<T>,
) -> Vec<Said<T>> {
    let mut all: Vec<Said<T>> = Vec::new();
    for by in sources {
        if let Some(value) = read(lens.schema(*by)).filter(|value| all.iter().all(|said| said.value != *value)) {
            all.push(Said { value, by: *by });
        }
    }
    all
}

impl Comparison<'_, '_> {
    /// Compares two ways to be valid for values of one type.
    pub(crate) fn compare_records(&mut self, old: &Record, new: &Record) {
        match (&old.values, &new.values) {
            (None, None) => match old.kind {
                Kind::Null | Kind::Boolean => {}
                Kind::Number => {
                    self.compare_numbers(old, new);
                    self.compare_formats(old, new);
                }
                Kind::String => {
                    self.compare_texts(old, new);
                    self.compare_formats(old, new);
                }
                Kind::Array => self.compare_arrays(old, new),
                Kind::Object => self.compare_objects(old, new),
            },
            _ => {
                self.compare_lists(old, new);
                // A value that is listed has to be of the format too.
                if old.values.is_some() && new.values.is_some() && matches!(old.kind, Kind::Number | Kind::String) {
                    self.compare_formats(old, new);
                }
            }
        }
        self.compare_negations(old, new);
        self.compare_conditions(old, new);
        self.compare_annotations(&old.sources, &new.sources);
    }

    /// Compares records of which at least one lists its values.
    fn compare_lists(&mut self, old: &Record, new: &Record) {
        let has_list = |schema: &Schema| (schema.enumeration.is_some() || schema.constant.is_some()).then_some(());
        let said_there = tightest(self.base, &old.sources, has_list, |(), ()| false);
        let said_here = tightest(self.revision, &new.sources, has_list, |(), ()| false);
        let place_there = self.base_place(said_there.as_ref(), &old.sources, &["enum", "const"]);
        let place_here = self.revision_place(said_here.as_ref(), &new.sources, &["enum", "const"]);
        let lists = |values: &Option<Vec<Value>>| values.clone().map(Value::Array);
        let (before, after) = (lists(&old.values), lists(&new.values));
        let missing = |these: &[Value], those: &[Value]| -> Vec<Value> {
            these.iter().filter(|one| !those.iter().any(|other| same_value(one, other))).cloned().collect()
        };
        match (&old.values, &new.values) {
            // One value that became another is one edit.
            (Some(was), Some(is)) if was.len() == 1 && is.len() == 1 => {
                if let ([was], [is]) = (was.as_slice(), is.as_slice())
                    && !same_value(was, is)
                {
                    let found = self.find(is::ENUM_REPLACED, place_there, place_here);
                    found.before = Some(was.clone());
                    found.after = Some(is.clone());
                }
            }
            (Some(old_values), Some(new_values)) => {
                let changes = [
                    (is::ENUM_VALUE_REMOVED, missing(old_values, new_values)),
                    (is::ENUM_VALUE_ADDED, missing(new_values, old_values)),
                ];
                for (rule, values) in changes {
                    if !values.is_empty() {
                        let found = self.find(rule, place_there.clone(), place_here.clone());
                        found.name = Some(values.iter().map(Value::to_string).collect::<Vec<_>>().join(", "));
                    }
                }
            }
            (Some(values), None) => {
                let fits = self.all_admitted(values, new, false);
                let found = self.find(if fits { is::ENUM_DROPPED } else { is::ENUM_REPLACED }, place_there, place_here);
                found.before = before;
                found.after = Some(Value::String("not listed".to_owned()));
            }
            (None, Some(values)) => {
                let fits = self.all_admitted(values, old, true);
                let found =
                    self.find(if fits { is::ENUM_INTRODUCED } else { is::ENUM_REPLACED }, place_there, place_here);
                found.before = Some(Value::String("not listed".to_owned()));
                found.after = after;
            }
            (None, None) => {}
        }
    }

    /// Whether a record of the base, or else of the revision, allows each of `values`.
    fn all_admitted(&self, values: &[Value], record: &Record, in_base: bool) -> bool {
        let schemas = if in_base { &self.base.side.api.schemas } else { &self.revision.side.api.schemas };
        // Lists and objects are taken to fit; a validator has the last word.
        !record.kind.is_scalar()
            || values.iter().all(|value| record.sources.iter().all(|id| scalar::admits(schemas, *id, value)))
    }
}
