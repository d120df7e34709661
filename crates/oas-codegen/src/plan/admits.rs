//! Whether a schema admits a value, as far as its kind and its listed values decide.

use oas_model::{Api, SchemaId, Type};
use serde_json::Value;

/// How many schemas are asked about one value, at most: what is deeper is taken to admit it.
const MOST: usize = 1000;

/// Whether a value can be one of the schema: bounds and patterns are not looked at.
pub(super) fn admits(api: &Api, id: SchemaId, value: &Value) -> bool {
    asked(api, id, value, &mut { MOST })
}

fn asked(api: &Api, id: SchemaId, value: &Value, left: &mut usize) -> bool {
    let Some(rest) = left.checked_sub(1) else { return true };
    *left = rest;
    let schema = &api.schemas[id];
    if schema.boolean == Some(false) {
        return false;
    }
    let is_typed = schema.types.is_none_or(|types| kinds(value).iter().any(|kind| types.contains(*kind)));
    let is_listed = schema.enumeration.as_ref().is_none_or(|values| values.contains(value))
        && schema.constant.as_ref().is_none_or(|constant| constant == value);
    let mut is_admitted = |ids: &[SchemaId]| ids.is_empty() || ids.iter().any(|id| asked(api, *id, value, left));
    is_typed
        && is_listed
        && is_admitted(&schema.any_of)
        && is_admitted(&schema.one_of)
        && schema.reference.iter().chain(&schema.all_of).all(|id| asked(api, *id, value, left))
}

/// The types that a value has.
pub(super) fn kinds(value: &Value) -> &'static [Type] {
    match value {
        Value::Null => &[Type::Null],
        Value::Bool(_) => &[Type::Boolean],
        Value::Number(number) => {
            let is_integral =
                number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|float| float.fract() == 0.0);
            if is_integral { &[Type::Integer, Type::Number] } else { &[Type::Number] }
        }
        Value::String(_) => &[Type::String],
        Value::Array(_) => &[Type::Array],
        Value::Object(_) => &[Type::Object],
    }
}
