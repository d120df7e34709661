//! The schemas that a schema refers to.

use oas_model::{AdditionalItems, Schema, SchemaId};

/// Every schema that stands directly inside of `schema`, in a fixed order.
pub(crate) fn inner(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let optional = [
        schema.content_schema,
        schema.contains,
        schema.property_names,
        schema.not,
        schema.condition,
        schema.consequence,
        schema.alternative,
    ];
    let open = [schema.items, schema.unevaluated_items, schema.additional_properties, schema.unevaluated_properties];
    (schema.prefix_items.iter().copied())
        .chain(schema.properties.values().copied())
        .chain(schema.pattern_properties.values().copied())
        .chain(schema.dependent_schemas.values().copied())
        .chain(schema.all_of.iter().copied())
        .chain(schema.any_of.iter().copied())
        .chain(schema.one_of.iter().copied())
        .chain(optional.into_iter().flatten())
        .chain(open.into_iter().filter_map(AdditionalItems::schema))
}

/// Every schema that `schema` refers to from afar.
pub(crate) fn referenced(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let discriminated = schema.discriminator.iter().flat_map(|one| one.mapping.values().copied().chain(one.default));
    schema.reference.into_iter().chain(discriminated)
}
