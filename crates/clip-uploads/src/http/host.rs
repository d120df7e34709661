//! A request names its host once. Two could be read one way by a proxy and another way here.

use axum::extract::Request;
use axum::http::{StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::Response;

use super::answer::error;

/// Refuses a request with more than one host, or none where there has to be one.
pub(super) async fn one_host(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    let fits = hosts == 1 || (hosts == 0 && request.version() < Version::HTTP_11);
    if fits {
        return next.run(request).await;
    }
    error(StatusCode::BAD_REQUEST, "invalid_request", "The request must have exactly one header Host.")
}
