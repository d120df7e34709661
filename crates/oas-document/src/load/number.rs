//! Numbers as JSON spells them.

use serde_json::Number;

/// The number that `text` spells, to the last bit; `None` when it is too large. Whole numbers that no 64-bit integer
/// holds, and all others, become the nearest number of double precision.
pub(super) fn parse(text: &str) -> Option<Number> {
    let is_whole = !text.contains(['.', 'e', 'E']) && text != "-0";
    if is_whole && let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    if is_whole && let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    text.parse().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    #[test]
    fn numbers_are_exact_to_the_last_bit() {
        assert_eq!(
            parse("-1.5871925959734257e-183"),
            Some(json!(-1.587_192_595_973_425_7e-183).as_number().cloned()).flatten()
        );
        assert_eq!(parse("18446744073709551615").and_then(|number| number.as_u64()), Some(u64::MAX));
        assert_eq!(parse("-9223372036854775808").and_then(|number| number.as_i64()), Some(i64::MIN));
        assert_eq!(
            parse("18446744073709551616").and_then(|number| number.as_f64()),
            Some(18_446_744_073_709_551_616.0)
        );
        assert_eq!(parse("1e400"), None);
    }
}
