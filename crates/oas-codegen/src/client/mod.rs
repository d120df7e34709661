//! The client: request builders, one per operation, and the `Client` they belong to.
//!
//! Progenitor generates every builder that it can express, from a `skeleton` of placeholders; `rewrite` puts in
//! what the plan has settled. The others are written by `direct`. Both stand on `oas-client-runtime`.

mod direct;
mod facade;
mod layout;
mod media_type;
mod package;
mod progenitor;
mod request;
mod rewrite;
mod route;
mod skeleton;
mod statuses;
pub(crate) mod surface;
mod template;
mod wording;

use oas_document::{Diagnostic, Place};
use oas_model::Api;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, parse_quote};

pub use package::package;

use self::request::{Planned, Request};
use crate::Emitted;
use crate::plan::Plan;

/// Writes the client package of a plan: all files below `src/generated`.
pub fn emit(api: &Api, plan: &Plan) -> Emitted {
    let planned = Planned { api, plan };
    let requests: Vec<Request<'_>> =
        plan.operations.iter().enumerate().filter_map(|(index, item)| Request::new(planned, index, item)).collect();
    let mut diagnostics = Vec::new();
    let builders = builders(planned, &requests, &mut diagnostics);
    for request in &requests {
        diagnostics.extend(doubts(request));
    }
    Emitted { files: layout::files(planned, &requests, builders), diagnostics }
}

/// The request builder of an operation, as items of a file, by who wrote it.
enum Written {
    ByProgenitor(Box<[syn::Item; 2]>),
    ByUs(TokenStream),
}

/// The request builders, in the order of `requests`.
fn builders(planned: Planned<'_>, requests: &[Request<'_>], diagnostics: &mut Vec<Diagnostic>) -> Vec<Written> {
    let fitting: Vec<&Request<'_>> =
        requests.iter().filter(|request| route::fits_progenitor(planned, request)).collect();
    let run = progenitor::run(planned, &fitting);
    for (index, reason) in run.failed {
        let Some(request) = fitting.get(index) else { continue };
        let message = format!(
            "progenitor cannot express the operation `{}`; it was written without it: {reason}",
            request.item.id
        );
        diagnostics.push(Diagnostic::note("without-progenitor", message).at(Place::of(&request.operation.at)));
    }
    let mut written: Vec<Option<Written>> = requests.iter().map(|_| None).collect();
    for (builder, placeholders) in run.builders {
        let Some(request) = fitting.get(builder.request) else { continue };
        let items = rewrite::builder(planned, request, builder, &placeholders);
        if let Some(slot) =
            requests.iter().position(|one| one.index == request.index).and_then(|at| written.get_mut(at))
        {
            *slot = Some(Written::ByProgenitor(Box::new(items)));
        }
    }
    let direct = |request| Written::ByUs(direct::builder(planned, request));
    written.into_iter().zip(requests).map(|(made, request)| made.unwrap_or_else(|| direct(request))).collect()
}

/// The constant of a builder that holds what the runtime knows of the operation.
fn operation_constant(planned: Planned<'_>, request: &Request<'_>) -> ImplItem {
    let id = &request.item.id;
    let method = request.operation.method.as_str();
    let path = &request.operation.path;
    let server = request.operation.servers.first().map(facade::server_url);
    let server = server.map_or_else(|| quote!(None), |url| quote!(Some(#url)));
    let accept = statuses::accept(request);
    let security = facade::security(planned, request);
    let responses = statuses::Statuses::of(request).table(request);
    parse_quote! {
        /// What the client knows of the operation.
        pub const OPERATION: &'static Operation = &Operation {
            id: #id,
            method: #method,
            path: #path,
            server: #server,
            accept: #accept,
            security: #security,
            responses: #responses,
        };
    }
}

/// What of an operation a client can only send in part.
fn doubts(request: &Request<'_>) -> Vec<Diagnostic> {
    let mut doubts = Vec::new();
    for parameter in &request.operation.parameters {
        let is_header = parameter.location == oas_model::ParameterLocation::Header;
        if is_header && !parameter.name.bytes().all(media_type::is_token) || parameter.name.is_empty() {
            let message = format!("no header can be called `{}`; the client refuses to send it", parameter.name);
            doubts.push(
                Diagnostic::warning("unsendable-header", message)
                    .at(Place::of(&parameter.at))
                    .hint("use letters, digits and hyphens"),
            );
        }
    }
    let media_types = request.operation.request_body.iter().flat_map(|body| &body.content);
    for media_type in media_types.filter(|one| media_type::is_doubtful(&one.name)) {
        let message =
            format!("`{}` names no single media type; the client sends `application/octet-stream`", media_type.name);
        let doubt = Diagnostic::warning("media-range-in-request", message).at(Place::of(&media_type.at));
        doubts.push(doubt.hint("name the media type that the API takes, in an overlay"));
    }
    doubts
}

#[cfg(test)]
mod tests;
