//! Schemas that say the same in two places, as documents do that repeat a schema for every media type.

use oas_model::{AdditionalItems, Api, Schema, SchemaId};

/// How many schemas are compared at most; what is larger counts as different.
const MOST_SCHEMAS: usize = 2_000;

/// Whether two schemas say the same, but for where they stand.
pub(super) fn are_alike(api: &Api, one: SchemaId, other: SchemaId) -> bool {
    let mut open = vec![(one, other)];
    let mut compared = 0;
    while let Some((one, other)) = open.pop() {
        let (one, other) = (api.schemas.resolve(one), api.schemas.resolve(other));
        if one == other {
            continue;
        }
        compared += 1;
        let (one, other) = (&api.schemas[one], &api.schemas[other]);
        let differ = one.component != other.component || compared > MOST_SCHEMAS;
        if differ || emptied(one) != emptied_like(other, one) {
            return false;
        }
        let (ones, others) = (children(one), children(other));
        if ones.iter().map(|(place, _)| place).ne(others.iter().map(|(place, _)| place)) {
            return false;
        }
        open.extend(ones.into_iter().zip(others).map(|((_, one), (_, other))| (one, other)));
    }
    true
}

/// A schema without the schemas inside of it.
fn emptied(schema: &Schema) -> Schema {
    let mut bare = schema.clone();
    for id in [
        &mut bare.reference,
        &mut bare.content_schema,
        &mut bare.contains,
        &mut bare.property_names,
        &mut bare.not,
        &mut bare.condition,
        &mut bare.consequence,
        &mut bare.alternative,
    ] {
        *id = None;
    }
    for item in [
        &mut bare.items,
        &mut bare.unevaluated_items,
        &mut bare.additional_properties,
        &mut bare.unevaluated_properties,
    ] {
        *item = AdditionalItems::Unstated;
    }
    for list in [&mut bare.prefix_items, &mut bare.all_of, &mut bare.any_of, &mut bare.one_of] {
        list.clear();
    }
    for map in [&mut bare.properties, &mut bare.pattern_properties, &mut bare.dependent_schemas] {
        map.clear();
    }
    bare.discriminator = None;
    // Words and examples are not what a value is held against.
    bare.examples.clear();
    bare.description = None;
    bare
}

/// The same, with the place of another schema, so that places do not count.
fn emptied_like(schema: &Schema, other: &Schema) -> Schema {
    Schema { at: other.at.clone(), ..emptied(schema) }
}

/// The schemas inside of one, each with the place it has there, in the order of the places.
fn children(schema: &Schema) -> Vec<((&'static str, &str, usize), SchemaId)> {
    let single = [
        ("$ref", schema.reference),
        ("contentSchema", schema.content_schema),
        ("contains", schema.contains),
        ("propertyNames", schema.property_names),
        ("not", schema.not),
        ("if", schema.condition),
        ("then", schema.consequence),
        ("else", schema.alternative),
        ("items", schema.items.schema()),
        ("unevaluatedItems", schema.unevaluated_items.schema()),
        ("additionalProperties", schema.additional_properties.schema()),
        ("unevaluatedProperties", schema.unevaluated_properties.schema()),
    ];
    let lists = [
        ("prefixItems", &schema.prefix_items),
        ("allOf", &schema.all_of),
        ("anyOf", &schema.any_of),
        ("oneOf", &schema.one_of),
    ];
    let maps = [
        ("properties", &schema.properties),
        ("patternProperties", &schema.pattern_properties),
        ("dependentSchemas", &schema.dependent_schemas),
    ];
    let single = single.into_iter().filter_map(|(place, id)| Some(((place, "", 0), id?)));
    let lists =
        lists.into_iter().flat_map(|(place, ids)| ids.iter().enumerate().map(move |(at, id)| ((place, "", at), *id)));
    let maps =
        maps.into_iter().flat_map(|(place, ids)| ids.iter().map(move |(name, id)| ((place, name.as_str(), 0), *id)));
    let mut all: Vec<_> = single.chain(lists).chain(maps).collect();
    all.sort();
    all
}
