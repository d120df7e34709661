//! The order of types in a plan: that of their names.

use super::webhook::HookTypes;
use super::{BodyContent, Plan, RustType, TypeIndex, TypeKind, WebhookItem};

/// Sorts the types by name, and renumbers whatever refers to them.
pub(super) fn by_name(plan: &mut Plan) {
    let mut order: Vec<usize> = (0..plan.types.len()).collect();
    order.sort_by(|a, b| plan.types[*a].name.cmp(&plan.types[*b].name));
    let mut new_index = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        new_index[*old] = new;
    }
    rearrange(plan, &order, &new_index);
}

/// Takes out the types that are the same as others: `same` has for each which one it is.
pub(super) fn merge(plan: &mut Plan, hooks: &mut HookTypes, same: &[TypeIndex]) {
    let order: Vec<usize> = (0..same.len()).filter(|index| same[*index].0 == *index).collect();
    let mut position = vec![0; same.len()];
    for (new, old) in order.iter().enumerate() {
        position[*old] = new;
    }
    let new_index: Vec<usize> = same.iter().map(|one| position[one.0]).collect();
    rearrange(plan, &order, &new_index);
    for ty in hooks.sent.iter_mut().chain(&mut hooks.received) {
        renumber(ty, &new_index);
    }
}

/// Keeps the types of `order`, and renumbers whatever refers to them.
fn rearrange(plan: &mut Plan, order: &[usize], new_index: &[usize]) {
    let mut types: Vec<_> = std::mem::take(&mut plan.types).into_iter().map(Some).collect();
    plan.types = order.iter().filter_map(|old| types.get_mut(*old).and_then(Option::take)).collect();
    for item in &mut plan.types {
        renumber_kind(&mut item.kind, new_index);
    }
    plan.webhooks.iter_mut().for_each(|webhook| renumber_webhook(webhook, new_index));
    for operation in &mut plan.operations {
        let params = operation.params.iter_mut().flat_map(|params| &mut params.fields);
        params.for_each(|field| renumber(&mut field.ty, new_index));
        if let Some(body) = &mut operation.body {
            renumber_content(&mut body.content, new_index);
        }
        for response in &mut operation.responses {
            response.body.iter_mut().for_each(|body| renumber_content(body, new_index));
            let headers = response.headers.iter_mut().flat_map(|headers| &mut headers.fields);
            headers.for_each(|field| renumber(&mut field.ty, new_index));
        }
    }
}

/// Renumbers what webhooks refer to.
fn renumber_webhook(webhook: &mut WebhookItem, new_index: &[usize]) {
    webhook.body.iter_mut().for_each(|body| renumber(&mut body.ty, new_index));
    webhook.answer.ty.iter_mut().for_each(|ty| renumber(ty, new_index));
}

fn renumber_kind(kind: &mut TypeKind, new_index: &[usize]) {
    match kind {
        TypeKind::Struct(structure) => {
            structure.fields.iter_mut().for_each(|field| renumber(&mut field.ty, new_index));
            structure.rest.iter_mut().for_each(|rest| renumber(&mut rest.ty, new_index));
            structure.children.iter_mut().for_each(|children| renumber(children, new_index));
        }
        TypeKind::Union(union) => union.variants.iter_mut().for_each(|variant| renumber(&mut variant.ty, new_index)),
        TypeKind::Newtype(inner) => renumber(inner, new_index),
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
    }
}

fn renumber_content(content: &mut BodyContent, new_index: &[usize]) {
    match content {
        BodyContent::Single(item) => renumber(&mut item.ty, new_index),
        BodyContent::Several { variants, .. } => {
            for (_, item) in variants {
                renumber(&mut item.ty, new_index);
            }
        }
    }
}

fn renumber(ty: &mut RustType, new_index: &[usize]) {
    match ty {
        RustType::Named(TypeIndex(index)) => *index = new_index[*index],
        other => other.parts_mut().iter_mut().for_each(|part| renumber(part, new_index)),
    }
}
