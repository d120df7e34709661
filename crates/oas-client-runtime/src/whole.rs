//! Integers that are written like `278.0` or `1e3`: JSON Schema takes them for what they are, serde does not.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads JSON whose integers may be written in any way. The ordinary way costs nothing more.
pub(crate) fn from_slice<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(text).or_else(|error| {
        let Ok(mut value) = serde_json::from_slice::<Value>(text) else { return Err(error) };
        if !rewrite(&mut value) {
            return Err(error);
        }
        // Through text, because types may look at it.
        serde_json::to_vec(&value).and_then(|text| serde_json::from_slice(&text)).map_err(|_| error)
    })
}

/// Writes integers in `value` without a fraction or an exponent; says whether there were any to write.
fn rewrite(value: &mut Value) -> bool {
    match value {
        Value::Number(number) => {
            let written = number.as_f64().filter(|_| number.is_f64()).and_then(integer);
            let found = written.is_some();
            if let Some(written) = written {
                *value = written;
            }
            found
        }
        // No short cut: all of them have to be written.
        Value::Array(items) => items.iter_mut().fold(false, |found, item| rewrite(item) | found),
        Value::Object(members) => members.values_mut().fold(false, |found, member| rewrite(member) | found),
        _ => false,
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
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn integers_are_read_however_they_are_written() {
        for (text, expected) in [("278", 278), ("278.0", 278), ("1e3", 1000), ("-0.0", 0), ("-2.50e1", -25)] {
            assert_eq!(from_slice::<i64>(text.as_bytes()).expect(text), expected);
        }
        assert_eq!(from_slice::<u64>(b"1e19").expect("64 bits"), 10_000_000_000_000_000_000);
        let all: BTreeMap<String, Vec<i32>> = from_slice(br#"{"a":[1.0,2],"b":[3e0]}"#).expect("integers");
        assert_eq!(all, BTreeMap::from([("a".to_owned(), vec![1, 2]), ("b".to_owned(), vec![3])]));
    }

    #[test]
    fn what_is_no_integer_is_refused_as_before() {
        for text in ["278.5", "1e300", "9223372036854775808.0", "-1e19", "\"1.0\"", "[1.0"] {
            let refused = from_slice::<i64>(text.as_bytes()).expect_err(text).to_string();
            let before = serde_json::from_slice::<i64>(text.as_bytes()).expect_err(text).to_string();
            assert_eq!(refused, before);
        }
        assert!(from_slice::<u8>(b"300.0").is_err() && from_slice::<u64>(b"-1.0").is_err());
    }
}
