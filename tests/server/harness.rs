//! A router on loopback, and what comes back from it.

use autoposting_server::axum::{self, Router};
use reqwest::{Client, Method};
use serde_json::Value;

/// A router that is served for as long as this lives.
pub(crate) struct Running {
    base: String,
    client: Client,
    server: tokio::task::JoinHandle<()>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

/// Serves `router` on a free port.
pub(crate) async fn serve(router: Router) -> Running {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    Running { base, client: Client::new(), server }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Running {
    /// Sends a request with these headers and this body.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}{path}", self.base)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("a text") }
    }

    /// Sends a GET request.
    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, "").await
    }
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Every line of a header, joined.
    pub(crate) fn header(&self, name: &str) -> String {
        let lines = self.headers.get_all(name).iter().map(|value| value.to_str().expect("ASCII"));
        lines.collect::<Vec<_>>().join(" | ")
    }

    /// The violations, sorted: `location pointer code`.
    pub(crate) fn violations(&self) -> Vec<String> {
        let problem = self.json();
        let text = |violation: &Value, name: &str| violation[name].as_str().unwrap_or_default().to_owned();
        let all = problem["violations"].as_array().cloned().unwrap_or_default();
        let mut lines: Vec<String> = all
            .iter()
            .map(|one| format!("{} {} {}", text(one, "location"), text(one, "pointer"), text(one, "code")))
            .collect();
        lines.sort();
        lines
    }
}
