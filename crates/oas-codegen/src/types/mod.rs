//! The types package: a file per component, a file per group of operations, credentials; all re-exported flat.

mod children;
mod content;
mod credentials;
mod features;
mod fixed;
mod imports;
mod integer_enum;
mod layout;
mod module;
mod new_struct;
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

use oas_model::Api;
use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{AliasItem, Ident, Plan, RustType, TypeIndex, TypeItem, TypeKind};
use crate::{Emitted, docs, rust};

use self::features::Features;
use self::layout::Modules;
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
    let mut modules = Modules::default();
    operation::emit(&context, &mut modules);
    for (index, item) in context.types_in_order() {
        let module = modules.part(&item.module, item.name.as_str());
        module.imports.define(TypeIndex(index));
        module.imports.add_type(item);
        context.type_item(index, item, module);
    }
    let types: BTreeMap<&Ident, usize> =
        plan.types.iter().enumerate().map(|(index, item)| (&item.name, index)).collect();
    for alias in &plan.aliases {
        let module = modules.part(&alias.module, alias.name.as_str());
        let target = TypeIndex(types[&alias.target]);
        module.imports.add(&RustType::Named(target));
        module.add(&context.features.of_type(target), [other_name(alias)]);
    }
    if !plan.schemes.is_empty() {
        credentials::emit(&context, modules.part("credentials", "credentials"));
    }
    Emitted { files: layout::files(&context, modules, &schemas), diagnostics: Vec::new() }
}

impl<'a> Context<'a> {
    /// The types as they stand in their files: a component first, then what is inside of it, in the document's order.
    fn types_in_order(&self) -> Vec<(usize, &'a TypeItem)> {
        let mut types: Vec<(usize, &'a TypeItem)> = self.plan.printed_types().collect();
        types.sort_by_key(|(_, item)| (item.schema, item.name.clone()));
        types.sort_by_key(|(_, item)| self.api.schemas[item.schema].component.is_none());
        types
    }

    /// Adds a type to its file.
    fn type_item(&self, index: usize, item: &'a TypeItem, module: &mut Module<'a>) {
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
