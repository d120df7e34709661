//! Whether a single value without parts satisfies a schema.

use oas_model::{AdditionalItems, Bound, Schema, SchemaId, Schemas, Type};
use serde_json::Value;

use super::pattern;
use super::value::{compare_numbers, integer, is_multiple, same_value};

/// References are followed this deep.
const DEEPEST: u32 = 64;

/// Whether `value`, which is no array and no object, satisfies `id`. Formats are not looked at.
pub(crate) fn admits(schemas: &Schemas, id: SchemaId, value: &Value) -> bool {
    admits_at(schemas, id, value, DEEPEST)
}

fn admits_at(schemas: &Schemas, id: SchemaId, value: &Value, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    let schema = &schemas[id];
    if let Some(truth) = schema.boolean {
        return truth;
    }
    let fits = |id: SchemaId| admits_at(schemas, id, value, depth);
    admits_itself(schema, value)
        && schema.reference.is_none_or(fits)
        && schema.all_of.iter().all(|one| fits(*one))
        && (schema.any_of.is_empty() || schema.any_of.iter().any(|one| fits(*one)))
        && (schema.one_of.is_empty() || schema.one_of.iter().filter(|one| fits(**one)).count() == 1)
        && schema.not.is_none_or(|not| !fits(not))
        && schema.condition.is_none_or(|condition| {
            if fits(condition) { schema.consequence } else { schema.alternative }.is_none_or(fits)
        })
}

/// Whether `value` satisfies the keywords of `schema` that need no other schema.
fn admits_itself(schema: &Schema, value: &Value) -> bool {
    let listed = |values: &Vec<Value>| values.iter().any(|one| same_value(one, value));
    schema.types.is_none_or(|types| types_of(value).any(|one| types.contains(one)))
        && schema.enumeration.as_ref().is_none_or(listed)
        && schema.constant.as_ref().is_none_or(|one| same_value(one, value))
        && match value {
            Value::Number(number) => {
                schema.minimum.as_ref().is_none_or(|bound| is_within(compare_numbers(number, &bound.value), bound))
                    && schema
                        .maximum
                        .as_ref()
                        .is_none_or(|bound| is_within(compare_numbers(&bound.value, number), bound))
                    && schema.multiple_of.as_ref().is_none_or(|step| is_multiple(number, step))
            }
            Value::String(text) => {
                let length = text.chars().count() as u64;
                schema.min_length.is_none_or(|least| length >= least)
                    && schema.max_length.is_none_or(|most| length <= most)
                    && schema.pattern.as_ref().is_none_or(|one| pattern::matches(one, text).unwrap_or(true))
            }
            _ => true,
        }
}

fn is_within(order: std::cmp::Ordering, bound: &Bound) -> bool {
    if bound.exclusive { order.is_gt() } else { order.is_ge() }
}

/// The types that `value` is of: an integer is a number too.
pub(crate) fn types_of(value: &Value) -> impl Iterator<Item = Type> {
    let types: &[Type] = match value {
        Value::Null => &[Type::Null],
        Value::Bool(_) => &[Type::Boolean],
        Value::Number(number) if integer(number).is_some() => &[Type::Integer, Type::Number],
        Value::Number(_) => &[Type::Number],
        Value::String(_) => &[Type::String],
        Value::Array(_) => &[Type::Array],
        Value::Object(_) => &[Type::Object],
    };
    types.iter().copied()
}

/// Whether the keyword is there and forbids everything.
pub(crate) fn forbids(schemas: &Schemas, keyword: AdditionalItems) -> bool {
    keyword.schema().is_some_and(|id| is_nothing(schemas, id))
}

/// Whether a schema plainly says that no value is valid: `false`, or `not` before what is always valid.
pub(crate) fn is_nothing(schemas: &Schemas, id: SchemaId) -> bool {
    let schema = &schemas[schemas.resolve(id)];
    schema.boolean == Some(false) || schema.not.is_some_and(|not| is_everything(&schemas[schemas.resolve(not)]))
}

/// Whether a schema says nothing about values: `true`, `{}`, or words alone.
fn is_everything(schema: &Schema) -> bool {
    schema.boolean == Some(true) || (schema.types.is_none() && says_types_alone(schema))
}

/// Whether a schema says nothing but words, and of which types values are.
pub(crate) fn says_types_alone(schema: &Schema) -> bool {
    *schema
        == Schema {
            component: schema.component.clone(),
            title: schema.title.clone(),
            description: schema.description.clone(),
            types: schema.types,
            ..Schema::anything(schema.at.clone())
        }
}
