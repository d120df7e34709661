//! The flags of an operation: which parameters and members get one, what it is called, and what it takes.

use super::body::Sent;
use crate::client::surface::{PartKind, PartSetter};
use crate::docs;
use crate::plan::{CommandItem, Field, Ident, OperationItem, ParamPresence, Plan, Presence, RustType, TypeKind};

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
pub(super) fn of(plan: &Plan, operation: &OperationItem, sent: &Sent<'_>) -> Vec<Flag> {
    let CommandItem { ident: _, params, members: of_members } = &operation.command;
    let fields = operation.params.iter().flat_map(|params| &params.fields);
    let mut flags: Vec<Flag> = fields
        .zip(params)
        .map(|(field, flag)| Flag {
            name: flag.to_kebab(),
            target: Target::Parameter(field.ident.as_str().to_owned()),
            value: value(plan, &field.ty),
            required: field.presence == ParamPresence::Required,
            help: first_line(&field.doc),
        })
        .collect();
    match sent {
        Sent::Parts(setters) => {
            flags.extend(setters.iter().map(|setter| part(plan, setter, &of_members[&setter.field.wire])));
        }
        Sent::Json(choice) if !choice.is_list() => {
            let required = operation.body.as_ref().is_some_and(|body| body.required);
            let fields = members(plan, &choice.content.ty).iter();
            flags.extend(fields.map(|field| member(plan, field, &of_members[&field.wire], required)));
        }
        Sent::Json(_) | Sent::Raw(_) | Sent::Nothing => {}
    }
    flags
}

/// The members of a body that is a struct.
fn members<'a>(plan: &'a Plan, ty: &RustType) -> &'a [Field] {
    let RustType::Named(index) = ty else { return &[] };
    match &plan[*index].kind {
        TypeKind::Struct(item) => &item.fields,
        _ => &[],
    }
}

/// The flag of a member.
fn member(plan: &Plan, field: &Field, flag: &Ident, body_required: bool) -> Flag {
    Flag {
        name: flag.to_kebab(),
        target: Target::Member(field.wire.clone()),
        value: value(plan, &field.ty),
        required: body_required && matches!(field.presence, Presence::Required),
        help: first_line(&field.doc),
    }
}

/// The flag of a part.
fn part(plan: &Plan, setter: &PartSetter<'_>, flag: &Ident) -> Flag {
    let mut flag = member(plan, setter.field, flag, true);
    match setter.kind {
        PartKind::File => flag.value = Value::File,
        PartKind::Files => flag.value = Value::FileList,
        PartKind::Value => {}
    }
    flag
}

/// What a flag for a value of type `ty` takes.
fn value(plan: &Plan, ty: &RustType) -> Value {
    value_within(plan, ty, 8)
}

/// The same, looking through at most `depth` lists and newtypes: a type may contain itself.
fn value_within(plan: &Plan, ty: &RustType, depth: u8) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return Value::Json };
    match ty {
        RustType::String | RustType::Formatted(_) => Value::Text,
        RustType::Bool => Value::Boolean,
        RustType::Integer(_) => Value::Integer,
        RustType::F64 | RustType::Number => Value::Number,
        RustType::Option(inner) | RustType::Boxed(inner) => value_within(plan, inner, depth),
        RustType::List(item) => match value_within(plan, item, depth) {
            Value::Text | Value::Choice(_) => Value::TextList,
            Value::Integer => Value::IntegerList,
            _ => Value::Json,
        },
        RustType::Named(index) => match &plan[*index].kind {
            TypeKind::StringEnum(variants) => {
                Value::Choice(variants.iter().map(|variant| variant.wire.clone()).collect())
            }
            TypeKind::IntegerEnum(_) => Value::Integer,
            TypeKind::Newtype(inner) => value_within(plan, inner, depth),
            // Who types a text should not have to write it as JSON.
            TypeKind::Union(union) if union.variants.iter().any(|one| takes_text(plan, &one.ty, depth)) => {
                Value::TextOrJson
            }
            _ => Value::Json,
        },
        RustType::Bytes
        | RustType::Json
        | RustType::JsonObject
        | RustType::Null
        | RustType::Map(_)
        | RustType::OrOther(_)
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
