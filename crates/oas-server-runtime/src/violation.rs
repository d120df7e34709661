//! One thing that is wrong with a request.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

/// Where in a request a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// The query as a whole (OpenAPI 3.2).
    Querystring,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
    /// In the body.
    Body,
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Querystring => "query string",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Body => "body",
        })
    }
}

/// One thing that is wrong with a request. Its message never repeats the value at fault, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// Where the value stands.
    pub location: Location,
    /// The value as a JSON Pointer (RFC 6901): into the body, or `/name` of a parameter and from there into its value.
    pub pointer: String,
    /// What kind of fault it is, for programs: the JSON Schema keyword that failed (`minLength`, `required`), or
    /// `syntax`, `encoding`, `repeated` or `unrepresentable`.
    pub code: Cow<'static, str>,
    /// What is wrong, for people: lower case, no final stop.
    pub message: String,
}

impl Violation {
    /// A violation.
    pub fn new(
        location: Location,
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { location, pointer: pointer.into(), code: code.into(), message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(formatter, "{}: {}", self.location, self.message),
            pointer => write!(formatter, "{} {pointer}: {}", self.location, self.message),
        }
    }
}

/// `/name`
pub(crate) fn pointer(name: &str) -> String {
    let mut pointer = String::new();
    push_token(&mut pointer, name);
    pointer
}

/// Writes `token` behind `pointer`, escaped as RFC 6901, section 3 asks.
pub(crate) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}
