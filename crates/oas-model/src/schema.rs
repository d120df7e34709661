//! Schemas: JSON Schema 2020-12 with the words that OpenAPI adds.

use indexmap::IndexMap;
use oas_document::Location;
use serde_json::{Number, Value};

use crate::{Extensions, ExternalDocs, SchemaId, TypeSet};

/// One end of a range of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The number.
    pub value: Number,
    /// Whether the number itself is outside.
    pub exclusive: bool,
}

/// What may follow the members or items that a schema names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AdditionalItems {
    /// The keyword is absent: anything, by default.
    #[default]
    Unstated,
    /// The keyword has a schema; `true` and `false` are schemas whose [`Schema::boolean`] is set.
    Schema(SchemaId),
}

impl AdditionalItems {
    /// The schema, when the keyword is there.
    pub const fn schema(self) -> Option<SchemaId> {
        match self {
            Self::Unstated => None,
            Self::Schema(id) => Some(id),
        }
    }
}

/// OpenAPI 3.1.1, section 4.8.25: Discriminator Object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discriminator {
    /// The member that tells the branches apart.
    pub property: String,
    /// The value of that member, and the branch it stands for: explicit mappings in the order of the document, then
    /// the component names of the branches that no mapping names.
    pub mapping: IndexMap<String, SchemaId>,
    /// The branch for any other value (OpenAPI 3.2).
    pub default: Option<SchemaId>,
}

/// OpenAPI 3.1.1, section 4.8.26: XML Object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Xml {
    /// The name of the element or attribute.
    pub name: Option<String>,
    /// The namespace's URI.
    pub namespace: Option<String>,
    /// The prefix.
    pub prefix: Option<String>,
    /// Whether it is an attribute.
    pub attribute: bool,
    /// Whether an array has an element around its items.
    pub wrapped: bool,
    /// `element`, `attribute`, `text`, `cdata` or `none` (OpenAPI 3.2).
    pub node_type: Option<String>,
}

/// A schema. What is absent from the document is `None`, empty or false here.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "the object of the specification has them"
)]
pub struct Schema {
    /// Where it stands.
    pub at: Location,
    /// Its name under `components/schemas`, when it stands there, or in a file that the component refers to.
    pub component: Option<String>,
    /// `Some` for the schemas `true` and `false`.
    pub boolean: Option<bool>,
    /// `$ref` or `$dynamicRef`; in force together with the other keywords.
    pub reference: Option<SchemaId>,

    /// `type`
    pub types: Option<TypeSet>,
    /// `enum`
    pub enumeration: Option<Vec<Value>>,
    /// `const`
    pub constant: Option<Value>,
    /// `format`
    pub format: Option<String>,

    /// `minimum` or `exclusiveMinimum`, whichever binds.
    pub minimum: Option<Bound>,
    /// `maximum` or `exclusiveMaximum`, whichever binds.
    pub maximum: Option<Bound>,
    /// `multipleOf`
    pub multiple_of: Option<Number>,

    /// `minLength`, in characters.
    pub min_length: Option<u64>,
    /// `maxLength`, in characters.
    pub max_length: Option<u64>,
    /// `pattern`, in the dialect of ECMA-262.
    pub pattern: Option<String>,
    /// `contentEncoding`
    pub content_encoding: Option<String>,
    /// `contentMediaType`
    pub content_media_type: Option<String>,
    /// `contentSchema`
    pub content_schema: Option<SchemaId>,

    /// `prefixItems`
    pub prefix_items: Vec<SchemaId>,
    /// `items`
    pub items: AdditionalItems,
    /// `minItems`
    pub min_items: Option<u64>,
    /// `maxItems`
    pub max_items: Option<u64>,
    /// `uniqueItems`
    pub unique_items: bool,
    /// `contains`
    pub contains: Option<SchemaId>,
    /// `minContains`
    pub min_contains: Option<u64>,
    /// `maxContains`
    pub max_contains: Option<u64>,
    /// `unevaluatedItems`
    pub unevaluated_items: AdditionalItems,

    /// `properties`, in the order of the document.
    pub properties: IndexMap<String, SchemaId>,
    /// `required`, in the order of the document, without duplicates.
    pub required: Vec<String>,
    /// `additionalProperties`
    pub additional_properties: AdditionalItems,
    /// `patternProperties`, in the order of the document.
    pub pattern_properties: IndexMap<String, SchemaId>,
    /// `propertyNames`
    pub property_names: Option<SchemaId>,
    /// `minProperties`
    pub min_properties: Option<u64>,
    /// `maxProperties`
    pub max_properties: Option<u64>,
    /// `dependentRequired`
    pub dependent_required: IndexMap<String, Vec<String>>,
    /// `dependentSchemas`
    pub dependent_schemas: IndexMap<String, SchemaId>,
    /// `unevaluatedProperties`
    pub unevaluated_properties: AdditionalItems,

    /// `allOf`
    pub all_of: Vec<SchemaId>,
    /// `anyOf`
    pub any_of: Vec<SchemaId>,
    /// `oneOf`
    pub one_of: Vec<SchemaId>,
    /// `not`
    pub not: Option<SchemaId>,
    /// `if`
    pub condition: Option<SchemaId>,
    /// `then`
    pub consequence: Option<SchemaId>,
    /// `else`
    pub alternative: Option<SchemaId>,
    /// `discriminator`
    pub discriminator: Option<Discriminator>,

    /// `title`
    pub title: Option<String>,
    /// `description`, in CommonMark.
    pub description: Option<String>,
    /// `default`
    pub default: Option<Value>,
    /// `examples`, with `example` of OpenAPI 3.0 in front.
    pub examples: Vec<Value>,
    /// `deprecated`
    pub deprecated: bool,
    /// `readOnly`: the member is absent from requests.
    pub read_only: bool,
    /// `writeOnly`: the member is absent from responses.
    pub write_only: bool,
    /// `xml`
    pub xml: Option<Xml>,
    /// `externalDocs`
    pub external_docs: Option<ExternalDocs>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
    /// Keywords that neither JSON Schema 2020-12 nor OpenAPI knows, as they were written.
    pub unknown: IndexMap<String, Value>,
}

impl Schema {
    /// The schema that says nothing: every value is valid.
    pub fn anything(at: Location) -> Self {
        Self {
            at,
            component: None,
            boolean: None,
            reference: None,
            types: None,
            enumeration: None,
            constant: None,
            format: None,
            minimum: None,
            maximum: None,
            multiple_of: None,
            min_length: None,
            max_length: None,
            pattern: None,
            content_encoding: None,
            content_media_type: None,
            content_schema: None,
            prefix_items: Vec::new(),
            items: AdditionalItems::Unstated,
            min_items: None,
            max_items: None,
            unique_items: false,
            contains: None,
            min_contains: None,
            max_contains: None,
            unevaluated_items: AdditionalItems::Unstated,
            properties: IndexMap::new(),
            required: Vec::new(),
            additional_properties: AdditionalItems::Unstated,
            pattern_properties: IndexMap::new(),
            property_names: None,
            min_properties: None,
            max_properties: None,
            dependent_required: IndexMap::new(),
            dependent_schemas: IndexMap::new(),
            unevaluated_properties: AdditionalItems::Unstated,
            all_of: Vec::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            not: None,
            condition: None,
            consequence: None,
            alternative: None,
            discriminator: None,
            title: None,
            description: None,
            default: None,
            examples: Vec::new(),
            deprecated: false,
            read_only: false,
            write_only: false,
            xml: None,
            external_docs: None,
            extensions: Extensions::new(),
            unknown: IndexMap::new(),
        }
    }

    /// Every schema that a keyword of this one names: its subschemas and what it refers to. The branches of a
    /// discriminator are not among them.
    pub fn subschemas(&self) -> impl Iterator<Item = SchemaId> {
        self.properties.values().copied().chain(self.subschemas_but_properties())
    }

    /// [`subschemas`](Self::subschemas) without those of `properties`.
    pub fn subschemas_but_properties(&self) -> impl Iterator<Item = SchemaId> {
        let one = [
            self.reference,
            self.content_schema,
            self.items.schema(),
            self.contains,
            self.unevaluated_items.schema(),
            self.additional_properties.schema(),
            self.property_names,
            self.unevaluated_properties.schema(),
            self.not,
            self.condition,
            self.consequence,
            self.alternative,
        ];
        let lists = [&self.prefix_items, &self.all_of, &self.any_of, &self.one_of];
        let maps = [&self.pattern_properties, &self.dependent_schemas];
        let from_lists = lists.into_iter().flatten().copied();
        let from_maps = maps.into_iter().flat_map(IndexMap::values).copied();
        one.into_iter().flatten().chain(from_lists).chain(from_maps)
    }

    /// [`subschemas`](Self::subschemas), to put others in their places, and the branches of a discriminator with them.
    pub(crate) fn subschemas_mut(&mut self) -> impl Iterator<Item = &mut SchemaId> {
        let one = [
            &mut self.reference,
            &mut self.content_schema,
            &mut self.contains,
            &mut self.property_names,
            &mut self.not,
            &mut self.condition,
            &mut self.consequence,
            &mut self.alternative,
        ];
        let additional = [
            &mut self.items,
            &mut self.unevaluated_items,
            &mut self.additional_properties,
            &mut self.unevaluated_properties,
        ];
        let lists = [&mut self.prefix_items, &mut self.all_of, &mut self.any_of, &mut self.one_of];
        let maps = [&mut self.properties, &mut self.pattern_properties, &mut self.dependent_schemas];
        let from_additional = additional.into_iter().filter_map(|one| match one {
            AdditionalItems::Schema(id) => Some(id),
            AdditionalItems::Unstated => None,
        });
        let from_maps = maps.into_iter().flat_map(IndexMap::values_mut);
        let branches = self.discriminator.iter_mut();
        let branches = branches.flat_map(|one| one.mapping.values_mut().chain(&mut one.default));
        let from_lists = lists.into_iter().flatten();
        one.into_iter().flatten().chain(from_additional).chain(from_lists).chain(from_maps).chain(branches)
    }

    /// Whether the schema is a reference that adds nothing: no keyword beside it, not even a description.
    pub fn is_mere_reference(&self) -> bool {
        self.reference.is_some() && self.says_nothing_of_values() && self.says_nothing_to_people()
    }

    /// Whether no keyword but `$ref` says which values are valid.
    fn says_nothing_of_values(&self) -> bool {
        self.boolean.is_none()
            && self.types.is_none()
            && self.enumeration.is_none()
            && self.constant.is_none()
            && self.says_nothing_of_scalars()
            && self.says_nothing_of_arrays()
            && self.says_nothing_of_objects()
            && self.all_of.is_empty()
            && self.any_of.is_empty()
            && self.one_of.is_empty()
            && self.not.is_none()
            && self.condition.is_none()
            && self.consequence.is_none()
            && self.alternative.is_none()
            && self.discriminator.is_none()
    }

    /// Whether no keyword speaks of numbers and strings.
    fn says_nothing_of_scalars(&self) -> bool {
        self.format.is_none()
            && self.minimum.is_none()
            && self.maximum.is_none()
            && self.multiple_of.is_none()
            && self.min_length.is_none()
            && self.max_length.is_none()
            && self.pattern.is_none()
            && self.content_encoding.is_none()
            && self.content_media_type.is_none()
            && self.content_schema.is_none()
    }

    /// Whether no keyword speaks of arrays.
    fn says_nothing_of_arrays(&self) -> bool {
        self.prefix_items.is_empty()
            && self.items == AdditionalItems::Unstated
            && self.min_items.is_none()
            && self.max_items.is_none()
            && !self.unique_items
            && self.contains.is_none()
            && self.min_contains.is_none()
            && self.max_contains.is_none()
            && self.unevaluated_items == AdditionalItems::Unstated
    }

    /// Whether no keyword speaks of objects.
    fn says_nothing_of_objects(&self) -> bool {
        self.properties.is_empty()
            && self.required.is_empty()
            && self.additional_properties == AdditionalItems::Unstated
            && self.pattern_properties.is_empty()
            && self.property_names.is_none()
            && self.min_properties.is_none()
            && self.max_properties.is_none()
            && self.dependent_required.is_empty()
            && self.dependent_schemas.is_empty()
            && self.unevaluated_properties == AdditionalItems::Unstated
    }

    /// Whether there is no annotation.
    fn says_nothing_to_people(&self) -> bool {
        self.title.is_none()
            && self.description.is_none()
            && self.default.is_none()
            && self.examples.is_empty()
            && !self.deprecated
            && !self.read_only
            && !self.write_only
            && self.xml.is_none()
            && self.external_docs.is_none()
            && self.extensions.is_empty()
            && self.unknown.is_empty()
    }
}
