//! What every generated server stands on.
//!
//! Generated code says *what* an operation takes and answers; this crate does what is the same for every document:
//! it finds the operation of a request ([`Routes`]), takes credentials out of it, decodes parameters and bodies,
//! holds them against the document's schemas, and turns whatever is wrong into one [`Rejection`].
//!
//! A service that implements generated traits meets these types: [`Request`], [`ServerError`], [`AuthError`],
//! [`AuthContext`], [`Rejection`], [`RejectWith`] and [`RouterOptions`]. The rest is for generated code.

mod accept;
mod answers;
mod body;
mod call;
mod dispatch;
mod endpoint;
mod exchange;
mod form;
mod headers;
mod matcher;
mod multipart;
mod operation;
mod options;
mod panicked;
mod parameter;
mod parts;
mod patterns;
mod ranges;
mod read_only;
#[cfg(feature = "reference")]
pub mod reference;
mod rejection;
mod reply;
mod request;
mod route;
mod route_path;
mod router;
mod routes;
mod schemas;
mod security;
mod server_error;
mod stream;
mod template;
mod violation;
#[cfg(feature = "webhooks")]
pub mod webhooks;

pub use answers::AnswerCheck;
pub use axum;
pub use bytes::Bytes;
pub use call::{Call, Invalid, Parameters};
pub use exchange::AnswerExtras;
pub use multipart::PartHeaders;
pub use oas_wire::Style;
pub use operation::{Content, ContentFormat, Encoding, Operation, Parameter, RequestBody};
pub use options::RouterOptions;
pub use parts::{Part, Parts};
pub use rejection::{RejectWith, Rejection};
pub use reply::Reply;
pub use request::Request;
pub use routes::{Routes, Service};
pub use schemas::Schemas;
pub use security::{Attempts, AuthContext, AuthError, Challenge, ClientCertificate};
pub use server_error::ServerError;
pub use stream::{ByteStream, FromPieces, ItemStream};
pub use violation::{Location, Violation};

/// What the module of an operation in generated code uses.
pub mod prelude {
    pub use std::sync::Arc;

    pub use axum::response::Response;

    pub use crate::{
        ByteStream, Call, Content, ContentFormat, Encoding, Invalid, ItemStream, Location, Operation, Parameter,
        Parameters, Parts, RejectWith, Rejection, Reply, RequestBody, ServerError, Service, Style,
    };
}
