//! Health, readiness and metrics.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::answer::{error, method_not_allowed};
use crate::service::Service;

/// The routes.
pub(super) fn routes(service: Service) -> Router {
    Router::new()
        // The process serves requests. It says nothing of the database, or a restart would be the answer to its pause.
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .method_not_allowed_fallback(async || method_not_allowed())
        .with_state(service)
}

/// Whether requests can be sent here: the database and storage answer.
async fn ready(State(service): State<Service>) -> Response {
    match service.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(refusal) => error(StatusCode::SERVICE_UNAVAILABLE, refusal.code(), &refusal.to_string()),
    }
}

async fn metrics(State(service): State<Service>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    match service.metrics().encode() {
        Ok(text) => (kind, text).into_response(),
        Err(_) => error(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "The metrics cannot be written."),
    }
}
