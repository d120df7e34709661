//! How the client's code is spread over files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::visit_mut::VisitMut;

use super::request::{Planned, Request};
use super::{Written, facade, wording};
use crate::GeneratedFile;
use crate::plan::GroupItem;
use crate::rust::{self, Part};

/// What the files of builders take from the runtime, when they use it.
const RUNTIME: [&str; 20] = [
    "Body",
    "EventStream",
    "JsonLines",
    "Multipart",
    "Operation",
    "Parameter",
    "Part",
    "Style",
    "decode_events",
    "decode_json",
    "decode_json_lines",
    "decode_text",
    "header_value",
    "is_json",
    "media_type",
    "path_segment",
    "path_text",
    "read_bytes",
    "read_json",
    "read_text",
];

/// What the files of builders take from progenitor's own runtime, when they use it.
const PROGENITOR: [&str; 4] = ["ByteStream", "Error", "OperationInfo", "ResponseValue"];

/// What the files of builders call the module of the types.
const TYPES: &str = "types";

/// A folder of builders.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Folder {
    /// Those that progenitor made.
    Builder,
    /// Those that stand on the runtime alone.
    Direct,
}

impl Folder {
    const fn name(self) -> &'static str {
        match self {
            Self::Builder => "builder",
            Self::Direct => "direct",
        }
    }
}

/// Every file of the client, in the order of their paths.
pub(super) fn files(planned: Planned<'_>, requests: &[Request<'_>], builders: Vec<Written>) -> Vec<GeneratedFile> {
    let mut modules: BTreeMap<(usize, Folder, Option<String>), Vec<Part>> = BTreeMap::new();
    for (request, written) in requests.iter().zip(builders) {
        let (folder, builder) = match written {
            Written::ByProgenitor(items) => (Folder::Builder, items.map(|item| Part::Item(Box::new(item))).into()),
            Written::ByUs(items) => (Folder::Direct, rust::parsed(items)),
        };
        let Some(group) = planned.plan.groups.get(request.item.group) else { continue };
        let own = group.is_split().then(|| request.item.own_module().as_str().to_owned());
        let items = modules.entry((request.item.group, folder, own)).or_default();
        items.extend(rust::parsed(method(planned, request)));
        items.extend(builder);
    }
    let groups = |folder| -> BTreeSet<usize> {
        modules.keys().filter(|(_, one, _)| *one == folder).map(|(group, _, _)| *group).collect()
    };
    let stems = |folder| -> Vec<&str> {
        groups(folder).into_iter().filter_map(|group| planned.plan.groups.get(group)).map(file_stem).collect()
    };
    let has_direct = !groups(Folder::Direct).is_empty();
    let mut files = vec![
        file("mod.rs", root(planned, has_direct)),
        file("client.rs", facade::file(planned, requests, has_direct)),
        file("builder/mod.rs", listing(&stems(Folder::Builder), has_direct)),
    ];
    if has_direct {
        files.push(file("direct/mod.rs", listing(&stems(Folder::Direct), false)));
    }
    let mut split: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((group, folder, own), items) in modules {
        let Some(group) = planned.plan.groups.get(group) else { continue };
        let stem = format!("{}/{}", folder.name(), file_stem(group));
        match own {
            Some(own) => {
                files.push(file(&format!("{stem}/{own}.rs"), module(folder, &quote!(super::super::super), items)));
                split.entry(stem).or_default().push(own);
            }
            None => files.push(file(&format!("{stem}.rs"), module(folder, &quote!(super::super), items))),
        }
    }
    for (stem, own) in split {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        files.push(file(&format!("{stem}/mod.rs"), listing(&own, false)));
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
fn root(planned: Planned<'_>, has_direct: bool) -> String {
    let types = rust::ident(planned.plan.packages.types.replace('-', "_"));
    let direct = has_direct.then(|| {
        quote!(
            mod direct;
        )
    });
    rust::file([quote! {
        /// Request builders, one per operation; the methods of [`Client`] start them.
        pub mod builder;
        mod client;
        #direct
        pub use #types as types;
        pub use client::{Client, ClientBuilder};
    }])
}

/// The list of modules in a folder of builders.
fn listing(modules: &[&str], has_direct: bool) -> String {
    let modules: Vec<_> = modules.iter().map(rust::ident).collect();
    let direct = has_direct.then(|| {
        quote!(
            pub use super::direct::*;
        )
    });
    rust::file([quote!(#(mod #modules;)* #(pub use #modules::*;)* #direct)])
}

/// The file of some builders: for each operation the client's method, and the builder it starts. `root` is the way to
/// the root of the generated code.
fn module(folder: Folder, root: &TokenStream, mut items: Vec<Part>) -> String {
    let mut used = Used::default();
    for item in &mut items {
        match item {
            Part::Item(item) => used.visit_item_mut(item),
            Part::Raw(tokens) => used.visit_token_stream_mut(tokens),
        }
    }
    let Used(used) = used;
    let named =
        |names: &[&str]| -> Vec<Ident> { names.iter().filter(|name| used.contains(**name)).map(rust::ident).collect() };
    let runtime = named(&RUNTIME);
    let progenitor = named(&PROGENITOR);
    let (hooks, client) = match folder {
        // A trait, whose methods are called without its name.
        Folder::Builder => (quote!(ClientHooks,), quote!(Client)),
        Folder::Direct => (TokenStream::new(), quote!({begin, send, Client})),
    };
    let types = used.contains(TYPES).then(|| {
        quote!(
            use #root::types;
        )
    });
    let imports = quote! {
        use oas_client_runtime::{#(#runtime),*};
        use progenitor_client::{#hooks #(#progenitor),*};
        use #root::client::#client;
        #types
    };
    rust::file_of(TokenStream::new(), rust::parsed(imports).into_iter().chain(items))
}

/// The client's method for an operation.
fn method(planned: Planned<'_>, request: &Request<'_>) -> TokenStream {
    let docs = wording::method(planned, request);
    let ident = rust::ident(&request.item.method_ident);
    let builder = &request.builder;
    quote! {
        impl Client {
            #docs
            pub fn #ident(&self) -> #builder<'_> {
                #builder::new(self)
            }
        }
    }
}

/// Which of the names that can be imported occur.
#[derive(Default)]
struct Used(BTreeSet<&'static str>);

impl VisitMut for Used {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        let text = ident.to_string();
        let known = RUNTIME.iter().chain(&PROGENITOR).chain([&TYPES]);
        self.0.extend(known.copied().find(|name| *name == text));
    }

    /// Macros and attributes hold tokens that nobody has parsed.
    fn visit_token_stream_mut(&mut self, tokens: &mut TokenStream) {
        for token in tokens.clone() {
            match token {
                TokenTree::Ident(mut ident) => self.visit_ident_mut(&mut ident),
                TokenTree::Group(group) => self.visit_token_stream_mut(&mut group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}
