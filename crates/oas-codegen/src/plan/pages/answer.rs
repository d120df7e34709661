//! What the body of a list's answer holds, as far as pages go.

use oas_model::{Api, Schema};

use super::words::{AROUND, AROUND_LISTS, LISTS, snake};
use crate::plan::{
    BodyContent, ContentFormat, Field, OperationItem, Plan, RustType, StructItem, SuccessItem, TypeKind,
};

/// How many types are looked through until one is a struct, for types that contain themselves.
const NESTED: usize = 32;

/// The type of the only body that an operation answers with when all goes well; `None` unless it is JSON.
pub(super) fn body(item: &OperationItem) -> Option<&RustType> {
    let SuccessItem::Single(index) = item.success else { return None };
    let contents = item.responses[index].body.as_ref()?.items();
    let mut json = contents.into_iter().filter(|content| content.format == ContentFormat::Json);
    let only = json.next()?;
    json.next().is_none().then_some(&only.ty)
}

/// The body of a request, when it is JSON and nothing else.
pub(super) fn request_body<'a>(plan: &'a Plan, item: &'a OperationItem) -> Option<&'a StructItem> {
    let BodyContent::Single(content) = &item.body.as_ref()?.content else { return None };
    (content.format == ContentFormat::Json).then(|| structure(plan, &content.ty))?
}

/// What lies behind newtypes, options and boxes.
pub(super) fn bare<'a>(plan: &'a Plan, ty: &'a RustType) -> &'a RustType {
    let mut ty = ty;
    for _ in 0..NESTED {
        ty = match ty {
            RustType::Option(inner) | RustType::Boxed(inner) | RustType::OrOther(inner) => inner,
            RustType::Named(index) => match &plan[*index].kind {
                TypeKind::Newtype(inner) => inner,
                _ => return ty,
            },
            _ => return ty,
        };
    }
    ty
}

/// The struct that a type is.
pub(super) fn structure<'a>(plan: &'a Plan, ty: &'a RustType) -> Option<&'a StructItem> {
    let RustType::Named(index) = bare(plan, ty) else { return None };
    match &plan[*index].kind {
        TypeKind::Struct(structure) => Some(structure),
        _ => None,
    }
}

/// The type of the items of a list.
fn item_of<'a>(plan: &'a Plan, ty: &'a RustType) -> Option<&'a RustType> {
    if let RustType::List(item) = bare(plan, ty) { Some(item) } else { None }
}

/// The type at a JSON Pointer in a value.
pub(super) fn at<'a>(plan: &'a Plan, ty: &'a RustType, pointer: &str) -> Option<&'a RustType> {
    let mut ty = ty;
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        ty = &structure(plan, ty)?.fields.iter().find(|field| field.wire == name)?.ty;
    }
    Some(ty)
}

/// The type of the items of the list at a JSON Pointer.
pub(super) fn items_at<'a>(plan: &'a Plan, ty: &'a RustType, pointer: &str) -> Option<&'a RustType> {
    item_of(plan, at(plan, ty, pointer)?)
}

/// A member of an answer.
pub(super) struct Member<'a> {
    /// Where it stands.
    pub(super) pointer: String,
    /// Its name.
    pub(super) snake: String,
    /// The name of what it stands in; empty for the body itself.
    pub(super) around: String,
    pub(super) field: &'a Field,
    pub(super) schema: Option<&'a Schema>,
    pub(super) kind: Kind,
}

/// What a member can be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Boolean,
    Other,
}

/// What a value of a type can be used for.
pub(super) fn kind(plan: &Plan, ty: &RustType) -> Kind {
    match bare(plan, ty) {
        RustType::String => Kind::Text,
        RustType::Formatted(format) if format.name() == "uuid" => Kind::Text,
        RustType::Integer(_) => Kind::Integer,
        RustType::Bool => Kind::Boolean,
        _ => Kind::Other,
    }
}

/// The members of a body, and of what it says of the list: two levels below the body at most.
pub(super) fn members<'a>(api: &'a Api, plan: &'a Plan, body: &'a RustType) -> Vec<Member<'a>> {
    let mut found = Vec::new();
    if let Some(structure) = structure(plan, body) {
        collect(api, plan, structure, (String::new(), String::new()), 2, &mut found);
    }
    found
}

fn collect<'a>(
    api: &'a Api,
    plan: &'a Plan,
    body: &'a StructItem,
    (pointer, around): (String, String),
    levels: usize,
    found: &mut Vec<Member<'a>>,
) {
    for field in &body.fields {
        let below = format!("{pointer}/{}", field.wire.replace('~', "~0").replace('/', "~1"));
        let name = snake(&field.wire);
        let deeper = structure(plan, &field.ty).filter(|_| levels > 0);
        if let Some(inner) = deeper {
            // `next: { href }` is a link, as HAL has it.
            if AROUND.contains(&name.as_str()) || name == "next" && AROUND.contains(&around.as_str()) {
                collect(api, plan, inner, (below, name), levels - 1, found);
            }
            continue;
        }
        let schema = Some(&api.schemas[api.schemas.resolve(field.schema)]);
        let around = around.clone();
        found.push(Member { pointer: below, snake: name, around, field, schema, kind: kind(plan, &field.ty) });
    }
}

/// The list that an answer is or holds: the only one, or the only one with a name that lists have.
pub(super) fn list<'a>(plan: &'a Plan, body: &'a RustType) -> Option<(String, &'a RustType)> {
    if let Some(item) = item_of(plan, body) {
        return Some((String::new(), item));
    }
    let outer = structure(plan, body)?;
    if let Some((name, item)) = only_list(plan, outer) {
        return Some((format!("/{name}"), item));
    }
    let has_lists = outer.fields.iter().any(|field| item_of(plan, &field.ty).is_some());
    let mut around = outer.fields.iter().filter(|field| AROUND_LISTS.contains(&snake(&field.wire).as_str()));
    let (only, None) = (around.next()?, around.next()) else { return None };
    let (name, item) = only_list(plan, structure(plan, &only.ty).filter(|_| !has_lists)?)?;
    Some((format!("/{}/{name}", only.wire.replace('~', "~0").replace('/', "~1")), item))
}

/// The only list of a struct.
fn only_list<'a>(plan: &'a Plan, outer: &'a StructItem) -> Option<(String, &'a RustType)> {
    let lists: Vec<&Field> = outer.fields.iter().filter(|field| item_of(plan, &field.ty).is_some()).collect();
    let named: Vec<&&Field> = lists.iter().filter(|field| LISTS.contains(&snake(&field.wire).as_str())).collect();
    let list = match (lists.as_slice(), named.as_slice()) {
        ([only], _) => *only,
        (_, [only]) => **only,
        _ => return None,
    };
    Some((list.wire.replace('~', "~0").replace('/', "~1"), item_of(plan, &list.ty)?))
}
