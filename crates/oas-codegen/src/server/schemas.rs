//! The schemas that requests are held against.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use oas_model::json_schema::{self, Direction};
use oas_model::{Api, MediaType, SchemaId};
use serde_json::{Map, Value, json};

use super::generated;
use crate::GeneratedFile;
use crate::plan::{ContentFormat, Plan};

/// The schemas of parameters and bodies, with their names in `schemas.json`.
pub(super) struct SchemaTable {
    document: Value,
    names: BTreeMap<SchemaId, String>,
}

impl SchemaTable {
    pub(super) fn new(api: &Api, plan: &Plan) -> Self {
        let mut ids = Vec::new();
        for item in &plan.operations {
            let Some(operation) = api.operations.get(item.operation) else { continue };
            ids.extend(operation.parameters.iter().filter_map(|parameter| parameter.payload.schema()));
            for media_type in operation.request_body.iter().flat_map(|body| &body.content) {
                ids.extend(media_type.schema);
                ids.extend(of_lines(api, media_type));
            }
        }
        // A mere reference is as good as what it refers to, and has a better name.
        let resolved: BTreeMap<SchemaId, SchemaId> = ids.into_iter().map(|id| (id, api.schemas.resolve(id))).collect();
        let exported = json_schema::export_all(api, resolved.values().copied(), Direction::Request);
        let mut document = exported.document;
        bound_integers(&mut document);
        let names = resolved.into_iter().filter_map(|(id, target)| {
            let reference = exported.references.get(&target)?;
            Some((id, reference.strip_prefix("#/$defs/")?.to_owned()))
        });
        let names = names.collect();
        Self { document, names }
    }

    /// The name of a schema.
    pub(super) fn name(&self, id: SchemaId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// `schemas.json`: a line per schema, so that differences can be read.
    pub(super) fn file(&self) -> GeneratedFile {
        let dialect = self.document.get("$schema").cloned().unwrap_or_default();
        let mut text = format!("{{\n  \"$schema\": {dialect},\n  \"$defs\": {{");
        let definitions = self.document.get("$defs").and_then(Value::as_object);
        for (index, (name, schema)) in definitions.into_iter().flatten().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{comma}\n    {}: {schema}", json!(name));
        }
        text.push_str("\n  }\n}\n");
        generated("schemas.json", text)
    }
}

/// The schema of one line of a body that has a value per line.
pub(super) fn of_lines(api: &Api, media_type: &MediaType) -> Option<SchemaId> {
    let items = |id: SchemaId| api.schemas[api.schemas.resolve(id)].items.schema();
    media_type.item_schema.or_else(|| media_type.schema.map(|id| items(id).unwrap_or(id)))
}

/// The schema that a body of this media type is held against; bytes and texts are not.
pub(super) fn of_content(api: &Api, media_type: &MediaType, format: ContentFormat) -> Option<SchemaId> {
    match format {
        ContentFormat::Bytes => None,
        ContentFormat::JsonLines | ContentFormat::EventStream => of_lines(api, media_type),
        ContentFormat::Json | ContentFormat::Form | ContentFormat::Multipart | ContentFormat::Text => media_type.schema,
    }
}

/// Writes out what the formats of integers mean, so that every number out of range is found with all other
/// violations, and not only the first by the type that cannot hold it.
fn bound_integers(document: &mut Value) {
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(schema) => {
                bound(schema);
                let holds_schemas = |name: &str| !matches!(name, "const" | "enum" | "default" | "examples");
                open.extend(schema.iter_mut().filter(|(name, _)| holds_schemas(name)).map(|(_, value)| value));
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

fn bound(schema: &mut Map<String, Value>) {
    let (least, most) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
        Some("uint32") => (json!(0), json!(u32::MAX)),
        Some("uint64") => (json!(0), json!(u64::MAX)),
        _ => return,
    };
    let integer = match schema.get("type") {
        Some(Value::String(name)) => name == "integer",
        Some(Value::Array(names)) => names.iter().any(|name| name == "integer"),
        _ => false,
    };
    if integer && !schema.contains_key("minimum") && !schema.contains_key("exclusiveMinimum") {
        schema.insert("minimum".to_owned(), least);
    }
    if integer && !schema.contains_key("maximum") && !schema.contains_key("exclusiveMaximum") {
        schema.insert("maximum".to_owned(), most);
    }
}
