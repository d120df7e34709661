//! The addresses of parts and objects, when storage is a folder. Whoever has one needs no key: it is signed.

mod object;
mod part;

use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, put};

use super::answer::{error, method_not_allowed};
use crate::metrics::Metrics;
use crate::storage::FolderStorage;

pub use object::content_disposition;

/// What these routes need.
#[derive(Clone)]
struct Routes {
    storage: FolderStorage,
    metrics: Metrics,
    /// How long a client may send nothing.
    idle: Duration,
}

/// The routes. They have no limit on the size of a body other than the one that is signed.
pub(super) fn routes(storage: FolderStorage, metrics: Metrics, idle: Duration) -> Router {
    Router::new()
        .route("/storage/uploads/{id}/parts/{number}", put(part::put_part))
        .route("/storage/objects/{id}", get(object::get_object))
        .method_not_allowed_fallback(async || method_not_allowed())
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(Routes { storage, metrics, idle })
}

fn forbidden() -> Response {
    error(StatusCode::FORBIDDEN, "forbidden", "The address is not valid, or no longer.")
}

fn unavailable() -> Response {
    let answer = error(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The service cannot do this just now.");
    ([(header::RETRY_AFTER, "2")], answer).into_response()
}
