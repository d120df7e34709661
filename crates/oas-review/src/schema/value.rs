//! Equality and order of JSON values, as JSON Schema sees them.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// Whether two values are the same: `1` and `1.0` are, objects do not depend on the order of their members (JSON
/// Schema 2020-12, core, section 4.2.2).
pub(crate) fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => compare_numbers(left, right) == Ordering::Equal,
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_value(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| same_value(value, other)))
        }
        _ => left == right,
    }
}

/// The order of two numbers: exact for integers, by floating point otherwise.
pub(crate) fn compare_numbers(left: &Number, right: &Number) -> Ordering {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => approximate(left).total_cmp(&approximate(right)),
    }
}

/// The number as an integer, when it is one.
pub(crate) fn integer(number: &Number) -> Option<i128> {
    if let Some(signed) = number.as_i64() {
        return Some(i128::from(signed));
    }
    if let Some(unsigned) = number.as_u64() {
        return Some(i128::from(unsigned));
    }
    let float = number.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
    (float.fract() == 0.0 && float.abs() < 1e30).then_some(float as i128)
}

/// The number, as near as floating point comes.
pub(crate) fn approximate(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

/// Whether `number` is a multiple of `step`.
pub(crate) fn is_multiple(number: &Number, step: &Number) -> bool {
    if let (Some(number), Some(step)) = (integer(number), integer(step)) {
        return step != 0 && number % step == 0;
    }
    let quotient = approximate(number) / approximate(step);
    (quotient - quotient.round()).abs() < 1e-9
}

/// The text of a value without parts, as it is written outside of JSON: whole numbers have all their digits.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
        Value::Number(number) if number.is_f64() => {
            let is_whole = |float: &f64| float.fract() == 0.0;
            Some(number.as_f64().filter(is_whole).map_or_else(|| number.to_string(), |whole| format!("{whole:.0}")))
        }
        other => Some(other.to_string()),
    }
}

/// The values that a text without parts can stand for: itself, and the number or word of JSON that it is.
pub(crate) fn texts(text: &str) -> Vec<Value> {
    let mut values = vec![Value::String(text.to_owned())];
    let scalar = serde_json::from_str(text).ok().filter(|value: &Value| !value.is_array() && !value.is_object());
    values.extend(scalar.filter(|value| !value.is_string()));
    values
}
