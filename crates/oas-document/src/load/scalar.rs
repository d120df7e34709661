//! What a YAML scalar stands for, by the core schema of YAML 1.2
//! ([section 10.3](https://yaml.org/spec/1.2.2/#103-core-schema)).

use serde_json::Number;

use super::number;
use crate::Value;

/// Why a scalar has no value in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ScalarError {
    /// `.inf` and `.nan`.
    NotFinite,
    /// Larger than the largest number of IEEE 754 double precision.
    OutOfRange,
    /// The tag, such as `!!int`, does not fit the text.
    Tag(&'static str),
}

/// The value of a plain scalar without a tag.
pub(super) fn plain(text: &str) -> Result<Value, ScalarError> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "true" | "True" | "TRUE" => Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => Ok(Value::Bool(false)),
        _ => Ok(spelled(text)?.map_or_else(|| Value::String(text.to_owned()), Value::Number)),
    }
}

/// The value of a scalar with a tag of the core schema; `suffix` is its name without `!!`.
/// `None` when the core schema has no such tag.
pub(super) fn tagged(suffix: &str, text: &str) -> Option<Result<Value, ScalarError>> {
    let value = match suffix {
        "str" => return Some(Ok(Value::String(text.to_owned()))),
        "null" | "bool" | "int" | "float" => plain(text),
        _ => return None,
    };
    Some(value.and_then(|value| match (suffix, value) {
        ("null", Value::Null) => Ok(Value::Null),
        ("bool", Value::Bool(truth)) => Ok(Value::Bool(truth)),
        ("int", Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(Value::Number(number)),
        ("float", Value::Number(number)) => float(&number).map(Value::Number),
        ("null", _) => Err(ScalarError::Tag("!!null")),
        ("bool", _) => Err(ScalarError::Tag("!!bool")),
        ("int", _) => Err(ScalarError::Tag("!!int")),
        _ => Err(ScalarError::Tag("!!float")),
    }))
}

fn float(number: &Number) -> Result<Number, ScalarError> {
    number.as_f64().and_then(Number::from_f64).ok_or(ScalarError::OutOfRange)
}

/// The number that `text` spells; `None` when it spells none.
fn spelled(text: &str) -> Result<Option<Number>, ScalarError> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(ScalarError::NotFinite);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return Ok(None);
    }
    decimal(text.starts_with('-'), unsigned)
}

fn radix(digits: &str, radix: u32) -> Result<Option<Number>, ScalarError> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Ok(None);
    }
    u64::from_str_radix(digits, radix).map(|value| Some(value.into())).map_err(|_| ScalarError::OutOfRange)
}

/// Reads `[0-9]+`, or `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, by spelling it as JSON does.
fn decimal(negative: bool, text: &str) -> Result<Option<Number>, ScalarError> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_digits = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    let is_number = digits(whole)
        && fraction.is_none_or(digits)
        && !(whole.is_empty() && fraction.is_none_or(str::is_empty))
        && exponent_digits.is_none_or(|text| !text.is_empty() && digits(text));
    if !is_number {
        return Ok(None);
    }
    let significant = whole.trim_start_matches('0');
    if significant.is_empty() && fraction.is_none() && exponent.is_none() {
        return Ok(Some(0.into()));
    }
    let mut json = String::with_capacity(text.len() + 3);
    json.push_str(if negative { "-" } else { "" });
    json.push_str(if significant.is_empty() { "0" } else { significant });
    if let Some(fraction) = fraction {
        json.push('.');
        json.push_str(if fraction.is_empty() { "0" } else { fraction });
    }
    if let Some(exponent) = exponent {
        json.push('e');
        json.push_str(exponent);
    }
    number::parse(&json).map(Some).ok_or(ScalarError::OutOfRange)
}
