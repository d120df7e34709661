//! Formats, and which of them is part of which.

use oas_model::{Schema, SchemaId, Schemas, Type, integer_range};

use super::shape::Kind;
use crate::rule::{Rule, is};

/// Formats whose values are part of another format's, beside those of integers: (narrower, wider).
const PARTS: &[(&str, &str)] = &[
    ("float", "double"),
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "iri-reference"),
    ("uri-reference", "iri-reference"),
    ("iri", "iri-reference"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
];

/// Formats of texts that validators know, and those that OpenAPI adds; all stand for a set of values.
const TEXTS: &[&str] = &[
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
    "byte",
    "binary",
];

/// Formats of numbers.
const NUMBERS: &[&str] =
    &["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double", "decimal"];

/// Formats that only tell people or programs how to show a value.
const HINTS: &[&str] = &["password", "html", "markdown", "commonmark", "double-int", "media-range", "sf-string"];

/// Whether a schema says no more than that a text is bytes, in the words of 3.0 or of 3.1.
pub(crate) fn is_any_bytes(schemas: &Schemas, id: SchemaId) -> bool {
    let schema = &schemas[schemas.resolve(id)];
    let is_bytes = schema.types.is_none()
        || schema.content_media_type.is_some()
        || matches!(schema.format.as_deref(), Some("binary" | "byte"));
    let types = schema.types.is_none_or(|types| types.single() == Some(Type::String));
    let plain = Schema {
        types: schema.types,
        format: schema.format.clone(),
        content_media_type: schema.content_media_type.clone(),
        content_encoding: schema.content_encoding.clone(),
        component: schema.component.clone(),
        boolean: schema.boolean.filter(|truth| *truth),
        title: schema.title.clone(),
        description: schema.description.clone(),
        examples: schema.examples.clone(),
        deprecated: schema.deprecated,
        read_only: schema.read_only,
        write_only: schema.write_only,
        extensions: schema.extensions.clone(),
        ..Schema::anything(schema.at.clone())
    };
    is_bytes && types && *schema == plain
}

/// Whether a format tells people or programs how to show a value, and nothing about its text.
pub(crate) fn is_hint(format: &str) -> bool {
    HINTS.contains(&format)
}

/// Whether every value of `narrow` is one of `wide`.
fn is_part(narrow: &str, wide: &str) -> bool {
    match (integer_range(narrow), integer_range(wide)) {
        (Some(narrow), Some(wide)) => wide.start() <= narrow.start() && narrow.end() <= wide.end(),
        _ => PARTS.contains(&(narrow, wide)),
    }
}

/// The rule for a format that went from `before` to `after`; `None` when nothing changes on the wire.
pub(crate) fn rule(kind: Kind, before: Option<&str>, after: Option<&str>) -> Option<Rule> {
    let meaning = |format: Option<&str>| format.filter(|format| !HINTS.contains(format)).map(ToOwned::to_owned);
    let (before, after) = (meaning(before), meaning(after));
    // The format of another type says nothing here.
    let applies = |format: &String| match kind {
        Kind::String => !NUMBERS.contains(&format.as_str()),
        Kind::Number => !TEXTS.contains(&format.as_str()),
        _ => false,
    };
    let (before, after) = (before.filter(applies), after.filter(applies));
    let is_known = |format: &str| TEXTS.contains(&format) || NUMBERS.contains(&format);
    match (before.as_deref(), after.as_deref()) {
        (before, after) if before == after => None,
        (before, after) if !before.is_none_or(is_known) || !after.is_none_or(is_known) => Some(is::FORMAT_UNDECIDED),
        (None, _) => Some(is::FORMAT_INTRODUCED),
        (Some(_), None) => Some(is::FORMAT_DROPPED),
        (Some(before), Some(after)) if is_part(after, before) => Some(is::FORMAT_NARROWED),
        (Some(before), Some(after)) if is_part(before, after) => Some(is::FORMAT_WIDENED),
        (Some(_), Some(_)) => Some(is::FORMAT_CHANGED),
    }
}
