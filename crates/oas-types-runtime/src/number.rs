//! Numbers: integers and floats of Rust, and the number that keeps its digits.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::choice::{Fit, Kind, Raw};
use crate::decimal::{Decimal, are_equal, is_integral};
use crate::{Error, FromJson, Reader, ToJson, Writer};

macro_rules! integers {
    ($($integer:ident $({ $more:item })?)*) => {$(
        impl FromJson for $integer {
            #[inline]
            fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
                const EXPECTED: &str = concat!("an integer (", stringify!($integer), ")");
                let Some(text) = reader.number() else { return Err(reader.unexpected(EXPECTED)) };
                if let Ok(integer) = text.parse() {
                    return Ok(integer);
                }
                // `1.0`, `1e3` and `-0` are integers too.
                let integer = Decimal::of(text).and_then(|number| number.integer());
                match integer.and_then(|integer| Self::try_from(integer).ok()) {
                    Some(integer) => Ok(integer),
                    None => Err(reader.misfit(text, EXPECTED)),
                }
            }

            fn fit(value: &Raw<'_>) -> Fit {
                Fit::of(value.kind() == Kind::Number && is_integral(value.text()))
            }

            $($more)?
        }

        impl ToJson for $integer {
            #[inline]
            fn to_json(&self, writer: &mut Writer) {
                writer.integer(*self);
            }
        }
    )*};
}
integers! {
    i8 i16 i32 i64 i128 u16 u32 u64
    u8 {
        fn list_of_text(text: &str) -> Option<Vec<Self>> {
            Some(text.as_bytes().to_vec())
        }
    }
}

/// Whether a float is what a text says, as far as floats can be: of what has too many digits behind the point the nearest
/// one is meant, but an integer is never another one.
#[inline]
pub(crate) fn is_near(text: &str, float: f64) -> bool {
    float.abs() < 9_007_199_254_740_992.0 || is_printed(text, float)
}

#[cold]
fn is_printed(text: &str, float: f64) -> bool {
    are_equal(text, &float.to_string())
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl FromJson for $float {
            #[inline]
            fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
                const EXPECTED: &str = concat!("a number (", stringify!($float), ")");
                let Some(text) = reader.number() else { return Err(reader.unexpected(EXPECTED)) };
                match text.parse::<$float>() {
                    Ok(float) if float.is_finite() && is_near(text, float.into()) => Ok(float),
                    _ => Err(reader.misfit(text, EXPECTED)),
                }
            }

            fn fit(value: &Raw<'_>) -> Fit {
                Fit::of(value.kind() == Kind::Number)
            }
        }

        impl ToJson for $float {
            #[inline]
            fn to_json(&self, writer: &mut Writer) {
                // Without a fraction where there is none, as most languages write it: `10`, not `10.0`.
                #[allow(clippy::cast_possible_truncation, reason = "exact: the range is that of exact integers")]
                if self.fract() == 0.0 && self.abs() < 9_007_199_254_740_992.0 && !(*self == 0.0 && self.is_sign_negative()) {
                    writer.integer(*self as i64);
                } else if self.is_finite() {
                    writer.plain(&serde_json::to_string(self).unwrap_or_default());
                } else {
                    writer.fail("a number that JSON can say", self.to_string());
                }
            }
        }
    )*};
}
floats!(f64 f32);

/// A number with the digits that it came with: exact, however large or fine.
///
/// ```
/// # use oas_types_runtime::Number;
/// let price: Number = "12345678901234567.89".parse()?;
/// assert_eq!(price.as_str(), "12345678901234567.89");
/// assert_eq!(Number::from(10), "1e1".parse()?);
/// # Ok::<(), oas_types_runtime::NumberError>(())
/// ```
#[derive(Clone)]
pub struct Number(Box<str>);

/// A text that is no number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberError(());

impl fmt::Display for NumberError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no number as JSON writes it")
    }
}

impl std::error::Error for NumberError {}

impl Number {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest float; infinite when the number is beyond all floats.
    pub fn as_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// The integer, when it is one.
    pub fn as_i128(&self) -> Option<i128> {
        Decimal::of(&self.0)?.integer()
    }
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        if crate::scan::number_end(text.as_bytes(), 0) == Some(text.len()) {
            Ok(Self(text.into()))
        } else {
            Err(NumberError(()))
        }
    }
}

macro_rules! from_integers {
    ($($integer:ident)*) => {$(impl From<$integer> for Number {
        fn from(integer: $integer) -> Self {
            Self(integer.to_string().into())
        }
    })*};
}
from_integers!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);

impl TryFrom<f64> for Number {
    type Error = NumberError;

    fn try_from(float: f64) -> Result<Self, NumberError> {
        if float.is_finite() {
            Ok(Self(crate::to_string(&float).unwrap_or_default().into()))
        } else {
            Err(NumberError(()))
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        are_equal(&self.0, &other.0)
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(Decimal::of(&self.0)?.compare(&Decimal::of(&other.0)?))
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl FromJson for Number {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        match reader.number() {
            Some(text) => Ok(Self(text.into())),
            None => Err(reader.unexpected("a number")),
        }
    }

    fn fit(value: &Raw<'_>) -> Fit {
        Fit::of(value.kind() == Kind::Number)
    }
}

impl ToJson for Number {
    fn to_json(&self, writer: &mut Writer) {
        writer.plain(&self.0);
    }
}
