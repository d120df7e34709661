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

/// The schema of a type, with the types that it refers to.
pub(super) struct TypeSchema<'a> {
    index: TypeIndex,
    item: &'a TypeItem,
    text: String,
    references: BTreeMap<String, (TypeIndex, &'a TypeItem)>,
}

impl TypeSchema<'_> {
    /// The type, with each of those that its schema refers to.
    pub(super) fn edges(&self) -> impl Iterator<Item = (TypeIndex, TypeIndex)> {
        self.references.values().map(|(target, _)| (self.index, *target))
    }
}

/// The schemas of all types.
pub(super) fn settle_all<'a>(api: &Api, plan: &'a Plan) -> Vec<TypeSchema<'a>> {
    let ids = plan.types.iter().map(|item| item.schema);
    let exported = json_schema::export_all(api, ids, Direction::Response);
    let definitions = exported.document.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
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

/// The file with the schemas of all types.
pub(super) fn file(schemas: &[TypeSchema<'_>], features: &Features<'_>) -> Vec<TokenStream> {
    let all = schemas.iter().map(|TypeSchema { index, item, .. }| {
        let (name, ident) = (item.name.as_str(), rust::ident(&item.name));
        let feature = features.of_type(*index).attribute();
        quote!(#feature (#name, super::#ident::json_schema(generator)),)
    });
    let all = quote! {
        /// The schema of every type, by its name. What they refer to is in the definitions of `generator`.
        pub fn json_schemas(
            generator: &mut schemars::SchemaGenerator,
        ) -> std::collections::BTreeMap<&'static str, schemars::Schema> {
            use schemars::JsonSchema as _;
            std::collections::BTreeMap::from([#(#all)*])
        }
    };
    std::iter::once(all).chain(schemas.iter().map(|schema| implementation(schema, features))).collect()
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

fn implementation(schema: &TypeSchema<'_>, features: &Features<'_>) -> TokenStream {
    let TypeSchema { index, item, text, references } = schema;
    let (name, ident) = (item.name.as_str(), rust::ident(&item.name));
    let feature = features.of_type(*index).attribute();
    let references = references.iter().map(|(reference, (_, target))| {
        let target = rust::ident(&target.name);
        quote!((#reference, schemars::SchemaGenerator::subschema_for::<super::#target>))
    });
    quote! {
        #feature
        impl schemars::JsonSchema for super::#ident {
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
