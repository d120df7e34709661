//! A server of the Autoposting API: traits to implement, and an [axum] router over them.
//!
//! A service implements three things, and gives them to [`router`]:
//!
//! - [`ClipsApi`], with an `async fn` per operation. What it gets is authenticated, decoded and validated; what it
//!   answers has a variant per documented status, so an answer that the document does not have does not compile. An
//!   operation that the document gains is a compile error until somebody implements it.
//! - [`Authenticator`], with a method per security scheme. It is asked before the body is read.
//! - [`RejectWith`], which puts requests that never reach the service (400, 401, 422 and so on) into the schemas that
//!   the document describes for them. Statuses it does not describe are answered as `application/problem+json`.
//!
//! ```
//! use autoposting_server::types::{self, ApiKeyHeader, BearerAuth};
//! use autoposting_server::{
//!     AuthContext, AuthError, Authenticator, ClipsApi, CompleteClipUploadRequest, RejectWith, Rejection, ServerError,
//! };
//!
//! /// Who calls.
//! struct Organisation(String);
//!
//! struct Keys;
//!
//! impl Authenticator for Keys {
//!     type Principal = Organisation;
//!
//!     async fn bearer_auth(&self, credential: BearerAuth, _: &AuthContext<'_>) -> Result<Organisation, AuthError> {
//!         match credential.expose() {
//!             "sk-social-example" => Ok(Organisation("example".to_owned())),
//!             _ => Err(AuthError::invalid()),
//!         }
//!     }
//!
//!     async fn api_key_header(&self, credential: ApiKeyHeader, context: &AuthContext<'_>) -> Result<Organisation, AuthError> {
//!         self.bearer_auth(BearerAuth::new(credential.expose()), context).await
//!     }
//! }
//!
//! struct Clips;
//!
//! impl ClipsApi for Clips {
//!     type Principal = Organisation;
//!
//!     async fn complete_clip_upload(
//!         &self,
//!         request: CompleteClipUploadRequest<Organisation>,
//!     ) -> Result<types::CompleteClipUploadResponse, ServerError> {
//!         let Organisation(name) = &request.principal;
//!         println!("{name} completes {} with {} parts", request.body.clip_id, request.body.parts.len());
//!         Ok(types::CompleteClipUploadResponse::Status200(types::SuccessEnvelope::new().with_success(true)))
//!     }
//!
//!     // The others of the tag are answered with 501 until they are written.
//!     autoposting_server::not_implemented!(init_clip_upload, presign_clip_upload_parts, abort_clip_upload, get_clip);
//!     autoposting_server::not_implemented!(list_clips, delete_clip, import_clip, render_clip);
//! }
//!
//! impl RejectWith<types::ClipsErrorResponse> for Clips {
//!     fn reject(&self, rejection: &Rejection) -> types::ClipsErrorResponse {
//!         types::ClipsErrorResponse::new()
//!             .with_success(false)
//!             .with_error(rejection.code())
//!             .with_message(rejection.to_string())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // An ordinary axum router: layers work on it, and `axum::serve` serves it.
//! let router = autoposting_server::router(Clips, Keys);
//!
//! use autoposting_server::axum::{body::Body, http::Request};
//! use tower::ServiceExt as _;
//! let request = Request::post("/clips/upload/complete")
//!     .header("x-api-key", "sk-social-example")
//!     .header("content-type", "application/json")
//!     .body(Body::from(r#"{"clipId": "clip", "uploadId": "upload", "parts": [{"partNumber": 1, "eTag": "abc123"}]}"#))
//!     .unwrap();
//! assert_eq!(router.oneshot(request).await.unwrap().status(), 200);
//! # }
//! ```
//!
//! [`RouterOptions`] says how large a body may be, and where the router is mounted; [`routes`] gives the operations
//! to merge with others. [`Rejection`] explains in which order a request is checked.

#[rustfmt::skip]
mod generated;

pub use autoposting_types as types;
pub use generated::*;
pub use oas_server_runtime::{
    AnswerCheck, AnswerExtras, AuthContext, AuthError, ByteStream, ClientCertificate, ItemStream, Location, Operation,
    Part, Parts, RejectWith, Rejection, Request, RouterOptions, Routes, ServerError, Service, Violation, axum,
};
