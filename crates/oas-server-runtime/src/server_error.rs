//! What went wrong in the service itself.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// What went wrong in the service itself: the caller sees status 500 (or 503) and nothing of the cause, which goes to
/// the log.
///
/// Every error converts into it, so `?` does in a handler what it does elsewhere.
pub struct ServerError {
    status: StatusCode,
    retry_after: Option<Duration>,
    cause: Box<dyn Error + Send + Sync>,
}

impl ServerError {
    /// Status 500, with `cause` for the log: an error, or a text.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, retry_after: None, cause: cause.into() }
    }

    /// Status 503: the service cannot answer now, but may soon.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, ..Self::new(cause) }
    }

    /// The same error with a `Retry-After` header, in whole seconds.
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// 500 or 503.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What went wrong.
    pub fn cause(&self) -> &(dyn Error + Send + Sync + 'static) {
        self.cause.as_ref()
    }

    /// What went wrong, to keep.
    pub(crate) fn into_cause(self) -> Box<dyn Error + Send + Sync> {
        self.cause
    }

    /// How long the caller should wait.
    pub(crate) fn delay(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Debug for ServerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServerError")
            .field("status", &self.status)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for ServerError {
    fn from(cause: E) -> Self {
        Self::new(cause)
    }
}
