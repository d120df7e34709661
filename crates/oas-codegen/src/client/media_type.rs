//! Media types, as the client sends them and tells them apart.

pub(super) use oas_wire::is_json;
use oas_wire::{essence, is_token};
use proc_macro2::TokenStream;
use quote::quote;

use super::request::{Context, Request};
use crate::plan::{ContentFormat, ContentItem, Ident, SuccessItem};
use crate::rust;

/// Whether a media type can stand in a header: two names of RFC 9110, section 5.6.2, perhaps `*`.
pub(super) fn is_sendable(name: &str) -> bool {
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(is_token);
    essence(name).split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}

/// What a request says its body is: the media type as the document writes it, or the commonest type of a range, or the
/// type of any bytes when that is nothing that can be sent.
pub(super) fn to_send(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if is_sendable(name) && is_plain && !essence(name).contains('*') {
        return name.trim().to_owned();
    }
    let common = match essence(name).as_str() {
        "application/*+json" => "application/json",
        "application/*+xml" => "application/xml",
        "text/*" => "text/plain",
        _ => "application/octet-stream",
    };
    common.to_owned()
}

/// Whether what is sent for a media type of a request may not be what it means: a range of which no type is the
/// commonest, or no media type at all.
pub(super) fn is_doubtful(name: &str) -> bool {
    let essence = essence(name);
    let is_any_bytes = matches!(essence.as_str(), "*/*" | "application/*");
    !is_any_bytes && to_send(name) != name.trim() && to_send(name) == "application/octet-stream"
}

/// What reads a success whose type depends on the media type of the answer: a closure.
pub(super) fn read(request: &Request<'_>, name: &Ident, variants: &[(&Ident, &ContentItem)]) -> TokenStream {
    let SuccessItem::Single(response) = request.item.success else { return quote!(|_, _| None) };
    let media_types = request.response_media_types(response);
    let enumeration = Context::named(name);
    let mut exact = Vec::new();
    let mut ranges = Vec::new();
    let mut seen = Vec::new();
    for (variant, content) in variants {
        let media_type = &media_types[content.media_type];
        let Some(value) = value(content.format) else { continue };
        let variant = rust::ident(variant);
        let essence = essence(&media_type.name);
        if seen.contains(&essence) {
            continue;
        }
        let read = quote!(Some(#value.map(#enumeration::#variant)));
        match essence.strip_suffix('*') {
            Some("*/" | "") => ranges.push(quote!(_ => #read,)),
            Some(start) => ranges.insert(0, quote!(one if one.starts_with(#start) => #read,)),
            None => exact.push(quote!(#essence => #read,)),
        }
        seen.push(essence);
    }
    let json = variants.iter().find(|(_, content)| content.format == ContentFormat::Json).map(|(variant, _)| {
        let variant = rust::ident(variant);
        quote!(one if is_json(one) || one.is_empty() => Some(answer.json().map(#enumeration::#variant)),)
    });
    let rest = (!seen.iter().any(|essence| matches!(essence.as_str(), "*/*" | "*"))).then(|| quote!(_ => None,));
    quote! {
        |media_type, answer| match media_type {
            #(#exact)*
            #json
            #(#ranges)*
            #rest
        }
    }
}

/// What reads the value of a variant; `None` when there is no reader for its format.
fn value(format: ContentFormat) -> Option<TokenStream> {
    match format {
        ContentFormat::Json => Some(quote!(answer.json())),
        ContentFormat::Text => Some(quote!(answer.text())),
        ContentFormat::Bytes => Some(quote!(Ok(answer.bytes().to_vec()))),
        ContentFormat::Form | ContentFormat::Multipart | ContentFormat::EventStream | ContentFormat::JsonLines => None,
    }
}
