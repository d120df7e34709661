//! Integers that are written like `278.0` or `1e3`: JSON Schema takes them for what they are, serde does not.

use serde_json::Value;

/// Writes integers in `value` without a fraction or an exponent.
pub(crate) fn rewrite(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(written) = number.as_f64().and_then(integer) {
                *value = written;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        Value::Object(members) => members.values_mut().for_each(rewrite),
        _ => {}
    }
}

/// The integer that a number is, when it is one of 64 bits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bounds are those of the types")]
fn integer(number: f64) -> Option<Value> {
    // 2^63 and 2^64 are numbers that a float holds exactly; the greatest integers of 64 bits are not.
    const SIGNED: f64 = 9_223_372_036_854_775_808.0;
    const UNSIGNED: f64 = 18_446_744_073_709_551_616.0;
    if number.fract() != 0.0 {
        return None;
    }
    if (-SIGNED..SIGNED).contains(&number) {
        return Some(Value::from(number as i64));
    }
    (SIGNED..UNSIGNED).contains(&number).then(|| Value::from(number as u64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn integers_lose_what_they_do_not_need() {
        let mut value = json!({"a": [278.0, 1e3, -0.0, 1e19], "b": 1.5, "c": 1e300, "d": "1.0", "e": -1e19, "f": 7});
        rewrite(&mut value);
        let written = json!({"a": [278, 1000, 0, 10_000_000_000_000_000_000_u64], "b": 1.5, "c": 1e300, "d": "1.0", "e": -1e19, "f": 7});
        assert_eq!(value, written);
    }
}
