//! Documentation of items, in the words of the document.

use oas_model::{Api, Bound, Header, Operation, Parameter, Response, Schema, SchemaId, SecurityScheme, Tag};
use serde_json::Value;

use super::{Format, Integer, Tagging, TypeKind, UnionItem};
use crate::docs::code;
use crate::html::to_markdown;

/// The longest value that is shown as an example or default; longer ones say less than they take.
const LONGEST_VALUE: usize = 120;

/// Documentation of a type.
pub(super) fn of_type(schema: &Schema, kind: &TypeKind) -> String {
    let words = words(schema.title.as_deref(), schema.description.as_deref());
    // The name of a component says as much as a sentence with nothing but that name.
    let words = words.unwrap_or_else(|| match &schema.component {
        Some(_) => String::new(),
        None => format!("The schema at {}.", code(&schema.at.pointer.to_string())),
    });
    let facts = match kind {
        TypeKind::Newtype(_) => facts(schema),
        _ => examples(schema),
    };
    joined(&words, &facts)
}

/// Documentation of the union of what extends a schema.
pub(super) fn of_children(schema: &Schema, kind: &TypeKind) -> String {
    let parent = schema.component.clone().unwrap_or_else(|| schema.at.pointer.to_string());
    let member = match kind {
        TypeKind::Union(UnionItem { tagging: Tagging::Property(member), .. }) => {
            format!(", as the member {} tells", code(member))
        }
        _ => String::new(),
    };
    format!("What extends {}{member}.", code(&parent))
}

/// Documentation of a member of an object; empty when the document says nothing that its name and type do not.
pub(super) fn of_member(schema: &Schema, api: &Api) -> String {
    let target = target(schema, api);
    // A component says itself what it is.
    let is_component = target.is_some_and(|target| target.component.is_some());
    let described = target.filter(|_| !is_component).unwrap_or(schema);
    let words = words(schema.title.as_deref(), schema.description.as_deref())
        .or_else(|| words_of(described))
        .unwrap_or_default();
    joined(&words, &facts(described))
}

fn words_of(schema: &Schema) -> Option<String> {
    words(schema.title.as_deref(), schema.description.as_deref())
}

/// Documentation of a parameter.
pub(super) fn of_parameter(parameter: &Parameter, api: &Api) -> String {
    let schema = parameter.payload.schema();
    of_named(parameter.description.as_deref(), schema, api)
}

/// Documentation of a header.
pub(super) fn of_header(header: &Header, api: &Api) -> String {
    of_named(header.description.as_deref(), header.payload.schema(), api)
}

fn of_named(description: Option<&str>, schema: Option<SchemaId>, api: &Api) -> String {
    let schema = schema.map(|id| &api.schemas[id]);
    let words = words(None, description).or_else(|| schema.and_then(words_of)).unwrap_or_default();
    let described =
        schema.map(|schema| target(schema, api).filter(|target| target.component.is_none()).unwrap_or(schema));
    joined(&words, &described.map(facts).unwrap_or_default())
}

/// Documentation of an operation: what it does, and where.
pub(super) fn of_operation(operation: &Operation) -> String {
    let mut paragraphs = Vec::new();
    let summary = words(None, operation.summary.as_deref());
    let description = words(None, operation.description.as_deref()).filter(|text| Some(text) != summary.as_ref());
    paragraphs.extend(summary);
    paragraphs.extend(description);
    paragraphs.push(code(&format!("{} {}", operation.method, operation.path)));
    if let Some(docs) = &operation.external_docs {
        paragraphs.push(format!("More: {}", docs.url));
    }
    paragraphs.join("\n\n")
}

/// Documentation of a response.
pub(super) fn of_response(response: &Response) -> String {
    words(None, response.description.as_deref())
        .or_else(|| words(None, response.summary.as_deref()))
        .unwrap_or_else(|| format!("Status {}.", response.status))
}

/// Documentation of a tag.
pub(super) fn of_tag(tag: &Tag) -> String {
    words(tag.summary.as_deref(), tag.description.as_deref())
        .unwrap_or_else(|| format!("Operations with the tag {}.", code(&tag.name)))
}

/// Documentation of a security scheme.
pub(super) fn of_scheme(scheme: &SecurityScheme) -> String {
    words(None, scheme.description.as_deref()).unwrap_or_default()
}

/// The description, or when there is none the title.
fn words(title: Option<&str>, description: Option<&str>) -> Option<String> {
    let mut texts = [description, title].into_iter().flatten().map(|text| to_markdown(text).trim().to_owned());
    texts.find(|text| !text.is_empty())
}

/// What a schema that is nothing but a reference refers to.
fn target<'a>(schema: &'a Schema, api: &'a Api) -> Option<&'a Schema> {
    let target = schema.reference.or(match schema.all_of.as_slice() {
        [only] => Some(*only),
        _ => None,
    })?;
    Some(&api.schemas[api.schemas.resolve(target)])
}

fn joined(words: &str, facts: &[String]) -> String {
    match (words.is_empty(), facts.is_empty()) {
        (_, true) => words.to_owned(),
        (true, false) => facts.join(" "),
        (false, false) => format!("{words}\n\n{}", facts.join(" ")),
    }
}

/// What a schema says about its values besides their type, a sentence each.
fn facts(schema: &Schema) -> Vec<String> {
    let mut facts = Vec::new();
    if schema.read_only {
        facts.push("Only in responses.".to_owned());
    }
    if schema.write_only {
        facts.push("Only in requests.".to_owned());
    }
    if let Some(format) = schema.format.as_deref().filter(|format| !is_in_type(format)) {
        facts.push(format!("Format: {}.", code(format)));
    }
    facts.extend(range(schema.minimum.as_ref(), schema.maximum.as_ref()));
    facts.extend(schema.multiple_of.as_ref().map(|number| format!("A multiple of {number}.")));
    facts.extend(count(schema.min_length, schema.max_length, "character"));
    facts.extend(
        schema
            .pattern
            .as_deref()
            .filter(|one| one.len() <= LONGEST_VALUE)
            .map(|one| format!("Pattern: {}.", code(one))),
    );
    facts.extend(count(schema.min_items, schema.max_items, "item"));
    if schema.unique_items {
        facts.push("Every item once.".to_owned());
    }
    facts.extend(count(schema.min_properties, schema.max_properties, "member"));
    facts.extend(schema.default.as_ref().and_then(shown).map(|value| format!("Default: {value}.")));
    facts.extend(examples(schema));
    facts
}

/// Formats that the Rust type says already.
fn is_in_type(format: &str) -> bool {
    matches!(format, "float" | "double" | "binary")
        || Integer::named(format).is_some()
        || Format::named(format).is_some()
}

fn range(minimum: Option<&Bound>, maximum: Option<&Bound>) -> Option<String> {
    let least =
        minimum.map(|bound| format!("{} {}", if bound.exclusive { "more than" } else { "at least" }, bound.value));
    let most =
        maximum.map(|bound| format!("{} {}", if bound.exclusive { "less than" } else { "at most" }, bound.value));
    sentence(&[least, most].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn count(least: Option<u64>, most: Option<u64>, unit: &str) -> Option<String> {
    let plural = |number: u64| if number == 1 { unit.to_owned() } else { format!("{unit}s") };
    match (least.filter(|least| *least > 0), most) {
        (None, None) => None,
        (Some(least), Some(most)) if least == most => Some(format!("Exactly {least} {}.", plural(least))),
        (Some(least), Some(most)) => Some(format!("{least} to {most} {}.", plural(most))),
        (Some(least), None) => Some(format!("At least {least} {}.", plural(least))),
        (None, Some(most)) => Some(format!("At most {most} {}.", plural(most))),
    }
}

fn sentence(words: &str) -> Option<String> {
    let mut characters = words.chars();
    let first = characters.next()?;
    Some(format!("{}{}.", first.to_uppercase(), characters.as_str()))
}

/// The first example.
fn examples(schema: &Schema) -> Vec<String> {
    let shown = schema.examples.first().and_then(shown);
    shown.map(|value| format!("Example: {value}.")).into_iter().collect()
}

/// A value in one line of JSON; strings without quotes. `None` when it is too long to help.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let fits = text.len() <= LONGEST_VALUE && !text.trim().is_empty() && !text.contains('\n');
    fits.then(|| code(&text))
}
