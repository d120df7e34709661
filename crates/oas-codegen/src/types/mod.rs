//! The types package: a file per component, a file per group of operations, credentials; all re-exported flat.

mod children;
mod content;
mod credentials;
mod features;
mod fixed;
mod imports;
mod integer_enum;
mod module;
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
use quote::quote;

use crate::plan::{AliasItem, Ident, Plan, RustType, TypeIndex, TypeItem, TypeKind};
use crate::{Emitted, GeneratedFile, docs, rust};

use self::features::{Condition, Features};
use self::module::Module;

/// What the emitters of single types need to know.
struct Context<'a> {
    api: &'a Api,
    plan: &'a Plan,
    features: Features<'a>,
    /// The types that a union has to tell from others.
    branches: BTreeSet<usize>,
}

/// The files of the types package below `src/generated`.
pub fn emit(api: &Api, plan: &Plan) -> Emitted {
    // What is printed in parts is not compiled.
    let schemas = if plan.printed.is_none() { schema::settle_all(api, plan) } else { Vec::new() };
    let edges: Vec<_> = schemas.iter().flat_map(schema::TypeSchema::edges).collect();
    let context = Context { api, plan, features: Features::of(plan, &edges), branches: fixed::branches(plan) };
    let mut modules: BTreeMap<String, Module<'_>> = BTreeMap::new();
    operation::emit(&context, &mut modules);
    for (index, item) in context.types_in_order() {
        let module = modules.entry(item.module.clone()).or_default();
        module.imports.add_type(item);
        context.type_item(index, item, module);
    }
    let types: BTreeMap<&Ident, usize> =
        plan.types.iter().enumerate().map(|(index, item)| (&item.name, index)).collect();
    for alias in &plan.aliases {
        let module = modules.entry(alias.module.clone()).or_default();
        let target = TypeIndex(types[&alias.target]);
        module.imports.add(&RustType::Named(target));
        module.add(&context.features.of_type(target), [other_name(alias)]);
    }
    if !plan.schemes.is_empty() {
        modules.insert("credentials".to_owned(), credentials::emit(&context));
    }
    Emitted { files: files(&context, modules, &schemas), diagnostics: Vec::new() }
}

impl<'a> Context<'a> {
    /// The types as they stand in their files: a component first, then what is inside of it, in the document's order.
    fn types_in_order(&self) -> Vec<(usize, &TypeItem)> {
        let mut types: Vec<(usize, &TypeItem)> = self.plan.printed_types().collect();
        types.sort_by_key(|(_, item)| (item.schema, item.name.clone()));
        types.sort_by_key(|(_, item)| self.api.schemas[item.schema].component.is_none());
        types
    }

    /// Adds a type to its file.
    fn type_item(&self, index: usize, item: &TypeItem, module: &mut Module<'a>) {
        let name = rust::ident(&item.name);
        let condition = self.features.of_type(TypeIndex(index));
        let implementor = match &item.kind {
            TypeKind::Struct(structure) => {
                module.add_struct(&condition, structure::emit(self, item, structure, self.branches.contains(&index)));
                "records"
            }
            TypeKind::StringEnum(variants) => {
                module.add(&condition, [string_enum::emit(item, variants)]);
                "text_enums"
            }
            TypeKind::IntegerEnum(variants) => {
                module.add(&condition, [integer_enum::emit(item, variants)]);
                "integer_enums"
            }
            TypeKind::Union(union) => {
                module.add(&condition, [union::emit(self, item, union)]);
                "serde_traits"
            }
            TypeKind::Newtype(inner) => {
                module.add(&condition, [newtype::emit(self, item, inner)]);
                "newtypes"
            }
        };
        module.implement(&condition, implementor, name);
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
fn files(
    context: &Context<'_>,
    modules: BTreeMap<String, Module<'_>>,
    schemas: &[schema::TypeSchema<'_>],
) -> Vec<GeneratedFile> {
    let Context { plan, features, .. } = context;
    let mut files = Vec::with_capacity(modules.len() + 4);
    let mut folders: BTreeMap<String, BTreeMap<String, Condition<'_>>> = BTreeMap::new();
    let mut new = Vec::new();
    for (path, mut module) in modules {
        let condition = module.condition(features);
        new.extend(module.new_structs());
        let mut inner = path.as_str();
        let mut of_inner = condition.clone();
        while let Some((folder, name)) = inner.rsplit_once('/') {
            folders.entry(folder.to_owned()).or_default().insert(name.to_owned(), std::mem::take(&mut of_inner));
            inner = folder;
        }
        folders.entry(String::new()).or_default().insert(inner.to_owned(), of_inner);
        files.push(file(&path, module.text(plan, &path, features, &condition)));
    }
    let mut top = folders.remove("").unwrap_or_default();
    for (folder, names) in folders {
        files.push(file(&format!("{folder}/mod"), rust::file(std::iter::once(modules_of(&names)))));
    }
    if Needs::of(plan).futures_core {
        files.push(file("stream", support::stream()));
        top.insert("stream".to_owned(), Condition::default());
    }
    let new = (!new.is_empty()).then(|| {
        let doc = crate::docs::inner(NEW);
        files.push(file("new", rust::file_with(doc, new)));
        quote!(
            pub mod new;
        )
    });
    let modules = modules_of(&top);
    let schemas = (!schemas.is_empty()).then(|| {
        files.push(file("json_schemas", rust::file(schema::file(schemas, features))));
        quote! {
            #[cfg(feature = "schemars")]
            mod json_schemas;
            #[cfg(feature = "schemars")]
            pub use json_schemas::json_schemas;
        }
    });
    let root = quote!(#new #modules pub use oas_types_runtime as runtime; #schemas);
    files.push(file("mod", rust::file_with(lints(plan), [root])));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The lints that the generated modules are free of.
fn lints(plan: &Plan) -> TokenStream {
    if plan.group_features().next().is_some() {
        return quote! {
            #![allow(
                clippy::all,
                clippy::pedantic,
                dead_code,
                deprecated,
                missing_docs,
                unused_imports,
                unused_variables,
                reason = "names, sizes and words are the document's, and features leave parts of it out"
            )]
        };
    }
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
fn modules_of(modules: &BTreeMap<String, Condition<'_>>) -> TokenStream {
    let attributes: Vec<_> = modules.values().map(Condition::attribute).collect();
    let names: Vec<_> = modules.keys().map(rust::ident).collect();
    quote!(#(#attributes mod #names;)* #(#attributes pub use #names::*;)*)
}

fn file(path: &str, contents: String) -> GeneratedFile {
    GeneratedFile { path: PathBuf::from(format!("src/generated/{path}.rs")), contents }
}
