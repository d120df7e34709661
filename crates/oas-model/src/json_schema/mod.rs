//! Schemas of the model as JSON Schema 2020-12 documents, for validators.
//!
//! What says which values are valid is exported; words for people are not.

mod names;
mod write;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::names::Names;
pub use crate::Direction;
use crate::{Api, Discriminator, SchemaId};

/// The dialect of everything that is exported.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Several schemas that share their definitions.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The document: a schema without keywords of its own, with everything under `$defs`.
    pub document: Value,
    /// The reference to each schema that was asked for: `#/$defs/Pet`.
    pub references: BTreeMap<SchemaId, String>,
}

/// Exports one schema with everything it refers to, as a document that needs no other.
///
/// In requests, members that are `readOnly` are not required; in responses, members that are `writeOnly`. Without a
/// direction all are that the schema requires.
pub fn export(api: &Api, id: SchemaId, direction: impl Into<Option<Direction>>) -> Value {
    let mut names = Names::default();
    let source = Source { api, direction: direction.into(), discriminators: &BTreeMap::new() };
    let mut document = match write::schema(source, id, &mut names) {
        Value::Object(members) => members,
        Value::Bool(false) => Map::from_iter([("not".to_owned(), json!({}))]),
        _ => Map::new(),
    };
    let definitions = definitions(source, &mut names);
    if !definitions.is_empty() {
        document.insert("$defs".to_owned(), Value::Object(definitions));
    }
    document.shift_insert(0, "$schema".to_owned(), DIALECT.into());
    Value::Object(document)
}

/// Exports several schemas into one document with shared definitions.
///
/// In requests, members that are `readOnly` are not required; in responses, members that are `writeOnly`. Without a
/// direction all are that the schemas require.
pub fn export_all(
    api: &Api,
    ids: impl IntoIterator<Item = SchemaId>,
    direction: impl Into<Option<Direction>>,
) -> Export {
    export_with(api, ids, direction, &BTreeMap::new())
}

/// As [`export_all`]; each schema that `discriminators` has is written with that as its `discriminator`, whose `mapping`
/// has references to definitions. No validator knows the keyword.
pub fn export_with(
    api: &Api,
    ids: impl IntoIterator<Item = SchemaId>,
    direction: impl Into<Option<Direction>>,
    discriminators: &BTreeMap<SchemaId, Discriminator>,
) -> Export {
    let mut names = Names::default();
    let references = ids.into_iter().map(|id| (id, names.reference(api, id))).collect();
    let definitions = definitions(Source { api, direction: direction.into(), discriminators }, &mut names);
    Export { document: json!({ "$schema": DIALECT, "$defs": definitions }), references }
}

/// The schemas that stand in the text of an exported one, behind its keywords. Values that are listed may have members of
/// the names of keywords, and are none.
pub fn subschemas_mut(schema: &mut Map<String, Value>) -> Vec<&mut Value> {
    let mut found = Vec::new();
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("const" | "enum" | "default" | "examples" | "discriminator" | "dependentRequired", _) => {}
            // Names of the document, which may be those of keywords.
            ("properties" | "patternProperties" | "dependentSchemas" | "$defs", Value::Object(named)) => {
                found.extend(named.values_mut());
            }
            (_, Value::Array(schemas)) => found.extend(schemas),
            (_, one) => found.push(one),
        }
    }
    found
}

/// What is exported.
#[derive(Clone, Copy)]
struct Source<'a> {
    api: &'a Api,
    direction: Option<Direction>,
    discriminators: &'a BTreeMap<SchemaId, Discriminator>,
}

impl Source<'_> {
    /// Whether a member of this schema is absent in the direction.
    fn is_absent(&self, id: SchemaId) -> bool {
        self.direction.is_some_and(|direction| self.api.schemas.is_absent(id, direction))
    }
}

/// Writes every schema that has a name, and those that get one by that, in the order of their names.
fn definitions(source: Source<'_>, names: &mut Names) -> Map<String, Value> {
    let mut written = BTreeMap::new();
    while let Some((id, name)) = names.take_new() {
        written.insert(name, write::schema(source, id, names));
    }
    written.into_iter().collect()
}
