//! What a handler answers when it does not answer what the document describes.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use sync_wrapper::SyncWrapper;

use crate::Rejection;

/// What a handler answers when it does not answer what the document describes. Mostly that is what went wrong in the
/// service itself: the caller sees status 500 (or 503) and nothing of the cause, which goes to the log.
///
/// Every error converts into it, so `?` does in a handler what it does elsewhere. That is why it is no
/// [`Error`] itself: it would convert into itself in two ways. It converts into a boxed one, so that `?` takes it
/// out of a handler again.
pub struct ServerError(Box<Kind>);

enum Kind {
    /// The service failed.
    Failed { status: StatusCode, retry_after: Option<Duration>, cause: Box<dyn Error + Send + Sync> },
    /// The request turned out to be wrong while it was read.
    Rejected(Rejection),
    /// An answer that the document does not have.
    Undocumented { status: StatusCode, answer: SyncWrapper<Response> },
}

impl ServerError {
    /// Status 500, with `cause` for the log: an error, or a text.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::failed(StatusCode::INTERNAL_SERVER_ERROR, cause)
    }

    /// Status 503: the service cannot answer now, but may soon.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::failed(StatusCode::SERVICE_UNAVAILABLE, cause)
    }

    /// Status 501: the service does not have this operation yet.
    pub fn not_implemented(operation: &str) -> Self {
        Self::failed(StatusCode::NOT_IMPLEMENTED, format!("`{operation}` is not implemented"))
    }

    /// An answer that the document does **not** describe, exactly as it is given here: a redirect, a status that only
    /// this service has. Nothing holds it against the document, and no client that was generated from the document
    /// expects it; so look twice where this stands.
    ///
    /// ```
    /// use oas_server_runtime::ServerError;
    /// use oas_server_runtime::axum::response::Redirect;
    ///
    /// let error = ServerError::undocumented(Redirect::temporary("/elsewhere"));
    /// assert_eq!(error.status(), 307);
    /// ```
    pub fn undocumented(answer: impl IntoResponse) -> Self {
        let answer = answer.into_response();
        Self(Box::new(Kind::Undocumented { status: answer.status(), answer: SyncWrapper::new(answer) }))
    }

    fn failed(status: StatusCode, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Box::new(Kind::Failed { status, retry_after: None, cause: cause.into() }))
    }

    /// The same error with a `Retry-After` header, in whole seconds. An undocumented answer stays as it is.
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        if let Kind::Failed { retry_after, .. } = &mut *self.0 {
            *retry_after = Some(delay);
        }
        self
    }

    /// 500, 501 or 503, or that of the answer.
    pub fn status(&self) -> StatusCode {
        match &*self.0 {
            Kind::Failed { status, .. } | Kind::Undocumented { status, .. } => *status,
            Kind::Rejected(rejection) => rejection.status(),
        }
    }

    /// What went wrong in the service; `None` for an answer that is meant.
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        match &*self.0 {
            Kind::Failed { cause, .. } => Some(cause.as_ref()),
            Kind::Rejected(rejection) => rejection.cause(),
            Kind::Undocumented { .. } => None,
        }
    }
}

impl fmt::Debug for ServerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = formatter.debug_struct("ServerError");
        text.field("status", &self.status());
        if let Some(cause) = self.cause() {
            text.field("cause", &cause);
        }
        text.finish_non_exhaustive()
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for ServerError {
    fn from(cause: E) -> Self {
        Self::new(cause)
    }
}

impl fmt::Display for ServerError {
    /// For the log, with the cause: a caller sees nothing of it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause() {
            Some(cause) => write!(formatter, "{cause}"),
            None => write!(formatter, "the answer has the status {}", self.status()),
        }
    }
}

/// A [`ServerError`] as an error.
#[derive(Debug)]
struct Boxed(ServerError);

impl fmt::Display for Boxed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for Boxed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.cause().and_then(Error::source)
    }
}

impl From<ServerError> for Box<dyn Error + Send + Sync> {
    /// What `?` does with it outside of a handler.
    ///
    /// ```
    /// use oas_server_runtime::ServerError;
    ///
    /// fn check() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    ///     Err(ServerError::new("the disk is full"))?;
    ///     Ok(())
    /// }
    /// assert_eq!(check().map_err(|error| error.to_string()), Err("the disk is full".to_owned()));
    /// ```
    fn from(error: ServerError) -> Self {
        Box::new(Boxed(error))
    }
}

impl From<ServerError> for Box<dyn Error> {
    fn from(error: ServerError) -> Self {
        Box::new(Boxed(error))
    }
}

impl From<Rejection> for ServerError {
    /// What `?` does with a body that turns out to be wrong while a handler reads it: the caller is told.
    fn from(rejection: Rejection) -> Self {
        Self(Box::new(Kind::Rejected(rejection)))
    }
}

impl From<ServerError> for Rejection {
    fn from(error: ServerError) -> Self {
        match *error.0 {
            Kind::Failed { status, retry_after, cause } => Self::failed(status, retry_after, cause),
            Kind::Rejected(rejection) => rejection,
            Kind::Undocumented { status, answer } => Self::answered(status, answer),
        }
    }
}
