//! How the client's code is spread over files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::quote;
use syn::visit_mut::VisitMut;

use super::request::{Context, Request};
use super::{Written, client_docs, client_struct, servers};
use crate::plan::{GroupId, GroupItem, RUNTIME_TYPES};
use crate::rust::{self, Part};
use crate::{GeneratedFile, docs};

/// The function that the files of builders take from the runtime, beside its types.
const IS_JSON: &str = "is_json";

/// What the files of builders call the module of the types.
const TYPES: &str = "types";

/// Every file of the client, in the order of their paths. An operation of a group that is split has a file of its own.
pub(super) fn files(client: Context<'_>, requests: &[Request<'_>], builders: Vec<Written>) -> Vec<GeneratedFile> {
    let mut modules: BTreeMap<(GroupId, Option<String>), Operations> = BTreeMap::new();
    for (request, written) in requests.iter().zip(builders) {
        let builder: Vec<Part> = match written {
            Written::ByProgenitor(items) => items.into_iter().map(|item| Part::Item(Box::new(item))).collect(),
            Written::ByUs(items) => rust::parsed(items),
        };
        let own = client.plan[request.item.group].is_split().then(|| request.item.own_module().as_str().to_owned());
        let items = modules.entry((request.item.group, own)).or_default();
        items.methods.push(method(client, request));
        items.builders.extend(builder);
    }
    let groups: BTreeSet<GroupId> = modules.keys().map(|(group, _)| *group).collect();
    let stems: Vec<_> =
        groups.iter().map(|group| (file_stem(&client.plan[*group]), client_struct::feature(client, *group))).collect();
    let mut files = vec![
        file("mod.rs", root(client)),
        file("client.rs", client_struct::file(client, requests)),
        file("builder/mod.rs", listing(&stems)),
    ];
    if !client.plan.servers.is_empty() {
        files.push(file("servers.rs", servers::file(client)));
    }
    let mut split: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((group, own), Operations { methods, builders }) in modules {
        let docs = own.is_none().then(|| group_docs(client, group));
        let methods = quote!(#docs impl Client { #(#methods)* });
        let items = rust::parsed(methods).into_iter().chain(builders).collect();
        let stem = format!("builder/{}", file_stem(&client.plan[group]));
        match own {
            Some(own) => {
                files.push(file(&format!("{stem}/{own}.rs"), module(&quote!(super::super::super), items)));
                split.entry(stem).or_default().push(own);
            }
            None => files.push(file(&format!("{stem}.rs"), module(&quote!(super::super), items))),
        }
    }
    for (stem, own) in split {
        let own: Vec<_> = own.iter().map(|name| (name.as_str(), TokenStream::new())).collect();
        files.push(file(&format!("{stem}/mod.rs"), listing(&own)));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// A file below `src/generated`.
fn file(path: &str, contents: String) -> GeneratedFile {
    GeneratedFile { path: PathBuf::from("src/generated").join(path), contents }
}

/// The name of a group's file.
fn file_stem(group: &GroupItem) -> &str {
    group.module.as_str()
}

/// The root of the generated code.
fn root(client: Context<'_>) -> String {
    let types = rust::ident(client.plan.packages.types.replace('-', "_"));
    let servers = (!client.plan.servers.is_empty()).then(|| {
        quote! {
            /// The servers of the API, by name: each converts into a URL.
            pub mod servers;
        }
    });
    rust::file([quote! {
        /// Request builders, one per operation; the methods of [`Client`] start them.
        pub mod builder;
        mod client;
        #servers
        pub use #types as types;
        pub use client::{Client, ClientBuilder};
    }])
}

/// The list of modules of builders, each with an attribute.
fn listing(modules: &[(&str, TokenStream)]) -> String {
    let attributes: Vec<_> = modules.iter().map(|(_, attribute)| attribute).collect();
    let modules: Vec<_> = modules.iter().map(|(name, _)| rust::ident(name)).collect();
    rust::file([quote!(#(#attributes mod #modules;)* #(#attributes pub use #modules::*;)*)])
}

/// The file of some builders: for each operation the client's method, and the builder it starts. `root` is the way to
/// the root of the generated code.
fn module(root: &TokenStream, mut items: Vec<Part>) -> String {
    let mut used = Used::default();
    for item in &mut items {
        match item {
            Part::Item(item) => used.visit_item_mut(item),
            Part::Raw(tokens) => used.visit_token_stream_mut(tokens),
        }
    }
    let Used(used) = used;
    let runtime: Vec<Ident> =
        RUNTIME_TYPES.iter().chain([&IS_JSON]).filter(|name| used.contains(**name)).map(rust::ident).collect();
    let types = used.contains(TYPES).then(|| {
        quote!(
            use #root::types;
        )
    });
    let imports = quote! {
        use oas_client_runtime::{#(#runtime),*};
        use #root::client::Client;
        #types
    };
    rust::file_of(TokenStream::new(), rust::parsed(imports).into_iter().chain(items))
}

/// The client's method for an operation, as it stands in an `impl` block.
fn method(client: Context<'_>, request: &Request<'_>) -> TokenStream {
    let docs = client_docs::method(client, request);
    let ident = rust::ident(&request.item.method_ident);
    let builder = &request.builder;
    quote! {
        #docs
        pub fn #ident(&self) -> #builder<'_> {
            #builder::new(self)
        }
    }
}

/// What stands above the methods of a group on the client's page, where there are several groups.
fn group_docs(client: Context<'_>, group: GroupId) -> TokenStream {
    if client.plan.groups.len() < 2 {
        return TokenStream::new();
    }
    let item = &client.plan[group];
    match &item.tag {
        // A tag without words of its own says just that.
        Some(tag) if item.doc.contains(&docs::code(tag)) => client_docs::with_ours(&item.doc, &[]),
        Some(tag) => client_docs::with_ours(&item.doc, &[format!("Operations with the tag {}.", docs::code(tag))]),
        None => client_docs::line("Operations without a tag."),
    }
}

/// The operations of one file.
#[derive(Default)]
struct Operations {
    /// The client's methods that start requests.
    methods: Vec<TokenStream>,
    /// The request builders.
    builders: Vec<Part>,
}

/// Which of the names that can be imported occur.
#[derive(Default)]
struct Used(BTreeSet<&'static str>);

impl Used {
    fn note(&mut self, ident: &Ident) {
        let text = ident.to_string();
        let known = RUNTIME_TYPES.iter().chain([&IS_JSON, &TYPES]);
        self.0.extend(known.copied().find(|name| *name == text));
    }
}

/// What a path starts with has to be imported; `types::Items` has nothing to do with the `Items` of the runtime.
impl VisitMut for Used {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        path.segments.first().iter().for_each(|first| self.note(&first.ident));
        path.segments.iter_mut().for_each(|segment| self.visit_path_arguments_mut(&mut segment.arguments));
    }

    /// Macros and attributes hold tokens that nobody has parsed.
    fn visit_token_stream_mut(&mut self, tokens: &mut TokenStream) {
        let mut is_inside = false;
        for token in tokens.clone() {
            match token {
                TokenTree::Ident(ident) if !is_inside => self.note(&ident),
                TokenTree::Group(group) => self.visit_token_stream_mut(&mut group.stream()),
                TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint => {
                    is_inside = true;
                    continue;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && is_inside => continue,
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            is_inside = false;
        }
    }
}
