//! The client's request builders: what they are called, and what their setters are.
//!
//! A setter is called like the field that it sets. Setters are named when all types are known, because those of parts are
//! called like the fields of a type.

use oas_model::{Api, Operation};

use super::key::{Key, KeyKind};
use super::names::Kind;
use super::operation::parameter_path;
use super::register::Register;
use super::request::Request;
use super::scope::Scope;
use super::type_item::structure;
use super::{BodyContent, ContentFormat, OperationItem, StructItem, TypeItem};

/// Types of the runtime that the files of request builders use without a path: no builder has such a name.
pub(crate) const RUNTIME_TYPES: [&str; 22] = [
    "ByteStream",
    "Call",
    "Error",
    "EventStream",
    "Field",
    "Items",
    "JsonLines",
    "Multipart",
    "NextPage",
    "Operation",
    "Options",
    "Outgoing",
    "Pages",
    "Paging",
    "Parameter",
    "Part",
    "Piece",
    "Place",
    "RawAnswer",
    "Received",
    "ResponseValue",
    "Style",
];

/// Methods that a request builder has beside its setters, and fields that it has of its own.
const SETTERS: [&str; 19] = [
    "begin",
    "body",
    "body_map",
    "borrow",
    "borrow_mut",
    "client",
    "execute",
    "items",
    "new",
    "pages",
    "part",
    "parts",
    "poll",
    "request",
    "response",
    "send",
    "stream",
    "try_into",
    "type_id",
];

/// Names the builder of every operation, and its setters.
pub(super) fn settle(api: &Api, types: &[TypeItem], operations: &mut [OperationItem], register: &mut Register<'_>) {
    let mut scope = Scope::with_reserved(Kind::Type, "request builders", |ident| {
        matches!(ident, "Client" | "Self") || RUNTIME_TYPES.contains(&ident)
    });
    let requests = operations.iter().map(|item| {
        let forms = vec![item.type_prefix.as_str().to_owned(), format!("{}Request", item.type_prefix.as_str())];
        let key = Key::new(KeyKind::Builder, &item.key);
        Request::derived(key, forms, Key::new(KeyKind::Operation, &item.key), &api[item.operation].at)
    });
    let idents = scope.settle(register, requests.collect());
    for (item, ident) in operations.iter_mut().zip(idents) {
        item.builder_ident = ident;
        setters(&api[item.operation], types, item, register);
    }
}

/// Names the setters of one operation: of its parameters, and of the parts of its body.
fn setters(operation: &Operation, types: &[TypeItem], item: &mut OperationItem, register: &mut Register<'_>) {
    let words = format!("parameters of `{}`", item.id.escape_debug());
    let mut scope = Scope::with_reserved(Kind::Parameter, words, |ident| SETTERS.contains(&ident));
    let mut requests: Vec<Request> = Vec::new();
    for field in item.params.iter().flat_map(|params| &params.fields) {
        let parameter = &operation.parameters[field.parameter];
        let key = Key::new(KeyKind::Parameter, &parameter_path(&item.key, parameter));
        let longer = format!("{} {}", parameter.name, super::operation::location_word(parameter));
        requests.push(
            Request::named(Kind::Parameter, &parameter.name, key, &parameter.at).or(Kind::Parameter, &longer).placed(),
        );
    }
    let parts = parts(types, item);
    let of_parts = parts.map(|(owner, structure)| {
        let (body, at) = (item.key.child("body"), &operation.at);
        structure.fields.iter().map(move |field| {
            let ident = field.ident.as_str();
            let key = Key::new(KeyKind::Part, &body.child(&field.wire));
            let forms = vec![ident.to_owned(), format!("{}_part", ident.trim_end_matches('_'))];
            Request::derived(key, forms, owner.key.field_key(&field.wire), at).at_level(1)
        })
    });
    requests.extend(of_parts.into_iter().flatten());
    let mut idents = scope.settle(register, requests).into_iter();
    for field in item.params.iter_mut().flat_map(|params| &mut params.fields) {
        if let Some(ident) = idents.next() {
            field.ident = ident;
        }
    }
    let wires = parts.iter().flat_map(|(_, structure)| &structure.fields).map(|field| field.wire.clone());
    item.part_setters = wires.zip(idents).collect();
}

/// The struct whose members the caller gives part by part, and the type that it is; `None` when the body is given whole.
fn parts<'a>(types: &'a [TypeItem], item: &OperationItem) -> Option<(&'a TypeItem, &'a StructItem)> {
    let BodyContent::Single(content) = &item.body.as_ref()?.content else { return None };
    structure(types, &content.ty).filter(|_| content.format == ContentFormat::Multipart)
}
