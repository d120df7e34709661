//! Open enums: those that keep values which the document does not list.

use crate::choice::{Fit, Kind, Raw};
use crate::{Error, FromJson, IntegerEnum, Reader, Reading, TextEnum};

/// The text of an enum of very many values. It has no parameters: rustc looks at it once for each value.
#[doc(hidden)]
#[derive(Clone)]
pub enum ManyText {
    /// One that the document lists.
    Listed(&'static str),
    /// One that came.
    Given(String),
}

impl ManyText {
    /// The text.
    pub const fn as_str(&self) -> &str {
        match self {
            Self::Listed(text) => text,
            Self::Given(text) => text.as_str(),
        }
    }
}

impl std::fmt::Debug for ManyText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_str().fmt(formatter)
    }
}

/// Reads an enum of texts.
pub fn read_text_enum<T: TextEnum>(reader: &mut Reader<'_>) -> Result<T, Error> {
    let value = T::from_text(&reader.string()?);
    listed(reader, value, T::is_listed)
}

/// How well a value looks like one of an enum of texts.
pub fn fit_text_enum<T: TextEnum>(value: &Raw<'_>) -> Fit {
    match value.string() {
        Some(text) if value.kind() == Kind::Text => Fit::listed(T::from_text(&text).is_listed()),
        _ => Fit::OTHER,
    }
}

/// Reads an enum of integers.
pub fn read_integer_enum<T: IntegerEnum>(reader: &mut Reader<'_>) -> Result<T, Error> {
    let value = T::from_integer(reader.read()?);
    listed(reader, value, T::is_listed)
}

/// How well a value looks like one of an enum of integers.
pub fn fit_integer_enum<T: IntegerEnum>(value: &Raw<'_>) -> Fit {
    if T::Integer::fit(value) == Fit::OTHER {
        return Fit::OTHER;
    }
    match crate::from_str(value.text()) {
        Ok(integer) => Fit::listed(T::from_integer(integer).is_listed()),
        Err(_) => Fit::OTHER,
    }
}

/// A value, unless it has to be listed and is not.
fn listed<T>(reader: &Reader<'_>, value: T, is_listed: impl Fn(&T) -> bool) -> Result<T, Error> {
    if reader.reading() == Reading::Exact && !is_listed(&value) {
        return Err(reader.error("a value that the document lists", "another"));
    }
    Ok(value)
}

/// How well a value looks like what a newtype holds.
pub fn fit_of<V: FromJson, T>(_make: impl Fn(V) -> T, value: &Raw<'_>) -> Fit {
    V::fit(value)
}
