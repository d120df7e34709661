//! The types package: a file per component, a file per group of operations, credentials; all re-exported flat.

mod content;
mod credentials;
mod fixed;
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
pub(crate) use setters::{construct, converts};

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use oas_model::Api;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::plan::Reading;
use crate::plan::{AliasItem, Plan, TypeItem, TypeKind};
use crate::rust::Printed;
use crate::{Emitted, GeneratedFile, docs, rust};

use self::imports::Imports;

/// What the emitters of single types need to know.
struct Context<'a> {
    api: &'a Api,
    plan: &'a Plan,
    /// The types that a union has to tell from others.
    branches: BTreeSet<usize>,
}

/// The items of one file, and what they need from elsewhere.
#[derive(Default)]
struct Module {
    items: Printed,
    imports: Imports,
    /// The types whose traits a macro of the runtime implements, by its name.
    macros: BTreeMap<&'static str, Vec<proc_macro2::Ident>>,
    /// The structs of what must be there, for the module `new`.
    new: Vec<TokenStream>,
}

impl Module {
    /// Adds what is made of a struct.
    fn add_struct(&mut self, made: structure::Struct) {
        let structure::Struct { item, new } = made;
        self.items.push(item);
        if let Some(new) = new {
            self.imports.new_structs();
            self.new.push(new);
        }
    }

    /// The calls of macros, which come last.
    fn macro_calls(&self, reading: Reading) -> Vec<TokenStream> {
        let how = (reading == Reading::Exact).then(|| quote!(exact:));
        let calls = self.macros.iter().map(|(name, types)| {
            let name = format_ident!("{name}");
            quote!(oas_types_runtime::#name! { #how #(#types)* })
        });
        calls.collect()
    }
}

/// The files of the types package below `src/generated`.
pub fn emit(api: &Api, plan: &Plan) -> Emitted {
    let context = Context { api, plan, branches: fixed::branches(plan) };
    let mut modules: BTreeMap<String, Module> = BTreeMap::new();
    operation::emit(&context, &mut modules);
    for (index, item) in context.types_in_order() {
        let module = modules.entry(item.module.clone()).or_default();
        module.imports.add_type(item);
        context.type_item(index, item, module);
    }
    let files_of_types: BTreeMap<_, _> = plan.types.iter().map(|item| (&item.name, &item.module)).collect();
    for alias in &plan.aliases {
        let module = modules.entry(alias.module.clone()).or_default();
        // A type of the same file needs no import.
        if files_of_types.get(&alias.target).is_some_and(|file| **file != alias.module) {
            module.imports.other(&alias.target);
        }
        module.items.push(other_name(alias));
    }
    if !plan.schemes.is_empty() {
        modules.insert("credentials".to_owned(), credentials::emit(&context));
    }
    Emitted { files: files(api, plan, modules), diagnostics: Vec::new() }
}

impl Context<'_> {
    /// The types as they stand in their files: a component first, then what is inside of it, in the document's order.
    fn types_in_order(&self) -> Vec<(usize, &TypeItem)> {
        let mut types: Vec<(usize, &TypeItem)> = self.plan.printed_types().collect();
        types.sort_by_key(|(_, item)| (item.schema, item.name.clone()));
        types.sort_by_key(|(_, item)| self.api.schemas[item.schema].component.is_none());
        types
    }

    /// Adds a type to its file.
    fn type_item(&self, index: usize, item: &TypeItem, module: &mut Module) {
        let name = rust::ident(&item.name);
        let implementor = match &item.kind {
            TypeKind::Struct(structure) => {
                module.add_struct(structure::emit(self, item, structure, self.branches.contains(&index)));
                "records"
            }
            TypeKind::StringEnum(variants) => {
                module.items.push(string_enum::emit(item, variants));
                "text_enums"
            }
            TypeKind::IntegerEnum(variants) => {
                module.items.push(integer_enum::emit(item, variants));
                "integer_enums"
            }
            TypeKind::Union(union) => {
                module.items.push(union::emit(self, item, union));
                "serde_traits"
            }
            TypeKind::Newtype(inner) => {
                module.items.push(newtype::emit(self, item, inner));
                "newtypes"
            }
        };
        module.macros.entry(implementor).or_default().push(name);
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

/// What is said of the module `new`.
const NEW: &str = "What values must have, by name: each struct converts into the type of the same name outside of this \
                   module.\n\nA member that is missing does not compile, and nobody mixes two up by their order.";

/// The text of every file.
fn files(api: &Api, plan: &Plan, modules: BTreeMap<String, Module>) -> Vec<GeneratedFile> {
    let mut files = Vec::with_capacity(modules.len() + 3);
    let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut new = Vec::new();
    for (path, mut module) in modules {
        new.append(&mut module.new);
        let mut inner = path.as_str();
        while let Some((folder, name)) = inner.rsplit_once('/') {
            folders.entry(folder.to_owned()).or_default().insert(name.to_owned());
            inner = folder;
        }
        folders.entry(String::new()).or_default().insert(inner.to_owned());
        module.items.extend(module.macro_calls(plan.reading));
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
    let new = (!new.is_empty()).then(|| {
        let doc = crate::docs::inner(NEW);
        files.push(file("new", rust::file_with(doc, new)));
        quote!(
            pub mod new;
        )
    });
    let modules = modules_of(&top);
    // What is printed in parts is not compiled.
    let schemas = (!plan.types.is_empty() && plan.printed.is_none()).then(|| {
        files.push(file("json_schemas", rust::file(schema::of_all(api, plan))));
        quote! {
            #[cfg(feature = "schemars")]
            mod json_schemas;
            #[cfg(feature = "schemars")]
            pub use json_schemas::json_schemas;
        }
    });
    let root = quote!(#new #modules pub use oas_types_runtime as runtime; #schemas);
    files.push(file("mod", rust::file_with(lints(), [root])));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The lints that the generated modules are free of.
fn lints() -> TokenStream {
    quote! {
        #![allow(
            clippy::all,
            clippy::pedantic,
            deprecated,
            missing_docs,
            reason = "names, sizes and words are the document's"
        )]
    }
}

/// `mod` and `pub use` lines that make the items of modules items of this one.
fn modules_of(names: &BTreeSet<String>) -> TokenStream {
    let names: Vec<_> = names.iter().map(rust::ident).collect();
    quote!(#(mod #names;)* #(pub use #names::*;)*)
}

fn file(path: &str, contents: String) -> GeneratedFile {
    GeneratedFile { path: PathBuf::from(format!("src/generated/{path}.rs")), contents }
}
