//! From a response enum to a response.

use oas_model::{Response, StatusPattern};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Endpoint;
use crate::plan::{BodyContent, ContentFormat, ContentItem, HeadersItem, ResponseItem, RustType};
use crate::rust;

/// `fn reply`.
pub(super) fn function(endpoint: &Endpoint<'_>) -> TokenStream {
    let answer = rust::ident(&endpoint.item.response_ident);
    let arms = endpoint.item.responses.iter().map(|item| arm(item, &endpoint.operation.responses[item.response]));
    quote! {
        fn reply(answer: types::#answer) -> Result<Response, ServerError> {
            use types::#answer as Answer;
            match answer {
                #(#arms)*
            }
        }
    }
}

/// One variant: what it is taken apart into, and what that becomes.
fn arm(item: &ResponseItem, response: &Response) -> TokenStream {
    let variant = rust::ident(&item.variant);
    let ranged = !matches!(item.status, StatusPattern::Code(_));
    let reply = match item.status {
        StatusPattern::Code(code) => {
            let code = Literal::u16_unsuffixed(code);
            quote!(Reply::new(#code)?)
        }
        StatusPattern::Range(hundred) => {
            let hundred = Literal::u16_unsuffixed(u16::from(hundred));
            quote!(Reply::in_range(status, #hundred)?)
        }
        StatusPattern::Default => quote!(Reply::new(status)?),
    };
    let status = ranged.then(|| quote!(status,));
    let body = item.body.is_some().then(|| quote!(body,));
    let pattern = match (&item.headers, ranged || item.body.is_some()) {
        (Some(_), _) => quote!(Answer::#variant { #status #body headers }),
        (None, true) => quote!(Answer::#variant(#status #body)),
        (None, false) => quote!(Answer::#variant),
    };
    let headers = item.headers.as_ref().map(|headers| self::headers(headers, response));
    let reply = quote!(#reply #headers);
    let value = match &item.body {
        None => quote!(Ok(#reply.empty())),
        Some(BodyContent::Single(content)) => written(&reply, content, response),
        Some(BodyContent::Several { ident, variants }) => {
            let ident = rust::ident(ident);
            let arms = variants.iter().map(|(variant, content)| {
                let variant = rust::ident(variant);
                let value = written(&quote!(reply), content, response);
                quote!(types::#ident::#variant(body) => #value,)
            });
            quote! {
                {
                    let reply = #reply;
                    match body {
                        #(#arms)*
                        _ => Err(ServerError::new("this body is of a media type that the server does not know")),
                    }
                }
            }
        }
    };
    quote!(#pattern => #value,)
}

/// The headers that the document describes.
fn headers(headers: &HeadersItem, response: &Response) -> TokenStream {
    let all = headers.fields.iter().map(|field| {
        let header = &response.headers[field.header];
        let (name, explode, field) = (&header.name, header.explode, rust::ident(&field.ident));
        quote!(.header(#name, &headers.#field, #explode)?)
    });
    quote!(#(#all)*)
}

/// The body in one media type.
fn written(reply: &TokenStream, content: &ContentItem, response: &Response) -> TokenStream {
    let name = response.content[content.media_type].name.as_str();
    // A range says nothing to whoever reads the answer.
    let name = match content.format {
        ContentFormat::Json if name.contains('*') => "application/json",
        ContentFormat::Text if name.contains('*') => "text/plain; charset=utf-8",
        _ => name,
    };
    match content.format {
        ContentFormat::Json => quote!(#reply.json(#name, &body)),
        ContentFormat::Form => quote!(#reply.form(#name, &body)),
        ContentFormat::Text => quote!(Ok(#reply.text(#name, body))),
        // Answers in parts are bytes: the plan knows no others.
        ContentFormat::Bytes | ContentFormat::Multipart => quote!(Ok(#reply.bytes(#name, body))),
        ContentFormat::EventStream if content.ty == RustType::String => quote!(Ok(#reply.text_events(#name, body))),
        ContentFormat::EventStream => quote!(Ok(#reply.events(#name, body))),
        ContentFormat::JsonLines => quote!(Ok(#reply.json_lines(#name, body))),
    }
}
