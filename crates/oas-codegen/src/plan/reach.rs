//! Which types requests and responses contain.

use oas_model::{Api, Direction};

use super::webhook::HookTypes;
use super::{Field, OperationItem, Plan, RustType, TypeIndex, TypeItem, TypeKind};

/// Marks every type with the directions it goes in.
pub(super) fn mark(plan: &mut Plan, hooks: &HookTypes, api: &Api) {
    let requests = plan.operations.iter().flat_map(OperationItem::request_types).chain(&hooks.received);
    let responses = plan.operations.iter().flat_map(OperationItem::response_types).chain(&hooks.sent);
    let (requests, responses) = (requests.cloned().collect(), responses.cloned().collect());
    walk(&mut plan.types, requests, Direction::Request, api);
    walk(&mut plan.types, responses, Direction::Response, api);
}

impl OperationItem {
    /// The types that it names by itself: those of its parameters, bodies, answers and their headers.
    pub fn types(&self) -> impl Iterator<Item = &RustType> {
        self.request_types().chain(self.response_types())
    }

    fn request_types(&self) -> impl Iterator<Item = &RustType> {
        let params = self.params.iter().flat_map(|params| &params.fields).map(|field| &field.ty);
        params.chain(self.body.iter().flat_map(|body| body.content.types()))
    }

    fn response_types(&self) -> impl Iterator<Item = &RustType> {
        self.responses.iter().flat_map(|response| {
            let headers = response.headers.iter().flat_map(|headers| &headers.fields).map(|field| &field.ty);
            response.body.iter().flat_map(super::BodyContent::types).chain(headers)
        })
    }
}

/// Marks what `open` leads to. Read-only members are no part of requests, write-only members none of responses.
fn walk(types: &mut [TypeItem], mut open: Vec<RustType>, direction: Direction, api: &Api) {
    while let Some(ty) = open.pop() {
        for TypeIndex(index) in ty.named() {
            let item = &mut types[index];
            let mark = match direction {
                Direction::Request => &mut item.in_request,
                Direction::Response => &mut item.in_response,
            };
            if !std::mem::replace(mark, true) {
                open.extend(contents(&item.kind, direction, api));
            }
        }
    }
}

fn contents(kind: &TypeKind, direction: Direction, api: &Api) -> Vec<RustType> {
    match kind {
        TypeKind::Struct(structure) => {
            let goes = |field: &&Field| !api.schemas.is_absent(field.schema, direction);
            let fields = structure.fields.iter().filter(goes).map(|field| field.ty.clone());
            let rest = structure.rest.iter().map(|rest| rest.ty.clone());
            fields.chain(rest).chain(structure.children.clone()).collect()
        }
        other => other.types().into_iter().cloned().collect(),
    }
}
