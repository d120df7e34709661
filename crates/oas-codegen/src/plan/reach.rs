//! Which types requests and responses contain.

use oas_model::{Api, Schema, SchemaId};

use super::direction::Direction;
use super::webhook::{HookTypes, types_of};
use super::{Field, OperationItem, Plan, RustType, TypeIndex, TypeItem, TypeKind};

/// Marks every type with the directions it goes in.
pub(super) fn mark(plan: &mut Plan, hooks: &HookTypes, api: &Api) {
    let requests = request_types(plan).into_iter().chain(hooks.received.iter().cloned()).collect();
    let responses = response_types(plan).into_iter().chain(hooks.sent.iter().cloned()).collect();
    walk(&mut plan.types, requests, Direction::Request, api);
    walk(&mut plan.types, responses, Direction::Response, api);
}

fn request_types(plan: &Plan) -> Vec<RustType> {
    let params = plan.operations.iter().filter_map(|one| one.params.as_ref()).flat_map(|params| &params.fields);
    let params = params.map(|field| field.ty.clone());
    let bodies = plan.operations.iter().filter_map(|one| one.body.as_ref());
    params.chain(bodies.flat_map(|body| types_of(&body.content)).cloned()).collect()
}

fn response_types(plan: &Plan) -> Vec<RustType> {
    let mut types = Vec::new();
    for response in plan.operations.iter().flat_map(|one| &one.responses) {
        types.extend(response.body.iter().flat_map(types_of).cloned());
        types.extend(response.headers.iter().flat_map(|headers| &headers.fields).map(|field| field.ty.clone()));
    }
    types
}

impl OperationItem {
    /// The types that it names by itself: those of its parameters, bodies, answers and their headers.
    pub fn types(&self) -> impl Iterator<Item = &RustType> {
        let params = self.params.iter().flat_map(|params| &params.fields).map(|field| &field.ty);
        let headers = self.responses.iter().filter_map(|response| response.headers.as_ref());
        let headers = headers.flat_map(|headers| &headers.fields).map(|field| &field.ty);
        let answers = self.responses.iter().filter_map(|response| response.body.as_ref());
        let bodies = answers.chain(self.body.iter().map(|body| &body.content));
        params.chain(headers).chain(bodies.flat_map(types_of))
    }
}

/// Marks what `open` leads to. Read-only members are no part of requests, write-only members none of responses.
fn walk(types: &mut [TypeItem], mut open: Vec<RustType>, direction: Direction, api: &Api) {
    while let Some(ty) = open.pop() {
        match ty {
            RustType::Option(inner) | RustType::Boxed(inner) | RustType::List(inner) | RustType::Map(inner) => {
                open.push(*inner);
            }
            RustType::Tuple(parts) => open.extend(parts),
            RustType::Named(TypeIndex(index)) => {
                let Some(item) = types.get_mut(index) else { continue };
                let mark = match direction {
                    Direction::Request => &mut item.in_request,
                    Direction::Response => &mut item.in_response,
                };
                if !std::mem::replace(mark, true) {
                    open.extend(contents(&item.kind, direction, api));
                }
            }
            _ => {}
        }
    }
}

fn contents(kind: &TypeKind, direction: Direction, api: &Api) -> Vec<RustType> {
    match kind {
        TypeKind::Struct(structure) => {
            let goes = |field: &&Field| match direction {
                Direction::Request => !says(api, field.schema, |schema| schema.read_only),
                Direction::Response => !says(api, field.schema, |schema| schema.write_only),
            };
            let fields = structure.fields.iter().filter(goes).map(|field| field.ty.clone());
            fields.chain(structure.rest.iter().map(|rest| rest.ty.clone())).collect()
        }
        TypeKind::Union(union) => union.variants.iter().map(|variant| variant.ty.clone()).collect(),
        TypeKind::Newtype(inner) => vec![inner.clone()],
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
    }
}

/// Whether a schema, or one that it refers to, says something.
pub(super) fn says(api: &Api, id: SchemaId, what: impl Fn(&Schema) -> bool) -> bool {
    let mut id = Some(id);
    for _ in 0..64 {
        let Some(schema) = id.map(|id| &api.schemas[id]) else { return false };
        if what(schema) {
            return true;
        }
        id = schema.reference;
    }
    false
}
