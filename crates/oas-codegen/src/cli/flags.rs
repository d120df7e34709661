//! The flags of an operation: which parameters and members get one, what it is called, and what it takes.

use std::collections::BTreeSet;

use heck::ToKebabCase;
use oas_model::{Api, ParameterLocation};

use super::body::Sent;

use crate::client::surface::{PartKind, PartSetter};
use crate::docs;
use crate::plan::{Field, OperationItem, ParamPresence, Plan, Presence, RustType, TypeKind};

/// The flags that every operation has.
const RESERVED: [&str; 11] =
    ["json", "data", "output", "base-url", "config", "timeout", "header", "all", "verbose", "help", "version"];

/// One flag.
#[derive(Debug)]
pub(super) struct Flag {
    /// `clip-id`
    pub(super) name: String,
    /// Where its value goes.
    pub(super) target: Target,
    /// What its value is.
    pub(super) value: Value,
    /// Whether it must be there.
    pub(super) required: bool,
    /// What the document says about it, in one line.
    pub(super) help: String,
}

/// Where the value of a flag goes.
#[derive(Debug)]
pub(super) enum Target {
    /// Into the parameter of this ident.
    Parameter(String),
    /// Into the member of this name.
    Member(String),
}

/// What the value of a flag is.
#[derive(Debug)]
pub(super) enum Value {
    Text,
    TextOrJson,
    Choice(Vec<String>),
    Integer,
    Number,
    Boolean,
    TextList,
    IntegerList,
    Json,
    File,
    FileList,
}

/// The flags of `operation`: its parameters, then the members or parts of its body.
pub(super) fn of(api: &Api, plan: &Plan, operation: &OperationItem, sent: &Sent<'_>) -> Vec<Flag> {
    let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    let mut flags = Vec::new();
    for field in operation.params.iter().flat_map(|params| &params.fields) {
        let parameter = api.operations.get(operation.operation).and_then(|one| one.parameters.get(field.parameter));
        let prefix = parameter.map_or("param", |parameter| match parameter.location {
            ParameterLocation::Path => "path",
            ParameterLocation::Query | ParameterLocation::Querystring => "query",
            ParameterLocation::Header => "header",
            ParameterLocation::Cookie => "cookie",
        });
        flags.push(Flag {
            name: free(&mut taken, &field.ident, prefix),
            target: Target::Parameter(field.ident.as_str().to_owned()),
            value: value(plan, &field.ty),
            required: field.presence == ParamPresence::Required,
            help: first_line(&field.doc),
        });
    }
    match sent {
        Sent::Parts(setters) => flags.extend(setters.iter().map(|setter| part(plan, setter, &mut taken))),
        Sent::Json(choice) if !choice.is_list() => {
            let required = operation.body.as_ref().is_some_and(|body| body.required);
            let fields = members(plan, &choice.content.ty);
            flags.extend(fields.iter().map(|field| member(plan, field, required, &mut taken)));
        }
        Sent::Json(_) | Sent::Raw(_) | Sent::Nothing => {}
    }
    flags
}

/// The members of a body that is a struct.
fn members<'a>(plan: &'a Plan, ty: &RustType) -> &'a [Field] {
    let RustType::Named(index) = ty else { return &[] };
    match plan.types.get(index.0).map(|item| &item.kind) {
        Some(TypeKind::Struct(item)) => &item.fields,
        _ => &[],
    }
}

/// The flag of a member.
fn member(plan: &Plan, field: &Field, body_required: bool, taken: &mut BTreeSet<String>) -> Flag {
    Flag {
        name: free(taken, &field.ident, "body"),
        target: Target::Member(field.wire.clone()),
        value: value(plan, &field.ty),
        required: body_required && matches!(field.presence, Presence::Required),
        help: first_line(&field.doc),
    }
}

/// The flag of a part.
fn part(plan: &Plan, setter: &PartSetter<'_>, taken: &mut BTreeSet<String>) -> Flag {
    let mut flag = member(plan, setter.field, true, taken);
    match setter.kind {
        PartKind::File => flag.value = Value::File,
        PartKind::Files => flag.value = Value::FileList,
        PartKind::Value => {}
    }
    flag
}

/// A name for the flag of `ident` that no other flag of the operation has.
pub(super) fn free(taken: &mut BTreeSet<String>, ident: impl AsRef<str>, prefix: &str) -> String {
    let plain = kebab(ident);
    let prefixed = format!("{prefix}-{plain}");
    let numbered = (2_u32..).map(|number| format!("{prefixed}-{number}"));
    let name =
        [plain, prefixed.clone()].into_iter().chain(numbered).find(|name| !taken.contains(name)).unwrap_or(prefixed);
    taken.insert(name.clone());
    name
}

/// A settled ident as people type it.
pub(super) fn kebab(ident: impl AsRef<str>) -> String {
    let name = ident.as_ref().to_kebab_case();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

/// What a flag for a value of type `ty` takes.
fn value(plan: &Plan, ty: &RustType) -> Value {
    value_within(plan, ty, 8)
}

/// The same, looking through at most `depth` lists and newtypes: a type may contain itself.
fn value_within(plan: &Plan, ty: &RustType, depth: u8) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return Value::Json };
    match ty {
        RustType::String | RustType::DateTime | RustType::Date | RustType::Uuid => Value::Text,
        RustType::Bool => Value::Boolean,
        RustType::I8
        | RustType::I16
        | RustType::I32
        | RustType::I64
        | RustType::U8
        | RustType::U16
        | RustType::U32
        | RustType::U64 => Value::Integer,
        RustType::F64 | RustType::Number => Value::Number,
        RustType::Option(inner) | RustType::Boxed(inner) => value_within(plan, inner, depth),
        RustType::List(item) => match value_within(plan, item, depth) {
            Value::Text | Value::Choice(_) => Value::TextList,
            Value::Integer => Value::IntegerList,
            _ => Value::Json,
        },
        RustType::Named(index) => match plan.types.get(index.0).map(|item| &item.kind) {
            Some(TypeKind::StringEnum(variants)) => {
                Value::Choice(variants.iter().map(|variant| variant.wire.clone()).collect())
            }
            Some(TypeKind::IntegerEnum(_)) => Value::Integer,
            Some(TypeKind::Newtype(inner)) => value_within(plan, inner, depth),
            // Who types a text should not have to write it as JSON.
            Some(TypeKind::Union(union)) if union.variants.iter().any(|one| takes_text(plan, &one.ty, depth)) => {
                Value::TextOrJson
            }
            _ => Value::Json,
        },
        RustType::Bytes
        | RustType::Json
        | RustType::JsonObject
        | RustType::Null
        | RustType::Map(_)
        | RustType::Tuple(_) => Value::Json,
    }
}

/// Whether a type takes any text.
fn takes_text(plan: &Plan, ty: &RustType, depth: u8) -> bool {
    matches!(value_within(plan, ty, depth), Value::Text | Value::Choice(_) | Value::TextOrJson)
}

/// The first sentence or line of a Markdown text, for a place that has room for one.
pub(super) fn first_line(markdown: &str) -> String {
    let text = docs::visible(markdown);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.trim_start_matches(['#', ' ']).trim_end_matches('.').to_owned()
}
