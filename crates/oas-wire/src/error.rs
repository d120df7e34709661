//! Why a value cannot be written, or a text not be read.

use std::borrow::Cow;
use std::fmt;

/// A value that a style cannot carry, or not without becoming another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritable {
    name: String,
    reason: Cow<'static, str>,
}

impl Unwritable {
    pub(crate) fn new(name: &str, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.to_owned(), reason: reason.into() }
    }
}

impl fmt::Display for Unwritable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "parameter `{}` {}", self.name, self.reason)
    }
}

impl std::error::Error for Unwritable {}

/// A text that cannot be read: an escape that is not UTF-8, a delimiter out of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// What the escapes stand for is not UTF-8.
    Encoding,
    /// Not written in the style that the document asks for.
    Syntax,
    /// Written several times, although it is one value.
    Repeated,
}
