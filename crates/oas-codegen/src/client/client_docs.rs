//! Documentation of request builders: the document's own words, then what the client does.

use oas_model::ParameterLocation;
use proc_macro2::TokenStream;
use quote::quote;

use super::example;
use super::request::{Context, Request, Success};
use crate::docs;
use crate::plan::{self, ParamField, ParamPresence};

/// A line of our own; what stands in it of the document went through [`docs::code`].
pub(super) fn line(text: &str) -> TokenStream {
    let text = if text.is_empty() { String::new() } else { format!(" {text}") };
    quote!(#[doc = #text])
}

/// The document's words, an empty line, and ours.
pub(super) fn with_ours(markdown: &str, ours: &[String]) -> TokenStream {
    let theirs = docs::outer(markdown);
    let gap = (!theirs.is_empty() && !ours.is_empty()).then(|| line(""));
    let ours = ours.iter().map(|text| line(text));
    quote!(#theirs #gap #(#ours)*)
}

/// The documentation of the client's method. The plan's words say which request it is.
pub(super) fn method(client: Context<'_>, request: &Request<'_>) -> TokenStream {
    let answer = format!("Answers with {}.", answer(client, request, &request.success));
    let mut ours = vec![answer];
    if !super::statuses::Statuses::of(request).error.is_empty() {
        ours.push(format!("Errors that the document describes are {}.", link(&request.item.error_ident)));
    }
    ours.push(String::new());
    ours.extend(example::call(client, request));
    let deprecated = request.operation.deprecated.then(|| quote!(#[deprecated]));
    let docs = with_ours(&request.item.doc, &ours);
    quote!(#docs #deprecated)
}

/// What an operation answers with, in words.
fn answer(client: Context<'_>, request: &Request<'_>, success: &Success<'_>) -> String {
    let ty = |ty: &crate::plan::RustType| match ty {
        crate::plan::RustType::Named(index) => link(&client.plan[*index].name),
        other => format!("`{}`", spelled(client, other)),
    };
    match success {
        Success::Empty => "nothing".to_owned(),
        Success::Json(one) => ty(one),
        Success::ByStatus(name) | Success::ByMediaType(name, _) => link(name),
        Success::Text => "text".to_owned(),
        Success::Bytes if request.operation.responses.is_empty() => {
            "bytes that the document does not describe".to_owned()
        }
        Success::Bytes => "bytes, as they come".to_owned(),
        Success::Events(one) => format!("a stream of events of {}", ty(one)),
        Success::JsonLines(one) => format!("a stream of {}", ty(one)),
    }
}

/// A type in words, without the path of the types package.
fn spelled(client: Context<'_>, ty: &crate::plan::RustType) -> String {
    crate::rust::type_tokens(client.plan, ty, &TokenStream::new()).to_string().replace(' ', "")
}

/// A link to a type of the types package.
fn link(name: &plan::Ident) -> String {
    format!("[`{name}`](types::{name})")
}

/// The documentation of a parameter's setter.
pub(super) fn parameter(request: &Request<'_>, field: &ParamField) -> TokenStream {
    let parameter = request.parameter(field);
    let place = match parameter.location {
        ParameterLocation::Path => "Path parameter",
        ParameterLocation::Query => "Query parameter",
        ParameterLocation::Querystring => "The query as a whole",
        ParameterLocation::Header => "Header",
        ParameterLocation::Cookie => "Cookie",
    };
    let presence = match &field.presence {
        ParamPresence::Required => "; required".to_owned(),
        ParamPresence::Optional => String::new(),
        ParamPresence::Default(value) => format!("; {} when absent", docs::code(&value.to_string())),
    };
    let deprecated = parameter.deprecated.then(|| quote!(#[deprecated]));
    let docs = with_ours(&field.doc, &[format!("{place} {}{presence}.", docs::code(&parameter.name))]);
    quote!(#docs #deprecated)
}

/// The documentation of the body's setter.
pub(super) fn body(request: &Request<'_>) -> TokenStream {
    let Some(body) = &request.item.body else { return TokenStream::new() };
    let ours = if body.required { "The body; required." } else { "The body." };
    with_ours(&body.doc, &[ours.to_owned()])
}

/// The documentation of `send`.
pub(super) fn send() -> TokenStream {
    quote! {
        /// Sends the request.
        ///
        /// # Errors
        /// When something required is missing, nothing answers, or the answer is no success.
    }
}

/// The documentation of the struct.
pub(super) fn builder(request: &Request<'_>) -> TokenStream {
    // Links have names as they are called, `continue` and not `r#continue`.
    let text = format!("Request of [`{method}`](Client::{method}).", method = request.item.method_ident.as_str());
    line(&text)
}

/// What is said when a parameter is missing.
pub(super) fn missing(wire: &str) -> String {
    format!("`{wire}` is missing")
}

/// What is said when a value cannot be converted.
pub(super) fn unfit(wire: &str) -> String {
    format!("the value given for `{wire}` does not fit its type")
}
