//! The client: request builders, one per operation, and the `Client` they belong to.
//!
//! Progenitor generates the struct and setters of every builder that it can express, from a `skeleton` of placeholders;
//! `rewrite` puts in what the plan has settled. The others are written by `direct`. `sending` writes what sends, the same
//! for all, over `oas-client-runtime`.

mod client_docs;
mod client_struct;
mod direct;
mod example;
mod layout;
mod media_type;
mod package;
mod paging;
mod progenitor;
mod request;
mod rewrite;
mod route;
mod sending;
mod servers;
mod skeleton;
mod statuses;
pub(crate) mod surface;
mod template;

use oas_document::{Diagnostic, Place};
use oas_model::Api;
use proc_macro2::TokenStream;

pub use package::package;

use self::request::{Context, Request};
use crate::plan::Plan;
use crate::{Emitted, docs};

/// Writes the client package of a plan: all files below `src/generated`.
pub fn emit(api: &Api, plan: &Plan) -> Emitted {
    let client = Context { api, plan };
    let requests: Vec<Request<'_>> =
        plan.operations.iter().enumerate().map(|(index, item)| Request::new(client, index, item)).collect();
    let mut diagnostics = Vec::new();
    let builders = builders(client, &requests, &mut diagnostics);
    for request in &requests {
        diagnostics.extend(doubts(client, request));
    }
    Emitted { files: layout::files(client, &requests, builders), diagnostics }
}

/// The request builder of an operation, as items of a file, by who wrote it.
enum Written {
    ByProgenitor(Vec<syn::Item>),
    ByUs(TokenStream),
}

/// The request builders, in the order of `requests`.
fn builders(client: Context<'_>, requests: &[Request<'_>], diagnostics: &mut Vec<Diagnostic>) -> Vec<Written> {
    let fitting: Vec<&Request<'_>> = requests.iter().filter(|request| route::fits_progenitor(request)).collect();
    let run = progenitor::run(client, &fitting);
    for (index, reason) in run.failed {
        let request = fitting[index];
        let message = format!(
            "progenitor cannot express the operation `{}`; it was written without it: {reason}",
            request.item.id
        );
        diagnostics.push(Diagnostic::note("without-progenitor", message).at(Place::of(&request.operation.at)));
    }
    let mut written: Vec<Option<Written>> = requests.iter().map(|_| None).collect();
    for (builder, placeholders) in run.builders {
        let request = fitting[builder.request];
        let items = rewrite::builder(client, request, builder, &placeholders);
        if let Some(slot) =
            requests.iter().position(|one| one.index == request.index).and_then(|at| written.get_mut(at))
        {
            *slot = Some(Written::ByProgenitor(items));
        }
    }
    let direct = |request| Written::ByUs(direct::builder(client, request));
    written.into_iter().zip(requests).map(|(made, request)| made.unwrap_or_else(|| direct(request))).collect()
}

/// What of an operation a client can only send in part.
fn doubts(client: Context<'_>, request: &Request<'_>) -> Vec<Diagnostic> {
    let mut doubts = Vec::new();
    for parameter in &request.operation.parameters {
        let is_header = parameter.location == oas_model::ParameterLocation::Header;
        if is_header && !parameter.name.bytes().all(oas_wire::is_token) || parameter.name.is_empty() {
            let message = format!("no header can be called `{}`; the client refuses to send it", parameter.name);
            doubts.push(
                Diagnostic::warning("unsendable-header", message)
                    .at(Place::of(&parameter.at))
                    .hint("use letters, digits and hyphens"),
            );
        }
    }
    doubts.extend(request.operation.parameters.iter().filter_map(|parameter| nested(client, request, parameter)));
    let media_types = request.operation.request_body.iter().flat_map(|body| &body.content);
    for media_type in media_types.filter(|one| media_type::is_doubtful(&one.name)) {
        let message =
            format!("`{}` names no single media type; the client sends `application/octet-stream`", media_type.name);
        let doubt = Diagnostic::warning("media-range-in-request", message).at(Place::of(&media_type.at));
        doubts.push(doubt.hint("name the media type that the API takes, in an overlay"));
    }
    doubts
}

/// Says how a parameter is sent whose values nest deeper than its style can say.
fn nested(client: Context<'_>, request: &Request<'_>, parameter: &oas_model::Parameter) -> Option<Diagnostic> {
    let fields = request.item.params.iter().flat_map(|params| &params.fields);
    let mut same = fields.filter(|field| std::ptr::eq(request.parameter(field), parameter));
    let is_schema = matches!(parameter.payload, oas_model::Payload::Schema(_));
    let depth = client.depth(&same.next()?.ty, 3);
    let (least, how) = match parameter.style {
        oas_model::Style::DeepObject => (2, "with further brackets, `name[list][0][member]=value`"),
        _ => (1, "as JSON text"),
    };
    let name = docs::code(&parameter.name);
    let message =
        format!("OpenAPI does not say how the nested values of {name} are written; they are sent and read {how}");
    let note = Diagnostic::note("nested-parameter", message).at(Place::of(&parameter.at));
    (is_schema && depth > least).then(|| note.hint("a parameter with `content: application/json` says it itself"))
}

#[cfg(test)]
mod tests;
