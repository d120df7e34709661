//! `body_json()`, of the success and error enums: a body for whoever does not care which status it came with.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{BodyContent, ContentFormat, ResponseItem};
use crate::rust;
use oas_model::StatusPattern;

/// The method for an enum of `items`; `more` are the arms of variants that no response stands for.
pub(super) fn method(items: &[&ResponseItem], more: &TokenStream) -> TokenStream {
    let arms = items.iter().filter_map(|item| {
        let ident = rust::ident(&item.variant);
        let value = value(item.body.as_ref()?)?;
        let pattern = match (&item.headers, item.status) {
            (Some(_), _) => quote!({ body, .. }),
            (None, StatusPattern::Code(_)) => quote!((body)),
            (None, _) => quote!((_, body)),
        };
        Some(quote!(Self::#ident #pattern => #value,))
    });
    let arms: Vec<TokenStream> = arms.chain((!more.is_empty()).then(|| more.clone())).collect();
    let covered = items.iter().all(|item| item.body.as_ref().is_some_and(|body| value(body).is_some()));
    let rest = (!covered).then(|| quote!(_ => None,));
    let body = if arms.is_empty() { quote!(None) } else { quote!(match self { #(#arms)* #rest }) };
    quote! {
        /// The body, when it is JSON or text.
        #[must_use]
        pub fn body_json(&self) -> Option<serde_json::Value> {
            #body
        }
    }
}

/// The body as a JSON value.
fn value(content: &BodyContent) -> Option<TokenStream> {
    let BodyContent::Single(item) = content else { return None };
    match item.format {
        ContentFormat::Json => Some(quote!(serde_json::to_value(body).ok())),
        ContentFormat::Text => Some(quote!(Some(serde_json::Value::from(body.as_str())))),
        ContentFormat::Form
        | ContentFormat::Multipart
        | ContentFormat::Bytes
        | ContentFormat::EventStream
        | ContentFormat::JsonLines => None,
    }
}
