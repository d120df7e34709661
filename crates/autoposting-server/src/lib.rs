//! A server of the Autoposting API.
#[rustfmt::skip]
mod generated;

pub use autoposting_types as types;
pub use generated::*;
pub use oas_server_runtime::{
    AuthContext, AuthError, ClientCertificate, Location, RejectWith, Rejection, Request, RouterOptions, Routes,
    ServerError, Service, Violation, axum,
};
