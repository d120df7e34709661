//! `JsonSchema`: each type has the schema that the document gives it.

use std::collections::BTreeMap;

use oas_model::json_schema::{self, Direction};
use oas_model::{Api, SchemaId};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::plan::{Plan, TypeItem};
use crate::rust;

/// The file with the schemas of all types.
pub(super) fn of_all(api: &Api, plan: &Plan) -> Vec<TokenStream> {
    let ids = plan.types.iter().map(|item| item.schema);
    let exported = json_schema::export_all(api, ids, Direction::Response);
    let definitions = exported.document.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let types = types_by_reference(plan, &exported.references);
    let names: Vec<&str> = plan.types.iter().map(|item| item.name.as_str()).collect();
    let idents = names.iter().map(rust::ident);
    let all = quote! {
        /// The schema of every type, by its name. What they refer to is in the definitions of `generator`.
        pub fn json_schemas(
            generator: &mut schemars::SchemaGenerator,
        ) -> std::collections::BTreeMap<&'static str, schemars::Schema> {
            use schemars::JsonSchema as _;
            std::collections::BTreeMap::from([
                #((#names, super::#idents::json_schema(generator)),)*
            ])
        }
    };
    let each = plan.types.iter().map(|item| {
        let reference = exported.references.get(&item.schema);
        let schema = reference.and_then(|reference| definitions.get(reference.strip_prefix("#/$defs/")?));
        implementation(item, schema.unwrap_or(&Value::Bool(true)), &types, &definitions)
    });
    std::iter::once(all).chain(each).collect()
}

/// The type that stands for each definition: the one with the first name, where several do.
fn types_by_reference<'a>(
    plan: &'a Plan,
    references: &'a BTreeMap<SchemaId, String>,
) -> BTreeMap<&'a str, &'a TypeItem> {
    let mut types = BTreeMap::new();
    for item in &plan.types {
        if let Some(reference) = references.get(&item.schema) {
            types.entry(reference.as_str()).or_insert(item);
        }
    }
    types
}

fn implementation(
    item: &TypeItem,
    schema: &Value,
    types: &BTreeMap<&str, &TypeItem>,
    definitions: &serde_json::Map<String, Value>,
) -> TokenStream {
    let name = item.name.as_str();
    let ident = rust::ident(&item.name);
    let mut schema = schema.clone();
    let mut used = BTreeMap::new();
    settle(&mut schema, types, definitions, &mut used, 0);
    let text = schema.to_string();
    let references = used.iter().map(|(reference, target)| {
        let target = rust::ident(&target.name);
        quote!((#reference, schemars::SchemaGenerator::subschema_for::<super::#target>))
    });
    quote! {
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
fn settle<'a>(
    schema: &mut Value,
    types: &BTreeMap<&'a str, &'a TypeItem>,
    definitions: &serde_json::Map<String, Value>,
    used: &mut BTreeMap<&'a str, &'a TypeItem>,
    depth: usize,
) {
    match schema {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                if let Some((reference, item)) = types.get_key_value(reference) {
                    used.insert(reference, item);
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
