//! Schemas of generated types for `schemars`.

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

/// Gives the schema of another type.
type OfType = fn(&mut SchemaGenerator) -> Schema;

/// The schema that a document gives a type. `references` are the types that it refers to, by what it calls them.
///
/// A text that is no schema gives the schema that takes everything; generated code has none.
pub fn document_schema(generator: &mut SchemaGenerator, text: &str, references: &[(&str, OfType)]) -> Schema {
    let mut schema = serde_json::from_str(text).unwrap_or(Value::Bool(true));
    for (reference, of_type) in references {
        let target = of_type(generator);
        let target = target.as_value().get("$ref").and_then(Value::as_str).unwrap_or(reference);
        rename(&mut schema, reference, target);
    }
    Schema::try_from(schema).unwrap_or_default()
}

fn rename(schema: &mut Value, from: &str, to: &str) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(reference) if name == "$ref" && reference == from => to.clone_into(reference),
                    other => rename(other, from, to),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        _ => {}
    }
}
