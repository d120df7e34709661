//! From a parent to the child that it is, and back.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::plan::{RustType, StructItem, TypeItem};
use crate::rust;

/// The name of the union of a parent's children.
fn union<'a>(context: &'a Context<'_>, structure: &StructItem) -> Option<&'a TypeItem> {
    match structure.children {
        Some(RustType::Named(index)) => Some(&context.plan[index]),
        _ => None,
    }
}

/// What is said of a parent, behind what the document says of it.
pub(super) fn doc(context: &Context<'_>, item: &TypeItem, structure: &StructItem) -> Option<TokenStream> {
    let union = &union(context, structure)?.name;
    let told =
        format!(" [`{union}`] has what extends it: `{union}::try_from(&value)` tells which of these a value is.");
    let blank = (!item.doc.is_empty()).then(|| quote!(#[doc = ""]));
    Some(quote!(#blank #[doc = #told]))
}

/// `TryFrom`, both ways.
pub(super) fn conversions(context: &Context<'_>, item: &TypeItem, structure: &StructItem) -> Option<TokenStream> {
    let (parent, children) = (rust::ident(&item.name), rust::ident(&union(context, structure)?.name));
    Some(quote! {
        /// Reads the child that the discriminator names, with all that it has.
        impl TryFrom<&#parent> for #children {
            type Error = oas_types_runtime::Error;
            fn try_from(value: &#parent) -> Result<Self, Self::Error> {
                oas_types_runtime::convert(value)
            }
        }
        /// Keeps what the parent does not describe among its additional members.
        impl TryFrom<#children> for #parent {
            type Error = oas_types_runtime::Error;
            fn try_from(value: #children) -> Result<Self, Self::Error> {
                oas_types_runtime::convert(&value)
            }
        }
    })
}
