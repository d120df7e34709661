//! Percent-encoding, as each part of a URL wants it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// As [`RESERVED`], but the reserved characters that end nothing in a query stay.
const RESERVED_IN_QUERY: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'%');

/// What of a value is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// Everything but unreserved characters.
    All,
    /// What would end the value, the query or the URL; `allowReserved` asks for this.
    KeepReserved,
    /// Nothing.
    None,
}

impl Escape {
    /// The text with what must be escaped as `%XX`.
    pub(crate) fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::All => utf8_percent_encode(text, RESERVED).into(),
            Self::KeepReserved => utf8_percent_encode(text, RESERVED_IN_QUERY).into(),
            Self::None => Cow::Borrowed(text),
        }
    }
}
