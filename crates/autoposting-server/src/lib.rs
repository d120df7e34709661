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
//!     AbortClipUploadRequest, AuthContext, AuthError, Authenticator, ClipsApi, CompleteClipUploadRequest,
//! #   DeleteClipRequest, ImportClipRequest, ListClipsRequest, RenderClipRequest,
//!     GetClipRequest, InitClipUploadRequest, PresignClipUploadPartsRequest, RejectWith, Rejection, ServerError,
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
//!     // The other operations of the tag.
//! #   async fn init_clip_upload(&self, _: InitClipUploadRequest<Organisation>) -> Result<types::InitClipUploadResponse, ServerError> {
//! #       Err(ServerError::new("not part of this example"))
//! #   }
//! #   async fn presign_clip_upload_parts(&self, _: PresignClipUploadPartsRequest<Organisation>) -> Result<types::PresignClipUploadPartsResponse, ServerError> {
//! #       Err(ServerError::new("not part of this example"))
//! #   }
//! #   async fn abort_clip_upload(&self, _: AbortClipUploadRequest<Organisation>) -> Result<types::AbortClipUploadResponse, ServerError> {
//! #       Err(ServerError::new("not part of this example"))
//! #   }
//! #   async fn get_clip(&self, _: GetClipRequest<Organisation>) -> Result<types::GetClipResponse, ServerError> {
//! #       Err(ServerError::new("not part of this example"))
//! #   }
//! #   async fn list_clips(&self, _: ListClipsRequest<Organisation>) -> Result<types::ListClipsResponse, ServerError> {
//! #       Err(ServerError::new("not part of this example"))
//! #   }
//! #   async fn delete_clip(&self, _: DeleteClipRequest<Organisation>) -> Result<types::DeleteClipResponse, ServerError> {
//! #       Err(ServerError::new("not part of this example"))
//! #   }
//! #   async fn import_clip(&self, _: ImportClipRequest<Organisation>) -> Result<types::ImportClipResponse, ServerError> {
//! #       Err(ServerError::new("not part of this example"))
//! #   }
//! #   async fn render_clip(&self, _: RenderClipRequest<Organisation>) -> Result<types::RenderClipResponse, ServerError> {
//! #       Err(ServerError::new("not part of this example"))
//! #   }
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
    AuthContext, AuthError, ClientCertificate, Location, RejectWith, Rejection, Request, RouterOptions, Routes,
    ServerError, Service, Violation, axum,
};
