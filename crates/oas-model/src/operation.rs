//! Operations and everything that stands inside of one.

use std::fmt;

use indexmap::IndexMap;
use oas_document::Location;
use serde_json::Value;

use crate::{Extensions, ExternalDocs, SchemaId, SecurityRequirement, Server};

/// The method of an operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `PUT`
    Put,
    /// `POST`
    Post,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
    /// `HEAD`
    Head,
    /// `PATCH`
    Patch,
    /// `TRACE`
    Trace,
    /// `QUERY` (OpenAPI 3.2)
    Query,
    /// Any other, as written under `additionalOperations` (OpenAPI 3.2).
    Other(String),
}

impl Method {
    /// The word on the request line.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
            Self::Query => "QUERY",
            Self::Other(word) => word,
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// OpenAPI 3.1.1, section 4.8.10: Operation Object, with what it inherits from its path item and the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Where it stands.
    pub at: Location,
    /// `operationId`; several operations may share one, which [`build`](crate::build) has reported.
    pub id: Option<String>,
    /// The method.
    pub method: Method,
    /// The path template, as written: `/clips/{id}`. For a webhook its name, for a callback its expression.
    pub path: String,
    /// The tags, in the order of the document; may be empty.
    pub tags: Vec<String>,
    /// A short summary.
    pub summary: Option<String>,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// Whether callers should refrain from it.
    pub deprecated: bool,
    /// The parameters: those of the path item, each replaced by the operation's own of the same name and location,
    /// then the rest of the operation's own. Every `{name}` of the path has its parameter.
    pub parameters: Vec<Parameter>,
    /// The body of the request.
    pub request_body: Option<RequestBody>,
    /// The responses: numbers in order, then ranges, then the default.
    pub responses: Vec<Response>,
    /// The requests that the API sends because of this one.
    pub callbacks: Vec<Callback>,
    /// The alternatives, own or inherited; empty when the operation needs no credentials, or is [`denied`](Self::denied).
    pub security: Vec<SecurityRequirement>,
    /// Whether nobody can meet what the document asks for: every alternative names a scheme that is not known. A server
    /// refuses all callers; no security would be less than the document wants.
    pub denied: bool,
    /// Whether [`security`](Self::security) stands in the operation itself.
    pub has_own_security: bool,
    /// The servers of the operation or its path item; empty when the document's own are in force.
    pub servers: Vec<Server>,
    /// Where more is written about it.
    pub external_docs: Option<ExternalDocs>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// Where a parameter stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterLocation {
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
}

pub use oas_wire::Style;

/// What a parameter or header carries.
#[derive(Debug, Clone)]
pub enum Payload {
    /// A value of this schema, written in the style that stands beside it.
    Schema(SchemaId),
    /// A text of this media type.
    Content(Box<MediaType>),
}

impl Payload {
    /// The schema of the value, when there is one.
    pub fn schema(&self) -> Option<SchemaId> {
        match self {
            Self::Schema(id) => Some(*id),
            Self::Content(media_type) => media_type.schema,
        }
    }
}

/// OpenAPI 3.1.1, section 4.8.12: Parameter Object, with its defaults made explicit.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "the object of the specification has them")]
pub struct Parameter {
    /// Where it stands, after references.
    pub at: Location,
    /// Its name on the wire.
    pub name: String,
    /// Where it stands in the request.
    pub location: ParameterLocation,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// Whether it must be there.
    pub required: bool,
    /// Whether callers should refrain from it.
    pub deprecated: bool,
    /// Whether `?name=` is as good as no parameter.
    pub allow_empty_value: bool,
    /// How it is written, stated or by default.
    pub style: Style,
    /// Whether arrays and objects become several parameters, stated or by default.
    pub explode: bool,
    /// Whether reserved characters go unescaped.
    pub allow_reserved: bool,
    /// What it carries.
    pub payload: Payload,
    /// Examples, by name; the unnamed one under an empty name.
    pub examples: IndexMap<String, Example>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// OpenAPI 3.1.1, section 4.8.13: Request Body Object.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// Where it stands, after references.
    pub at: Location,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// Whether it must be there.
    pub required: bool,
    /// What it may be, in the order of the document.
    pub content: Vec<MediaType>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// OpenAPI 3.1.1, section 4.8.14: Media Type Object.
#[derive(Debug, Clone)]
pub struct MediaType {
    /// Where it stands.
    pub at: Location,
    /// The media type or range, as written: `application/json; charset=utf-8`.
    pub name: String,
    /// The schema of the whole content.
    pub schema: Option<SchemaId>,
    /// The schema of each item of a stream (OpenAPI 3.2).
    pub item_schema: Option<SchemaId>,
    /// How members of a form are written, by name.
    pub encoding: IndexMap<String, Encoding>,
    /// How the first parts of a stream are written, by position (OpenAPI 3.2).
    pub prefix_encoding: Vec<Encoding>,
    /// How every further part of a stream is written (OpenAPI 3.2).
    pub item_encoding: Option<Box<Encoding>>,
    /// Examples, by name; the unnamed one under an empty name.
    pub examples: IndexMap<String, Example>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// OpenAPI 3.1.1, section 4.8.15: Encoding Object.
#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "the object of the specification has them")]
pub struct Encoding {
    /// Where it stands.
    pub at: Location,
    /// The media types the part may have, as written.
    pub content_type: Option<String>,
    /// Headers of the part.
    pub headers: Vec<Header>,
    /// How the value is written, when stated.
    pub style: Option<Style>,
    /// Whether arrays and objects become several members, when stated.
    pub explode: Option<bool>,
    /// Whether reserved characters go unescaped.
    pub allow_reserved: bool,
    /// How members of a form inside of the part are written, by name (OpenAPI 3.2).
    pub encoding: IndexMap<String, Encoding>,
    /// How the first parts inside of the part are written, by position (OpenAPI 3.2).
    pub prefix_encoding: Vec<Encoding>,
    /// How every further part inside of the part is written (OpenAPI 3.2).
    pub item_encoding: Option<Box<Encoding>>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// The statuses that a response stands for, from the most to the least specific.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusPattern {
    /// One status, 100 to 599.
    Code(u16),
    /// A hundred statuses: 4 stands for `4XX`.
    Range(u8),
    /// Every status that nothing else stands for.
    Default,
}

impl StatusPattern {
    /// Whether it stands for `status`.
    pub fn contains(self, status: u16) -> bool {
        match self {
            Self::Code(code) => code == status,
            Self::Range(hundred) => status / 100 == u16::from(hundred),
            Self::Default => true,
        }
    }

    /// Whether every status it stands for is a success (200 to 299).
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }
}

impl fmt::Display for StatusPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "{code}"),
            Self::Range(hundred) => write!(formatter, "{hundred}XX"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// OpenAPI 3.1.1, section 4.8.17: Response Object.
#[derive(Debug, Clone)]
pub struct Response {
    /// Where it stands, after references.
    pub at: Location,
    /// The statuses it stands for.
    pub status: StatusPattern,
    /// A short summary (OpenAPI 3.2).
    pub summary: Option<String>,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// Its headers, in the order of the document, without `Content-Type`.
    pub headers: Vec<Header>,
    /// What its body may be, in the order of the document; empty when it has none.
    pub content: Vec<MediaType>,
    /// What can be done next.
    pub links: IndexMap<String, Link>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// OpenAPI 3.1.1, section 4.8.21: Header Object; always of style `simple`.
#[derive(Debug, Clone)]
pub struct Header {
    /// Where it stands, after references.
    pub at: Location,
    /// Its name on the wire.
    pub name: String,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// Whether it is always there.
    pub required: bool,
    /// Whether readers should refrain from it.
    pub deprecated: bool,
    /// Whether objects are written `name=value`.
    pub explode: bool,
    /// What it carries.
    pub payload: Payload,
    /// Examples, by name; the unnamed one under an empty name.
    pub examples: IndexMap<String, Example>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// OpenAPI 3.1.1, section 4.8.19: Example Object.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// A short summary.
    pub summary: Option<String>,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// The value; `None` when it stands elsewhere, or only in serialized form.
    pub value: Option<Value>,
    /// The value as it is written on the wire (OpenAPI 3.2).
    pub serialized: Option<String>,
    /// Where the value stands when it is not here.
    pub external_value: Option<String>,
}

/// OpenAPI 3.1.1, section 4.8.20: Link Object.
#[derive(Debug, Clone)]
pub struct Link {
    /// Where it stands, after references.
    pub at: Location,
    /// The operation, by `operationRef` or `operationId`, as written.
    pub target: Option<String>,
    /// The parameters to pass: constants or runtime expressions.
    pub parameters: IndexMap<String, Value>,
    /// The body to pass.
    pub request_body: Option<Value>,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// The server to call instead of the operation's own.
    pub server: Option<Server>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// OpenAPI 3.1.1, section 4.8.18: Callback Object, one expression of it.
#[derive(Debug, Clone)]
pub struct Callback {
    /// Where the expression stands.
    pub at: Location,
    /// The name under `callbacks`.
    pub name: String,
    /// The runtime expression that gives the URL.
    pub expression: String,
    /// The requests that the API sends there.
    pub operations: Vec<Operation>,
}

/// A request that the API sends on its own (OpenAPI 3.1.1, section 4.8.1, `webhooks`).
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Where it stands.
    pub at: Location,
    /// The name under `webhooks`.
    pub name: String,
    /// The requests.
    pub operations: Vec<Operation>,
}
