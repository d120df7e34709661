//! Texts of a format: dates, ids.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::choice::{Fit, Kind, Raw};
use crate::{Error, FromJson, Reader, Reading, ToJson, Writer};

/// How a value is written as text.
pub trait Format: Sized {
    /// What the document calls the format: `date-time`.
    const NAME: &'static str;
    /// The value of a text; `None` when it is not of the format.
    fn parse(text: &str) -> Option<Self>;
    /// The text of a value.
    fn print(&self) -> String;
}

/// A text that should be of a format, kept as it came.
///
/// It goes out as it came in: a date with its offset and its fraction, an id with its capitals. A text that is not of
/// the format is kept too, because one odd date is no reason to lose a whole answer. [`value`](Self::value) gives what
/// the text says. Equality, order and hash are those of the text.
pub struct Formatted<T> {
    text: Box<str>,
    format: PhantomData<fn() -> T>,
}

/// A text that is not of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatError(&'static str);

impl fmt::Display for FormatError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the text is no `{}`", self.0)
    }
}

impl std::error::Error for FormatError {}

impl<T> Formatted<T> {
    /// This text, whether it is of the format or not.
    pub fn from_text(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into(), format: PhantomData }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T: Format> Formatted<T> {
    /// What the text says; `None` when it is not of the format.
    pub fn value(&self) -> Option<T> {
        T::parse(&self.text)
    }
}

impl<T: Format> From<T> for Formatted<T> {
    fn from(value: T) -> Self {
        Self::from_text(value.print())
    }
}

impl<T: Format> FromStr for Formatted<T> {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        if T::parse(text).is_some() { Ok(Self::from_text(text)) } else { Err(FormatError(T::NAME)) }
    }
}

impl<T: Format> FromJson for Formatted<T> {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let text = reader.string()?;
        if reader.reading() == Reading::Exact && T::parse(&text).is_none() {
            return Err(reader.error(format!("a string of the format `{}`", T::NAME), "another string"));
        }
        Ok(Self::from_text(text))
    }

    fn fit(value: &Raw<'_>) -> Fit {
        match value.string() {
            Some(text) if value.kind() == Kind::Text => Fit::listed(T::parse(&text).is_some()),
            _ => Fit::OTHER,
        }
    }
}

impl<T> ToJson for Formatted<T> {
    fn to_json(&self, writer: &mut Writer) {
        writer.string(&self.text);
    }
}

impl<T> Clone for Formatted<T> {
    fn clone(&self) -> Self {
        Self::from_text(self.text.clone())
    }
}

impl<T> PartialEq for Formatted<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Formatted<T> {}

impl<T> PartialOrd for Formatted<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Formatted<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<T> Hash for Formatted<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> fmt::Debug for Formatted<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, formatter)
    }
}

impl<T> fmt::Display for Formatted<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

impl<T: Format> serde::Serialize for Formatted<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T: Format> serde::Deserialize<'de> for Formatted<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from_text)
    }
}

#[cfg(feature = "schemars")]
impl<T: Format> schemars::JsonSchema for Formatted<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": T::NAME })
    }
}

/// A date and time as RFC 3339 writes them, with the offset and the fraction that came.
///
/// ```
/// # use oas_types_runtime::DateTime;
/// let written: DateTime = chrono::DateTime::UNIX_EPOCH.into();
/// assert_eq!(written.as_str(), "1970-01-01T00:00:00Z");
/// let came: DateTime = "2012-10-30T19:49:28.10+01:00".parse()?;
/// assert_eq!(came.as_str(), "2012-10-30T19:49:28.10+01:00");
/// assert_eq!(came.value().map(|date| date.timestamp()), Some(1_351_622_968));
/// assert_eq!(DateTime::from_text("yesterday").value(), None);
/// # Ok::<(), oas_types_runtime::FormatError>(())
/// ```
#[cfg(feature = "chrono")]
pub type DateTime = Formatted<chrono::DateTime<chrono::FixedOffset>>;

/// A date as RFC 3339 writes it: `2012-10-30`.
#[cfg(feature = "chrono")]
pub type Date = Formatted<chrono::NaiveDate>;

/// A UUID (RFC 9562).
#[cfg(feature = "uuid")]
pub type Uuid = Formatted<uuid::Uuid>;

/// An address of IPv4 (RFC 2673, section 3.2): `10.0.0.1`.
pub type Ipv4 = Formatted<Ipv4Addr>;

/// An address of IPv6 (RFC 4291, section 2.2): `::1`.
pub type Ipv6 = Formatted<Ipv6Addr>;

#[cfg(feature = "chrono")]
impl Format for chrono::DateTime<chrono::FixedOffset> {
    const NAME: &'static str = "date-time";

    fn parse(text: &str) -> Option<Self> {
        Self::parse_from_rfc3339(text).ok()
    }

    fn print(&self) -> String {
        self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
    }
}

#[cfg(feature = "chrono")]
impl From<chrono::DateTime<chrono::Utc>> for DateTime {
    fn from(value: chrono::DateTime<chrono::Utc>) -> Self {
        value.fixed_offset().into()
    }
}

#[cfg(feature = "chrono")]
impl Format for chrono::NaiveDate {
    const NAME: &'static str = "date";

    fn parse(text: &str) -> Option<Self> {
        // chrono takes `2012-1-1` too, which is no date of RFC 3339.
        (text.len() == 10).then(|| text.parse().ok()).flatten()
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Format for Ipv4Addr {
    const NAME: &'static str = "ipv4";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

impl Format for Ipv6Addr {
    const NAME: &'static str = "ipv6";

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn print(&self) -> String {
        self.to_string()
    }
}

#[cfg(feature = "uuid")]
impl Format for uuid::Uuid {
    const NAME: &'static str = "uuid";

    fn parse(text: &str) -> Option<Self> {
        (text.len() == 36).then(|| text.parse().ok()).flatten()
    }

    fn print(&self) -> String {
        self.to_string()
    }
}
