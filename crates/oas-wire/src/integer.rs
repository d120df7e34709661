//! Integers that are written like `278.0` or `1e3`: JSON Schema takes them for what they are, serde does not.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// As many digits as an integer is written out with: those of 128 bits, and a few.
const DIGITS: usize = 40;

/// Reads JSON whose integers may be written in any way. The ordinary way costs nothing more.
pub fn from_slice<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
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
pub fn rewrite(value: &mut Value) -> bool {
    match value {
        Value::Number(number) if number.is_f64() => {
            let text = number.to_string();
            let written = plain(&text);
            let integer = written.parse::<i64>().map(Value::from).or_else(|_| written.parse::<u64>().map(Value::from));
            let Ok(integer) = integer else { return false };
            *value = integer;
            true
        }
        // No short cut: all of them have to be written.
        Value::Array(items) => items.iter_mut().fold(false, |found, item| rewrite(item) | found),
        Value::Object(members) => members.values_mut().fold(false, |found, member| rewrite(member) | found),
        _ => false,
    }
}

/// A number of JSON without fraction and exponent when it is an integer; otherwise as it is.
///
/// ```
/// use oas_wire::integer::plain;
///
/// assert_eq!(plain("10.0"), "10");
/// assert_eq!(plain("1e3"), "1000");
/// assert_eq!(plain("-0"), "0");
/// assert_eq!(plain("0.5"), "0.5");
/// ```
pub fn plain(number: &str) -> Cow<'_, str> {
    integer(number).map_or(Cow::Borrowed(number), Cow::Owned)
}

/// The digits of an integer that is written otherwise; `None` when it is none, too long, or written so already.
fn integer(number: &str) -> Option<String> {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let exponent: i32 = exponent.parse().ok()?;
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    if significant.is_empty() {
        return (number != "0").then(|| "0".to_owned());
    }
    let behind = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let written = match usize::try_from(behind) {
        Ok(zeros) if significant.len() + zeros <= DIGITS => format!("{significant}{}", "0".repeat(zeros)),
        Ok(_) => return None,
        Err(_) => {
            let kept = significant.len().checked_sub(usize::try_from(behind.unsigned_abs()).ok()?)?;
            let (kept, dropped) = significant.split_at(kept);
            if kept.is_empty() || dropped.bytes().any(|byte| byte != b'0') {
                return None;
            }
            kept.to_owned()
        }
    };
    let written = format!("{sign}{written}");
    (written != number).then_some(written)
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

    #[test]
    fn numbers_are_written_out_when_they_are_integers() {
        for (text, expected) in [
            ("1.50e1", "15"),
            ("1200e-2", "12"),
            ("0.0001e4", "1"),
            ("-0.0", "0"),
            ("1E2", "100"),
            ("123456789012345678901234567890.0", "123456789012345678901234567890"),
            ("1.5", "1.5"),
            ("1e-1", "1e-1"),
            ("1e300", "1e300"),
            ("12", "12"),
            ("1e", "1e"),
            ("1e99999999999", "1e99999999999"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }
}
