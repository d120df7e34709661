//! The body of a request builder without progenitor.

use oas_model::MediaType;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::field::{Field, value_field};
use super::parts;
use crate::client::request::{Context, Request};
use crate::client::{client_docs, media_type};
use crate::plan::{BodyContent, BodyItem, ContentFormat, ContentItem};
use crate::rust;

/// The fields of the builder for its body.
pub(super) fn fields(client: Context<'_>, request: &Request<'_>) -> Vec<Field> {
    let Some(body) = &request.item.body else { return Vec::new() };
    let docs = client_docs::body(request);
    let ident = format_ident!("body");
    let content = match &body.content {
        BodyContent::Several { ident: name, .. } => {
            return vec![value_field(&ident, &Context::named(name), body.required, "body", &docs)];
        }
        BodyContent::Single(content) => content,
    };
    if let Some((structure, _)) = request.body_in_parts(client) {
        return parts::fields(client, request, structure);
    }
    match content.format {
        ContentFormat::Bytes => vec![bytes_field(&ident, body, &docs)],
        ContentFormat::JsonLines | ContentFormat::EventStream => {
            let ty = client.ty(&content.ty);
            vec![value_field(&ident, &quote!(Vec<#ty>), body.required, "body", &docs)]
        }
        _ => vec![value_field(&ident, &client.ty(&content.ty), body.required, "body", &docs)],
    }
}

/// A body that is sent as it is.
fn bytes_field(ident: &Ident, body: &BodyItem, docs: &TokenStream) -> Field {
    let field = value_field(ident, &quote!(reqwest::Body), body.required, "body", docs);
    Field { is_cloneable: false, ..field }
}

/// What writes the body into the local `request`.
pub(in crate::client) fn write(client: Context<'_>, request: &Request<'_>) -> TokenStream {
    let Some(body) = &request.item.body else { return TokenStream::new() };
    let write = match &body.content {
        BodyContent::Single(content) => match request.body_in_parts(client) {
            Some((structure, media_type)) => return parts::write(client, request, structure, media_type),
            None => write_content(client, request, content),
        },
        BodyContent::Several { ident, variants } => {
            let enumeration = Context::named(ident);
            let arms = variants.iter().map(|(variant, content)| {
                let variant = rust::ident(variant);
                let write = write_content(client, request, content);
                quote!(#enumeration::#variant(body) => { #write })
            });
            // The enum may grow.
            let rest = quote!(_ => request.refuse("this kind of body is not known".to_string()),);
            quote!(match body { #(#arms)* #[allow(unreachable_patterns)] #rest })
        }
    };
    let flatten = (!body.required).then(|| quote!(.flatten()));
    quote!(if let Some(body) = request.given(self.body) #flatten { #write })
}

/// What writes the local `body` in one media type.
fn write_content(client: Context<'_>, request: &Request<'_>, content: &ContentItem) -> TokenStream {
    let Some(media_type) = request.body_media_type(content) else { return TokenStream::new() };
    let name = media_type::to_send(&media_type.name);
    match content.format {
        ContentFormat::Json => quote!(request.json(#name, &body);),
        ContentFormat::JsonLines => quote!(request.json_lines(#name, &body);),
        ContentFormat::Form => {
            let encodings = encodings(media_type);
            quote!(request.form(#name, &body, &[#(#encodings),*]);)
        }
        ContentFormat::Multipart => parts::write_value(client, content, media_type),
        ContentFormat::EventStream => quote!(request.events(#name, &body);),
        ContentFormat::Text | ContentFormat::Bytes => quote!(request.bytes(#name, body);),
    }
}

/// The runtime's descriptions of the members of a form that are not written as by default.
pub(in crate::client) fn encodings(media_type: &MediaType) -> Vec<TokenStream> {
    let stated = media_type.encoding.iter().filter_map(|(name, encoding)| {
        let is_json = encoding.content_type.as_ref().is_some_and(|content_type| media_type::is_json(content_type));
        if encoding.style.is_none() && encoding.explode.is_none() && !encoding.allow_reserved {
            return is_json.then(|| quote!(Field::json(#name)));
        }
        let style = encoding.style.unwrap_or(oas_model::Style::Form);
        let explode = encoding.explode.unwrap_or(style == oas_model::Style::Form);
        let (style, allow_reserved) = (self::style(style), encoding.allow_reserved);
        Some(quote!(Field::new(#name, Style::#style, #explode, #allow_reserved)))
    });
    stated.collect()
}

/// A style in the runtime.
pub(in crate::client) fn style(style: oas_model::Style) -> Ident {
    // The runtime has the same words as the model.
    format_ident!("{style:?}")
}
