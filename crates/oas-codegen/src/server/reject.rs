//! Rejections in the schemas that the document describes.

use std::collections::BTreeSet;

use oas_document::{Diagnostic, Place};
use oas_model::StatusPattern;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, Endpoint};
use crate::plan::{BodyContent, ContentFormat, ContentItem, GroupItem, ResponseItem, RustType, TypeIndex};

/// The statuses that a rejection of a known operation can have.
const STATUSES: [u16; 10] = [400, 401, 403, 406, 413, 415, 422, 500, 501, 503];

/// A status with the body that the document describes for it.
struct Described<'a> {
    status: u16,
    ty: TypeIndex,
    media_type: &'a str,
    /// Whether the type is a component: what the service is asked to make.
    component: bool,
}

/// The JSON bodies that the document describes for rejections of an operation.
fn described<'a>(server: &Context<'a>, endpoint: &Endpoint<'a>) -> Vec<Described<'a>> {
    STATUSES
        .iter()
        .filter_map(|status| {
            let response = response(&endpoint.item.responses, *status)?;
            let item = match response.body.as_ref()? {
                BodyContent::Single(item) => Some(item).filter(|item| item.format == ContentFormat::Json),
                BodyContent::Several { variants, .. } => {
                    variants.iter().map(|(_, item)| item).find(|item| item.format == ContentFormat::Json)
                }
            };
            let ContentItem { media_type, ty: RustType::Named(ty), .. } = item? else { return None };
            let content = &endpoint.operation.responses[response.response].content;
            let schema = server.plan[*ty].schema;
            let component = server.api.schemas[schema].component.is_some();
            Some(Described { status: *status, ty: *ty, media_type: &content[*media_type].name, component })
        })
        .collect()
}

/// The response that stands for `status`: the most specific one.
fn response(responses: &[ResponseItem], status: u16) -> Option<&ResponseItem> {
    let rank = |response: &&ResponseItem| match response.status {
        StatusPattern::Code(_) => 0,
        StatusPattern::Range(_) => 1,
        StatusPattern::Default => 2,
    };
    responses.iter().filter(|response| response.status.contains(status)).min_by_key(rank)
}

/// The component types that a service of this group has to make of rejections, in the order of their names.
pub(super) fn bodies(server: &Context<'_>, group: &GroupItem) -> Vec<TokenStream> {
    let mut types = BTreeSet::new();
    for endpoint in server.operations(group) {
        types.extend(described(server, &endpoint).iter().filter(|one| one.component).map(|one| one.ty));
    }
    types.into_iter().map(|ty| server.ty(&RustType::Named(ty))).collect()
}

/// Says for how many operations rejections are not in the document's own schema, because that has no name.
pub(super) fn note(server: &Context<'_>) -> Option<Diagnostic> {
    let endpoint: Vec<_> = server.groups().flat_map(|group| server.operations(group)).collect();
    let inline = |endpoint: &&Endpoint<'_>| described(server, endpoint).iter().any(|one| !one.component);
    let inline: Vec<&Endpoint<'_>> = endpoint.iter().filter(inline).collect();
    let first = inline.first()?;
    let count = inline.len();
    let noun = if count == 1 { "operation describes" } else { "operations describe" };
    let message = format!(
        "{count} {noun} errors inline: requests that never reach the service are answered there as `application/problem+json`"
    );
    Some(
        Diagnostic::note("inline-error-schema", message).at(Place::of(&first.operation.at)).hint(
            "move the schema to `components/schemas`, or render such rejections with `RouterOptions::reject_with`",
        ),
    )
}

/// `fn reject`.
pub(super) fn function(server: &Context<'_>, endpoint: &Endpoint<'_>) -> TokenStream {
    let mut arms: Vec<(TypeIndex, &str, Vec<u16>)> = Vec::new();
    let described = described(server, endpoint);
    for one in described.iter().filter(|one| one.component) {
        match arms.iter_mut().find(|(ty, media_type, _)| *ty == one.ty && *media_type == one.media_type) {
            Some((_, _, statuses)) => statuses.push(one.status),
            None => arms.push((one.ty, one.media_type, vec![one.status])),
        }
    }
    if arms.is_empty() {
        return quote! {
            pub(super) fn reject<Api>(_: &Api, _: &Rejection) -> Option<Response> {
                None
            }
        };
    }
    let bounds = arms.iter().map(|(ty, _, _)| *ty).collect::<BTreeSet<_>>();
    let bounds = bounds.into_iter().map(|ty| server.ty(&RustType::Named(ty)));
    let arms = arms.iter().map(|(ty, media_type, statuses)| {
        let ty = server.ty(&RustType::Named(*ty));
        let statuses = statuses.iter().map(|status| Literal::u16_unsuffixed(*status));
        quote! {
            #(#statuses)|* => {
                let body: #ty = api.reject(rejection);
                Some(rejection.json(#media_type, &body))
            }
        }
    });
    quote! {
        pub(super) fn reject<Api>(api: &Api, rejection: &Rejection) -> Option<Response>
        where
            Api: #(RejectWith<#bounds>)+*
        {
            match rejection.status().as_u16() {
                #(#arms)*
                _ => None,
            }
        }
    }
}
