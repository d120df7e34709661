//! Which schemas of a side say word for word the same as their counterparts.
//!
//! Two schemas of equal digest that reach no changed schema through references need no comparison, which is what makes
//! the review of a small edit to a large document quick.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use oas_document::Location;
use oas_model::{AdditionalItems, Discriminator, Schema, SchemaId, Schemas, Xml};
use serde_json::Value;

use super::edges;

/// The digest of every schema of a side. A digest covers the schemas inside, and references by the place they name.
#[derive(Debug)]
pub(crate) struct Digests {
    by_schema: HashMap<SchemaId, u64>,
    by_place: HashMap<Location, SchemaId>,
}

impl Digests {
    /// Digests every schema.
    pub(crate) fn new(schemas: &Schemas) -> Self {
        let mut digests = Self { by_schema: HashMap::with_capacity(schemas.len()), by_place: HashMap::new() };
        for (id, schema) in schemas.iter() {
            digests.digest(schemas, id);
            for target in edges::referenced(schema) {
                digests.by_place.insert(schemas[target].at.clone(), target);
            }
        }
        digests
    }

    /// The digest of `id`.
    pub(crate) fn get(&self, id: SchemaId) -> Option<u64> {
        self.by_schema.get(&id).copied()
    }

    /// Recursion is bounded by the nesting of the text: references are not followed.
    fn digest(&mut self, schemas: &Schemas, id: SchemaId) -> u64 {
        if let Some(known) = self.by_schema.get(&id) {
            return *known;
        }
        let schema = &schemas[id];
        let mut hasher = DefaultHasher::new();
        hash_words(schema, schemas, &mut hasher);
        for child in edges::inner(schema) {
            self.digest(schemas, child).hash(&mut hasher);
        }
        let digest = hasher.finish();
        self.by_schema.insert(id, digest);
        digest
    }

    /// The schemas that are not what they were on the other side, or reach one through references.
    pub(crate) fn changed(&self, schemas: &Schemas, other: &Self) -> HashSet<SchemaId> {
        let mut users: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        let mut changed: Vec<SchemaId> = Vec::new();
        for (id, schema) in schemas.iter() {
            for target in edges::inner(schema).chain(edges::referenced(schema)) {
                users.entry(target).or_default().push(id);
            }
            let is_target = self.by_place.get(&schema.at) == Some(&id);
            let counterpart = other.by_place.get(&schema.at).and_then(|there| other.get(*there));
            if is_target && counterpart != self.get(id) {
                changed.push(id);
            }
        }
        let mut reached: HashSet<SchemaId> = changed.iter().copied().collect();
        while let Some(id) = changed.pop() {
            for user in users.get(&id).into_iter().flatten() {
                if reached.insert(*user) {
                    changed.push(*user);
                }
            }
        }
        reached
    }
}

/// Hashes all that a schema says itself. It is taken apart by name, so that a new field cannot be forgotten.
#[expect(clippy::too_many_lines, reason = "one line per field of a schema")]
fn hash_words(schema: &Schema, schemas: &Schemas, hasher: &mut DefaultHasher) {
    let Schema {
        at: _, // Where a schema stands is not what it says.
        component: _,
        boolean,
        reference,
        types,
        enumeration,
        constant,
        format,
        minimum,
        maximum,
        multiple_of,
        min_length,
        max_length,
        pattern,
        content_encoding,
        content_media_type,
        content_schema,
        prefix_items,
        items,
        min_items,
        max_items,
        unique_items,
        contains,
        min_contains,
        max_contains,
        unevaluated_items,
        properties,
        required,
        additional_properties,
        pattern_properties,
        property_names,
        min_properties,
        max_properties,
        dependent_required,
        dependent_schemas,
        unevaluated_properties,
        all_of,
        any_of,
        one_of,
        not,
        condition,
        consequence,
        alternative,
        discriminator,
        title,
        description,
        default,
        examples,
        deprecated,
        read_only,
        write_only,
        xml,
        external_docs,
        extensions,
        unknown,
    } = schema;
    boolean.hash(hasher);
    reference.map(|target| &schemas[target].at).hash(hasher);
    types.hash(hasher);
    hash_values(enumeration.as_deref(), hasher);
    hash_values(constant.as_ref().map(std::slice::from_ref), hasher);
    format.hash(hasher);
    for bound in [minimum, maximum] {
        bound.as_ref().map(|bound| (bound.value.to_string(), bound.exclusive)).hash(hasher);
    }
    multiple_of.as_ref().map(ToString::to_string).hash(hasher);
    (min_length, max_length, pattern, content_encoding, content_media_type).hash(hasher);
    (prefix_items.len(), min_items, max_items, unique_items, min_contains, max_contains).hash(hasher);
    for open in [items, unevaluated_items, additional_properties, unevaluated_properties] {
        matches!(open, AdditionalItems::Schema(_)).hash(hasher);
    }
    for one in [content_schema, contains, property_names, not, condition, consequence, alternative] {
        one.is_some().hash(hasher);
    }
    for names in [properties, pattern_properties, dependent_schemas] {
        names.len().hash(hasher);
        names.keys().for_each(|name| name.hash(hasher));
    }
    (required, min_properties, max_properties).hash(hasher);
    for (name, others) in dependent_required {
        (name, others).hash(hasher);
    }
    (dependent_required.len(), all_of.len(), any_of.len(), one_of.len()).hash(hasher);
    if let Some(Discriminator { property, mapping, default }) = discriminator {
        property.hash(hasher);
        for (name, target) in mapping {
            (name, &schemas[*target].at).hash(hasher);
        }
        default.map(|target| &schemas[target].at).hash(hasher);
    }
    discriminator.is_some().hash(hasher);
    (title, description, deprecated, read_only, write_only).hash(hasher);
    hash_values(default.as_ref().map(std::slice::from_ref), hasher);
    hash_values(Some(examples), hasher);
    if let Some(Xml { name, namespace, prefix, attribute, wrapped, node_type }) = xml {
        (name, namespace, prefix, attribute, wrapped, node_type).hash(hasher);
    }
    xml.is_some().hash(hasher);
    external_docs.as_ref().map(|docs| (&docs.url, &docs.description)).hash(hasher);
    for (name, value) in extensions.iter().chain(unknown) {
        name.hash(hasher);
        hash_value(value, hasher);
    }
}

fn hash_values(values: Option<&[Value]>, hasher: &mut DefaultHasher) {
    values.map(<[Value]>::len).hash(hasher);
    values.into_iter().flatten().for_each(|value| hash_value(value, hasher));
}

fn hash_value(value: &Value, hasher: &mut DefaultHasher) {
    value.to_string().hash(hasher);
}
