//! Spans of attempts, as a subscriber sees them.
#![cfg(feature = "tracing")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use oas_client_runtime::{Fake, FakeAnswer, Operation, Options, Outgoing, Parameter, Piece, Retries, Settings};
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static GET: Operation = Operation {
    id: "getPet",
    method: "GET",
    path: "/pets/{id}",
    route: &[Piece::Text("/pets/"), Piece::Value(0)],
    parameters: &[Parameter::path("id")],
    success: &[200..=200],
    ..Operation::NONE
};

static ALL: &[&Operation] = &[&GET];

/// The fields of every span, in the order in which the spans began.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<BTreeMap<String, String>>>>);

struct Fields<'a>(&'a mut BTreeMap<String, String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl Subscriber for Seen {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("oas_client_runtime")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut spans = self.0.lock().expect("not poisoned");
        let mut fields = BTreeMap::new();
        attributes.record(&mut Fields(&mut fields));
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let index = usize::try_from(span.into_u64()).expect("small") - 1;
        values.record(&mut Fields(&mut self.0.lock().expect("not poisoned")[index]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn each_attempt_is_a_span_with_the_names_of_opentelemetry() {
    let seen = Seen::default();
    let _guard = tracing::subscriber::set_default(seen.clone());
    let fake = Fake::new().on("getPet", FakeAnswer::empty(503)).on("getPet", FakeAnswer::json(200, &1));
    let mut settings = Settings::new("https://api.example.com/v1", "test", ALL);
    settings.transport(fake.transport());
    settings.retries(Retries::up_to(1).first_delay(Duration::from_millis(1)));
    settings.inject(|headers| {
        headers.insert("traceparent", reqwest::header::HeaderValue::from_static("00-1-2-01"));
    });
    let state = settings.build().expect("valid settings");
    let mut request = Outgoing::new(&state, &GET, Options::default());
    request.parameter(0, &Ok::<_, String>("hush"));
    request.read_json::<Value, Value>().await.expect("an answer");
    let spans = seen.0.lock().expect("not poisoned").clone();
    assert_eq!(spans.len(), 2);
    let text = |span: usize, name: &str| spans[span].get(name).map(String::as_str);
    for span in [0, 1] {
        assert_eq!(text(span, "otel.name"), Some("GET /pets/{id}"));
        assert_eq!(text(span, "otel.kind"), Some("client"));
        assert_eq!(text(span, "operation.id"), Some("getPet"));
        assert_eq!(text(span, "http.request.method"), Some("GET"));
        assert_eq!(text(span, "url.template"), Some("/pets/{id}"));
        assert_eq!(text(span, "server.address"), Some("api.example.com"));
        assert_eq!(text(span, "server.port"), Some("443"));
    }
    assert_eq!(
        (text(0, "http.response.status_code"), text(1, "http.response.status_code")),
        (Some("503"), Some("200"))
    );
    assert_eq!((text(0, "error.type"), text(1, "error.type")), (Some("503"), None));
    assert_eq!((text(0, "otel.status_code"), text(1, "otel.status_code")), (Some("ERROR"), None));
    assert_eq!((text(0, "http.request.resend_count"), text(1, "http.request.resend_count")), (None, Some("1")));
    assert!(!format!("{spans:?}").contains("hush"));
    for request in fake.requests("getPet") {
        assert_eq!(request.header("traceparent"), Some("00-1-2-01"));
    }
}
