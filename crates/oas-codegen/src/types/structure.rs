//! Structs.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use super::setters::{self, Holds, Slot};
use super::support::{Helper, Support};
use super::traits::has_default;
use crate::plan::{Field, Presence, RustType, StructItem, TypeItem};
use crate::{docs, rust};

/// A struct with its constructor and setters.
pub(super) fn emit(
    context: &Context<'_>,
    item: &TypeItem,
    structure: &StructItem,
    support: &mut Support,
) -> TokenStream {
    let name = rust::ident(&item.name);
    let attributes = super::attributes(item);
    let derives = derives(context, structure);
    let is_camel = is_camel_case(structure);
    let container = is_camel.then(|| quote!(#[serde(rename_all = "camelCase")]));
    let fields = structure.fields.iter().map(|field| field_tokens(context, field, is_camel, support));
    let rest = structure.rest.as_ref().map(|rest| {
        let ident = rust::ident(&rest.ident);
        let ty = rust::type_tokens(context.plan, &RustType::Map(Box::new(rest.ty.clone())), &TokenStream::new());
        quote! {
            /// Members without a field of their own.
            #[serde(flatten)]
            pub #ident: #ty,
        }
    });
    let slots: Vec<Slot<'_>> = structure.fields.iter().map(slot).collect();
    let rest_type = structure.rest.as_ref().map(|rest| RustType::Map(Box::new(rest.ty.clone())));
    let rest_slot = structure.rest.as_ref().zip(rest_type.as_ref()).map(|(rest, ty)| Slot {
        ident: &rest.ident,
        wire: "members without a field of their own",
        ty,
        holds: Holds::Value,
        initial: Some(quote!(std::collections::BTreeMap::new())),
    });
    let slots: Vec<Slot<'_>> = slots.into_iter().chain(rest_slot).collect();
    let setters = setters::emit(context.plan, &item.name, &slots);
    quote! {
        #attributes
        #[derive(#derives)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #container
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #rest
        }
        #setters
    }
}

/// Whether fields need functions of the support module to be read.
pub(super) fn needs_support(structure: &StructItem) -> bool {
    structure.fields.iter().any(keeps_null)
}

/// Whether a field tells `null` from absence.
fn keeps_null(field: &Field) -> bool {
    match field.presence {
        Presence::OptionalNullable => true,
        Presence::Optional => matches!(field.ty, RustType::Json | RustType::Null),
        Presence::Required | Presence::Nullable | Presence::OptionalOrNull => false,
    }
}

fn derives(context: &Context<'_>, structure: &StructItem) -> TokenStream {
    let rest = structure.rest.iter().map(|rest| &rest.ty);
    let is_eq = structure.fields.iter().map(|field| &field.ty).chain(rest).all(|ty| context.traits.is_eq(ty));
    let default = has_default(structure).then(|| quote!(Default,));
    let eq = is_eq.then(|| quote!(Eq,));
    quote!(Debug, Clone, #default PartialEq, #eq Serialize, Deserialize)
}

fn field_tokens(context: &Context<'_>, field: &Field, is_camel: bool, support: &mut Support) -> TokenStream {
    let ident = rust::ident(&field.ident);
    let doc = docs::outer(&field.doc);
    let deprecated = super::deprecated(field.deprecated);
    let inner = rust::type_tokens(context.plan, &field.ty, &TokenStream::new());
    let ty = match holds(field.presence) {
        Holds::Value => inner.clone(),
        Holds::Option => quote!(Option<#inner>),
        Holds::OptionOfOption => quote!(Option<Option<#inner>>),
    };
    let wire = &field.wire;
    let is_renamed = !is_camel && wire != field.ident.as_str();
    let rename = is_renamed.then(|| quote!(rename = #wire));
    let absent = match field.presence {
        Presence::Required | Presence::Nullable => None,
        _ => Some(quote!(default, skip_serializing_if = "Option::is_none")),
    };
    let keep = keeps_null(field).then(|| {
        support.need(Helper::Present);
        quote!(deserialize_with = "support::present")
    });
    let parts: Vec<TokenStream> = [rename, absent, keep].into_iter().flatten().collect();
    let serde = (!parts.is_empty()).then(|| quote!(#[serde(#(#parts),*)]));
    quote! {
        #doc
        #deprecated
        #serde
        pub #ident: #ty,
    }
}

const fn holds(presence: Presence) -> Holds {
    match presence {
        Presence::Required => Holds::Value,
        Presence::Nullable | Presence::Optional | Presence::OptionalOrNull => Holds::Option,
        Presence::OptionalNullable => Holds::OptionOfOption,
    }
}

fn slot(field: &Field) -> Slot<'_> {
    let is_argument = matches!(field.presence, Presence::Required | Presence::Nullable);
    Slot {
        ident: &field.ident,
        wire: &field.wire,
        ty: &field.ty,
        holds: holds(field.presence),
        initial: (!is_argument).then(|| quote!(None)),
    }
}

/// Whether one attribute can say the names of all fields: several of them are in camel case, and none in another.
fn is_camel_case(structure: &StructItem) -> bool {
    let names = || structure.fields.iter().map(|field| (field.ident.as_str(), field.wire.as_str()));
    names().filter(|(ident, wire)| ident != wire).count() > 1 && names().all(|(ident, wire)| camel_case(ident) == wire)
}

/// A snake case ident as serde's `rename_all = "camelCase"` writes it.
fn camel_case(ident: &str) -> String {
    let mut camel = String::with_capacity(ident.len());
    let mut capitalize = false;
    for one in ident.chars() {
        if one == '_' {
            capitalize = !camel.is_empty();
        } else if std::mem::take(&mut capitalize) {
            camel.push(one.to_ascii_uppercase());
        } else {
            camel.push(one);
        }
    }
    camel
}
