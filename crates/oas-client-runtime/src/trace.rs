//! A span for each attempt to send a request, under the names of OpenTelemetry's conventions for HTTP clients.

use std::future::Future;

#[cfg(feature = "tracing")]
use reqwest::Url;
use reqwest::{Request, Response};

use crate::Operation;
use crate::transport::ExchangeError;

/// What a span says of a request, which itself is sent away.
#[cfg(feature = "tracing")]
pub(crate) struct Subject(Url);

/// Nothing, where there are no spans.
#[cfg(not(feature = "tracing"))]
pub(crate) struct Subject;

impl Subject {
    /// What there is to say of `request`.
    #[cfg(feature = "tracing")]
    pub(crate) fn of(request: &Request) -> Self {
        Self(request.url().clone())
    }

    /// Nothing.
    #[cfg(not(feature = "tracing"))]
    pub(crate) fn of(_: &Request) -> Self {
        Self
    }
}

/// What an attempt comes to, within its span. Neither URL nor headers are in it: they may hold secrets.
#[cfg(feature = "tracing")]
pub(crate) async fn attempt(
    operation: &'static Operation,
    Subject(url): Subject,
    repetition: u32,
    exchange: impl Future<Output = Result<Response, ExchangeError>>,
) -> Result<Response, ExchangeError> {
    use tracing::Instrument as _;
    use tracing::field::Empty;

    let span = tracing::info_span!(
        "http_request",
        otel.name = format_args!("{} {}", operation.method, operation.path),
        otel.kind = "client",
        otel.status_code = Empty,
        operation.id = operation.id,
        http.request.method = operation.method,
        url.template = operation.path,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        http.request.resend_count = (repetition > 0).then_some(repetition),
        http.response.status_code = Empty,
        "error.type" = Empty,
    );
    let result = exchange.instrument(span.clone()).await;
    let fault = match &result {
        Ok(response) => {
            let status = response.status();
            span.record("http.response.status_code", status.as_u16());
            (status.is_client_error() || status.is_server_error()).then(|| status.as_str().to_owned())
        }
        Err(error) if error.is_timeout() => Some("timeout".to_owned()),
        Err(error) if error.is_connect() => Some("connect".to_owned()),
        Err(_) => Some("exchange".to_owned()),
    };
    if let Some(fault) = fault {
        span.record("error.type", fault);
        span.record("otel.status_code", "ERROR");
    }
    result
}

/// What an attempt comes to.
#[cfg(not(feature = "tracing"))]
pub(crate) async fn attempt(
    _: &'static Operation,
    _: Subject,
    _: u32,
    exchange: impl Future<Output = Result<Response, ExchangeError>>,
) -> Result<Response, ExchangeError> {
    exchange.await
}
