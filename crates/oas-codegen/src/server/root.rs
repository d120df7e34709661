//! `mod.rs`: the modules, and the router of everything.

use oas_model::Server;
use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, generated, interface, not_implemented, own_words};
use crate::plan::GroupItem;
use crate::{GeneratedFile, docs, rust};

/// `mod.rs`, and what is put beside it for its size.
pub(super) fn files(server: &Context<'_>) -> Vec<GeneratedFile> {
    let groups: Vec<&GroupItem> = server.groups().collect();
    let authenticator = server.has_authenticator().then(|| {
        quote! {
            mod authenticator;
            pub use authenticator::Authenticator;
        }
    });
    let refused = server.refused().next().map(|_| {
        quote!(
            mod refused;
        )
    });
    let modules = groups.iter().map(|group| module(server, group));
    let webhooks = (!server.plan.webhooks.is_empty()).then(|| {
        quote! {
            /// What the API sends on its own: a trait to receive it, and a sender.
            #[cfg(feature = "webhooks")]
            pub mod webhooks;
        }
    });
    let uses = quote!(
        use ::oas_server_runtime::{Routes, RouterOptions, Schemas, Service, axum::Router};
    );
    let base = base_path(server.api.servers.first());
    let doc = own_words(
        "The path of the document's first server, for [`RouterOptions::base_path`]. The router serves the document's\npaths as they are, because a proxy in front often takes this one away.",
    );
    let constants = quote! {
        #doc
        pub const BASE_PATH: &str = #base;

        /// The schemas that requests are held against.
        pub static SCHEMAS: Schemas = Schemas::checked(include_str!("schemas.json"), &ANSWERS);

        /// What answers are held against, in debug builds.
        static ANSWERS: Schemas = Schemas::new(if cfg!(debug_assertions) { include_str!("answers.json") } else { "{}" });
    };
    let lints = quote! {
        #![allow(
            clippy::all,
            clippy::pedantic,
            dead_code,
            deprecated,
            unused_imports,
            reason = "names, sizes and words are the document's, features leave parts of it out, and what is deprecated is served all the same"
        )]
    };
    let routers = if groups.is_empty() { TokenStream::new() } else { routers(server, &groups) };
    let mut text =
        rust::file_with(lints, [uses, quote!(#authenticator #refused #(#modules)* #webhooks), constants, routers]);
    let mut files = Vec::new();
    if !groups.is_empty() {
        let (macros, further) = not_implemented::macro_rules(server, &groups);
        text.push_str(&macros);
        files.extend(further);
    }
    files.push(generated("mod.rs", text));
    files
}

/// The module of a group, behind its feature.
fn module(server: &Context<'_>, group: &GroupItem) -> TokenStream {
    let feature = group.module.as_str();
    let module = rust::ident(&group.module);
    let interface = rust::ident(&group.trait_ident);
    let requests = server.operations(group).map(|endpoint| interface::request_ident(endpoint.item));
    let doc = match &group.tag {
        Some(tag) => own_words(&format!("The operations tagged {}.", docs::code(tag))),
        None => own_words("The operations without a tag."),
    };
    quote! {
        #doc
        #[cfg(feature = #feature)]
        pub mod #module;
        #[cfg(feature = #feature)]
        pub use #module::{#interface, #(#requests),*};
    }
}

/// What differs between routers with and without an authenticator.
struct Halves {
    generics: TokenStream,
    arguments: TokenStream,
    names: TokenStream,
    service: TokenStream,
    authenticator: TokenStream,
    bounds: TokenStream,
    words: &'static str,
}

fn halves(server: &Context<'_>, groups: &[&GroupItem]) -> Halves {
    let interfaces = groups.iter().map(|group| {
        let interface = rust::ident(&group.trait_ident);
        if server.is_secured(group) { quote!(#interface<Principal = Auth::Principal>) } else { quote!(#interface) }
    });
    let interfaces = quote!(#(#interfaces)+*);
    if server.has_authenticator() {
        return Halves {
            generics: quote!(<Api, Auth>),
            arguments: quote!(api: Api, authenticator: Auth),
            names: quote!(api, authenticator),
            service: quote!(Service::new(api, authenticator)),
            authenticator: quote!(Auth),
            bounds: quote!(Api: #interfaces, Auth: Authenticator,),
            words: "served by `api` to callers whom `authenticator` knows",
        };
    }
    Halves {
        generics: quote!(<Api>),
        arguments: quote!(api: Api),
        names: quote!(api),
        service: quote!(Service::new(api, ())),
        authenticator: quote!(()),
        bounds: quote!(Api: #interfaces,),
        words: "served by `api`",
    }
}

/// `router`, `router_with` and `routes`.
fn routers(server: &Context<'_>, groups: &[&GroupItem]) -> TokenStream {
    let features = groups.iter().map(|group| group.module.as_str());
    let all = if groups.len() == 1 { quote!(#(feature = #features)*) } else { quote!(all(#(feature = #features),*)) };
    let Halves { generics, arguments, names, service, authenticator, bounds, words } = halves(server, groups);
    let merged = groups.iter().map(|group| {
        let module = rust::ident(&group.module);
        quote!(.merge(#module::routes(service)))
    });
    let refused = server.refused().next().map(|_| quote!(.merge(refused::routes())));
    let plain_words = own_words(&format!("Every operation of the document, {words}."));
    let with_words = own_words(&format!("Every operation of the document, {words}, as `options` say."));
    quote! {
        #plain_words
        #[cfg(#all)]
        pub fn router #generics(#arguments) -> Router
        where
            #bounds
        {
            router_with(#names, RouterOptions::default())
        }

        #with_words
        #[cfg(#all)]
        pub fn router_with #generics(#arguments, options: RouterOptions) -> Router
        where
            #bounds
        {
            routes(&#service).into_router(options)
        }

        /// Every operation of the document, to be merged with others or made a router.
        #[cfg(#all)]
        pub fn routes #generics(service: &Service<Api, #authenticator>) -> Routes
        where
            #bounds
        {
            Routes::new()#(#merged)*#refused
        }
    }
}

/// The path of a server's URL, with its variables at their defaults and without the slash at its end.
fn base_path(server: Option<&Server>) -> String {
    let Some(server) = server else { return String::new() };
    let mut url = server.url.clone();
    for (name, variable) in &server.variables {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    let behind_scheme = url
        .split_once("://")
        .map_or(url.as_str(), |(_, rest)| rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default());
    let path = behind_scheme.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    if path.starts_with('/') { path.to_owned() } else { String::new() }
}
