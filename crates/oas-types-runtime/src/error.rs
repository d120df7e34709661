//! Why a value was not read or written.

use std::fmt;

/// Why a value was not read or written, and where in the JSON text that was.
///
/// Text of the value is never part of it, numbers are: what servers send may be secret.
pub struct Error(Box<Fault>);

#[derive(Debug)]
struct Fault {
    /// From the inside to the outside, as it is found on the way back.
    place: Vec<Place>,
    expected: String,
    found: String,
    offset: usize,
}

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Into a member.
    Member(String),
    /// Into an item of a list.
    Item(usize),
}

impl Error {
    /// The error of a type that wanted something else than what stood `offset` bytes behind the beginning.
    #[cold]
    pub fn new(expected: impl Into<String>, found: impl Into<String>, offset: usize) -> Self {
        Self(Box::new(Fault { place: Vec::new(), expected: expected.into(), found: found.into(), offset }))
    }

    #[cold]
    pub(crate) fn not_utf8(offset: usize) -> Self {
        Self::new("UTF-8", "bytes that are no text", offset)
    }

    /// The same error, seen from the value around.
    #[cold]
    #[must_use]
    pub fn inside(mut self, place: Place) -> Self {
        self.0.place.push(place);
        self
    }

    /// The same error, of the branch of a union that came nearest; the union stands at `offset`.
    #[cold]
    pub(crate) fn of_branch(mut self, union: &str, branch: &str, offset: usize) -> Self {
        let expected = std::mem::take(&mut self.0.expected);
        self.0.expected = format!("{expected} (`{branch}` came nearest in {union})");
        self.0.offset += offset;
        self
    }

    /// Where the value stands, as a JSON Pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for place in self.0.place.iter().rev() {
            pointer.push('/');
            match place {
                Place::Member(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Place::Item(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// What the type takes: `an integer (i64)`.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// What was there: `a string`, `1.5`.
    pub fn found(&self) -> &str {
        &self.0.found
    }

    /// How many bytes of JSON are in front of it.
    pub fn offset(&self) -> usize {
        self.0.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = self.pointer();
        if !pointer.is_empty() {
            write!(formatter, "{pointer}: ")?;
        }
        write!(formatter, "expected {}, found {}", self.expected(), self.found())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({self} at byte {})", self.offset())
    }
}

impl std::error::Error for Error {}
