//! What can go wrong with a call.

use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;

use crate::answer::{Misfit, RawAnswer};
use crate::transport::ExchangeError;

/// What went wrong with a call. `E` is the type of the errors that the document describes.
///
/// Whatever came stays: status, headers and bytes are in every variant that has an answer.
#[derive(Debug)]
#[non_exhaustive]
#[expect(clippy::enum_variant_names, reason = "the names that users of progenitor know")]
pub enum Error<E = Infallible> {
    /// The request was not sent: something is missing, or has a form in which it cannot be sent.
    InvalidRequest(String),
    /// No answer came.
    CommunicationError(ExchangeError),
    /// The API answered with an error that the document describes.
    ErrorResponse(ErrorAnswer<E>),
    /// The API answered with a status that the document does not describe.
    UnexpectedResponse(RawAnswer),
    /// The document describes the status, but not this body.
    InvalidResponsePayload(RawAnswer, Misfit),
    /// The body ended early.
    ResponseBodyError(ExchangeError),
}

/// An error that the document describes, and what it came with.
#[derive(Clone)]
pub struct ErrorAnswer<E> {
    pub(crate) value: E,
    pub(crate) raw: RawAnswer,
}

impl<E> ErrorAnswer<E> {
    /// The error.
    pub fn into_inner(self) -> E {
        self.value
    }

    /// Status, headers and bytes as they came.
    pub fn raw(&self) -> &RawAnswer {
        &self.raw
    }

    /// Its status.
    pub fn status(&self) -> reqwest::StatusCode {
        self.raw.status()
    }

    /// Its headers.
    pub fn headers(&self) -> &reqwest::header::HeaderMap {
        self.raw.headers()
    }
}

impl<E> Deref for ErrorAnswer<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.value
    }
}

impl<E: fmt::Debug> fmt::Debug for ErrorAnswer<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ErrorAnswer").field("raw", &self.raw).field("value", &self.value).finish()
    }
}

impl<E> Error<E> {
    /// The answer as it came, when there is one.
    pub fn raw(&self) -> Option<&RawAnswer> {
        match self {
            Self::ErrorResponse(answer) => Some(&answer.raw),
            Self::UnexpectedResponse(raw) | Self::InvalidResponsePayload(raw, _) => Some(raw),
            Self::InvalidRequest(_) | Self::CommunicationError(_) | Self::ResponseBodyError(_) => None,
        }
    }

    /// The status of the answer, when there is one.
    pub fn status(&self) -> Option<reqwest::StatusCode> {
        self.raw().map(RawAnswer::status)
    }
}

impl Error {
    /// The same error where the document describes some.
    pub fn widen<E>(self) -> Error<E> {
        match self {
            Self::InvalidRequest(reason) => Error::InvalidRequest(reason),
            Self::CommunicationError(error) => Error::CommunicationError(error),
            Self::ErrorResponse(ErrorAnswer { raw, .. }) | Self::UnexpectedResponse(raw) => {
                Error::UnexpectedResponse(raw)
            }
            Self::InvalidResponsePayload(raw, misfit) => Error::InvalidResponsePayload(raw, misfit),
            Self::ResponseBodyError(error) => Error::ResponseBodyError(error),
        }
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(reason) => write!(formatter, "the request was not sent: {reason}"),
            Self::CommunicationError(error) => write!(formatter, "no answer came: {error}"),
            Self::ErrorResponse(answer) => {
                write!(formatter, "the API answered {}: {}", answer.raw.status, answer.value)
            }
            Self::UnexpectedResponse(raw) => {
                write!(formatter, "the API answered {}, which the document does not describe", raw.status)
            }
            Self::InvalidResponsePayload(raw, misfit) => {
                write!(formatter, "the body of the answer {} is not what the document describes: {misfit}", raw.status)
            }
            Self::ResponseBodyError(error) => write!(formatter, "the body ended early: {error}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CommunicationError(error) | Self::ResponseBodyError(error) => Some(error),
            Self::InvalidResponsePayload(_, misfit) => Some(misfit),
            Self::InvalidRequest(_) | Self::ErrorResponse(_) | Self::UnexpectedResponse(_) => None,
        }
    }
}
