//! The files of the types package: what stands in each, and the modules around them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::quote;

use super::features::{Condition, Features};
use super::module::Module;
use super::{Context, Needs, new_struct, schema, support};
use crate::plan::Plan;
use crate::spread::{self, Part};
use crate::{GeneratedFile, rust};

/// The items of the package, by the paths of their files; what an operation or a type becomes stays together.
#[derive(Default)]
pub(super) struct Modules<'a>(BTreeMap<String, Vec<Named<'a>>>);

/// What an operation or a type becomes, with its name.
type Named<'a> = (&'a str, Module<'a>);

impl<'a> Modules<'a> {
    /// A part of the file at `path`, for what `name` becomes.
    pub(super) fn part(&mut self, path: &str, name: &'a str) -> &mut Module<'a> {
        let parts = self.0.entry(path.to_owned()).or_default();
        let at = parts.len();
        parts.push((name, Module::default()));
        &mut parts[at].1
    }

    /// The files by their paths: what would be too long is a folder of several.
    fn into_files(self, features: &Features<'_>) -> BTreeMap<String, Module<'a>> {
        let mut files = BTreeMap::new();
        for (path, named) in spread_folders(self.0, features) {
            let Some(parts) = spread::spread(named.iter().map(|(name, module)| (*name, module.lines()))) else {
                files.insert(path, together(named));
                continue;
            };
            let mut named: Vec<Option<Named<'a>>> = named.into_iter().map(Some).collect();
            for Part { module, items } in parts {
                let own = items.into_iter().filter_map(|at| named.get_mut(at)?.take());
                files.insert(format!("{path}/{module}"), together(own));
            }
        }
        files
    }
}

/// One file of all.
fn together<'a>(named: impl IntoIterator<Item = Named<'a>>) -> Module<'a> {
    let mut all = Module::default();
    named.into_iter().for_each(|(_, module)| all.append(module));
    all
}

/// Gives a folder that has too many files for one list of them folders of its own.
fn spread_folders<'a>(
    mut modules: BTreeMap<String, Vec<Named<'a>>>,
    features: &Features<'_>,
) -> BTreeMap<String, Vec<Named<'a>>> {
    let mut folders: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
    for (path, named) in &modules {
        let Some((folder, name)) = path.rsplit_once('/') else { continue };
        // Each file is declared and exported, with its condition.
        let condition = features.of_any(named.iter().flat_map(|(_, module)| module.conditions()));
        folders.entry(folder.to_owned()).or_default().push((name.to_owned(), 2 + 2 * condition.lines()));
    }
    for (folder, files) in folders {
        let Some(parts) = spread::spread(files.iter().map(|(name, lines)| (name.as_str(), *lines))) else { continue };
        for Part { module, items } in parts {
            for (name, _) in items.into_iter().filter_map(|at| files.get(at)) {
                let Some(named) = modules.remove(&format!("{folder}/{name}")) else { continue };
                modules.insert(format!("{folder}/{module}/{name}"), named);
            }
        }
    }
    modules
}

/// The text of every file.
pub(super) fn files(
    context: &Context<'_>,
    modules: Modules<'_>,
    schemas: &[schema::TypeSchema<'_>],
) -> Vec<GeneratedFile> {
    let Context { plan, features, .. } = context;
    let modules = modules.into_files(features);
    let mut files = Vec::with_capacity(modules.len() + 4);
    let mut folders: BTreeMap<String, BTreeMap<String, Condition<'_>>> = BTreeMap::new();
    let mut new = Vec::new();
    for (path, mut module) in modules {
        let condition = features.of_any(module.conditions());
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
    let new_files = new_struct::files(plan, &new);
    let new = (!new_files.is_empty()).then(|| {
        quote!(
            pub mod new;
        )
    });
    let schema_files = schema::files(schemas, features);
    let schemas = (!schema_files.is_empty()).then(|| {
        quote! {
            #[cfg(feature = "schemars")]
            mod json_schemas;
            #[cfg(feature = "schemars")]
            pub use json_schemas::json_schemas;
        }
    });
    files.extend(new_files.into_iter().chain(schema_files).map(|(path, text)| file(&path, text)));
    let modules = modules_of(&top);
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
