//! The document's schemas, and whether a value is what they describe.

use oas_wire::Shape;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::{Value, json};

use crate::patterns;
use crate::read_only::{self, Taken};
use crate::violation::push_token;
use crate::{Location, ServerError, Violation};

/// How many violations of one request are reported. One more says that there are more.
const MOST: usize = 1000;

/// How much a pattern may backtrack before the text counts as a mismatch.
const BACKTRACKING: usize = 100_000;

/// The schemas of one document: JSON Schema 2020-12 under `$defs` of one JSON text. Each is compiled when it is first
/// needed, once.
#[derive(Debug)]
pub struct Schemas {
    text: &'static str,
    answers: Option<&'static Schemas>,
    loaded: OnceLock<Loaded>,
}

#[derive(Debug)]
struct Loaded {
    document: Value,
    compiled: BTreeMap<String, OnceLock<Result<Compiled, String>>>,
}

/// A schema, ready for use.
#[derive(Debug)]
pub(crate) struct Compiled {
    validator: Validator,
    pub(crate) shape: Shape,
    /// The schema, when it has members that only answers have.
    read_only: Option<Value>,
}

impl Schemas {
    /// The schemas in `text`.
    pub const fn new(text: &'static str) -> Self {
        Self { text, answers: None, loaded: OnceLock::new() }
    }

    /// The schemas in `text`, and those that answers are held against.
    pub const fn checked(text: &'static str, answers: &'static Self) -> Self {
        Self { text, answers: Some(answers), loaded: OnceLock::new() }
    }

    /// What answers are held against.
    pub(crate) fn answers(&self) -> Option<&'static Self> {
        self.answers
    }

    /// The text, read.
    pub(crate) fn document(&self) -> &Value {
        &self.loaded().document
    }

    /// Compiles every schema, and says which cannot be.
    ///
    /// A server compiles each schema with the first request that needs it; this is for tests, and for those who want
    /// it done before the first request.
    ///
    /// # Errors
    /// With a line per schema that cannot be compiled.
    pub fn compile_all(&self) -> Result<(), ServerError> {
        let problems: Vec<String> = self
            .loaded()
            .compiled
            .keys()
            .filter_map(|name| self.get(name).err())
            .map(|error| format!("{error:?}"))
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(ServerError::new(problems.join("\n"))) }
    }

    fn loaded(&self) -> &Loaded {
        self.loaded.get_or_init(|| {
            let document: Value = serde_json::from_str(self.text).unwrap_or_else(|error| {
                tracing::error!(%error, "the generated schemas are not JSON");
                Value::Null
            });
            let names = document.get("$defs").and_then(Value::as_object).into_iter().flatten();
            let compiled = names.map(|(name, _)| (name.clone(), OnceLock::new())).collect();
            Loaded { document, compiled }
        })
    }

    /// The schema called `name`.
    pub(crate) fn get(&self, name: &str) -> Result<&Compiled, ServerError> {
        let loaded = self.loaded();
        let cell = loaded.compiled.get(name).ok_or_else(|| ServerError::new(format!("there is no schema `{name}`")))?;
        let compiled = cell.get_or_init(|| Compiled::new(&loaded.document, name));
        compiled.as_ref().map_err(|error| ServerError::new(format!("schema `{name}`: {error}")))
    }
}

impl Compiled {
    fn new(document: &Value, name: &str) -> Result<Self, String> {
        let mut schema = closure(document, name);
        let validator = options().build(&schema).or_else(|_| {
            // Patterns are of ECMA-262, and a few cannot be had here. Everything else of the schema still can.
            patterns::close(&mut schema, |pattern| options().build(&json!({ "pattern": pattern })).is_ok());
            options().build(&schema).map_err(|error| error.to_string())
        })?;
        let shape = Shape::of(&schema, &schema);
        let read_only = read_only::is_in(&schema).then_some(schema);
        Ok(Self { validator, shape, read_only })
    }

    /// The members of a value that only answers have.
    pub(crate) fn read_only(&self, value: &Value) -> Taken {
        self.read_only.as_ref().map(|schema| read_only::find(schema, schema, value)).unwrap_or_default()
    }

    /// Takes out what only answers have.
    pub(crate) fn take_read_only(&self, value: &mut Value) {
        self.read_only(value).take_out(value);
    }

    /// Whether nothing is wrong with `value`.
    pub(crate) fn is_valid(&self, value: &Value) -> bool {
        self.validator.is_valid(value)
    }

    /// Adds what is wrong with `value`, which stands at `base` of `location`.
    pub(crate) fn check(&self, value: &Value, location: Location, base: &str, violations: &mut Vec<Violation>) {
        if self.is_valid(value) {
            return;
        }
        let before = violations.len();
        for error in self.validator.iter_errors(value) {
            report(&error, location, base, violations);
            if violations.len() > MOST {
                violations.truncate(MOST);
                violations.push(Violation::new(location, base, "more", "has more violations than are listed"));
                break;
            }
        }
        // The order of the text, as far as pointers have it, and no violation twice.
        let mut seen = BTreeSet::new();
        let mut at = 0;
        violations.retain(|one| {
            at += 1;
            at <= before || seen.insert((one.pointer.clone(), one.code.clone(), one.message.clone()))
        });
    }
}

fn options() -> jsonschema::ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_format(patterns::UNKNOWABLE, |_| false)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACKING))
        .offline()
}

/// The schema `name` with those that it refers to, and no others: what is not needed need not be compiled.
fn closure(document: &Value, name: &str) -> Value {
    let mut definitions = serde_json::Map::new();
    let mut open = vec![name.to_owned()];
    while let Some(next) = open.pop() {
        let Some(schema) = document.get("$defs").and_then(|all| all.get(&next)) else { continue };
        if definitions.contains_key(&next) {
            continue;
        }
        references(schema, &mut open);
        definitions.insert(next, schema.clone());
    }
    let mut pointer = String::from("/$defs");
    push_token(&mut pointer, name);
    let encoded = percent_encoding::utf8_percent_encode(&pointer, FRAGMENT);
    json!({ "$ref": format!("#{encoded}"), "$defs": definitions })
}

/// What a URI's fragment may have as it is (RFC 3986, section 3.5), but for `%`.
const FRAGMENT: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'%')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'\\');

/// Adds the names under `$defs` that `schema` refers to.
fn references(schema: &Value, names: &mut Vec<String>) {
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                let target = object.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/"));
                if let Some(name) = target.and_then(|text| text.split('/').next()).and_then(oas_wire::percent::decode) {
                    names.push(name.replace("~1", "/").replace("~0", "~"));
                }
                open.extend(object.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

/// Adds what `error` says, as violations of single values where it speaks of several.
fn report(error: &ValidationError<'_>, location: Location, base: &str, violations: &mut Vec<Violation>) {
    let mut pointer = base.to_owned();
    pointer.push_str(error.instance_path().as_str());
    let code = error.kind().keyword().to_owned();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            push_token(&mut pointer, property.as_str().unwrap_or_default());
            violations.push(Violation::new(location, pointer, code, "is required"));
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let mut member = pointer.clone();
                push_token(&mut member, name);
                violations.push(Violation::new(location, member, code.clone(), "is not described by the document"));
            }
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            if let Some(branch) = closest(context, error) {
                for error in branch {
                    report(error, location, base, violations);
                }
            } else {
                let message = format!("fits none of the {} alternatives", context.len());
                violations.push(Violation::new(location, pointer, code, message));
            }
        }
        kind => violations.push(Violation::new(location, pointer, code, sentence(kind))),
    }
}

/// The one branch of a union that the value was meant for: the only one that it does not fail by its type or by a
/// fixed value. With its errors somebody can work; of no other branch they would make sense.
fn closest<'a>(
    branches: &'a [Vec<ValidationError<'static>>],
    error: &ValidationError<'_>,
) -> Option<&'a [ValidationError<'static>]> {
    let here = error.instance_path().as_str().matches('/').count();
    let meant = |branch: &&Vec<ValidationError<'static>>| {
        !branch.iter().any(|error| {
            let depth = error.instance_path().as_str().matches('/').count().saturating_sub(here);
            match error.kind() {
                ValidationErrorKind::Type { .. } | ValidationErrorKind::FalseSchema => depth == 0,
                ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. } => depth <= 1,
                _ => false,
            }
        })
    };
    let mut meant = branches.iter().filter(meant);
    meant.next().filter(|_| meant.next().is_none()).map(Vec::as_slice)
}

/// What is wrong, without the value.
fn sentence(kind: &ValidationErrorKind) -> String {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Type { kind: TypeKind::Single(one) } => format!("must be of type {one}"),
        Kind::Type { kind: TypeKind::Multiple(several) } => {
            let names: Vec<String> = several.iter().map(|one| one.to_string()).collect();
            format!("must be of type {}", names.join(" or "))
        }
        Kind::Enum { options } => format!("must be one of {}", shortened(options)),
        Kind::Constant { expected_value } => format!("must be {}", shortened(expected_value)),
        Kind::Format { format } if format == patterns::UNKNOWABLE => {
            "cannot be held against its pattern, which this server cannot read".into()
        }
        Kind::Format { format } => format!("must have the format {format}"),
        Kind::Pattern { pattern } => format!("must match the pattern {pattern}"),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            "cannot be held against its pattern".into()
        }
        Kind::MinLength { limit } => format!("must have at least {}", counted(*limit, "character")),
        Kind::MaxLength { limit } => format!("must have at most {}", counted(*limit, "character")),
        Kind::MinItems { limit } => format!("must have at least {}", counted(*limit, "item")),
        Kind::MaxItems { limit } => format!("must have at most {}", counted(*limit, "item")),
        Kind::AdditionalItems { limit } => {
            format!("must have at most {}", counted(u64::try_from(*limit).unwrap_or(u64::MAX), "item"))
        }
        Kind::MinProperties { limit } => format!("must have at least {}", counted(*limit, "member")),
        Kind::MaxProperties { limit } => format!("must have at most {}", counted(*limit, "member")),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Kind::UniqueItems => "must not have an item twice".into(),
        Kind::Contains => "must have the items that the document asks for, and as many of them".into(),
        Kind::FalseSchema => "must not be there".into(),
        Kind::Not { .. } => "is a value that the document excludes".into(),
        Kind::OneOfMultipleValid { .. } => "fits more than one of its alternatives".into(),
        Kind::PropertyNames { error } => format!("has a member whose name does not fit: it {}", sentence(error.kind())),
        Kind::UnevaluatedItems { .. } => "has items that the document does not describe".into(),
        Kind::ContentEncoding { content_encoding } => format!("must be encoded as {content_encoding}"),
        Kind::ContentMediaType { content_media_type } => format!("must be text of the media type {content_media_type}"),
        _ => "is not what the document describes".into(),
    }
}

/// A number of things, in words: `1 item`, `2 items`.
fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A value of the document, cut where it gets long.
fn shortened(value: &Value) -> String {
    const LONGEST: usize = 200;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The violations of `value` against `schema`, as lines.
    fn lines(schema: &Value, value: &Value) -> Vec<String> {
        let text: &'static str = json!({ "$defs": { "S": schema, "Node": {
            "type": "object", "properties": { "next": { "$ref": "#/$defs/Node" }, "size": { "type": "integer" } }
        } } })
        .to_string()
        .leak();
        let schemas = Box::leak(Box::new(Schemas::new(text)));
        let mut violations = Vec::new();
        schemas.get("S").expect("it compiles").check(value, Location::Body, "", &mut violations);
        violations.iter().map(|one| format!("{} {}: {}", one.pointer, one.code, one.message)).collect()
    }

    #[test]
    fn every_violation_is_found_and_no_value_repeated() {
        let schema = json!({"type": "object", "required": ["id", "na/me"], "additionalProperties": false, "properties": {
            "id": {"type": "string", "minLength": 40, "pattern": "^x"},
            "parts": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}}},
            "at": {"type": "string", "format": "date-time"},
            "kind": {"enum": ["a", "b"]}
        }});
        let value = json!({"id": "SECRET", "parts": [{"n": 0}, {"n": "SECRET"}, 7], "at": "SECRET", "kind": "SECRET", "more~": 1});
        let mut found = lines(&schema, &value);
        assert!(found.iter().all(|line| !line.contains("SECRET")), "{found:#?}");
        found.sort();
        assert_eq!(
            found,
            [
                "/at format: must have the format date-time",
                "/id minLength: must have at least 40 characters",
                "/id pattern: must match the pattern ^x",
                "/kind enum: must be one of [\"a\",\"b\"]",
                "/more~0 additionalProperties: is not described by the document",
                "/na~1me required: is required",
                "/parts/0/n minimum: must be at least 1",
                "/parts/1/n type: must be of type integer",
                "/parts/2 type: must be of type object",
            ]
        );
    }

    #[test]
    fn messages_read_well() {
        for (schema, value, message) in [
            (json!({"minLength": 1}), json!(""), "must have at least 1 character"),
            (json!({"minLength": 2}), json!(""), "must have at least 2 characters"),
            (json!({"maxItems": 0}), json!([1]), "must have at most 0 items"),
            (json!({"minItems": 1}), json!([]), "must have at least 1 item"),
            (json!({"prefixItems": [{}], "items": false}), json!([1, 2]), "must not be there"),
            (json!({"minProperties": 1}), json!({}), "must have at least 1 member"),
            (json!({"maxProperties": 1}), json!({"a": 1, "b": 1}), "must have at most 1 member"),
            (json!({"uniqueItems": true}), json!([1, 1]), "must not have an item twice"),
            (
                json!({"contains": {"const": 1}}),
                json!([2]),
                "must have the items that the document asks for, and as many of them",
            ),
            (json!({"not": {"type": "string"}}), json!("a"), "is a value that the document excludes"),
            (
                json!({"propertyNames": {"maxLength": 1}}),
                json!({"ab": 1}),
                "has a member whose name does not fit: it must have at most 1 character",
            ),
            (json!({"oneOf": [{"minimum": 1}, {"minimum": 2}]}), json!(3), "fits more than one of its alternatives"),
            (json!({"type": ["integer", "null"]}), json!("a"), "must be of type null or integer"),
            (json!({"exclusiveMinimum": 1}), json!(1), "must be more than 1"),
            (json!({"multipleOf": 5}), json!(1), "must be a multiple of 5"),
            (json!({"const": "a"}), json!("b"), "must be \"a\""),
            (json!({"properties": {"a": false}}), json!({"a": 1}), "must not be there"),
        ] {
            let found = lines(&schema, &value);
            assert!(found.iter().any(|line| line.ends_with(&format!(": {message}"))), "{schema}: {found:?}");
        }
    }

    #[test]
    fn a_union_is_explained_by_the_branch_that_was_meant() {
        let schema = json!({"oneOf": [
            {"type": "object", "required": ["kind", "a"], "properties": {"kind": {"const": "a"}, "a": {"type": "integer"}}},
            {"type": "object", "required": ["kind", "b"], "properties": {"kind": {"const": "b"}, "b": {"type": "integer"}}},
            {"type": "string"}
        ]});
        assert_eq!(lines(&schema, &json!({"kind": "b", "b": "x"})), ["/b type: must be of type integer"]);
        assert_eq!(lines(&schema, &json!(1)), [" oneOf: fits none of the 3 alternatives"]);
    }

    #[test]
    fn schemas_that_hold_themselves_are_followed() {
        let value = json!({"next": {"next": {"size": "x"}}});
        assert_eq!(lines(&json!({"$ref": "#/$defs/Node"}), &value), ["/next/next/size type: must be of type integer"]);
    }

    #[test]
    fn what_a_pattern_would_judge_that_nobody_can_compile_is_refused() {
        let unknowable = "format: cannot be held against its pattern, which this server cannot read";
        let schema = json!({"pattern": "(", "format": "uuid", "maxLength": 1});
        assert_eq!(lines(&schema, &json!(1)), [""; 0]);
        let found = lines(&schema, &json!("ab"));
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.contains(&format!(" {unknowable}")), "{found:?}");
        let schema = json!({"properties": {"a": {}}, "patternProperties": {"(": {"type": "integer"}, "^x-": {}}});
        assert_eq!(lines(&schema, &json!({"a": 1, "x-b": 2})), [""; 0]);
        assert_eq!(lines(&schema, &json!({"b": 1})), ["/b additionalProperties: is not described by the document"]);
        let schema = json!({"propertyNames": {"pattern": "("}});
        assert_eq!(lines(&schema, &json!({"b": 1})).len(), 1);
    }

    #[test]
    fn a_flood_of_violations_is_cut() {
        let found = lines(&json!({"items": {"type": "string"}}), &Value::from(vec![1; 5000]));
        assert_eq!(found.len(), MOST + 1);
        assert_eq!(found.last().map(String::as_str), Some(" more: has more violations than are listed"));
    }
}
