//! Bodies in parts: a builder takes each by a setter of its own.

use oas_codegen::plan::{OperationItem, Plan, Presence, RustType, StructItem, TypeKind};
use oas_codegen::rust;
use proc_macro2::TokenStream;
use quote::quote;

/// Whether some of the parts are bytes, which servers hand over while they arrive.
pub(super) fn holds_files(plan: &Plan, body: &RustType) -> bool {
    structure(plan, body).is_some_and(|structure| structure.fields.iter().any(|field| is_bytes(&field.ty)))
}

/// Whether a builder has a setter for each part.
pub(super) fn has_setters(plan: &Plan, body: &RustType) -> bool {
    structure(plan, body).is_some()
}

fn is_bytes(ty: &RustType) -> bool {
    match ty {
        RustType::Bytes => true,
        RustType::Option(inner) | RustType::List(inner) => is_bytes(inner),
        _ => false,
    }
}

/// The struct of the parts. What is none has no setters.
fn structure<'a>(plan: &'a Plan, body: &RustType) -> Option<&'a StructItem> {
    let RustType::Named(index) = body else { return None };
    match &plan[*index].kind {
        TypeKind::Struct(structure) => Some(structure),
        _ => None,
    }
}

/// What sends a value: every member as a part.
pub(super) fn sent(plan: &Plan, item: &OperationItem, body: &RustType) -> Option<TokenStream> {
    let (method, ty) = (rust::ident(&item.method_ident), rust::type_tokens(plan, body, &quote!(types)));
    let parts = structure(plan, body)?.fields.iter().map(|field| {
        let setter = rust::ident(item.part_setters.get(&field.wire)?);
        let ident = rust::ident(&field.ident);
        let set = match &field.ty {
            RustType::List(inner) if is_bytes(inner) => quote! {
                for part in part {
                    request = request.#setter(part);
                }
            },
            _ => quote!(request = request.#setter(part);),
        };
        Some(match field.presence {
            Presence::Required => quote! {
                let part = value.#ident;
                #set
            },
            Presence::Nullable | Presence::Optional => quote! {
                if let Some(part) = value.#ident {
                    #set
                }
            },
            Presence::OptionalNullable => quote! {
                if let Some(part) = value.#ident.into_value() {
                    #set
                }
            },
        })
    });
    let parts = parts.collect::<Option<Vec<_>>>()?;
    Some(quote! {
        let _ = channel;
        let value = harness.value::<#ty>(text)?;
        let mut request = harness.client.#method();
        #(#parts)*
        harness.received(request.send().await)
    })
}
