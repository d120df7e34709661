//! A validator for each side, and the question which values they disagree about.

use jsonschema::canonical::{CanonicalSchema, Containment};
use jsonschema::{Draft, Validator};
use oas_model::json_schema::{self, Export};
use serde_json::{Value, json};

use super::expect;
use super::probe;
use crate::change::Change;
use crate::effect::Direction;
use crate::schema::{Conjunction, Lens, Pair};

/// Values that are tried for one pair at most.
const MOST_CANDIDATES: usize = 600;

/// Schemas longer than this are not compared as a whole, in bytes of JSON.
const LONGEST_COMPARED: usize = 64 << 10;

/// What a value is, on both sides.
struct Tried {
    value: Value,
    /// Valid in the base, refused in the revision; otherwise the other way round.
    is_lost: bool,
    /// The keywords that refuse it, and what they say.
    refusals: Vec<(String, String)>,
}

/// The validators of both sides, and the values that tell them apart.
pub(super) struct Oracle {
    tried: Vec<Tried>,
    schemas: (Value, Value),
}

impl Oracle {
    /// Compiles the schemas of both sides and tries values; `None` when they cannot be compiled.
    pub(super) fn new(base: &mut Lens<'_>, revision: &mut Lens<'_>, pair: Pair, longest: usize) -> Option<Self> {
        let schemas = (exported(base, pair.base, pair.direction), exported(revision, pair.revision, pair.direction));
        if schemas.0.to_string().len() + schemas.1.to_string().len() > longest {
            return None;
        }
        let (there, here) = (compile(&schemas.0)?, compile(&schemas.1)?);
        let mut tried = Vec::new();
        for value in probe::candidates(base, revision, pair).into_iter().take(MOST_CANDIDATES) {
            let (in_base, in_revision) = (there.is_valid(&value), here.is_valid(&value));
            if in_base == in_revision {
                continue;
            }
            let refusing = if in_base { &here } else { &there };
            let refusals = refusals(refusing, &value);
            tried.push(Tried { value, is_lost: in_base, refusals });
        }
        Some(Self { tried, schemas })
    }

    /// A value that was valid and is not any more.
    pub(super) fn lost(&self, change: &Change, is_alone: bool) -> Option<Value> {
        self.best(change, is_alone, true)
    }

    /// A value that was not valid and is now.
    pub(super) fn won(&self, change: &Change, is_alone: bool) -> Option<Value> {
        self.best(change, is_alone, false)
    }

    /// The value that shows this change best: refused by its keyword alone, and short.
    fn best(&self, change: &Change, is_alone: bool, is_lost: bool) -> Option<Value> {
        let keywords = expect::keywords(change);
        let member = expect::member(change);
        let score = |tried: &Tried| {
            let is_named = |words: &String| member.as_ref().is_none_or(|name| words.contains(name.as_str()));
            let is_meant = |(keyword, words): &(String, String)| {
                (keywords.is_empty() || keywords.contains(keyword)) && is_named(words)
            };
            let meant = tried.refusals.iter().any(is_meant);
            let around = tried.refusals.iter().any(|(keyword, _)| expect::AROUND.contains(&keyword.as_str()));
            (!meant, !around, tried.refusals.len(), tried.value.to_string().len())
        };
        let candidates = self.tried.iter().filter(|tried| tried.is_lost == is_lost);
        let (score, best) = candidates
            .map(|tried| {
                let (unmeant, no_frame, count, length) = score(tried);
                ((unmeant, unmeant && no_frame, count, length), tried)
            })
            .min_by_key(|(score, _)| *score)?;
        // Beside other changes, a value that another keyword refuses may show one of them.
        (is_alone || !score.0 || !score.1).then(|| best.value.clone())
    }

    /// Whether the change narrows, and whether it widens, by comparing the schemas as wholes.
    pub(super) fn decide(&self) -> (Option<bool>, Option<bool>) {
        if self.schemas.0.to_string().len() + self.schemas.1.to_string().len() > LONGEST_COMPARED {
            return (None, None);
        }
        let canonical = |schema: &Value| -> Option<CanonicalSchema> {
            let options = jsonschema::canonical::options();
            options.offline().with_draft(Draft::Draft202012).should_validate_formats(true).canonicalize(schema).ok()
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
fn exported(lens: &Lens<'_>, conjunction: Conjunction, direction: Direction) -> Value {
    let seeds = lens.seeds(conjunction);
    let direction = match direction {
        Direction::Request => json_schema::Direction::Request,
        Direction::Response => json_schema::Direction::Response,
    };
    let Export { mut document, references } = json_schema::export_all(lens.side.api, seeds.iter().copied(), direction);
    let together: Vec<Value> =
        seeds.iter().filter_map(|id| references.get(id)).map(|to| json!({ "$ref": to })).collect();
    if let (Value::Object(members), false) = (&mut document, together.is_empty()) {
        members.insert("allOf".to_owned(), Value::Array(together));
    }
    document
}

/// A validator that checks formats, and asks nobody for schemas.
pub(super) fn compile(schema: &Value) -> Option<Validator> {
    jsonschema::options()
        .offline()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .build(schema)
        .ok()
}

fn refusals(validator: &Validator, value: &Value) -> Vec<(String, String)> {
    let all = validator.iter_errors(value).take(16);
    all.map(|error| (error.kind().keyword().to_owned(), error.to_string())).collect()
}
