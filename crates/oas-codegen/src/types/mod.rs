//! The types package: a file per component, a file per group of operations, credentials; all re-exported flat.

mod body_json;
mod credentials;
mod imports;
mod integer_enum;
mod newtype;
mod operation;
mod outcome;
mod package;
mod schema;
mod setters;
mod string_enum;
mod structure;
mod support;
mod traits;
mod union;

pub use package::{Needs, package};

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use oas_model::Api;
use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{AliasItem, Plan, TypeItem, TypeKind};
use crate::rust::Printed;
use crate::{Emitted, GeneratedFile, docs, rust};

use self::imports::Imports;
use self::support::Support;
use self::traits::Traits;

/// What the emitters of single types need to know.
struct Context<'a> {
    api: &'a Api,
    plan: &'a Plan,
    traits: Traits,
}

/// The items of one file, and what they need from elsewhere.
#[derive(Default)]
struct Module {
    items: Printed,
    imports: Imports,
}

/// The files of the types package below `src/generated`.
pub fn emit(api: &Api, plan: &Plan) -> Emitted {
    let context = Context { api, plan, traits: Traits::of(plan) };
    let mut modules: BTreeMap<String, Module> = BTreeMap::new();
    let mut support = Support::default();
    operation::emit(&context, &mut modules, &mut support);
    for item in context.types_in_order() {
        let module = modules.entry(item.module.clone()).or_default();
        module.imports.add_type(plan, item);
        let tokens = context.type_item(item, &mut support);
        module.items.push(tokens);
    }
    for alias in &plan.aliases {
        let module = modules.entry(alias.module.clone()).or_default();
        module.imports.other(&alias.target);
        module.items.push(other_name(alias));
    }
    if !plan.schemes.is_empty() {
        modules.insert("credentials".to_owned(), credentials::emit(&context));
    }
    Emitted { files: files(plan, modules, &support), diagnostics: Vec::new() }
}

impl Context<'_> {
    /// The types as they stand in their files: a component first, then what is inside of it, in the document's order.
    fn types_in_order(&self) -> Vec<&TypeItem> {
        let mut types: Vec<&TypeItem> = self.plan.types.iter().collect();
        types.sort_by_key(|item| (item.schema, item.name.clone()));
        types.sort_by_key(|item| self.api.schemas[item.schema].component.is_none());
        types
    }

    fn type_item(&self, item: &TypeItem, support: &mut Support) -> TokenStream {
        match &item.kind {
            TypeKind::Struct(structure) => structure::emit(self, item, structure, support),
            TypeKind::StringEnum(variants) => string_enum::emit(item, variants),
            TypeKind::IntegerEnum(variants) => integer_enum::emit(item, variants),
            TypeKind::Union(union) => union::emit(self, item, union, support),
            TypeKind::Newtype(inner) => newtype::emit(self, item, inner),
        }
    }
}

/// The alias of a component that is nothing but a reference.
fn other_name(alias: &AliasItem) -> TokenStream {
    let AliasItem { name, target, .. } = alias;
    let doc = format!(" The same as [`{target}`].");
    let (name, target) = (rust::ident(name), rust::ident(target));
    quote!(#[doc = #doc] pub type #name = #target;)
}

/// Documentation and deprecation of a type.
fn attributes(item: &TypeItem) -> TokenStream {
    let doc = docs::outer(&item.doc);
    let deprecated = deprecated(item.deprecated);
    quote!(#doc #deprecated)
}

/// `#[deprecated]`, when the document says so.
fn deprecated(is_deprecated: bool) -> TokenStream {
    if is_deprecated { quote!(#[deprecated]) } else { TokenStream::new() }
}

/// The text of every file.
fn files(plan: &Plan, modules: BTreeMap<String, Module>, support: &Support) -> Vec<GeneratedFile> {
    let mut files = Vec::with_capacity(modules.len() + 4);
    let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, module) in modules {
        let mut inner = path.as_str();
        while let Some((folder, name)) = inner.rsplit_once('/') {
            folders.entry(folder.to_owned()).or_default().insert(name.to_owned());
            inner = folder;
        }
        folders.entry(String::new()).or_default().insert(inner.to_owned());
        let uses = module.imports.tokens(plan, &path);
        files.push(file(&path, module.items.file(uses)));
    }
    let mut top = folders.remove("").unwrap_or_default();
    for (folder, names) in folders {
        files.push(file(&format!("{folder}/mod"), rust::file(std::iter::once(modules_of(&names)))));
    }
    if Needs::of(plan).futures_core {
        files.push(file("stream", support::stream()));
        top.insert("stream".to_owned());
    }
    let own = support.text().map(|text| {
        files.push(file("support", text));
        quote!(
            mod support;
        )
    });
    let modules = modules_of(&top);
    let schemas = (!plan.types.is_empty()).then(|| {
        files.push(file("json_schemas", rust::file([schema::of_all(plan)])));
        quote! {
            #[cfg(feature = "schemars")]
            mod json_schemas;
            #[cfg(feature = "schemars")]
            pub use json_schemas::json_schemas;
        }
    });
    let lints = quote! {
        #![allow(
            clippy::all,
            clippy::pedantic,
            deprecated,
            missing_docs,
            reason = "names, sizes and words are the document's"
        )]
    };
    files.push(file("mod", rust::file_with(lints, [quote!(#own #modules #schemas)])));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// `mod` and `pub use` lines that make the items of modules items of this one.
fn modules_of(names: &BTreeSet<String>) -> TokenStream {
    let names: Vec<_> = names.iter().map(rust::ident).collect();
    quote!(#(mod #names;)* #(pub use #names::*;)*)
}

fn file(path: &str, contents: String) -> GeneratedFile {
    GeneratedFile { path: PathBuf::from(format!("src/generated/{path}.rs")), contents }
}
