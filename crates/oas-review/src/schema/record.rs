//! Facts about the schemas behind a record.

use oas_model::Schema;
use serde_json::Value;

use super::constraint::tightest;
use super::pair_comparison::PairComparison;
use super::scalar;
use super::shape::{Kind, Record};
use super::value::same_value;
use crate::rule::is;

impl PairComparison<'_, '_> {
    /// Compares two ways to be valid for values of one type.
    pub(crate) fn compare_records(&mut self, old: &Record, new: &Record) {
        if old.values.is_some() || new.values.is_some() {
            self.compare_lists(old, new);
            // A value that is listed has to be of the format too.
            if old.values.is_some() && new.values.is_some() && matches!(old.kind, Kind::Number | Kind::String) {
                self.compare_formats(old, new);
            }
        } else {
            self.compare_unlisted(old, new);
        }
        self.compare_negations(old, new);
        self.compare_conditions(old, new);
        self.compare_annotations(&old.sources, &new.sources);
    }

    /// Compares records of which none lists its values.
    fn compare_unlisted(&mut self, old: &Record, new: &Record) {
        match old.kind {
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
        }
    }

    /// Compares records of which at least one lists its values.
    fn compare_lists(&mut self, old: &Record, new: &Record) {
        let has_list = |schema: &Schema| (schema.enumeration.is_some() || schema.constant.is_some()).then_some(());
        let base_constraint = tightest(self.base, &old.sources, has_list, |(), ()| false);
        let revision_constraint = tightest(self.revision, &new.sources, has_list, |(), ()| false);
        let place_there = self.base_place(base_constraint.as_ref(), &old.sources, &["enum", "const"]);
        let place_here = self.revision_place(revision_constraint.as_ref(), &new.sources, &["enum", "const"]);
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
