//! The types of bodies.

use oas_model::Direction;
use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{BodyContent, ContentFormat, ContentItem, Plan, RustType};
use crate::rust;

/// Whether a body comes piece by piece.
pub(super) fn holds_stream(content: &BodyContent) -> bool {
    let is_stream = |item: &ContentItem| matches!(item.format, ContentFormat::EventStream | ContentFormat::JsonLines);
    content.items().into_iter().any(is_stream)
}

/// The type of a body.
pub(super) fn content_type(plan: &Plan, content: &BodyContent, direction: Direction) -> TokenStream {
    match content {
        BodyContent::Single(item) => item_type(plan, item, direction),
        BodyContent::Several { ident, .. } => {
            let ident = rust::ident(ident);
            quote!(#ident)
        }
    }
}

/// The type of a body of one media type.
pub(super) fn item_type(plan: &Plan, item: &ContentItem, direction: Direction) -> TokenStream {
    let ty = plain_type(plan, &item.ty);
    match (item.format, direction) {
        (ContentFormat::EventStream | ContentFormat::JsonLines, Direction::Response) => quote!(ItemStream<#ty>),
        (ContentFormat::EventStream | ContentFormat::JsonLines, Direction::Request) => quote!(Vec<#ty>),
        _ => ty,
    }
}

/// The type of a plan as it stands in this package.
pub(super) fn plain_type(plan: &Plan, ty: &RustType) -> TokenStream {
    rust::type_tokens(plan, ty, &TokenStream::new())
}
