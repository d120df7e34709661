//! The command line: a table of the operations, and for each the call of the client that it stands for.

mod flags;
mod table;

use std::path::PathBuf;

use oas_model::Api;
use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{BodyContent, ContentFormat, GroupItem, OperationItem, Plan, SuccessItem};
use crate::rust::{self, ident, type_tokens};
use crate::{Emitted, GeneratedFile};

/// The names of the packages that the generated command line uses, as crates.
struct Crates {
    types: TokenStream,
    client: TokenStream,
}

/// The generated part of the command line's package: `src/generated/`.
pub fn emit(api: &Api, plan: &Plan) -> Emitted {
    let krate = |package: &str| {
        let name = ident(&package.replace('-', "_"));
        quote!(#name)
    };
    let crates = Crates { types: krate(&plan.packages.types), client: krate(&plan.packages.client) };
    let mut files = vec![file("mod", root(api, plan, &crates))];
    files.extend(plan.groups.iter().map(|group| file(&group.module, group_items(api, plan, group, &crates))));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Emitted { files, diagnostics: Vec::new() }
}

fn file(module: &str, items: Vec<TokenStream>) -> GeneratedFile {
    let name = module.strip_prefix("r#").unwrap_or(module);
    GeneratedFile { path: PathBuf::from(format!("src/generated/{name}.rs")), contents: rust::file(items) }
}

/// `mod.rs`: the program, and the operation behind an id.
fn root(api: &Api, plan: &Plan, crates: &Crates) -> Vec<TokenStream> {
    let modules = plan.groups.iter().map(|group| {
        let module = ident(&group.module);
        quote!(mod #module;)
    });
    let arms = plan.groups.iter().flat_map(|group| {
        let module = ident(&group.module);
        group.operations.iter().filter_map(|index| plan.operations.get(*index)).map(move |operation| {
            let (id, method) = (&operation.id, ident(&operation.method_ident));
            quote!(#id => #module::#method(client, input).await)
        })
    });
    let client = &crates.client;
    let mut items: Vec<TokenStream> = modules.collect();
    items.push(quote! {
        use #client::Client;
        use oas_cli_runtime::{Answer, Failure, Group, Input, Program, Scheme};
    });
    items.push(table::program(api, plan));
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
    items
}

/// The file of a group: its part of the table, then its calls.
fn group_items(api: &Api, plan: &Plan, group: &GroupItem, crates: &Crates) -> Vec<TokenStream> {
    let operations: Vec<&OperationItem> =
        group.operations.iter().filter_map(|index| plan.operations.get(*index)).collect();
    let client = &crates.client;
    let mut items = vec![
        quote! {
            use #client::Client;
            use oas_cli_runtime::{Answer, Argument, Body, Failure, Group, Input, Operation, Target, ValueKind, answer};
        },
        table::group(api, plan, group, &operations),
    ];
    items.extend(operations.into_iter().map(|operation| call(plan, operation, crates)));
    items
}

/// The call of one operation.
fn call(plan: &Plan, operation: &OperationItem, crates: &Crates) -> TokenStream {
    let method = ident(&operation.method_ident);
    let doc = format!(" Calls `{}`.", operation.method_ident);
    let parameters = operation.params.iter().flat_map(|params| &params.fields).map(|field| {
        let (name, setter) = (&field.ident, ident(&field.ident));
        let ty = type_tokens(plan, &field.ty, &crates.types);
        quote! {
            if let Some(value) = input.parameter::<#ty>(#name)? {
                request = request.#setter(value);
            }
        }
    });
    let body = body(plan, operation, crates);
    let answer = answer(operation, crates);
    quote! {
        #[doc = #doc]
        pub(super) async fn #method(client: &Client, mut input: Input) -> Result<Answer, Failure> {
            let mut request = client.#method();
            #(#parameters)*
            #body
            #answer
        }
    }
}

/// How the body is set.
fn body(plan: &Plan, operation: &OperationItem, crates: &Crates) -> TokenStream {
    if operation.body.is_none() {
        return TokenStream::new();
    }
    if let Some(content) = flags::json_content(operation) {
        let ty = type_tokens(plan, &content.ty, &crates.types);
        quote! {
            if let Some(body) = input.json::<#ty>()? {
                request = request.body(body);
            }
        }
    } else {
        quote! {
            if let Some(body) = input.raw() {
                request = request.body(body);
            }
        }
    }
}

/// How the answer is passed on.
fn answer(operation: &OperationItem, crates: &Crates) -> TokenStream {
    let types = &crates.types;
    let error = ident(&operation.error_ident);
    let error = quote!(#types::#error::body_json);
    let kind = match &operation.success {
        SuccessItem::Undocumented => quote!(bytes),
        SuccessItem::Several { ident: success, .. } => {
            let success = ident(success);
            return quote!(answer::by_status(request.send().await, #types::#success::body_json, #error).await);
        }
        SuccessItem::Single(index) => match operation.responses.get(*index).and_then(|one| one.body.as_ref()) {
            None => quote!(empty),
            Some(BodyContent::Single(content)) => match content.format {
                ContentFormat::Json | ContentFormat::Text => quote!(json),
                ContentFormat::EventStream | ContentFormat::JsonLines => quote!(items),
                ContentFormat::Bytes | ContentFormat::Form | ContentFormat::Multipart => quote!(bytes),
            },
            Some(BodyContent::Several { .. }) => quote!(json),
        },
    };
    quote!(answer::#kind(request.send().await, #error).await)
}
