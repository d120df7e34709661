//! The trait of a group of operations: what a service implements.

use std::collections::BTreeSet;

use oas_model::{Operation, SchemaId};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::access::Security;
use super::{Context, Endpoint, generated, own_words, reject};
use crate::plan::{BodyContent, ContentFormat, ContentItem, GroupItem, OperationItem};
use crate::{GeneratedFile, docs, rust};

/// How many operations a group has at most whose trait and requests share a file: a trait cannot be divided.
const MOST: usize = 100;

/// `clips.rs`: the trait, and what each of its methods gets; that is `clips/requests.rs` for very many of them.
pub(super) fn files(server: &Context<'_>, group: &GroupItem) -> Vec<GeneratedFile> {
    let types = server.types_crate();
    let secured = server.is_secured(group);
    let bodies = reject::bodies(server, group);
    let reject_with = (!bodies.is_empty()).then(|| quote!(RejectWith,));
    let is_apart = group.operations.len() > MOST;
    let streams: Vec<Ident> = streams(server, group).into_iter().collect();
    let of_trait = if is_apart { &[][..] } else { &streams };
    let (request_here, apart) = if is_apart {
        let requests = quote!(
            mod requests;
            pub use requests::*;
        );
        (TokenStream::new(), requests)
    } else {
        (quote!(Request,), TokenStream::new())
    };
    let uses = quote! {
        use std::future::Future;

        use #types as types;
        use oas_server_runtime::{#(#of_trait,)* #reject_with #request_here ServerError};

        mod routes;
        #apart
        pub use routes::routes;
    };
    let ident = rust::ident(&group.trait_ident);
    let doc = docs::outer(&group.doc);
    let notes = own_words(&notes(group, !bodies.is_empty()));
    // Bounds of `Self` make supertraits, and print better than a long line of them.
    let bounds = (!bodies.is_empty()).then(|| quote!(where #(Self: RejectWith<#bodies>),*));
    let principal = secured.then(|| {
        quote! {
            /// Who calls: what the `Authenticator` of this service says.
            type Principal: Send + 'static;
        }
    });
    let methods = server.operations(group).map(|endpoint| method(&endpoint));
    let interface = quote! {
        #doc
        #notes
        pub trait #ident: Send + Sync + 'static #bounds {
            #principal
            #(#methods)*
        }
    };
    let requests = server.operations(group).map(|endpoint| request(server, group, &endpoint, is_apart));
    let module = group.module.as_str();
    if !is_apart {
        return vec![generated(&format!("{module}.rs"), rust::file([uses, interface].into_iter().chain(requests)))];
    }
    let uses_apart = quote! {
        use #types as types;
        use oas_server_runtime::{#(#streams,)* Request};
    };
    vec![
        generated(&format!("{module}.rs"), rust::file([uses, interface])),
        generated(&format!("{module}/requests.rs"), rust::file(std::iter::once(uses_apart).chain(requests))),
    ]
}

/// The types of the runtime that bodies of the group's operations have.
fn streams(server: &Context<'_>, group: &GroupItem) -> BTreeSet<Ident> {
    let bodies =
        server.operations(group).filter_map(|endpoint| Some((endpoint.item.body.as_ref()?, endpoint.operation)));
    bodies
        .filter_map(|(body, operation)| match &body.content {
            BodyContent::Single(single) => stream_type(server, operation, single),
            BodyContent::Several { .. } => None,
        })
        .filter_map(|ty| match ty.into_iter().next() {
            Some(TokenTree::Ident(ident)) => Some(ident),
            _ => None,
        })
        .collect()
}

/// What stands above the trait, below the words of the document.
fn notes(group: &GroupItem, rejects: bool) -> String {
    let mut notes = match (&group.tag, group.doc.is_empty()) {
        (_, false) => "\n".to_owned(),
        (Some(tag), true) => format!("The operations tagged {}.\n\n", docs::code(tag)),
        (None, true) => "The operations without a tag.\n\n".to_owned(),
    };
    notes.push_str(
        "An `async fn` implements a method. None has a body of its own: an operation that the document gains is one\nthat the compiler asks for.",
    );
    if rejects {
        notes.push_str(
            "\n\n[`RejectWith`] answers requests that never get here, in the schemas that the document describes.",
        );
    }
    notes
}

/// The name of what a method gets.
pub(super) fn request_ident(item: &OperationItem) -> Ident {
    format_ident!("{}Request", item.type_prefix)
}

fn method(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { item, operation, security } = endpoint;
    let doc = docs::outer(&item.doc);
    let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
    let (ident, request, response) =
        (rust::ident(&item.method_ident), request_ident(item), rust::ident(&item.response_ident));
    let principal = (*security != Security::Public).then(|| quote!(<Self::Principal>));
    quote! {
        #doc
        #deprecated
        fn #ident(
            &self,
            request: #request #principal,
        ) -> impl Future<Output = Result<types::#response, ServerError>> + Send;
    }
}

/// The alias for what a method gets: implementations name it, and need not change when it grows.
fn request(server: &Context<'_>, group: &GroupItem, endpoint: &Endpoint<'_>, is_apart: bool) -> TokenStream {
    let Endpoint { item, security, .. } = endpoint;
    let ident = request_ident(item);
    let method = format!("{}::{}", group.trait_ident.as_str(), item.method_ident.as_str());
    let link = if is_apart { format!("(super::{method})") } else { String::new() };
    let doc = own_words(&format!("What [`{method}`]{link} gets."));
    let params = params_type(item);
    let body = body_type(server, item, endpoint.operation);
    match security {
        Security::Public => quote!(#doc pub type #ident = Request<(), #params, #body>;),
        Security::Required(_) => quote!(#doc pub type #ident<Principal> = Request<Principal, #params, #body>;),
        Security::Optional(_) => quote!(#doc pub type #ident<Principal> = Request<Option<Principal>, #params, #body>;),
    }
}

/// The type of the parameters.
pub(super) fn params_type(item: &OperationItem) -> TokenStream {
    let ident = item.params.as_ref().map(|params| rust::ident(&params.ident));
    ident.map_or_else(|| quote!(()), |ident| quote!(types::#ident))
}

/// The type of the body.
fn body_type(server: &Context<'_>, item: &OperationItem, operation: &Operation) -> TokenStream {
    let Some(body) = &item.body else { return quote!(()) };
    let ty = match &body.content {
        BodyContent::Single(single) => {
            stream_type(server, operation, single).unwrap_or_else(|| content_type(server, single))
        }
        BodyContent::Several { ident, .. } => {
            let ident = rust::ident(ident);
            quote!(types::#ident)
        }
    };
    if body.required { ty } else { quote!(Option<#ty>) }
}

/// The type of a body that is read while it arrives, when it is one.
pub(super) fn stream_type(server: &Context<'_>, operation: &Operation, item: &ContentItem) -> Option<TokenStream> {
    match item.format {
        ContentFormat::Bytes => Some(quote!(ByteStream)),
        ContentFormat::JsonLines | ContentFormat::EventStream => {
            let ty = server.ty(&item.ty);
            Some(quote!(ItemStream<#ty>))
        }
        ContentFormat::Multipart if has_files(server, operation, item) => {
            let ty = server.ty(&item.ty);
            Some(quote!(Parts<#ty>))
        }
        ContentFormat::Json | ContentFormat::Form | ContentFormat::Multipart | ContentFormat::Text => None,
    }
}

/// Whether a form has members of bytes, which may be large.
fn has_files(server: &Context<'_>, operation: &Operation, item: &ContentItem) -> bool {
    let schemas = &server.api.schemas;
    let media_type = operation.request_body.as_ref().map(|body| &body.content[item.media_type]);
    let mut open: Vec<SchemaId> = media_type.and_then(|media_type| media_type.schema).into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        let id = schemas.resolve(id);
        if !seen.insert(id) {
            continue;
        }
        let schema = &schemas[id];
        let is_bytes = |id: &SchemaId| {
            let member = &schemas[schemas.resolve(*id)];
            let items = member.items.schema().map(|items| &schemas[schemas.resolve(items)]);
            items.into_iter().chain([member]).any(|one| {
                one.format.as_deref() == Some("binary")
                    || one.content_media_type.is_some() && one.content_encoding.is_none()
            })
        };
        if schema.properties.values().any(is_bytes) {
            return true;
        }
        open.extend(schema.all_of.iter().chain(&schema.any_of).chain(&schema.one_of));
    }
    false
}

/// The type of a body in one media type: all of it, where the plan speaks of a line or an event.
pub(super) fn content_type(server: &Context<'_>, item: &ContentItem) -> TokenStream {
    let ty = server.ty(&item.ty);
    match item.format {
        ContentFormat::JsonLines | ContentFormat::EventStream => quote!(Vec<#ty>),
        _ => ty,
    }
}
