//! The schemas that requests and answers are held against.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use oas_model::json_schema::{self, Direction, Export};
use oas_model::{Api, MediaType, Response, SchemaId, StatusPattern, integer_range};
use serde_json::{Map, Number, Value, json};

use super::{discriminators, generated};
use crate::GeneratedFile;
use crate::plan::{ContentFormat, Plan};

/// The schemas of one direction, with their names in a file of their own.
pub(super) struct SchemaTable {
    document: Value,
    names: BTreeMap<SchemaId, String>,
}

impl SchemaTable {
    /// The schemas of parameters and bodies.
    pub(super) fn of_requests(api: &Api, plan: &Plan) -> Self {
        let mut ids = Vec::new();
        for item in &plan.operations {
            let operation = &api[item.operation];
            ids.extend(operation.parameters.iter().filter_map(|parameter| parameter.payload.schema()));
            for media_type in operation.request_body.iter().flat_map(|body| &body.content) {
                ids.extend(media_type.schema);
                ids.extend(of_lines(api, media_type));
            }
        }
        for operation in plan.webhooks.iter().filter_map(|item| item.source.find(api)) {
            ids.extend(operation.parameters.iter().filter_map(|parameter| parameter.payload.schema()));
            ids.extend(operation.request_body.iter().flat_map(|body| &body.content).filter_map(|one| one.schema));
        }
        Self::new(api, ids, Direction::Request)
    }

    /// The schemas of headers and bodies of answers.
    pub(super) fn of_answers(api: &Api, plan: &Plan) -> Self {
        let operations = plan.operations.iter().map(|item| &api[item.operation]);
        let mut ids = Vec::new();
        for response in operations.flat_map(|operation| &operation.responses) {
            ids.extend(response.headers.iter().filter_map(|header| header.payload.schema()));
            ids.extend(response.content.iter().filter_map(|media_type| media_type.schema));
        }
        Self::new(api, ids, Direction::Response)
    }

    fn new(api: &Api, ids: Vec<SchemaId>, direction: Direction) -> Self {
        // A mere reference is as good as what it refers to, and has a better name.
        let resolved: BTreeMap<SchemaId, SchemaId> = ids.into_iter().map(|id| (id, api.schemas.resolve(id))).collect();
        let exported = export(api, &resolved.values().copied().collect(), direction);
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

    /// `schemas.json`.
    pub(super) fn file(&self) -> GeneratedFile {
        generated("schemas.json", self.text(&Map::new()))
    }

    /// `answers.json`: what the document says of the answers of each operation, and their schemas.
    pub(super) fn answers_file(&self, api: &Api, plan: &Plan) -> GeneratedFile {
        let operations = plan.operations.iter().map(|item| {
            let operation = &api[item.operation];
            let answers = operation.responses.iter().map(|response| (status(response.status), self.answer(response)));
            (item.id.clone(), Value::Object(answers.collect()))
        });
        generated("answers.json", self.text(&operations.collect()))
    }

    fn answer(&self, response: &Response) -> Value {
        let name = |id: Option<SchemaId>| id.and_then(|id| self.name(id));
        let headers = response.headers.iter().map(|header| {
            let schema = name(header.payload.schema());
            let described = json!({ "required": header.required, "explode": header.explode, "schema": schema });
            (header.name.clone(), described)
        });
        let content =
            response.content.iter().map(|media_type| (media_type.name.clone(), json!(name(media_type.schema))));
        json!({ "headers": headers.collect::<Map<_, _>>(), "content": content.collect::<Map<_, _>>() })
    }

    /// The schemas as JSON, a line for each and for each operation, so that differences can be read.
    fn text(&self, operations: &Map<String, Value>) -> String {
        let dialect = self.document.get("$schema").cloned().unwrap_or_default();
        let mut text = format!("{{\n  \"$schema\": {dialect}");
        let definitions = self.document.get("$defs").and_then(Value::as_object);
        let parts = [("operations", Some(operations).filter(|all| !all.is_empty())), ("$defs", definitions)];
        for (part, values) in parts {
            let Some(values) = values else { continue };
            // Writing to a `String` cannot fail.
            let _ = write!(text, ",\n  \"{part}\": {{");
            for (index, (name, value)) in values.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                let _ = write!(text, "{comma}\n    {}: {value}", json!(name));
            }
            text.push_str("\n  }");
        }
        text.push_str("\n}\n");
        text
    }
}

/// The schemas, with what discriminators ask of values.
fn export(api: &Api, ids: &BTreeSet<SchemaId>, direction: Direction) -> Export {
    let mut exported = json_schema::export_with(api, ids.iter().copied(), direction, &discriminators::of(api));
    discriminators::enforce(&mut exported.document);
    exported
}

/// A status as the document writes it.
fn status(pattern: StatusPattern) -> String {
    match pattern {
        StatusPattern::Code(code) => code.to_string(),
        StatusPattern::Range(hundred) => format!("{hundred}XX"),
        StatusPattern::Default => "default".to_owned(),
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
    while let Some(schema) = open.pop() {
        let Value::Object(schema) = schema else { continue };
        bound(schema);
        open.extend(json_schema::subschemas_mut(schema));
    }
}

fn bound(schema: &mut Map<String, Value>) {
    let Some(range) = schema.get("format").and_then(Value::as_str).and_then(integer_range) else { return };
    let integer = match schema.get("type") {
        Some(Value::String(name)) => name == "integer",
        Some(Value::Array(names)) => names.iter().any(|name| name == "integer"),
        _ => false,
    };
    let ends = [("minimum", "exclusiveMinimum", *range.start()), ("maximum", "exclusiveMaximum", *range.end())];
    for (inclusive, exclusive, end) in ends {
        if integer && !schema.contains_key(inclusive) && !schema.contains_key(exclusive) {
            schema.extend(Number::from_i128(end).map(|end| (inclusive.to_owned(), end.into())));
        }
    }
}
