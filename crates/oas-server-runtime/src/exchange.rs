//! What a request's answer is made with, beside what the handler answers.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::BoxError;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::Stream;
use http::header::{CONTENT_LENGTH, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body_util::BodyExt as _;

use crate::ServerError;

/// How much of a body that nobody read is taken off the connection behind the answer, and for how long. A caller who is
/// still sending when the connection ends may never see the answer.
const LINGERING_BYTES: usize = 64 * 1024 * 1024;
const LINGERING: Duration = Duration::from_secs(5);

/// One request and its answer, as far as both the way in and the way out have to know of it.
#[derive(Debug, Default)]
pub(crate) struct Exchange {
    headers: Mutex<HeaderMap>,
    body: Mutex<Option<Body>>,
    leftover: Mutex<Option<Body>>,
}

/// What the answer gets beside what the document describes: cookies, headers for caching, whatever only this service
/// knows of; and bytes that come as a stream. It is added to what a handler answers, not to errors.
#[derive(Clone, Default)]
pub struct AnswerExtras(Arc<Exchange>);

impl AnswerExtras {
    pub(crate) const fn new(exchange: Arc<Exchange>) -> Self {
        Self(exchange)
    }

    /// Sets a header. It takes the place of one of this name that the handler's answer has.
    ///
    /// # Errors
    /// When name or value cannot be a header's.
    pub fn set<N, V>(&self, name: N, value: V) -> Result<(), ServerError>
    where
        N: TryInto<HeaderName, Error: Into<http::Error>>,
        V: TryInto<HeaderValue, Error: Into<http::Error>>,
    {
        let (name, value) = (name.try_into().map_err(Into::into)?, value.try_into().map_err(Into::into)?);
        self.0.headers().insert(name, value);
        Ok(())
    }

    /// Sets a cookie, as `Set-Cookie` writes it: `sid=31d4d96e; Path=/; HttpOnly; Secure`. Cookies of crates print so.
    ///
    /// # Errors
    /// When the text cannot be a header's.
    pub fn set_cookie(&self, cookie: impl AsRef<str>) -> Result<(), ServerError> {
        let mut value = HeaderValue::from_str(cookie.as_ref())?;
        value.set_sensitive(true);
        self.0.headers().append(SET_COOKIE, value);
        Ok(())
    }

    /// Answers these bytes, as they come, in place of the bytes of the answer's variant, which stay empty: a file, what
    /// another service sends. With a length the answer has a `Content-Length`, and where the document describes status
    /// 206 a caller can ask for a part.
    pub fn stream<B, E>(&self, length: Option<u64>, bytes: impl Stream<Item = Result<B, E>> + Send + 'static)
    where
        B: Into<Bytes> + 'static,
        E: Into<BoxError> + 'static,
    {
        if let Some(length) = length {
            self.0.headers().insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        *self.0.body.lock().unwrap_or_else(PoisonError::into_inner) = Some(Body::from_stream(bytes));
    }

    /// What was set so far, for tests of handlers.
    pub fn to_map(&self) -> HeaderMap {
        self.0.headers().clone()
    }
}

impl fmt::Debug for AnswerExtras {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("AnswerExtras").field(&*self.0.headers()).finish()
    }
}

impl Exchange {
    fn headers(&self) -> std::sync::MutexGuard<'_, HeaderMap> {
        self.headers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what the handler wanted to have in the answer.
    pub(crate) fn complete(&self, response: &mut Response) {
        if let Some(body) = self.body.lock().unwrap_or_else(PoisonError::into_inner).take() {
            *response.body_mut() = body;
        }
        let headers = std::mem::take(&mut *self.headers());
        let mut last = None;
        for (name, value) in headers {
            match (name, &last) {
                (Some(SET_COOKIE), _) => {
                    response.headers_mut().append(SET_COOKIE, value);
                    last = Some(SET_COOKIE);
                }
                (Some(name), _) => {
                    response.headers_mut().insert(name.clone(), value);
                    last = Some(name);
                }
                (None, Some(name)) => {
                    response.headers_mut().append(name.clone(), value);
                }
                (None, None) => {}
            }
        }
    }

    /// Reads on what nobody read, in the background: the answer leaves first.
    pub(crate) fn read_on(&self) {
        let leftover = self.leftover.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(body), Ok(runtime)) = (leftover, tokio::runtime::Handle::try_current()) {
            runtime.spawn(tokio::time::timeout(LINGERING, drain(body)));
        }
    }
}

/// Reads a body to its end, or until it is too much.
async fn drain(mut body: Body) {
    let mut seen = 0;
    while let Some(Ok(frame)) = body.frame().await {
        seen += frame.data_ref().map_or(0, Bytes::len);
        if seen > LINGERING_BYTES {
            break;
        }
    }
}

/// The body of a request. What is left of it when nobody wants it any more goes back to the exchange.
pub(crate) struct Incoming {
    pub(crate) body: Body,
    exchange: Arc<Exchange>,
    /// Whether the caller sends the body without being asked to (RFC 9110, section 10.1.1).
    is_coming: bool,
}

impl Incoming {
    pub(crate) fn new(body: Body, headers: &HeaderMap, exchange: Arc<Exchange>) -> Self {
        Self { body, exchange, is_coming: !headers.contains_key(http::header::EXPECT) }
    }

    /// The body, to be read by somebody else.
    pub(crate) fn take(&mut self) -> Self {
        let body = std::mem::take(&mut self.body);
        Self { body, exchange: Arc::clone(&self.exchange), is_coming: self.is_coming }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        use http_body::Body as _;
        if self.is_coming && !self.body.is_end_stream() {
            let body = std::mem::take(&mut self.body);
            *self.exchange.leftover.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Incoming").finish_non_exhaustive()
    }
}
