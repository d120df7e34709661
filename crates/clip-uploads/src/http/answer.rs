//! The error envelope, where no generated type stands for it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// An error in the envelope of all errors.
pub(super) fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "success": false, "error": code, "code": code, "message": message }))).into_response()
}

/// What a path answers that does not know the method. The header `Allow` is axum's.
pub(super) fn method_not_allowed() -> Response {
    error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "The path does not know this method.")
}
