//! A generated router behind the layers that most services have: what `docs/book/src/server/README.md` shows.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, Method, header};
use case_routing_server::{axum, router};
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::harness::serve;
use crate::routing::Echo;

/// The router with everything around it; `spans` gets what each request is called in logs.
fn layered(spans: &Arc<Mutex<Vec<String>>>) -> Router {
    let spans = Arc::clone(spans);
    // ANCHOR: layers
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
        .expose_headers([HeaderName::from_static("x-request-id")]);
    let trace = TraceLayer::new_for_http().make_span_with(move |request: &Request| {
        // The route, `/pets/{id}`, and not the path: it has no names of people in it, and there are few of them.
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        spans.lock().expect("no panic").push(format!("{} {route}", request.method()));
        tracing::info_span!("request", method = %request.method(), route)
    });
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(trace)
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(30)))
        .layer(cors)
        .layer(CompressionLayer::new());
    router(Echo).layer(layers)
    // ANCHOR_END: layers
}

#[tokio::test]
async fn all_of_them_work_together() {
    let spans = Arc::new(Mutex::new(Vec::new()));
    let server = serve(layered(&spans)).await;
    let long = format!("/pets/{}", "x".repeat(2000));
    let headers = [("origin", "https://example.com"), ("accept-encoding", "gzip"), ("x-request-id", "7")];
    let answer = server.get(&long, &headers).await;
    let named = |name: &str| answer.header(name);
    assert_eq!((answer.status, named("content-encoding").as_str()), (200, "gzip"));
    assert_eq!((named("access-control-allow-origin").as_str(), named("x-request-id").as_str()), ("*", "7"));
    assert_eq!(named("access-control-expose-headers"), "x-request-id");
    let answer = server.get("/nothing", &[]).await;
    assert_eq!((answer.status, answer.header("x-request-id").len()), (404, 36), "{}", answer.text);
    assert_eq!(*spans.lock().expect("no panic"), ["GET /pets/{id}", "GET "]);
}

#[tokio::test]
async fn browsers_may_ask_first() {
    let server = serve(layered(&Arc::default())).await;
    let headers = [("origin", "https://example.com"), ("access-control-request-method", "POST")];
    let answer = server.send("OPTIONS", "/pets/1", &headers, "").await;
    assert_eq!((answer.status, answer.header("access-control-allow-methods").as_str()), (200, "GET,POST"));
}
