//! Around every request: its id, its time limit, a line in the log, and the metrics.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use oas_server_runtime::Operation;
use tracing::Instrument as _;
use tracing::field::Empty;

use super::answer::error;
use crate::domain::Id;
use crate::metrics::Metrics;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Who is at the other end of the connection: a caller, or the proxy in front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// What is around every request.
#[derive(Clone)]
pub(super) struct Observer {
    /// The counters.
    pub(super) metrics: Metrics,
    /// How long an answer may take. Addresses of storage have no such limit; theirs is on silence.
    pub(super) patience: Duration,
}

/// Serves a request. The log has its path, who made it and from where; never its query, which may hold a signature, nor
/// any header or body.
pub(super) async fn observe(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let id = request_id(&request);
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let address = request.extensions().get::<Peer>().map(|peer| peer.0.to_string());
    let span = tracing::info_span!(
        "request",
        id = id.to_str().unwrap_or_default(),
        %method,
        path,
        address,
        organisation = Empty,
        key = Empty
    );
    let started = Instant::now();
    observer.metrics.requests_in_flight.inc();
    let in_flight = InFlight(&observer.metrics);
    let answered = if path.starts_with("/storage/") {
        Ok(next.run(request).instrument(span.clone()).await)
    } else {
        tokio::time::timeout(observer.patience, next.run(request).instrument(span.clone())).await
    };
    drop(in_flight);
    let mut response = answered.unwrap_or_else(|_| {
        error(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The service cannot do this just now.")
    });
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().entry("retry-after").or_insert(HeaderValue::from_static("2"));
    }
    response.headers_mut().insert(REQUEST_ID, id);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let operation = response.extensions().get::<&'static Operation>().map(|operation| operation.path);
    let route = matched.as_deref().or(operation).unwrap_or("none");
    observer.metrics.answered(route, method.as_str(), status, took);
    span.in_scope(|| tracing::info!(status, millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "answered"));
    response
}

/// Counts a request as served also when its client hangs up.
struct InFlight<'a>(&'a Metrics);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.requests_in_flight.dec();
    }
}

/// The id that a proxy in front gave, when it can be one; otherwise a new one.
fn request_id(request: &Request) -> HeaderValue {
    let fits = |value: &&HeaderValue| {
        (1..=64).contains(&value.len())
            && value.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    };
    request.headers().get(REQUEST_ID).filter(fits).cloned().unwrap_or_else(|| {
        HeaderValue::try_from(Id::random("request").as_str()).unwrap_or(HeaderValue::from_static("request"))
    })
}
