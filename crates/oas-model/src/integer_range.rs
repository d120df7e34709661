//! Formats of integers that have a range (OpenAPI's registry of formats).

use std::ops::RangeInclusive;

/// The integers of a format that limits them, `int8` to `uint64`; `None` for any other.
///
/// ```
/// assert_eq!(oas_model::integer_range("uint8"), Some(0..=255));
/// ```
pub fn integer_range(format: &str) -> Option<RangeInclusive<i128>> {
    Some(match format {
        "int8" => i8::MIN.into()..=i8::MAX.into(),
        "int16" => i16::MIN.into()..=i16::MAX.into(),
        "int32" => i32::MIN.into()..=i32::MAX.into(),
        "int64" => i64::MIN.into()..=i64::MAX.into(),
        "uint8" => 0..=u8::MAX.into(),
        "uint16" => 0..=u16::MAX.into(),
        "uint32" => 0..=u32::MAX.into(),
        "uint64" | "uint" => 0..=u64::MAX.into(),
        _ => return None,
    })
}
