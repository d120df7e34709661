//! Numbers as JSON writes them, by their digits.

use std::cmp::Ordering;

/// Digits and where the point stands: `sign 0.digits × 10^exponent`, without zeros at either end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// The value of a number of JSON's grammar; `None` when its exponent is beyond all measure.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let zeros = i64::try_from(all.len() - digits.len()).ok()?;
        let digits = digits.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { is_negative: false, digits, exponent: 0 });
        }
        let exponent: i64 = exponent.parse().ok()?;
        let exponent = exponent.checked_add(i64::try_from(whole.len()).ok()?)?.checked_sub(zeros)?;
        Some(Self { is_negative, digits, exponent })
    }

    /// The integer, when it is one of at most 38 digits.
    pub(crate) fn integer(&self) -> Option<i128> {
        if self.digits.is_empty() {
            return Some(0);
        }
        let places = usize::try_from(self.exponent).ok()?;
        if places < self.digits.len() || places > 38 {
            return None;
        }
        let zeros = "0".repeat(places - self.digits.len());
        let magnitude: i128 = format!("{}{zeros}", self.digits).parse().ok()?;
        Some(if self.is_negative { -magnitude } else { magnitude })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        let sign = |one: &Self| if one.digits.is_empty() { 0 } else { 1 - 2 * i8::from(one.is_negative) };
        let (one, two) = (sign(self), sign(other));
        if one != two || one == 0 {
            return one.cmp(&two);
        }
        let larger = (self.exponent, &self.digits).cmp(&(other.exponent, &other.digits));
        if one < 0 { larger.reverse() } else { larger }
    }
}

/// Whether two numbers of JSON are the same: `1`, `1.0` and `10e-1` are.
pub(crate) fn are_equal(one: &str, two: &str) -> bool {
    one == two || matches!((Decimal::of(one), Decimal::of(two)), (Some(one), Some(two)) if one == two)
}

/// Whether a number of JSON has no fraction: `1.0` and `1e3` have none.
pub(crate) fn is_integral(text: &str) -> bool {
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return true;
    }
    Decimal::of(text).is_some_and(|number| {
        number.digits.is_empty() || i64::try_from(number.digits.len()).is_ok_and(|digits| number.exponent >= digits)
    })
}
