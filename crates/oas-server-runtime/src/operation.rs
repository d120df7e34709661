//! What the runtime has to know of an operation. Generated code has one `static` [`Operation`] for each.

use oas_wire::Spelling;

use crate::{Location, Style};

/// An operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`, or a name made from method and path.
    pub id: &'static str,
    /// The method, as it stands on the request line.
    pub method: &'static str,
    /// The path template, as the document writes it.
    pub path: &'static str,
    /// The parameters, in the order of the document.
    pub parameters: &'static [Parameter],
    /// The body of the request.
    pub body: Option<RequestBody>,
    /// The media types of its successful answers; empty when they have no body, or any will do.
    pub produces: &'static [&'static str],
    /// The headers that credentials of the operation stand in, beside `Authorization` and `Cookie`.
    pub secret_headers: &'static [&'static str],
    /// Whether it answers parts of its bytes: the document describes status 206.
    pub ranges: bool,
    /// How many bytes the body of a request may have, where `codegen.toml` says it of this operation.
    pub body_limit: Option<usize>,
}

impl Operation {
    /// An operation of which nothing is said.
    pub const EMPTY: Self = Self {
        id: "",
        method: "",
        path: "",
        parameters: &[],
        body: None,
        produces: &[],
        secret_headers: &[],
        ranges: false,
        body_limit: None,
    };
}

/// OpenAPI 3.1.1, section 4.8.12: a parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where it stands.
    pub location: Location,
    /// How it is written.
    pub style: Style,
    /// Whether arrays and objects become several parameters.
    pub explode: bool,
    /// Whether it must be there.
    pub required: bool,
    /// Whether `?name=` is as good as no parameter.
    pub allow_empty: bool,
    /// The media type of its text, when it is not written in a style.
    pub content: Option<&'static str>,
    /// The value it has when it is absent, as JSON.
    pub default: Option<&'static str>,
    /// The name of its schema; `None` when anything will do.
    pub schema: Option<&'static str>,
}

impl Parameter {
    /// A parameter of the path, as the specification's defaults have it.
    pub const PATH: Self = Self::of(Location::Path, Style::Simple);
    /// A parameter of the query, as the specification's defaults have it.
    pub const QUERY: Self = Self::of(Location::Query, Style::Form);
    /// The query as a whole.
    pub const QUERYSTRING: Self = Self::of(Location::Querystring, Style::Form);
    /// A header, as the specification's defaults have it.
    pub const HEADER: Self = Self::of(Location::Header, Style::Simple);
    /// A cookie, as the specification's defaults have it.
    pub const COOKIE: Self = Self::of(Location::Cookie, Style::Form);

    /// How its values are spelled.
    pub(crate) const fn spelling(&self) -> Spelling<'static> {
        Spelling { name: self.name, style: self.style, explode: self.explode, allow_reserved: false }
    }

    const fn of(location: Location, style: Style) -> Self {
        Self {
            name: "",
            location,
            style,
            explode: style.explodes(),
            required: matches!(location, Location::Path),
            allow_empty: false,
            content: None,
            default: None,
            schema: None,
        }
    }
}

/// OpenAPI 3.1.1, section 4.8.13: the body of a request.
#[derive(Debug)]
pub struct RequestBody {
    /// Whether it must be there.
    pub required: bool,
    /// What it may be, in the order of the document.
    pub content: &'static [Content],
}

/// OpenAPI 3.1.1, section 4.8.14: a body in one media type.
#[derive(Debug)]
pub struct Content {
    /// The media type or range, as the document writes it.
    pub media_type: &'static str,
    /// How the value is written.
    pub format: ContentFormat,
    /// The name of its schema; `None` when anything will do.
    pub schema: Option<&'static str>,
    /// How members of a form are written, where the document says so.
    pub encoding: &'static [Encoding],
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentFormat {
    /// JSON, under any media type.
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
    /// Text in UTF-8.
    Text,
    /// Anything else.
    Bytes,
    /// A JSON value per line.
    JsonLines,
    /// `text/event-stream`
    EventStream,
}

/// OpenAPI 3.1.1, section 4.8.15: how a member of a form is written.
#[derive(Debug)]
pub struct Encoding {
    /// The member.
    pub name: &'static str,
    /// The media types a part may have, as the document writes them.
    pub content_type: Option<&'static str>,
    /// How the value is written.
    pub style: Style,
    /// Whether arrays and objects become several members.
    pub explode: bool,
}
