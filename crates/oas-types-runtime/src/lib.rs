//! What every generated type stands on: reading and writing JSON that loses nothing.
//!
//! A generated type states what it has, and this crate does the rest: it reads members in any order, keeps those that
//! the document does not describe, tells absence, `null` and a value apart, never changes a number, and says where in
//! the text a value did not fit. It is an interface of generated code: what people meet of it are [`Maybe`],
//! [`Additional`], [`Formatted`], [`Number`] and [`Error`].
//!
//! [`from_slice`] and [`to_vec`] are the direct ways. `serde::Deserialize` and `serde::Serialize` of a generated type go
//! through the same code, for every format that describes itself.

mod additional;
mod answer;
mod bytes;
mod choice;
mod decimal;
mod equality;
mod error;
mod formatted;
#[cfg(feature = "schemars")]
mod json_schema;
mod maybe;
mod number;
mod open_enum;
mod or_other;
mod reader;
mod record;
mod scan;
mod serde_bridge;
mod shape;
mod values;
mod writer;

pub use additional::Additional;
pub use answer::{Answer, FromAnswer, header_values};
#[doc(hidden)]
pub use bytes::AsText;
pub use choice::{Branch, Fit, Kind, Raw};
pub use error::{Error, Place};
#[cfg(feature = "uuid")]
pub use formatted::Uuid;
#[cfg(feature = "chrono")]
pub use formatted::{Date, DateTime};
pub use formatted::{Format, FormatError, Formatted, Ipv4, Ipv6};
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub use json_schema::document_schema;
pub use maybe::Maybe;
pub use number::{Number, NumberError};
#[doc(hidden)]
pub use open_enum::{ManyText, fit_integer_enum, fit_of, fit_text_enum, read_integer_enum, read_text_enum};
pub use or_other::{Container, OrOther};
pub use reader::{Reader, Reading};
pub use record::{Members, Record, fit_record, read_record, write_record};
pub use serde_bridge::{deserialize, deserialize_exactly, serialize};
pub use shape::{Fixed, Shape, Unknown};
pub use writer::Writer;

#[doc(hidden)]
pub use serde;

/// A value that is read from JSON.
pub trait FromJson: Sized {
    /// Reads the value at which the reader stands.
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error>;

    /// How well a value looks like one of this type, before it is read: what branches of a union are told apart by.
    fn fit(_value: &Raw<'_>) -> Fit {
        Fit::default()
    }

    /// A list of such values that came as a text: the bytes of a part of a form that looked like one.
    #[doc(hidden)]
    fn list_of_text(_text: &str) -> Option<Vec<Self>> {
        None
    }
}

/// A value that is written as JSON.
pub trait ToJson {
    /// Writes the value. What cannot be written stays in the writer as an error.
    fn to_json(&self, writer: &mut Writer);
}

/// An open enum of texts.
pub trait TextEnum: Sized {
    /// The value for a text: one that is listed, or the one that keeps what is not.
    fn from_text(text: &str) -> Self;
    /// The text.
    fn text(&self) -> &str;
    /// Whether the document lists the value.
    fn is_listed(&self) -> bool;
}

/// An open enum of integers.
pub trait IntegerEnum: Sized {
    /// The type of the integers.
    type Integer: FromJson + ToJson;
    /// The value for an integer: one that is listed, or the one that keeps what is not.
    fn from_integer(integer: Self::Integer) -> Self;
    /// The integer.
    fn integer(&self) -> Self::Integer;
    /// Whether the document lists the value.
    fn is_listed(&self) -> bool;
}

/// Reads the text of a JSON value, leniently: see [`Reading`].
///
/// ```
/// let numbers: Vec<u64> = oas_types_runtime::from_slice(b"[1, 1e3, 18446744073709551615]")?;
/// assert_eq!(numbers, [1, 1000, u64::MAX]);
/// let error = oas_types_runtime::from_slice::<Vec<u64>>(b"[1, 1.5]").unwrap_err();
/// assert_eq!(error.to_string(), "/1: expected an integer (u64), found 1.5");
/// # Ok::<(), oas_types_runtime::Error>(())
/// ```
pub fn from_slice<T: FromJson>(json: &[u8]) -> Result<T, Error> {
    from_slice_as(json, Reading::Lenient)
}

/// Reads the text of a JSON value.
pub fn from_str<T: FromJson>(json: &str) -> Result<T, Error> {
    Reader::new(json, Reading::Lenient).whole()
}

/// Reads the text of a JSON value as strictly as `reading` says.
pub fn from_slice_as<T: FromJson>(json: &[u8], reading: Reading) -> Result<T, Error> {
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    let text = std::str::from_utf8(json).map_err(|error| Error::not_utf8(error.valid_up_to()))?;
    Reader::new(text, reading).whole()
}

/// Writes a value as JSON.
///
/// # Errors
/// When a number is infinite or none, which JSON cannot say.
pub fn to_vec<T: ToJson + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::default();
    value.to_json(&mut writer);
    writer.finish()
}

/// Reads one type from what another writes: a child from the parent that holds all that it has, and back.
///
/// # Errors
/// When the value is none of the other type, or JSON cannot say it.
pub fn convert<T: FromJson>(value: &(impl ToJson + ?Sized)) -> Result<T, Error> {
    from_str(&to_string(value)?)
}

/// Writes a value as the JSON of an answer: without members that are `writeOnly`, which are none of any answer.
///
/// # Errors
/// As [`to_vec`].
pub fn to_answer<T: ToJson + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::of_answer();
    value.to_json(&mut writer);
    writer.finish()
}

/// Writes a value as JSON.
///
/// # Errors
/// As [`to_vec`].
pub fn to_string<T: ToJson + ?Sized>(value: &T) -> Result<String, Error> {
    to_vec(value).map(|json| String::from_utf8_lossy(&json).into_owned())
}
