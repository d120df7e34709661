//! A validator for each side, and the question which values they disagree about.

use std::borrow::Cow;
use std::collections::HashSet;

use jsonschema::canonical::{CanonicalSchema, Containment};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Validator};
use oas_model::integer_range;
use oas_model::json_schema::{self, Export};
use serde_json::{Map, Number, Value, json};

use super::expect;
use super::probe;
use crate::change::Change;
use crate::effect::Direction;
use crate::rule::is;
use crate::schema::{Conjunction, Kind, Medium, Pair, Record, Resolver, members, spelled, text_of};

/// Values that are looked at more closely for one change at most.
const MOST_RANKED: usize = 6;

/// Schemas longer than this are not compared as a whole, in bytes of JSON.
const LONGEST_COMPARED: usize = 64 << 10;

/// What a value is, on both sides.
struct Tried {
    value: Value,
    /// Valid in the base, refused in the revision; otherwise the other way round.
    is_lost: bool,
    /// Why it is refused.
    refusals: Vec<Refusal>,
}

/// The validators of both sides, and the values that tell them apart.
pub(super) struct Oracle {
    tried: Vec<Tried>,
    schemas: (Value, Value),
    is_text: bool,
    decided: Option<(Option<bool>, Option<bool>)>,
    /// The values that serve another change already.
    used: HashSet<String>,
    /// The members that objects of each side are known to have.
    described: (HashSet<String>, HashSet<String>),
}

impl Oracle {
    /// Compiles the schemas of both sides and tries values; `None` when they cannot be compiled.
    pub(super) fn new(
        base: &mut Resolver<'_>,
        revision: &mut Resolver<'_>,
        pair: Pair,
        longest: usize,
    ) -> Option<Self> {
        let schemas = (exported(base, pair.base, pair.direction), exported(revision, pair.revision, pair.direction));
        if schemas.0.to_string().len() + schemas.1.to_string().len() > longest {
            return None;
        }
        let (there, here) = (compile(&schemas.0)?, compile(&schemas.1)?);
        let is_text = pair.medium.is_text() || pair.medium == Medium::Form;
        let mut tried = Vec::new();
        let is_writable = |value: &Value| pair.medium != Medium::Path || *value != json!("");
        for value in probe::candidates(base, revision, pair).into_iter().filter(is_writable) {
            let readings = if is_text { readings(&value) } else { vec![value.clone()] };
            let is_valid = |validator: &Validator| readings.iter().any(|reading| validator.is_valid(reading));
            let (in_base, in_revision) = (is_valid(&there), is_valid(&here));
            if in_base == in_revision {
                continue;
            }
            let refusing = if in_base { &here } else { &there };
            let refusals = refusals(refusing, &value);
            tried.push(Tried { value, is_lost: in_base, refusals });
        }
        let described = (described(base, pair.base, pair), described(revision, pair.revision, pair));
        Some(Self { tried, schemas, is_text, decided: None, used: HashSet::new(), described })
    }

    /// Whether values are read from texts.
    pub(super) fn is_text(&self) -> bool {
        self.is_text
    }

    /// A value that was valid and is not any more.
    pub(super) fn lost(&self, change: &Change, is_alone: bool) -> Option<Value> {
        self.best(change, is_alone, true)
    }

    /// A value that was not valid and is now.
    pub(super) fn won(&self, change: &Change, is_alone: bool) -> Option<Value> {
        self.best(change, is_alone, false)
    }

    /// The value that shows this change best.
    fn best(&self, change: &Change, is_alone: bool, is_lost: bool) -> Option<Value> {
        self.ranked(change, is_alone, is_lost).into_iter().next()
    }

    /// Values that show this change, the best first: refused by its keyword alone, and short.
    pub(super) fn ranked(&self, change: &Change, is_alone: bool, is_lost: bool) -> Vec<Value> {
        let keywords = expect::keywords(change);
        let member = expect::member(change);
        let is_overlap = change.rule == is::CHOICE_OVERLAP_CHANGED;
        let score = |tried: &Tried| {
            let is_named = |words: &String| member.as_ref().is_none_or(|name| words.contains(name.as_str()));
            let is_meant = |refusal: &Refusal| {
                let is_keyword = keywords.is_empty() || keywords.contains(&refusal.keyword);
                if is_overlap { refusal.is_ambiguous } else { is_keyword && is_named(&refusal.words) }
            };
            let meant = tried.refusals.iter().any(is_meant);
            let around = tried.refusals.iter().any(|one| expect::AROUND.contains(&one.keyword.as_str()));
            (!meant, !around, tried.refusals.len(), tried.value.to_string().len())
        };
        let is_free = |tried: &&Tried| is_alone || !self.used.contains(&tried.value.to_string());
        let described = if is_lost { &self.described.0 } else { &self.described.1 };
        // What nobody describes nobody is known to send.
        let is_likely = |tried: &&Tried| {
            !is_overlap
                || tried.value.as_object().is_none_or(|object| object.keys().all(|name| described.contains(name)))
        };
        // In a form a list of one is its item, and an empty one is not there.
        let is_repetition = [is::BECAME_LIST, is::BECAME_SINGLE].contains(&change.rule);
        let is_several = |tried: &&Tried| !is_repetition || tried.value.as_array().is_some_and(|items| items.len() > 1);
        let candidates = self.tried.iter().filter(|tried| tried.is_lost == is_lost);
        let candidates = candidates.filter(is_free).filter(is_likely).filter(is_several);
        let mut ranked: Vec<_> = candidates
            .map(|tried| {
                let (unmeant, no_frame, count, length) = score(tried);
                ((unmeant, unmeant && no_frame, count, length), tried)
            })
            .filter(|(score, _)| !(is_overlap && score.0))
            // Beside other changes, a value that another keyword refuses may show one of them.
            .filter(|(score, _)| is_alone || !score.0 || !score.1)
            .collect();
        ranked.sort_by_key(|(score, _)| *score);
        ranked.into_iter().take(MOST_RANKED).map(|(_, tried)| tried.value.clone()).collect()
    }

    /// Whether a value is refused because it fits several alternatives of which it may fit one.
    pub(super) fn is_ambiguous(&self, value: &Value) -> bool {
        let tried = self.tried.iter().find(|tried| tried.value == *value);
        tried.is_some_and(|tried| tried.refusals.iter().any(|refusal| refusal.is_ambiguous))
    }

    /// Keeps a value from serving another change.
    pub(super) fn take(&mut self, value: &Value) {
        self.used.insert(value.to_string());
    }

    /// Whether the change narrows, and whether it widens, by comparing the schemas as wholes.
    pub(super) fn decide(&mut self) -> (Option<bool>, Option<bool>) {
        if let Some(known) = self.decided {
            return known;
        }
        // The comparison knows nothing of texts.
        let decided = if self.is_text { (None, None) } else { self.compared() };
        self.decided = Some(decided);
        decided
    }

    fn compared(&self) -> (Option<bool>, Option<bool>) {
        if self.schemas.0.to_string().len() + self.schemas.1.to_string().len() > LONGEST_COMPARED {
            return (None, None);
        }
        let canonical = |schema: &Value| -> Option<CanonicalSchema> {
            let options = jsonschema::canonical::options();
            let mut schema = schema.clone();
            each_schema(&mut schema, spell_patterns);
            options.offline().with_draft(Draft::Draft202012).should_validate_formats(true).canonicalize(&schema).ok()
        };
        let (Some(there), Some(here)) = (canonical(&self.schemas.0), canonical(&self.schemas.1)) else {
            return (None, None);
        };
        let fails = |wide: &CanonicalSchema, narrow: &CanonicalSchema| match wide.covers(narrow) {
            Ok(Containment::Yes) => Some(false),
            Ok(Containment::No) => Some(true),
            _ => None,
        };
        (fails(&here, &there), fails(&there, &here))
    }
}

/// The conjunction as a JSON Schema of its own.
fn exported(resolver: &Resolver<'_>, conjunction: Conjunction, direction: Direction) -> Value {
    let seeds = resolver.seeds(conjunction);
    let Export { mut document, references } =
        json_schema::export_all(resolver.side.api, seeds.iter().copied(), direction);
    let together: Vec<Value> =
        seeds.iter().filter_map(|id| references.get(id)).map(|to| json!({ "$ref": to })).collect();
    if let (Value::Object(members), false) = (&mut document, together.is_empty()) {
        members.insert("allOf".to_owned(), Value::Array(together));
    }
    document
}

/// A validator that checks formats, and asks nobody for schemas.
pub(crate) fn compile(schema: &Value) -> Option<Validator> {
    let mut schema = schema.clone();
    each_schema(&mut schema, |members| {
        bound_format(members);
        spell_patterns(members);
    });
    jsonschema::options()
        .offline()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .build(&schema)
        .ok()
}

/// Changes a schema and all that stand inside of it.
fn each_schema(schema: &mut Value, change: impl Fn(&mut Map<String, Value>)) {
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        let Value::Object(members) = schema else { continue };
        change(members);
        open.extend(json_schema::subschemas_mut(members));
    }
}

/// States what formats of numbers mean, which generated code checks and the validator does not know.
fn bound_format(members: &mut Map<String, Value>) {
    let Some(range) = members.get("format").and_then(Value::as_str).and_then(integer_range) else { return };
    let (least, most) = (Number::from_i128(*range.start()), Number::from_i128(*range.end()));
    let bounds = json!({ "minimum": least, "maximum": most });
    match members.get_mut("allOf") {
        Some(Value::Array(all)) => all.push(bounds),
        _ => drop(members.insert("allOf".to_owned(), json!([bounds]))),
    }
}

/// Spells patterns in the words that the validator reads.
fn spell_patterns(members: &mut Map<String, Value>) {
    if let Some(Value::String(pattern)) = members.get_mut("pattern")
        && let Cow::Owned(spelled) = spelled(pattern)
    {
        *pattern = spelled;
    }
    let Some(Value::Object(patterns)) = members.get_mut("patternProperties") else { return };
    if patterns.keys().any(|pattern| matches!(spelled(pattern), Cow::Owned(_))) {
        let all = std::mem::take(patterns).into_iter();
        patterns.extend(all.map(|(pattern, schema)| (spelled(&pattern).into_owned(), schema)));
    }
}

/// The members that objects of a side are known to have.
fn described(resolver: &mut Resolver<'_>, conjunction: Conjunction, pair: Pair) -> HashSet<String> {
    let shape = resolver.shape(conjunction);
    let of = |record: &Record| members(resolver, &record.sources, pair.direction).named.into_keys().collect::<Vec<_>>();
    shape.of(Kind::Object).take(64).flat_map(of).collect()
}

/// Why a validator refuses a value.
struct Refusal {
    keyword: String,
    words: String,
    /// Whether the value fits more than one of several alternatives.
    is_ambiguous: bool,
}

fn refusals(validator: &Validator, value: &Value) -> Vec<Refusal> {
    let refusal = |error: jsonschema::ValidationError<'_>| Refusal {
        keyword: error.kind().keyword().to_owned(),
        words: error.to_string(),
        is_ambiguous: is_ambiguous(error.kind()),
    };
    validator.iter_errors(value).take(16).map(refusal).collect()
}

/// Whether a value is refused because it fits too much, be it in one of several alternatives that it does not fit.
fn is_ambiguous(kind: &ValidationErrorKind) -> bool {
    match kind {
        ValidationErrorKind::OneOfMultipleValid { .. } => true,
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.iter().flatten().any(|error| is_ambiguous(error.kind()))
        }
        _ => false,
    }
}

/// The values that the texts of a value can stand for: each text as it is, or as the number or word that it is.
pub(crate) fn readings(value: &Value) -> Vec<Value> {
    /// Values with more texts than this are read in two ways only.
    const MOST_TEXTS: usize = 6;
    let mut texts = 0;
    count(value, &mut texts);
    let masks = if texts > MOST_TEXTS { vec![0, usize::MAX] } else { (0..1 << texts).collect() };
    let mut all: Vec<Value> = vec![value.clone()];
    for mask in masks {
        let reading = read(value, mask, &mut 0);
        if !all.contains(&reading) {
            all.push(reading);
        }
    }
    all
}

fn count(value: &Value, texts: &mut usize) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| count(item, texts)),
        Value::Object(members) => members.values().for_each(|member| count(member, texts)),
        _ => *texts += 1,
    }
}

fn read(value: &Value, mask: usize, index: &mut usize) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| read(item, mask, index)).collect(),
        Value::Object(members) => {
            let read = members.iter().map(|(name, member)| (name.clone(), read(member, mask, index)));
            Value::Object(read.collect())
        }
        scalar => {
            let text = text_of(scalar).unwrap_or_default();
            let is_typed = mask.checked_shr(u32::try_from(*index).unwrap_or(u32::MAX)).unwrap_or(mask) & 1 == 1;
            *index += 1;
            let mut readings = crate::schema::texts(&text);
            if is_typed { readings.pop().unwrap_or(Value::Null) } else { readings.swap_remove(0) }
        }
    }
}
