//! Texts: lengths, patterns, formats, content.

use oas_model::{Schema, SchemaId};
use serde_json::Value;

use super::format;
use super::limit::Limit;
use super::medium::Medium;
use super::pattern::{self, Decision, is_trivial, shortest_difference};
use super::record::{Said, distinct, tightest};
use super::shape::Record;
use super::walk::{Comparison, Inside};
use crate::rule::{Rule, is};

const MIN_LENGTH: Limit =
    Limit { name: "min-length", keyword: "minLength", is_upper: false, read: |schema| schema.min_length };
const MAX_LENGTH: Limit =
    Limit { name: "max-length", keyword: "maxLength", is_upper: true, read: |schema| schema.max_length };

/// The media type of bytes.
const BYTES: &str = "application/octet-stream";

impl Comparison<'_, '_> {
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
        let bound = |lens: &super::Lens<'_>, record: &Record| {
            limit.tightest(lens, &record.sources).map_or(free, |said| said.value)
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
        let (lens, record) = if limit.is_tighter(was, is) { (&*self.revision, new) } else { (&*self.base, old) };
        let patterns = distinct(lens, &record.sources, |schema| schema.pattern.clone());
        let patterns: Vec<&str> = patterns.iter().map(|said| said.value.as_str()).collect();
        !patterns.is_empty() && pattern::of_length(&patterns, lengths) == Decision::None
    }

    /// Compares what the content of a text must be.
    fn compare_content(&mut self, old: &Record, new: &Record) {
        let of = |lens: &super::Lens<'_>, sources: &[SchemaId]| {
            sources.iter().filter_map(|id| lens.schema(*id).content_schema).collect::<Vec<SchemaId>>()
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
        let gone = before.iter().find(|one| after.iter().all(|other| other.value != one.value));
        let come = after.iter().find(|one| before.iter().all(|other| other.value != one.value));
        let (was, is) = (gone.map(|said| said.value.as_str()), come.map(|said| said.value.as_str()));
        let Some(rule) = format::rule(old.kind, was, is) else { return };
        let place_there = self.base_place(gone, &old.sources, &["format"]);
        let place_here = self.revision_place(come, &new.sources, &["format"]);
        let (before, after) = (word(was), word(is));
        let found = self.find(rule, place_there, place_here);
        found.before = Some(before);
        found.after = Some(after);
    }

    fn compare_patterns(&mut self, old: &Record, new: &Record) {
        let read = |schema: &Schema| schema.pattern.clone();
        let before = distinct(self.base, &old.sources, read);
        let after = distinct(self.revision, &new.sources, read);
        let texts = |said: &[Said<String>]| said.iter().map(|said| said.value.clone()).collect::<Vec<_>>();
        let (was, is) = (texts(&before), texts(&after));
        let lengths = (self.lengths(true, old), self.lengths(false, new));
        let Some(rule) = pattern_rule((&was, &lengths.0), (&is, &lengths.1)) else { return };
        let gone = before.iter().find(|one| !is.contains(&one.value));
        let come = after.iter().find(|one| !was.contains(&one.value));
        let place_there = self.base_place(gone, &old.sources, &["pattern"]);
        let place_here = self.revision_place(come, &new.sources, &["pattern"]);
        let (shown_before, shown_after) =
            (word(gone.map(|said| said.value.as_str())), word(come.map(|said| said.value.as_str())));
        let found = self.find(rule, place_there, place_here);
        found.before = Some(shown_before);
        found.after = Some(shown_after);
    }

    /// Bounds on the length of a text, as patterns.
    fn lengths(&self, in_base: bool, record: &Record) -> Vec<String> {
        /// An automaton counts no further.
        const MOST: u64 = 64;
        let lens = if in_base { &*self.base } else { &*self.revision };
        let bound = |limit: &Limit| {
            let said = limit.tightest(lens, &record.sources)?.value;
            (said <= MOST).then(|| {
                if limit.is_upper { format!("^[\\s\\S]{{0,{said}}}$") } else { format!("^[\\s\\S]{{{said},}}$") }
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
        let (was, is) =
            (before.as_ref().map(|said| said.value.as_str()), after.as_ref().map(|said| said.value.as_str()));
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
    let (gone, come) = (only(before, after), only(after, before));
    if gone.iter().chain(&come).all(|pattern| is_trivial(pattern)) {
        return None;
    }
    // What the lengths of the other side refuse as well is told about with the lengths. With them, an automaton may
    // become too large.
    let lost_of = |all: &[String], lengths: &[&[String]], refusing: &[String]| {
        if refusing.is_empty() {
            // With no pattern gone, nothing that matches now was refused before.
            return Decision::None;
        }
        let with_lengths: Vec<&str> = all.iter().chain(lengths.iter().copied().flatten()).map(String::as_str).collect();
        match shortest_difference(&with_lengths, &borrow(refusing)) {
            Decision::Undecided => shortest_difference(&borrow(all), &borrow(refusing)),
            decided => decided,
        }
    };
    let lengths = [lengths_before, lengths_after];
    let lost = lost_of(before, &lengths, &come);
    let won = lost_of(after, &lengths, &gone);
    Some(match (lost, won) {
        (Decision::None, Decision::None) => return None,
        (Decision::Found(_), Decision::None) => is::PATTERN_NARROWED,
        (Decision::None, Decision::Found(_)) => is::PATTERN_WIDENED,
        (Decision::Found(_), Decision::Found(_)) => is::PATTERN_CHANGED,
        // A pattern beside none can only narrow, whatever it matches.
        (Decision::Undecided, Decision::None) if gone.is_empty() => is::PATTERN_NARROWED,
        (Decision::None, Decision::Undecided) if come.is_empty() => is::PATTERN_WIDENED,
        _ => is::PATTERN_UNDECIDED,
    })
}
