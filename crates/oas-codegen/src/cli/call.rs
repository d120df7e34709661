//! The call of one operation: from what was typed to the client, and from its answer to what is printed.

use oas_model::StatusPattern;
use proc_macro2::TokenStream;
use quote::quote;

use super::Crates;
use super::body::{self, Choice, Sent};
use crate::client::surface::{PartKind, PartSetter, Success, Surface};
use crate::plan::{BodyContent, ContentFormat, ContentItem, Ident, OperationItem, Plan, ResponseItem, SuccessItem};
use crate::rust::{ident, named, type_tokens};

/// The function that calls `operation`, for the root of the generated code, which `root` is the way to.
pub(super) fn function(
    plan: &Plan,
    operation: &OperationItem,
    surface: &Surface<'_>,
    crates: &Crates,
    root: &TokenStream,
) -> TokenStream {
    let method = ident(&operation.method_ident);
    let doc = format!(" Calls `{}`.", operation.method_ident.as_str());
    let parameters = operation.params.iter().flat_map(|params| &params.fields).map(|field| {
        let (name, setter) = (field.ident.as_str(), ident(&field.ident));
        let ty = type_tokens(plan, &field.ty, &crates.types);
        quote! {
            if let Some(value) = input.parameter::<#ty>(#name)? {
                request = request.#setter(value);
            }
        }
    });
    let body = sent(plan, &body::of(operation, surface), crates);
    let pages = surface.is_paged.then(|| {
        quote! {
            if let Some(most) = input.all() {
                return answer::pages(request.items().limit(most)).await;
            }
        }
    });
    let answer = answer(operation, surface, crates);
    quote! {
        #[doc = #doc]
        pub(#root) async fn #method(client: &Client, mut input: Input) -> Result<Answer, Failure> {
            let mut request = client.#method();
            #(#parameters)*
            #body
            #pages
            #answer
        }
    }
}

/// How the body is set.
fn sent(plan: &Plan, sent: &Sent<'_>, crates: &Crates) -> TokenStream {
    let (choice, read) = match sent {
        Sent::Nothing => return TokenStream::new(),
        Sent::Parts(setters) => {
            let setters = setters.iter().map(|setter| part(plan, setter, crates));
            return quote!(#(#setters)*);
        }
        Sent::Json(choice) => {
            let ty = type_tokens(plan, &choice.content.ty, &crates.types);
            let ty = if choice.is_list() { quote!(Vec<#ty>) } else { ty };
            (choice, quote!(input.json::<#ty>()?))
        }
        Sent::Raw(choice) if choice.content.format == ContentFormat::Text => (choice, quote!(input.text()?)),
        Sent::Raw(choice) => (choice, quote!(input.raw())),
    };
    let value = in_variant(choice, crates);
    quote! {
        if let Some(body) = #read {
            request = request.body(#value);
        }
    }
}

/// The local `body` as the client takes it: a variant, when there are several media types.
fn in_variant(choice: &Choice<'_>, crates: &Crates) -> TokenStream {
    let Some((enumeration, variant)) = choice.variant else { return quote!(body) };
    let (enumeration, variant) = (named(enumeration, &crates.types), ident(variant));
    quote!(#enumeration::#variant(body))
}

/// How one part is set.
fn part(plan: &Plan, setter: &PartSetter<'_>, crates: &Crates) -> TokenStream {
    let (wire, ident) = (&setter.field.wire, &setter.ident);
    match setter.kind {
        PartKind::File | PartKind::Files => quote! {
            for part in input.files(#wire) {
                request = request.#ident(part);
            }
        },
        PartKind::Value => {
            let ty = type_tokens(plan, &setter.field.ty, &crates.types);
            quote! {
                if let Some(value) = input.member::<#ty>(#wire)? {
                    request = request.#ident(value);
                }
            }
        }
    }
}

/// How the answer is passed on.
fn answer(operation: &OperationItem, surface: &Surface<'_>, crates: &Crates) -> TokenStream {
    let kind = match &surface.success {
        Success::Empty => quote!(empty),
        Success::Json(_) | Success::Text => quote!(json),
        Success::Bytes => quote!(bytes),
        Success::Events(_) => quote!(events),
        Success::JsonLines(_) => quote!(items),
        Success::ByStatus(name) => {
            let success = named(name, &crates.types);
            let arms: Vec<TokenStream> = status_arms(operation, &success, crates);
            if arms.is_empty() {
                return quote!(answer::by_status(request.send().await).await);
            }
            return quote! {
                let chosen = |answer: #success| match answer {
                    #(#arms)*
                    _ => Ok(None),
                };
                answer::chosen_by_status(request.send().await, chosen).await
            };
        }
        Success::ByMediaType(name, variants) => {
            let success = named(name, &crates.types);
            let arms = variants.iter().map(|(variant, content)| media_type_arm(&success, variant, content));
            return quote! {
                let chosen = |answer| match answer {
                    #(#arms)*
                    _ => Ok(Answer::Empty),
                };
                answer::chosen(request.send().await, chosen).await
            };
        }
    };
    quote!(answer::#kind(request.send().await).await)
}

/// What is printed of the answers, among several by status, that are neither JSON nor text.
fn status_arms(operation: &OperationItem, success: &TokenStream, crates: &Crates) -> Vec<TokenStream> {
    let SuccessItem::Several { responses, .. } = &operation.success else { return Vec::new() };
    let responses = responses.iter().map(|index| &operation.responses[*index]);
    let arm = |response: &ResponseItem| {
        let printed = match response.body.as_ref()? {
            BodyContent::Single(content) => match content.format {
                ContentFormat::Bytes => quote!(Ok(Answer::Raw(body))),
                ContentFormat::Form | ContentFormat::Multipart => quote!(answer::value(body)),
                // The others are JSON already, or a stream, which an answer by status never has.
                _ => return None,
            },
            BodyContent::Several { ident, variants } => {
                let body = named(ident, &crates.types);
                let whole = variants.iter().filter(|(_, content)| !is_streamed(content));
                let arms = whole.map(|(variant, content)| media_type_arm(&body, variant, content));
                quote! {
                    match body {
                        #(#arms)*
                        _ => Ok(Answer::Empty),
                    }
                }
            }
        };
        let variant = ident(&response.variant);
        let pattern = match (&response.headers, response.status) {
            (Some(_), _) => quote!({ body, .. }),
            (None, StatusPattern::Code(_)) => quote!((body)),
            (None, _) => quote!((_, body)),
        };
        Some(quote!(#success::#variant #pattern => #printed.map(Some),))
    };
    responses.filter_map(arm).collect()
}

/// Whether a body comes piece by piece; the client makes no such answer where the status tells answers apart.
fn is_streamed(content: &ContentItem) -> bool {
    matches!(content.format, ContentFormat::EventStream | ContentFormat::JsonLines)
}

/// What is printed of an answer in one of several media types.
fn media_type_arm(success: &TokenStream, variant: &Ident, content: &ContentItem) -> TokenStream {
    let variant = ident(variant);
    if content.format == ContentFormat::Bytes {
        quote!(#success::#variant(body) => Ok(Answer::Raw(body)),)
    } else {
        quote!(#success::#variant(body) => answer::value(body),)
    }
}
