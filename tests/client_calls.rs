//! Generated clients, called over HTTP: that of the Autoposting API, and those of the cases in `cases/client`.

#![allow(unexpected_cfgs, reason = "generated types have a feature that is none of this package")]

#[path = "client_calls/answers.rs"]
mod answers;
#[path = "client_calls/autoposting.rs"]
mod autoposting;
#[path = "client_calls/bodies.rs"]
mod bodies;
#[path = "client_calls/security.rs"]
mod security;
#[path = "client_calls/servers.rs"]
mod servers;
#[path = "client_calls/styles.rs"]
mod styles;

use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers};

/// A server that answers everything with `answer`.
async fn serving(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(matchers::any()).respond_with(answer).mount(&server).await;
    server
}

/// The requests that came.
async fn received(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.expect("requests are recorded")
}

/// The only request that came.
async fn only(server: &MockServer) -> Request {
    let mut requests = received(server).await;
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests.remove(0)
}

/// The path and query of a request, as they came.
fn target(request: &Request) -> String {
    request
        .url
        .as_str()
        .split_once("//")
        .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
        .unwrap_or_default()
}

/// A header of a request; empty when it is not there.
fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).map_or("", |value| value.to_str().expect("text"))
}

/// The body of a request.
fn text(request: &Request) -> &str {
    std::str::from_utf8(&request.body).expect("text")
}
