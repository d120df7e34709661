//! Members that have few values, which tell the branches of a union apart.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Plan, RustType, StructItem, TypeKind};

/// How far inside of an object such members are looked for.
const DEEPEST: usize = 3;

/// The types of a plan that a union has to tell from others.
pub(super) fn branches(plan: &Plan) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let unions = plan.types.iter().filter_map(|item| match &item.kind {
        TypeKind::Union(union) => Some(union),
        _ => None,
    });
    let mut open: Vec<&RustType> = unions.flat_map(|union| &union.variants).map(|variant| &variant.ty).collect();
    while let Some(ty) = open.pop() {
        match ty {
            RustType::Named(index) if found.insert(index.0) => {
                if let TypeKind::Newtype(inner) = &plan[*index].kind {
                    open.push(inner);
                }
            }
            other => open.extend(other.parts()),
        }
    }
    found
}

/// The call that adds them to the shape of a struct.
pub(super) fn of(plan: &Plan, structure: &StructItem) -> Option<TokenStream> {
    let mut found = Vec::new();
    collect(plan, structure, &mut Vec::new(), &mut found);
    let all = found
        .iter()
        .map(|(path, values)| quote!(oas_types_runtime::Fixed { path: &[#(#path),*], values: &[#(#values),*] }));
    (!found.is_empty()).then(|| quote!(.fixed(&[#(#all),*])))
}

/// A way through members, and the values at its end as JSON.
type Found = (Vec<String>, Vec<String>);

fn collect(plan: &Plan, structure: &StructItem, path: &mut Vec<String>, found: &mut Vec<Found>) {
    for field in &structure.fields {
        path.push(field.wire.clone());
        if !field.values.is_empty() {
            found.push((path.clone(), field.values.iter().map(ToString::to_string).collect()));
        } else if path.len() < DEEPEST
            && let Some(inner) = struct_of(plan, &field.ty)
        {
            collect(plan, inner, path, found);
        }
        path.pop();
    }
}

/// The struct that a type is, perhaps in boxes.
fn struct_of<'a>(plan: &'a Plan, ty: &RustType) -> Option<&'a StructItem> {
    match ty {
        RustType::Boxed(inner) => struct_of(plan, inner),
        RustType::Named(index) => match &plan[*index].kind {
            TypeKind::Struct(structure) => Some(structure),
            _ => None,
        },
        _ => None,
    }
}
