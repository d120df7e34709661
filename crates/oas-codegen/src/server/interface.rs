//! The trait of a group of operations: what a service implements.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::access::Security;
use super::{Context, Served, generated, plain, reject};
use crate::plan::{BodyContent, ContentFormat, ContentItem, GroupItem, OperationItem};
use crate::{GeneratedFile, docs, rust};

/// `clips.rs`: the trait, and what each of its methods gets.
pub(super) fn file(context: &Context<'_>, group: &GroupItem) -> GeneratedFile {
    let types = context.types_crate();
    let secured = context.is_secured(group);
    let bodies = reject::bodies(context, group);
    let reject_with = (!bodies.is_empty()).then(|| quote!(RejectWith,));
    let uses = quote! {
        use std::future::Future;

        use #types as types;
        use oas_server_runtime::{#reject_with Request, ServerError};

        mod routes;
        pub use routes::routes;
    };
    let ident = rust::ident(&group.trait_ident);
    let doc = docs::outer(&trait_doc(group, !bodies.is_empty()));
    let supertraits = bodies.iter().map(|body| quote!(RejectWith<#body> +));
    let principal = secured.then(|| {
        quote! {
            /// Who calls: what the `Authenticator` of this service says.
            type Principal: Send + 'static;
        }
    });
    let methods = context.operations(group).map(|served| method(&served));
    let interface = quote! {
        #doc
        pub trait #ident: #(#supertraits)* Send + Sync + 'static {
            #principal
            #(#methods)*
        }
    };
    let requests = context.operations(group).map(|served| request(context, group, &served));
    let text = rust::file([uses, interface].into_iter().chain(requests));
    generated(&format!("{}.rs", plain(&group.module)), text)
}

/// What stands above the trait.
fn trait_doc(group: &GroupItem, rejects: bool) -> String {
    let mut doc = group.doc.clone();
    if doc.is_empty() {
        doc = match &group.tag {
            Some(tag) => format!("The operations tagged {}.", docs::code(tag)),
            None => "Operations without a tag.".to_owned(),
        };
    }
    doc.push_str("\n\nAn `async fn` implements a method. None has a body of its own, so that an operation which the document gains is one that the compiler asks for.");
    if rejects {
        doc.push_str(" `RejectWith` answers requests that never get here in the schemas that the document describes.");
    }
    doc
}

/// The name of what a method gets.
pub(super) fn request_ident(item: &OperationItem) -> Ident {
    format_ident!("{}Request", item.type_prefix)
}

fn method(served: &Served<'_>) -> TokenStream {
    let Served { item, operation, security } = served;
    let doc = match item.doc.as_str() {
        "" => format!("{} {}", operation.method, docs::code(&operation.path)),
        doc => format!("{doc}\n\n{} {}", operation.method, docs::code(&operation.path)),
    };
    let doc = docs::outer(&doc);
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
fn request(context: &Context<'_>, group: &GroupItem, served: &Served<'_>) -> TokenStream {
    let Served { item, security, .. } = served;
    let ident = request_ident(item);
    let doc = docs::outer(&format!("What [`{}::{}`] gets.", plain(&group.trait_ident), plain(&item.method_ident)));
    let params = params_type(item);
    let body = body_type(context, item);
    match security {
        Security::Public => quote!(#doc pub type #ident = Request<(), #params, #body>;),
        Security::Required(_) => quote!(#doc pub type #ident<Principal> = Request<Principal, #params, #body>;),
        Security::Optional(_) => quote!(#doc pub type #ident<Principal> = Request<Option<Principal>, #params, #body>;),
    }
}

/// The type of the parameters.
pub(super) fn params_type(item: &OperationItem) -> TokenStream {
    match &item.params {
        Some(params) => {
            let ident = rust::ident(&params.ident);
            quote!(types::#ident)
        }
        None => quote!(()),
    }
}

/// The type of the body.
fn body_type(context: &Context<'_>, item: &OperationItem) -> TokenStream {
    let Some(body) = &item.body else { return quote!(()) };
    let ty = match &body.content {
        BodyContent::Single(content) => content_type(context, content),
        BodyContent::Several { ident, .. } => {
            let ident = rust::ident(ident);
            quote!(types::#ident)
        }
    };
    if body.required { ty } else { quote!(Option<#ty>) }
}

/// The type of a body in one media type: all of it, where the plan speaks of a line or an event.
pub(super) fn content_type(context: &Context<'_>, content: &ContentItem) -> TokenStream {
    let ty = context.ty(&content.ty);
    match content.format {
        ContentFormat::JsonLines | ContentFormat::EventStream => quote!(Vec<#ty>),
        _ => ty,
    }
}
