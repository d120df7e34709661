//! The flags of an operation: which parameters and members get one, what it is called, and what it takes.

use std::collections::BTreeSet;

use heck::ToKebabCase;
use oas_model::{Api, ParameterLocation};

use crate::plan::{
    BodyContent, ContentFormat, ContentItem, OperationItem, ParamPresence, Plan, Presence, RustType, TypeKind,
};

/// The flags that every operation has.
const RESERVED: [&str; 9] = ["json", "data", "output", "base-url", "config", "timeout", "verbose", "help", "version"];

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
    Choice(Vec<String>),
    Integer,
    Number,
    Boolean,
    TextList,
    IntegerList,
    Json,
}

/// The flags of `operation`: its parameters, then the members of its JSON body.
pub(super) fn of(api: &Api, plan: &Plan, operation: &OperationItem) -> Vec<Flag> {
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
            target: Target::Parameter(field.ident.clone()),
            value: value(plan, &field.ty),
            required: field.presence == ParamPresence::Required,
            help: first_line(&field.doc),
        });
    }
    flags.extend(members(plan, operation, &mut taken));
    flags
}

/// The flags of the members of a JSON body that is a struct.
fn members(plan: &Plan, operation: &OperationItem, taken: &mut BTreeSet<String>) -> Vec<Flag> {
    let Some(content) = json_content(operation) else { return Vec::new() };
    let RustType::Named(index) = &content.ty else { return Vec::new() };
    let Some(TypeKind::Struct(item)) = plan.types.get(index.0).map(|item| &item.kind) else { return Vec::new() };
    let body_required = operation.body.as_ref().is_some_and(|body| body.required);
    let flag = |field: &crate::plan::Field| Flag {
        name: free(taken, &field.ident, "body"),
        target: Target::Member(field.wire.clone()),
        value: value(plan, &field.ty),
        required: body_required && matches!(field.presence, Presence::Required),
        help: first_line(&field.doc),
    };
    item.fields.iter().map(flag).collect()
}

/// The content of a body that is written as JSON, or as a form of the same members.
pub(super) fn json_content(operation: &OperationItem) -> Option<&ContentItem> {
    match &operation.body.as_ref()?.content {
        BodyContent::Single(content) if matches!(content.format, ContentFormat::Json | ContentFormat::Form) => {
            Some(content)
        }
        _ => None,
    }
}

/// A name for the flag of `ident` that no other flag of the operation has.
fn free(taken: &mut BTreeSet<String>, ident: &str, prefix: &str) -> String {
    let plain = kebab(ident);
    let prefixed = format!("{prefix}-{plain}");
    let numbered = (2_u32..).map(|number| format!("{prefixed}-{number}"));
    let name =
        [plain, prefixed.clone()].into_iter().chain(numbered).find(|name| !taken.contains(name)).unwrap_or(prefixed);
    taken.insert(name.clone());
    name
}

/// A settled ident as people type it.
pub(super) fn kebab(ident: &str) -> String {
    let name = ident.trim_start_matches("r#").to_kebab_case();
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
        RustType::I32 | RustType::I64 | RustType::U32 | RustType::U64 => Value::Integer,
        RustType::F32 | RustType::F64 => Value::Number,
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

/// The first sentence or line of a Markdown text, for a place that has room for one.
pub(super) fn first_line(markdown: &str) -> String {
    let line = markdown.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.trim_start_matches(['#', ' ']).trim_end_matches('.').to_owned()
}
