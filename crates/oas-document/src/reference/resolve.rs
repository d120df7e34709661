//! From a reference to a location.

use std::fmt;

use super::nearest::nearest;
use super::uri;
use crate::{Diagnostic, Document, FileId, Location, Node, Place, Pointer};

/// How many references a reference may pass through.
const MAX_HOPS: usize = 64;

/// Why a reference names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolveError {
    /// The fragment is neither a JSON Pointer nor an anchor, or not UTF-8.
    Malformed {
        /// The reference as it was written.
        reference: String,
    },
    /// It names something on a network, from which nothing is read.
    Remote {
        /// The reference as it was written.
        reference: String,
    },
    /// It names a file that was not loaded.
    File {
        /// The reference as it was written.
        reference: String,
    },
    /// The file has no value there.
    Missing {
        /// The reference as it was written.
        reference: String,
        /// The last value on the way that exists.
        reached: Location,
        /// What that value does not have: a member or an item.
        token: String,
        /// A reference to something with a similar name, which does exist.
        nearest: Option<String>,
    },
    /// No schema has that anchor.
    Anchor {
        /// The reference as it was written.
        reference: String,
        /// An anchor with a similar name.
        nearest: Option<String>,
    },
    /// It passes through references that lead back to themselves.
    Cycle {
        /// The reference as it was written.
        reference: String,
    },
}

impl ResolveError {
    /// The code of a diagnostic about it.
    pub const CODE: &'static str = "unresolved-reference";

    /// The slip that says so about the reference at `place`.
    pub fn diagnostic(&self, place: Place) -> Diagnostic {
        Diagnostic::slip(Self::CODE, self.to_string()).at(place).hint(self.hint())
    }

    /// A way out.
    pub fn hint(&self) -> String {
        let fixed = match self {
            Self::Malformed { .. } => "a reference is `#/` and a path, such as `#/components/schemas/Pet`",
            Self::Remote { .. } => {
                "nothing is read from a network: download it next to the document, and refer to that file"
            }
            Self::File { .. } => "check the path, which counts from the file with the reference",
            Self::Missing { nearest: Some(nearest), .. } | Self::Anchor { nearest: Some(nearest), .. } => {
                return format!("did you mean `{nearest}`?");
            }
            Self::Missing { .. } | Self::Anchor { .. } => {
                "check the spelling, or describe what it names: upper and lower case differ"
            }
            Self::Cycle { .. } => "let one of the references name a value",
        };
        fixed.to_owned()
    }
}

impl fmt::Display for ResolveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { reference } => write!(formatter, "`{reference}` is not a reference"),
            Self::Remote { reference } => write!(formatter, "`{reference}` is on a network"),
            Self::File { reference } => write!(formatter, "`{reference}` names a file that was not read"),
            Self::Missing { reference, reached, token, .. } if reached.pointer.as_str().is_empty() => {
                write!(formatter, "`{reference}` names nothing: the document has no member `{token}`")
            }
            Self::Missing { reference, reached, token, .. } => {
                write!(formatter, "`{reference}` names nothing: `{}` has no member `{token}`", reached.pointer)
            }
            Self::Anchor { reference, .. } => write!(formatter, "`{reference}` names no `$anchor`"),
            Self::Cycle { reference } => write!(formatter, "`{reference}` leads back to itself"),
        }
    }
}

impl std::error::Error for ResolveError {}

impl Document {
    /// What a `$ref` in file `from` names. Files were loaded by [`load`](crate::load); nothing is read here.
    ///
    /// References inside of a schema with an `$id` count from there: use [`resolve_at`](Self::resolve_at) for them.
    pub fn resolve(&self, from: FileId, reference: &str) -> Result<Location, ResolveError> {
        self.resolve_at(&Location { file: from, pointer: Pointer::root() }, reference)
    }

    /// What a `$ref` names that is written at `from`, or in the object there.
    ///
    /// The location is that of a value which exists; that value can be a reference itself. A reference that passes
    /// through others on its way is followed.
    pub fn resolve_at(&self, from: &Location, reference: &str) -> Result<Location, ResolveError> {
        self.resolve_within(from, reference, MAX_HOPS)
    }

    fn resolve_within(&self, from: &Location, reference: &str, hops: usize) -> Result<Location, ResolveError> {
        let (uri, fragment) = uri::split(reference);
        let resource = self.resource(from, uri, reference)?;
        let malformed = || ResolveError::Malformed { reference: reference.to_owned() };
        let decoded = uri::decode(fragment).ok_or_else(malformed)?;
        if decoded.is_empty() {
            return Ok(resource);
        }
        if !decoded.starts_with('/') {
            return self.anchor(&resource, &decoded, reference);
        }
        let pointer = Pointer::parse(&decoded).ok_or_else(malformed)?;
        let found = self.walk(&resource, &pointer, reference, hops);
        // Names with a percent sign are often written as they are.
        match (found, Pointer::parse(fragment)) {
            (Err(error @ ResolveError::Missing { .. }), Some(literal)) if literal != pointer => {
                self.walk(&resource, &literal, reference, hops).map_err(|_| error)
            }
            (found, _) => found,
        }
    }

    /// The file or schema that `uri` names, seen from `from`.
    fn resource(&self, from: &Location, uri: &str, reference: &str) -> Result<Location, ResolveError> {
        let base = self.base(from);
        if uri.is_empty() {
            return Ok(base.resource);
        }
        let absolute = uri::join(&base.uri, uri);
        let names = self.names();
        if let Some(location) = names.resource(&absolute).or_else(|| names.resource(uri)) {
            return Ok(location.clone());
        }
        if let Some(file) = self.linked_file(from.file, uri) {
            return Ok(Location { file, pointer: Pointer::root() });
        }
        let reference = reference.to_owned();
        Err(if uri::has_scheme(uri) { ResolveError::Remote { reference } } else { ResolveError::File { reference } })
    }

    fn anchor(&self, resource: &Location, anchor: &str, reference: &str) -> Result<Location, ResolveError> {
        let names = self.names();
        if let Some(location) = names.anchor(resource, anchor) {
            return Ok(location.clone());
        }
        let nearest = nearest(anchor, names.anchors_of(resource)).map(|name| format!("#{name}"));
        Err(ResolveError::Anchor { reference: reference.to_owned(), nearest })
    }

    fn walk(
        &self,
        start: &Location,
        pointer: &Pointer,
        reference: &str,
        mut hops: usize,
    ) -> Result<Location, ResolveError> {
        let mut at = start.clone();
        let mut rest = pointer.tokens();
        let Some(mut token) = rest.next() else { return Ok(at) };
        while let Some(node) = self.get(&at) {
            if node.child(&token).is_some() {
                at = at.child(&token);
                let Some(next) = rest.next() else { return Ok(at) };
                token = next;
                continue;
            }
            let Some(through) = node.get("$ref").and_then(Node::as_str) else { break };
            hops = hops.checked_sub(1).ok_or_else(|| ResolveError::Cycle { reference: reference.to_owned() })?;
            at = self.resolve_within(&at, through, hops).map_err(|error| match error {
                ResolveError::Cycle { .. } => ResolveError::Cycle { reference: reference.to_owned() },
                other => other,
            })?;
        }
        let mut remaining = Pointer::root();
        for token in rest {
            remaining = remaining.child(&token);
        }
        let nearest = self.similar(start, &at, &token, &remaining);
        Err(ResolveError::Missing { reference: reference.to_owned(), reached: at, token: token.into_owned(), nearest })
    }

    /// A reference that exists and is much like the one that goes from `reached` to `token` and on to `rest`.
    fn similar(&self, start: &Location, reached: &Location, token: &str, rest: &Pointer) -> Option<String> {
        let prefix = |file: FileId| if file == start.file { String::new() } else { self.file_name(file) };
        let node = self.get(reached)?;
        let names = node.as_object().into_iter().flat_map(|members| members.keys().map(String::as_str));
        if let Some(name) = nearest(token, names) {
            let corrected = reached.child(name);
            let whole = rest.tokens().fold(corrected.clone(), |location, token| location.child(&token));
            let found = if self.get(&whole).is_some() { whole } else { corrected };
            return Some(format!("{}{}", prefix(found.file), found.pointer));
        }
        let last = rest.last().map_or_else(|| token.to_owned(), std::borrow::Cow::into_owned);
        let components = self.root().get("components").and_then(Node::as_object)?;
        let section = components.iter().find(|(_, member)| member.node.get(&last).is_some())?.0;
        let location = self.root_location().child("components").child(section).child(&last);
        Some(format!("{}{}", prefix(location.file), location.pointer))
    }
}
