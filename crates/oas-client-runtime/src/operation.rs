//! What a client knows of an operation besides its request builder.

use std::ops::RangeInclusive;

use oas_wire::{Spelling, Style};
use reqwest::StatusCode;

use crate::Paging;

/// An operation of the document, as the generated code has it.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`, or the id made for an operation without one.
    pub id: &'static str,
    /// The word on the request line.
    pub method: &'static str,
    /// The path template, as the document writes it.
    pub path: &'static str,
    /// The pieces of the path.
    pub route: &'static [Piece],
    /// The parameters, in the order of the builder's fields.
    pub parameters: &'static [Parameter],
    /// The operation's own server, with its variables filled in; `None` when the client's base URL is in force.
    pub server: Option<&'static str>,
    /// The media types that the operation may answer with, for the header `Accept`; empty when it has no content.
    pub accept: &'static str,
    /// The alternatives of the security requirement, each the schemes it needs, called like the methods of the
    /// client's builder; empty when the operation is public.
    pub security: &'static [&'static [&'static str]],
    /// The header that makes a repeated request the same request, when the operation has one.
    pub idempotency_key: Option<&'static str>,
    /// How the pages of the list follow each other, when the operation answers with one.
    pub paging: Option<Paging>,
    /// The statuses that are a success.
    pub success: &'static [RangeInclusive<u16>],
    /// The statuses that the document describes as an error.
    pub error: &'static [RangeInclusive<u16>],
}

/// A piece of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// Text that the document fixes, as a URL has it.
    Text(&'static str),
    /// The parameter with this index.
    Value(usize),
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// The query as a whole.
    Querystring,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// A parameter: where it stands, and how its value is spelled.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    pub(crate) location: Location,
    pub(crate) spelling: Spelling<'static>,
    pub(crate) json: bool,
    pub(crate) fields: &'static [Field],
}

/// A member of a form that is not written as by default: in a style, or as JSON text.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub(crate) spelling: Spelling<'static>,
    pub(crate) json: bool,
}

impl Field {
    /// A member in a style.
    pub const fn new(name: &'static str, style: Style, explode: bool, allow_reserved: bool) -> Self {
        Self { spelling: Spelling { name, style, explode, allow_reserved }, json: false }
    }

    /// A member as JSON text.
    pub const fn json(name: &'static str) -> Self {
        Self { spelling: Spelling::new(name, Style::Form), json: true }
    }
}

impl Parameter {
    /// A parameter in the path, as the specification's defaults have it.
    pub const fn path(name: &'static str) -> Self {
        Self::of(Location::Path, name, Style::Simple)
    }

    /// A parameter in the query, as the specification's defaults have it.
    pub const fn query(name: &'static str) -> Self {
        Self::of(Location::Query, name, Style::Form)
    }

    /// The query as a whole, written like a form.
    pub const fn querystring(name: &'static str) -> Self {
        Self::of(Location::Querystring, name, Style::Form)
    }

    /// A header, as the specification's defaults have it.
    pub const fn header(name: &'static str) -> Self {
        Self::of(Location::Header, name, Style::Simple)
    }

    /// A cookie, as the specification's defaults have it.
    pub const fn cookie(name: &'static str) -> Self {
        Self::of(Location::Cookie, name, Style::Form)
    }

    const fn of(location: Location, name: &'static str, style: Style) -> Self {
        Self { location, spelling: Spelling::new(name, style), json: false, fields: &[] }
    }

    /// The same in another style.
    #[must_use]
    pub const fn style(mut self, style: Style) -> Self {
        self.spelling = Spelling { style, explode: style.explodes(), ..self.spelling };
        self
    }

    /// The same with or without `explode`.
    #[must_use]
    pub const fn explode(mut self, explode: bool) -> Self {
        self.spelling = self.spelling.explode(explode);
        self
    }

    /// The same with `allowReserved`.
    #[must_use]
    pub const fn allow_reserved(mut self) -> Self {
        self.spelling = self.spelling.allow_reserved();
        self
    }

    /// The same as JSON text.
    #[must_use]
    pub const fn json(mut self) -> Self {
        self.json = true;
        self
    }

    /// The same, a form with these fields.
    #[must_use]
    pub const fn fields(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }

    /// The name on the wire.
    pub const fn name(&self) -> &'static str {
        self.spelling.name
    }
}

/// What the document says of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Success,
    Error,
    Undescribed,
}

impl Operation {
    /// An operation of which nothing is known, for the members that generated code does not state.
    pub const NONE: Self = Self {
        id: "",
        method: "GET",
        path: "",
        route: &[],
        parameters: &[],
        server: None,
        accept: "",
        security: &[],
        idempotency_key: None,
        paging: None,
        success: &[],
        error: &[],
    };

    /// What the document says of a status: the most specific description counts.
    pub(crate) fn class(&self, status: StatusCode) -> Class {
        let status = status.as_u16();
        let width = |all: &[RangeInclusive<u16>]| {
            all.iter().filter(|range| range.contains(&status)).map(|range| range.end() - range.start()).min()
        };
        match (width(self.success), width(self.error)) {
            (Some(success), Some(error)) if error < success => Class::Error,
            (Some(_), _) => Class::Success,
            (None, Some(_)) => Class::Error,
            (None, None) => Class::Undescribed,
        }
    }

    /// Whether sending the request twice does what sending it once does (RFC 9110, section 9.2.2; `QUERY` is safe).
    pub fn is_idempotent(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE" | "QUERY")
    }

    /// Whether the document describes this status by itself, not as one of a range that holds other classes too.
    pub(crate) fn names(&self, status: StatusCode) -> bool {
        let status = status.as_u16();
        let mut all = self.success.iter().chain(self.error);
        all.any(|statuses| statuses.contains(&status) && statuses.start() / 100 == statuses.end() / 100)
    }
}
