//! `JsonSchema`: each type has the schema that the document gives it.

use std::collections::BTreeMap;

use oas_model::json_schema::{self, Direction};
use oas_model::{Api, SchemaId};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::features::Features;
use crate::plan::{Plan, TypeIndex, TypeItem};
use crate::rust;
use crate::spread::{self, Part};

/// The schema of a type, with the types that it refers to.
pub(super) struct TypeSchema<'a> {
    index: TypeIndex,
    item: &'a TypeItem,
    text: String,
    references: BTreeMap<String, (TypeIndex, &'a TypeItem)>,
}

impl TypeSchema<'_> {
    /// About how many lines it takes, with the attributes of its features.
    fn lines(&self) -> usize {
        22 + 4 * self.references.len()
    }

    /// The type, with each of those that its schema refers to.
    pub(super) fn edges(&self) -> impl Iterator<Item = (TypeIndex, TypeIndex)> {
        self.references.values().map(|(target, _)| (self.index, *target))
    }
}

/// The schemas of all types.
pub(super) fn settle_all<'a>(api: &Api, plan: &'a Plan) -> Vec<TypeSchema<'a>> {
    let ids = plan.types.iter().map(|item| item.schema);
    let mut exported = json_schema::export_all(api, ids, Direction::Response);
    let definitions = match exported.document.get_mut("$defs").map(Value::take) {
        Some(Value::Object(definitions)) => definitions,
        _ => serde_json::Map::new(),
    };
    let types = types_by_reference(plan, &exported.references);
    let each = plan.types.iter().enumerate().map(|(index, item)| {
        let reference = exported.references.get(&item.schema);
        let schema = reference.and_then(|reference| definitions.get(reference.strip_prefix("#/$defs/")?));
        let mut schema = schema.cloned().unwrap_or(Value::Bool(true));
        let mut used = BTreeMap::new();
        settle(&mut schema, &types, &definitions, &mut used, 0);
        let references = used.into_iter().map(|(reference, item)| (reference.to_owned(), item)).collect();
        TypeSchema { index: TypeIndex(index), item, text: schema.to_string(), references }
    });
    each.collect()
}

/// The files with the schemas of all types by their paths below `src/generated`, without `.rs`; none without a type.
pub(super) fn files(schemas: &[TypeSchema<'_>], features: &Features<'_>) -> Vec<(String, String)> {
    if schemas.is_empty() {
        return Vec::new();
    }
    let sizes = schemas.iter().map(|schema| (schema.item.name.as_str(), schema.lines()));
    let Some(parts) = spread::spread(sizes) else {
        let entries = schemas.iter().map(|schema| {
            let TypeSchema { index, item, .. } = schema;
            let (name, ident) = (item.name.as_str(), rust::ident(&item.name));
            let feature = features.of_type(*index).attribute();
            quote!(#feature (#name, super::#ident::json_schema(generator)),)
        });
        let all = function(&quote! {
            use schemars::JsonSchema as _;
            std::collections::BTreeMap::from([#(#entries)*])
        });
        let each = schemas.iter().map(|schema| implementation(schema, features, &quote!(super)));
        return vec![("json_schemas".to_owned(), rust::file(std::iter::once(all).chain(each)))];
    };
    let modules: Vec<_> = parts.iter().map(|part| rust::ident(&part.module)).collect();
    let all = function(&quote! {
        let mut all = std::collections::BTreeMap::new();
        #(#modules::add(generator, &mut all);)*
        all
    });
    let listing = rust::file([quote!(#(mod #modules;)*), all]);
    let part = |part: Part| {
        let own: Vec<&TypeSchema<'_>> = part.items.iter().filter_map(|at| schemas.get(*at)).collect();
        let add = add(&own, features);
        let each = own.iter().map(|schema| implementation(schema, features, &quote!(super::super)));
        (format!("json_schemas/{}", part.module), rust::file(std::iter::once(add).chain(each)))
    };
    parts.into_iter().map(part).chain([("json_schemas/mod".to_owned(), listing)]).collect()
}

/// The function that gives the schemas of all types.
fn function(body: &TokenStream) -> TokenStream {
    quote! {
        /// The schema of every type, by its name. What they refer to is in the definitions of `generator`.
        pub fn json_schemas(
            generator: &mut schemars::SchemaGenerator,
        ) -> std::collections::BTreeMap<&'static str, schemars::Schema> {
            #body
        }
    }
}

/// The function that adds the schemas of some types.
fn add(schemas: &[&TypeSchema<'_>], features: &Features<'_>) -> TokenStream {
    let entries = schemas.iter().map(|TypeSchema { index, item, .. }| {
        let (name, ident) = (item.name.as_str(), rust::ident(&item.name));
        let feature = features.of_type(*index).attribute();
        quote!(#feature all.insert(#name, super::super::#ident::json_schema(generator));)
    });
    quote! {
        pub(super) fn add(
            generator: &mut schemars::SchemaGenerator,
            all: &mut std::collections::BTreeMap<&'static str, schemars::Schema>,
        ) {
            use schemars::JsonSchema as _;
            #(#entries)*
        }
    }
}

/// The type that stands for each definition: the one with the first name, where several do.
fn types_by_reference<'a, 'r>(
    plan: &'a Plan,
    references: &'r BTreeMap<SchemaId, String>,
) -> BTreeMap<&'r str, (TypeIndex, &'a TypeItem)> {
    let mut types = BTreeMap::new();
    for (index, item) in plan.types.iter().enumerate() {
        if let Some(reference) = references.get(&item.schema) {
            types.entry(reference.as_str()).or_insert((TypeIndex(index), item));
        }
    }
    types
}

fn implementation(schema: &TypeSchema<'_>, features: &Features<'_>, types: &TokenStream) -> TokenStream {
    let TypeSchema { index, item, text, references } = schema;
    let (name, ident) = (item.name.as_str(), rust::ident(&item.name));
    let feature = features.of_type(*index).attribute();
    let references = references.iter().map(|(reference, (_, target))| {
        let target = rust::ident(&target.name);
        quote!((#reference, schemars::SchemaGenerator::subschema_for::<#types::#target>))
    });
    quote! {
        #feature
        impl schemars::JsonSchema for #types::#ident {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                #name.into()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                oas_types_runtime::document_schema(generator, #text, &[#(#references),*])
            }
        }
    }
}

/// How deep definitions without a type are written into those that refer to them.
const DEEPEST: usize = 8;

/// Finds the types that a schema refers to, and writes out what has none.
fn settle<'a, 'r>(
    schema: &mut Value,
    types: &BTreeMap<&'r str, (TypeIndex, &'a TypeItem)>,
    definitions: &serde_json::Map<String, Value>,
    used: &mut BTreeMap<&'r str, (TypeIndex, &'a TypeItem)>,
    depth: usize,
) {
    match schema {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                if let Some((reference, item)) = types.get_key_value(reference) {
                    used.insert(reference, *item);
                } else {
                    let target = reference.strip_prefix("#/$defs/").and_then(|name| definitions.get(name));
                    let target = target.filter(|_| depth < DEEPEST).cloned().unwrap_or(Value::Bool(true));
                    members.remove("$ref");
                    members.insert("allOf".to_owned(), Value::Array(vec![target]));
                    return settle(schema, types, definitions, used, depth + 1);
                }
            }
            for (keyword, value) in members {
                if !matches!(keyword.as_str(), "const" | "enum" | "default" | "examples") {
                    settle(value, types, definitions, used, depth);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| settle(item, types, definitions, used, depth)),
        _ => {}
    }
}
