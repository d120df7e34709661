//! What every generated server stands on.
//!
//! Generated code says *what* an operation takes and answers; this crate does what is the same for every document:
//! it finds the operation of a request ([`Routes`]), takes credentials out of it, decodes parameters and bodies,
//! holds them against the document's schemas, and turns whatever is wrong into one [`Rejection`].
//!
//! A service that implements generated traits meets these types: [`Request`], [`ServerError`], [`AuthError`],
//! [`AuthContext`], [`Rejection`], [`RejectWith`] and [`RouterOptions`]. The rest is for generated code.

mod accept;
mod body;
mod call;
mod dispatch;
mod endpoint;
mod form;
mod headers;
mod matcher;
mod multipart;
mod operation;
mod options;
mod parameter;
mod rejection;
mod reply;
mod request;
mod routes;
mod schemas;
mod security;
mod server_error;
mod template;
mod violation;

pub use axum;
pub use bytes::Bytes;
pub use call::{Call, Invalid, Parameters};
pub use multipart::PartHead;
pub use oas_wire::Style;
pub use operation::{Content, ContentFormat, Encoding, Operation, Parameter, RequestBody};
pub use options::RouterOptions;
pub use rejection::{RejectWith, Rejection};
pub use reply::Reply;
pub use request::Request;
pub use routes::{Routes, Service};
pub use schemas::Schemas;
pub use security::{Attempts, AuthContext, AuthError, Challenge, ClientCertificate};
pub use server_error::ServerError;
pub use violation::{Location, Violation};

/// What the module of an operation in generated code uses.
pub mod prelude {
    pub use std::sync::Arc;

    pub use axum::response::Response;

    pub use crate::{
        Call, Content, ContentFormat, Encoding, Invalid, Location, Operation, Parameter, Parameters, RejectWith,
        Rejection, Reply, RequestBody, ServerError, Service, Style,
    };
}
