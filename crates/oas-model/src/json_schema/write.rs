//! One schema as JSON.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::Source;
use super::names::Names;
use crate::{AdditionalItems, Bound, Direction, Discriminator, Schema, SchemaId};

/// The schema as JSON; what it refers to becomes a reference to a definition.
///
/// Recursion ends where the text ends: only references can lead in circles, and they are not followed here.
pub(super) fn schema(source: Source<'_>, id: SchemaId, names: &mut Names) -> Value {
    let schema = &source.api.schemas[id];
    if let Some(truth) = schema.boolean {
        return Value::Bool(truth);
    }
    let mut writer = Writer { source, names, members: Map::new() };
    writer.reference(schema);
    writer.values(schema);
    writer.numbers(schema);
    writer.strings(schema);
    writer.arrays(schema);
    writer.objects(id, schema);
    writer.combinations(schema);
    writer.discriminator(id);
    Value::Object(writer.members)
}

/// The members of one schema.
struct Writer<'a, 'n> {
    source: Source<'a>,
    names: &'n mut Names,
    members: Map<String, Value>,
}

impl Writer<'_, '_> {
    /// A keyword, when it is there.
    fn put(&mut self, keyword: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.members.insert(keyword.to_owned(), value.into());
        }
    }

    /// A keyword with a schema, when it is there.
    fn one(&mut self, keyword: &str, id: Option<SchemaId>) {
        let value = id.map(|id| schema(self.source, id, self.names));
        self.put(keyword, value);
    }

    /// A keyword with a schema or nothing.
    fn rest(&mut self, keyword: &str, items: AdditionalItems) {
        self.one(keyword, items.schema());
    }

    /// A keyword with a list of schemas, unless it is empty.
    fn list(&mut self, keyword: &str, ids: &[SchemaId]) {
        if !ids.is_empty() {
            let schemas: Vec<Value> = ids.iter().map(|id| schema(self.source, *id, self.names)).collect();
            self.put(keyword, Some(schemas));
        }
    }

    /// A keyword with named schemas, unless it is empty.
    fn map(&mut self, keyword: &str, ids: &IndexMap<String, SchemaId>) {
        if !ids.is_empty() {
            let schemas: Map<String, Value> =
                ids.iter().map(|(name, id)| (name.clone(), schema(self.source, *id, self.names))).collect();
            self.put(keyword, Some(schemas));
        }
    }

    /// `$ref`
    fn reference(&mut self, schema: &Schema) {
        let reference = schema.reference.map(|target| self.names.reference(self.source.api, target));
        self.put("$ref", reference);
    }

    /// `type`, `enum`, `const`, `format`
    fn values(&mut self, schema: &Schema) {
        let types = schema.types.map(|types| match types.single() {
            Some(one) => Value::from(one.as_str()),
            None => types.iter().map(|one| Value::from(one.as_str())).collect(),
        });
        self.put("type", types);
        self.put("enum", schema.enumeration.clone());
        self.put("const", schema.constant.clone());
        self.put("format", schema.format.clone());
    }

    /// The keywords of numbers.
    fn numbers(&mut self, schema: &Schema) {
        self.bound(["minimum", "exclusiveMinimum"], schema.minimum.as_ref());
        self.bound(["maximum", "exclusiveMaximum"], schema.maximum.as_ref());
        self.put("multipleOf", schema.multiple_of.clone().map(Value::Number));
    }

    /// One end of a range.
    fn bound(&mut self, [inclusive, exclusive]: [&str; 2], bound: Option<&Bound>) {
        if let Some(bound) = bound {
            let keyword = if bound.exclusive { exclusive } else { inclusive };
            self.put(keyword, Some(Value::Number(bound.value.clone())));
        }
    }

    /// The keywords of strings.
    fn strings(&mut self, schema: &Schema) {
        self.put("minLength", schema.min_length);
        self.put("maxLength", schema.max_length);
        self.put("pattern", schema.pattern.clone());
        self.put("contentEncoding", schema.content_encoding.clone());
        self.put("contentMediaType", schema.content_media_type.clone());
        self.one("contentSchema", schema.content_schema);
    }

    /// The keywords of arrays.
    fn arrays(&mut self, schema: &Schema) {
        self.list("prefixItems", &schema.prefix_items);
        self.rest("items", schema.items);
        self.put("minItems", schema.min_items);
        self.put("maxItems", schema.max_items);
        self.put("uniqueItems", schema.unique_items.then_some(true));
        self.one("contains", schema.contains);
        self.put("minContains", schema.min_contains);
        self.put("maxContains", schema.max_contains);
        self.rest("unevaluatedItems", schema.unevaluated_items);
    }

    /// The keywords of objects.
    fn objects(&mut self, id: SchemaId, schema: &Schema) {
        self.map("properties", &schema.properties);
        self.mark_read_only(schema);
        self.required(id, schema);
        self.rest("additionalProperties", schema.additional_properties);
        self.map("patternProperties", &schema.pattern_properties);
        self.one("propertyNames", schema.property_names);
        self.put("minProperties", schema.min_properties);
        self.put("maxProperties", schema.max_properties);
        if !schema.dependent_required.is_empty() {
            let names = schema.dependent_required.iter();
            let lists: Map<String, Value> = names.map(|(name, list)| (name.clone(), list.clone().into())).collect();
            self.put("dependentRequired", Some(lists));
        }
        self.map("dependentSchemas", &schema.dependent_schemas);
        self.rest("unevaluatedProperties", schema.unevaluated_properties);
    }

    /// `readOnly`, of the members that are none of a request: whoever takes a request leaves them out.
    fn mark_read_only(&mut self, schema: &Schema) {
        if self.source.direction != Some(Direction::Request) {
            return;
        }
        let Some(Value::Object(members)) = self.members.get_mut("properties") else { return };
        for (name, id) in &schema.properties {
            if let Some(Value::Object(member)) = members.get_mut(name).filter(|_| self.source.is_absent(*id)) {
                member.insert("readOnly".to_owned(), Value::Bool(true));
            }
        }
    }

    /// `required`, without members that are absent in this direction.
    fn required(&mut self, id: SchemaId, schema: &Schema) {
        let is_absent = |name: &&String| {
            let property = self.source.api.schemas.property(id, name);
            property.is_some_and(|property| self.source.is_absent(property))
        };
        let names: Vec<String> = schema.required.iter().filter(|name| !is_absent(name)).cloned().collect();
        self.put("required", Some(names).filter(|names| !names.is_empty()));
    }

    /// The keywords that combine schemas.
    fn combinations(&mut self, schema: &Schema) {
        self.list("allOf", &schema.all_of);
        self.list("anyOf", &schema.any_of);
        self.list("oneOf", &schema.one_of);
        self.one("not", schema.not);
        self.one("if", schema.condition);
        self.one("then", schema.consequence);
        self.one("else", schema.alternative);
    }

    /// `discriminator`, with references to the definitions that its values stand for.
    fn discriminator(&mut self, id: SchemaId) {
        let Source { api, discriminators, .. } = self.source;
        let Some(Discriminator { property, mapping, default }) = discriminators.get(&id) else { return };
        let mut reference = |target: SchemaId| Value::from(self.names.reference(api, api.schemas.resolve(target)));
        let mapping: Map<String, Value> =
            mapping.iter().map(|(value, target)| (value.clone(), reference(*target))).collect();
        let default = default.map(reference);
        let mut discriminator = json!({ "propertyName": property, "mapping": mapping });
        if let (Some(default), Value::Object(members)) = (default, &mut discriminator) {
            members.insert("defaultMapping".to_owned(), default);
        }
        self.put("discriminator", Some(discriminator));
    }
}
