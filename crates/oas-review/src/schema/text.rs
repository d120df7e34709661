//! Texts: lengths, patterns, formats, content.

use oas_model::{Schema, SchemaId};
use serde_json::Value;

use super::constraint::{Constraint, distinct, tightest};
use super::format;
use super::limit::Limit;
use super::medium::Medium;
use super::pair::Inside;
use super::pair_comparison::PairComparison;
use super::pattern::{self, Decision, is_trivial, shortest_difference};
use super::shape::Record;
use crate::rule::{Rule, is};

const MIN_LENGTH: Limit =
    Limit { name: "min-length", keyword: "minLength", is_upper: false, read: |schema| schema.min_length };
const MAX_LENGTH: Limit =
    Limit { name: "max-length", keyword: "maxLength", is_upper: true, read: |schema| schema.max_length };

/// The media type of bytes.
const BYTES: &str = "application/octet-stream";

impl PairComparison<'_, '_> {
    /// Compares what two records say about texts that are not listed.
    pub(crate) fn compare_texts(&mut self, old: &Record, new: &Record) {
        for limit in [MIN_LENGTH, MAX_LENGTH] {
            let first = self.found.len();
            self.compare_limit(old, new, &limit, (0, 0));
            if self.found.len() > first && self.is_idle(old, new, &limit) {
                let found = self.found.swap_remove(first);
                self.find(is::SCHEMA_RESPELLED, found.base, found.revision);
            }
        }
        self.compare_patterns(old, new);
        self.compare_content(old, new);
        self.compare_words(old, new, "contentEncoding", is::CONTENT_ENCODING_CHANGED, |schema| {
            // `format: byte` and `binary` are the older spellings.
            let older = schema.format.as_deref().filter(|format| *format == "byte").map(|_| "base64".to_owned());
            schema.content_encoding.clone().or(older)
        });
        self.compare_words(old, new, "contentMediaType", is::CONTENT_MEDIA_TYPE_CHANGED, |schema| {
            let older = schema.format.as_deref().filter(|format| *format == "binary").map(|_| BYTES.to_owned());
            schema.content_media_type.clone().or(older)
        });
    }

    /// Whether no text has a length that one side alone allows, because of the patterns, or of where it stands.
    fn is_idle(&self, old: &Record, new: &Record, limit: &Limit) -> bool {
        let free = if limit.is_upper { u64::MAX } else { 0 };
        let bound = |resolver: &super::Resolver<'_>, record: &Record| {
            limit.tightest(resolver, &record.sources).map_or(free, |constraint| constraint.value)
        };
        let (was, is) = (bound(self.base, old), bound(self.revision, new));
        if was == is {
            return true;
        }
        let (least, most) = (was.min(is), was.max(is));
        let lengths = if limit.is_upper { least + 1..=most } else { least..=most - 1 };
        if self.pair.medium == Medium::Path && lengths == (0..=0) {
            return true;
        }
        let (resolver, record) = if limit.is_tighter(was, is) { (&*self.revision, new) } else { (&*self.base, old) };
        let patterns = distinct(resolver, &record.sources, |schema| schema.pattern.clone());
        let patterns: Vec<&str> = patterns.iter().map(|constraint| constraint.value.as_str()).collect();
        !patterns.is_empty() && pattern::of_length(&patterns, lengths) == Decision::None
    }

    /// Compares what the content of a text must be.
    fn compare_content(&mut self, old: &Record, new: &Record) {
        let of = |resolver: &super::Resolver<'_>, sources: &[SchemaId]| {
            sources.iter().filter_map(|id| resolver.schema(*id).content_schema).collect::<Vec<SchemaId>>()
        };
        let (was, is) = (of(self.base, &old.sources), of(self.revision, &new.sources));
        let homes =
            (self.base_place::<()>(None, &old.sources, &[]), self.revision_place::<()>(None, &new.sources, &[]));
        self.descend(Inside::Apart, was, is, homes);
    }

    /// Compares the formats of numbers or texts.
    pub(crate) fn compare_formats(&mut self, old: &Record, new: &Record) {
        // What a text is encoded as is compared as its content.
        let read =
            |schema: &Schema| schema.format.clone().filter(|format| !["byte", "binary"].contains(&format.as_str()));
        let before = distinct(self.base, &old.sources, read);
        let after = distinct(self.revision, &new.sources, read);
        let removed = before.iter().find(|one| after.iter().all(|other| other.value != one.value));
        let added = after.iter().find(|one| before.iter().all(|other| other.value != one.value));
        let (was, is) =
            (removed.map(|constraint| constraint.value.as_str()), added.map(|constraint| constraint.value.as_str()));
        let Some(rule) = format::rule(old.kind, was, is) else { return };
        let place_there = self.base_place(removed, &old.sources, &["format"]);
        let place_here = self.revision_place(added, &new.sources, &["format"]);
        let (before, after) = (word(was), word(is));
        let found = self.find(rule, place_there, place_here);
        found.before = Some(before);
        found.after = Some(after);
    }

    fn compare_patterns(&mut self, old: &Record, new: &Record) {
        let read = |schema: &Schema| schema.pattern.clone();
        let before = distinct(self.base, &old.sources, read);
        let after = distinct(self.revision, &new.sources, read);
        let texts = |constraint: &[Constraint<String>]| {
            constraint.iter().map(|constraint| constraint.value.clone()).collect::<Vec<_>>()
        };
        let (was, is) = (texts(&before), texts(&after));
        let lengths = (self.lengths(true, old), self.lengths(false, new));
        let Some(rule) = pattern_rule((&was, &lengths.0), (&is, &lengths.1)) else { return };
        let removed = before.iter().find(|one| !is.contains(&one.value));
        let added = after.iter().find(|one| !was.contains(&one.value));
        let place_there = self.base_place(removed, &old.sources, &["pattern"]);
        let place_here = self.revision_place(added, &new.sources, &["pattern"]);
        let (shown_before, shown_after) = (
            word(removed.map(|constraint| constraint.value.as_str())),
            word(added.map(|constraint| constraint.value.as_str())),
        );
        let found = self.find(rule, place_there, place_here);
        found.before = Some(shown_before);
        found.after = Some(shown_after);
    }

    /// Bounds on the length of a text, as patterns.
    fn lengths(&self, in_base: bool, record: &Record) -> Vec<String> {
        /// An automaton counts no further.
        const MOST: u64 = 64;
        let resolver = if in_base { &*self.base } else { &*self.revision };
        let bound = |limit: &Limit| {
            let constraint = limit.tightest(resolver, &record.sources)?.value;
            (constraint <= MOST).then(|| {
                if limit.is_upper {
                    format!("^[\\s\\S]{{0,{constraint}}}$")
                } else {
                    format!("^[\\s\\S]{{{constraint},}}$")
                }
            })
        };
        [MIN_LENGTH, MAX_LENGTH].iter().filter_map(bound).collect()
    }

    fn compare_words(
        &mut self,
        old: &Record,
        new: &Record,
        keyword: &str,
        rule: Rule,
        read: impl Fn(&Schema) -> Option<String> + Copy,
    ) {
        let before = tightest(self.base, &old.sources, read, |_, _| false);
        let after = tightest(self.revision, &new.sources, read, |_, _| false);
        let (was, is) = (
            before.as_ref().map(|constraint| constraint.value.as_str()),
            after.as_ref().map(|constraint| constraint.value.as_str()),
        );
        if was == is {
            return;
        }
        let (shown_before, shown_after) = (word(was), word(is));
        let place_there = self.base_place(before.as_ref(), &old.sources, &[keyword, "format"]);
        let place_here = self.revision_place(after.as_ref(), &new.sources, &[keyword, "format"]);
        let found = self.find(rule, place_there, place_here);
        found.before = Some(shown_before);
        found.after = Some(shown_after);
    }
}

fn word(text: Option<&str>) -> Value {
    Value::String(text.unwrap_or("none").to_owned())
}

fn borrow(patterns: &[String]) -> Vec<&str> {
    patterns.iter().map(String::as_str).collect()
}

/// Patterns, and lengths as patterns.
type Texts<'t> = (&'t [String], &'t [String]);

/// The rule for texts that had to match all of `before`, and now all of `after`.
fn pattern_rule((before, lengths_before): Texts<'_>, (after, lengths_after): Texts<'_>) -> Option<Rule> {
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|one| !those.contains(one)).cloned().collect::<Vec<String>>()
    };
    let (removed, added) = (only(before, after), only(after, before));
    if removed.iter().chain(&added).all(|pattern| is_trivial(pattern)) {
        return None;
    }
    // What the lengths of the other side refuse as well is told about with the lengths. With them, an automaton may
    // become too large.
    let lost_of = |all: &[String], lengths: &[&[String]], refusing: &[String]| {
        if refusing.is_empty() {
            // With no pattern removed, nothing that matches now was refused before.
            return Decision::None;
        }
        let with_lengths: Vec<&str> = all.iter().chain(lengths.iter().copied().flatten()).map(String::as_str).collect();
        match shortest_difference(&with_lengths, &borrow(refusing)) {
            Decision::Undecided => shortest_difference(&borrow(all), &borrow(refusing)),
            decided => decided,
        }
    };
    let lengths = [lengths_before, lengths_after];
    let lost = lost_of(before, &lengths, &added);
    let won = lost_of(after, &lengths, &removed);
    Some(match (lost, won) {
        (Decision::None, Decision::None) => return None,
        (Decision::Found(_), Decision::None) => is::PATTERN_NARROWED,
        (Decision::None, Decision::Found(_)) => is::PATTERN_WIDENED,
        (Decision::Found(_), Decision::Found(_)) => is::PATTERN_CHANGED,
        // A pattern beside none can only narrow, whatever it matches.
        (Decision::Undecided, Decision::None) if removed.is_empty() => is::PATTERN_NARROWED,
        (Decision::None, Decision::Undecided) if added.is_empty() => is::PATTERN_WIDENED,
        _ => is::PATTERN_UNDECIDED,
    })
}
