//! The command line: a table of the operations, and for each the call of the client that it stands for.

mod body;
mod call;
mod connect;
mod flags;
mod package;
mod table;

use std::path::PathBuf;

use oas_model::{Api, Operation};
use proc_macro2::TokenStream;
use quote::quote;

pub use self::package::package;
use crate::client::surface::{self, Surface};
use crate::plan::{GroupItem, OperationItem, Plan};
use crate::rust::{self, ident};
use crate::{Emitted, GeneratedFile};

/// The names of the packages that the generated command line uses, as crates.
struct Crates {
    types: TokenStream,
    client: TokenStream,
}

/// An operation that the client can call.
struct Called<'a> {
    item: &'a OperationItem,
    operation: &'a Operation,
    surface: Surface<'a>,
}

/// The operations of a group, in the order of the document.
fn operations<'a>(api: &'a Api, plan: &'a Plan, group: &'a GroupItem) -> impl Iterator<Item = Called<'a>> {
    let items = group.operations.iter().map(|id| &plan[*id]);
    items.map(|item| Called { item, operation: &api[item.operation], surface: surface::of(api, plan, item) })
}

/// The generated part of the command line's package: `src/generated/`.
pub fn emit(api: &Api, plan: &Plan) -> Emitted {
    let krate = |package: &str| {
        let name = ident(package.replace('-', "_"));
        // A tag may have the name of a crate.
        quote!(::#name)
    };
    let crates = Crates { types: krate(&plan.packages.types), client: krate(&plan.packages.client) };
    let mut files = vec![file("mod", root(api, plan, &crates))];
    let mut diagnostics: Vec<_> = connect::notes(api, plan).collect();
    for group in &plan.groups {
        let operations: Vec<Called<'_>> = operations(api, plan, group).collect();
        diagnostics.extend(
            operations.iter().filter_map(|one| body::note(one.item, one.operation, &body::of(one.item, &one.surface))),
        );
        if group.is_split() {
            files.extend(split(plan, group, &operations, &crates));
        } else {
            files.push(file(group.module.as_str(), rust::file(group_items(plan, group, &operations, &crates))));
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Emitted { files, diagnostics }
}

fn file(module: &str, contents: String) -> GeneratedFile {
    GeneratedFile { path: PathBuf::from(format!("src/generated/{module}.rs")), contents }
}

/// `mod.rs`: the program, its client, and the operation behind an id.
fn root(api: &Api, plan: &Plan, crates: &Crates) -> String {
    let modules = plan.groups.iter().map(|group| {
        let module = ident(&group.module);
        quote!(mod #module;)
    });
    let arms = plan.groups.iter().flat_map(|group| {
        let module = ident(&group.module);
        operations(api, plan, group).map(move |one| {
            let (id, method) = (&one.item.id, ident(&one.item.method_ident));
            quote!(#id => #module::#method(client, input).await)
        })
    });
    let client = &crates.client;
    let mut items: Vec<TokenStream> = modules.collect();
    items.push(quote! {
        use #client::{Client, ClientBuilder};
        use ::oas_cli_runtime::{Answer, Failure, Group, Input, Program, Scheme, Settings};
    });
    items.push(table::program(api, plan));
    items.push(connect::function(api, plan));
    items.push(quote! {
        /// Calls the operation `id` with what was typed.
        ///
        /// # Errors
        /// When the input does not fit, the server cannot be reached, or it answers with an error.
        pub(crate) async fn call(client: &Client, id: &str, input: Input) -> Result<Answer, Failure> {
            match id {
                #(#arms,)*
                _ => Err(Failure::Usage(format!("there is no operation {id}"))),
            }
        }
    });
    let lints = quote! {
        #![allow(
            clippy::all,
            clippy::pedantic,
            deprecated,
            unused_imports,
            unused_mut,
            unused_variables,
            reason = "names, sizes and words are the document's, and every operation is called in the same way"
        )]
    };
    rust::file_with(lints, items)
}

/// The files of a group of many operations: one for each, and one that lists them.
fn split(plan: &Plan, group: &GroupItem, operations: &[Called<'_>], crates: &Crates) -> Vec<GeneratedFile> {
    let folder = group.module.as_str();
    let own = operations.iter().map(|one| {
        let table = table::operation(plan, one);
        let mut items = vec![imports(crates)];
        items.push(quote! {
            /// Its part of the table.
            pub(super) const OPERATION: Operation = #table;
        });
        items.push(call::function(plan, one.item, &one.surface, crates, &quote!(in super::super)));
        file(&format!("{folder}/{}", one.item.own_module().as_str()), rust::file(items))
    });
    let modules: Vec<_> = operations.iter().map(|one| ident(one.item.own_module())).collect();
    let methods = operations.iter().map(|one| ident(&one.item.method_ident));
    let listing = quote! {
        #(mod #modules;)*
        #(pub(super) use #modules::#methods;)*
        use ::oas_cli_runtime::Group;
    };
    let listing = rust::file([listing, table::group(plan, group, operations)]);
    own.chain([file(&format!("{folder}/mod"), listing)]).collect()
}

/// What the code of commands names.
fn imports(crates: &Crates) -> TokenStream {
    let client = &crates.client;
    quote! {
        use #client::Client;
        use ::oas_cli_runtime::{Answer, Argument, Body, Failure, Group, Input, Operation, Target, ValueKind, answer};
    }
}

/// The file of a group: its part of the table, then its calls.
fn group_items(plan: &Plan, group: &GroupItem, operations: &[Called<'_>], crates: &Crates) -> Vec<TokenStream> {
    let calls = operations.iter().map(|one| call::function(plan, one.item, &one.surface, crates, &quote!(super)));
    [imports(crates), table::group(plan, group, operations)].into_iter().chain(calls).collect()
}
