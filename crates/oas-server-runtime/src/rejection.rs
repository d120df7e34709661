//! Requests that never reach the service.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use sync_wrapper::SyncWrapper;

use crate::Violation;

/// Why a request was answered without the service, or in place of it.
///
/// A request is checked in this order: path (404), method (405), credentials (401, 403), `Accept` (406), the type of
/// the body (415) and its size (413), whether it can be read at all (400), and then parameters and body together,
/// every violation of them at once (422).
///
/// Rendered in the schema that the document describes for its status, through [`RejectWith`]; where the document
/// describes none, as `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
#[derive(Debug)]
pub struct Rejection(Box<Parts>);

/// Behind a box, because every result on the way to the service has a rejection as its error.
#[derive(Debug)]
struct Parts {
    status: StatusCode,
    detail: Cow<'static, str>,
    violations: Vec<Violation>,
    headers: HeaderMap,
    cause: Option<Box<dyn Error + Send + Sync>>,
    /// What is answered instead, when the service wants it so.
    answer: Option<SyncWrapper<Response>>,
}

/// Answers rejections in a schema of the document.
///
/// Generated server traits ask for it with every component schema that the document describes for a status a
/// rejection can have: whoever reads only the document gets what the document says.
pub trait RejectWith<Body> {
    /// The body that says what `rejection` says.
    fn reject(&self, rejection: &Rejection) -> Body;
}

impl Rejection {
    /// A rejection with a sentence for the caller. Statuses below 400 become 500.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        let status = if status.as_u16() < 400 { StatusCode::INTERNAL_SERVER_ERROR } else { status };
        Self(Box::new(Parts {
            status,
            detail: detail.into(),
            violations: Vec::new(),
            headers: HeaderMap::new(),
            cause: None,
            answer: None,
        }))
    }

    /// Status 422: the request is well formed, but not what the document describes.
    pub(crate) fn invalid(violations: Vec<Violation>) -> Self {
        let mut rejection =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "the request is not what the document describes");
        rejection.0.violations = violations;
        rejection
    }

    /// Status 400: something cannot be read at all.
    pub(crate) fn malformed(detail: &'static str, violation: Violation) -> Self {
        let mut rejection = Self::new(StatusCode::BAD_REQUEST, detail);
        rejection.0.violations.push(violation);
        rejection
    }

    /// The same rejection with one more header.
    #[must_use]
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// Status 500, 501 or 503: the service failed.
    pub(crate) fn failed(
        status: StatusCode,
        retry_after: Option<Duration>,
        cause: Box<dyn Error + Send + Sync>,
    ) -> Self {
        let mut rejection = Self::new(
            status,
            match status {
                StatusCode::SERVICE_UNAVAILABLE => "the service cannot answer now",
                StatusCode::NOT_IMPLEMENTED => "this operation is not implemented",
                _ => "the service failed",
            },
        );
        if let Some(delay) = retry_after {
            rejection.0.headers.insert(RETRY_AFTER, HeaderValue::from(delay.as_secs()));
        }
        rejection.0.cause = Some(cause);
        rejection
    }

    /// What the service answers in place of what the document describes.
    pub(crate) fn answered(status: StatusCode, answer: SyncWrapper<Response>) -> Self {
        let mut rejection = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the document does not describe this answer");
        rejection.0.status = status;
        rejection.0.answer = Some(answer);
        rejection
    }

    /// What the service answers in place of what the document describes, if it does.
    pub(crate) fn take_answer(&mut self) -> Option<Response> {
        self.0.answer.take().map(SyncWrapper::into_inner)
    }

    /// Status 405.
    pub(crate) fn method_not_allowed(allow: HeaderValue) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "the path exists, but not with this method").header(ALLOW, allow)
    }

    /// Status 401 with a challenge per scheme.
    pub(crate) fn unauthorized(detail: impl Into<Cow<'static, str>>, challenges: Vec<HeaderValue>) -> Self {
        challenges
            .into_iter()
            .fold(Self::new(StatusCode::UNAUTHORIZED, detail), |all, one| all.header(WWW_AUTHENTICATE, one))
    }

    /// The status: 400, 401, 403, 404, 405, 406, 413, 415 or 422; 500, 501 or 503 when the service failed.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The status as one word for programs: `unauthorized`, `invalid_request`.
    pub fn code(&self) -> &'static str {
        match self.0.status.as_u16() {
            400 => "bad_request",
            401 => "unauthorized",
            403 => "forbidden",
            404 => "not_found",
            405 => "method_not_allowed",
            406 => "not_acceptable",
            413 => "content_too_large",
            415 => "unsupported_media_type",
            422 => "invalid_request",
            501 => "not_implemented",
            503 => "unavailable",
            500..=599 => "internal_error",
            _ => "rejected",
        }
    }

    /// What is wrong, in one sentence without the violations.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Every violation of the document that was found, in the order of the request: parameters, then body.
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// Headers that belong to the status: `Allow`, `WWW-Authenticate`, `Retry-After`.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// What went wrong in the service. It belongs in a log, never in an answer.
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }

    /// Answers with `body`, written as JSON under `content_type`.
    pub fn json(&self, content_type: &'static str, body: &impl Serialize) -> Response {
        match serde_json::to_vec(body) {
            Ok(text) => self.respond(HeaderValue::from_static(content_type), text),
            Err(error) => {
                tracing::error!(%error, "a rejection's body cannot be written");
                self.problem()
            }
        }
    }

    /// Answers as `application/problem+json`.
    pub fn problem(&self) -> Response {
        /// RFC 9457, section 3.1; `violations` is an extension member (section 3.2).
        #[derive(Serialize)]
        struct Problem<'a> {
            r#type: &'a str,
            title: &'a str,
            status: u16,
            detail: &'a str,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            violations: &'a [Violation],
        }
        let problem = Problem {
            r#type: "about:blank",
            title: self.0.status.canonical_reason().unwrap_or("Rejected"),
            status: self.0.status.as_u16(),
            detail: &self.0.detail,
            violations: &self.0.violations,
        };
        // Strings and numbers can always be written.
        let text = serde_json::to_vec(&problem).unwrap_or_default();
        self.respond(HeaderValue::from_static("application/problem+json"), text)
    }

    fn respond(&self, content_type: HeaderValue, text: Vec<u8>) -> Response {
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = self.0.status;
        response.headers_mut().clone_from(&self.0.headers);
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        response
    }
}

impl fmt::Display for Rejection {
    /// The sentence, and behind it the first violation with the number of further ones.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.detail)?;
        let Some((first, rest)) = self.0.violations.split_first() else { return Ok(()) };
        write!(formatter, ": {first}")?;
        if rest.is_empty() { Ok(()) } else { write!(formatter, " (and {} more)", rest.len()) }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        self.problem()
    }
}
