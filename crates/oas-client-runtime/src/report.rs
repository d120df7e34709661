//! Errors in the words of the person who has to act.

use std::fmt;

use reqwest::{StatusCode, Url};

use crate::Error;
use crate::transport::ExchangeError;

/// What went wrong and what to do about it. Shows no secret: of a URL neither user nor query, of a body nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    what: String,
    hint: Option<String>,
}

impl Report {
    /// What went wrong.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)?;
        match &self.hint {
            Some(hint) => write!(formatter, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Errors that can say what to do about them.
pub trait ErrorReport {
    /// What went wrong and what to do about it.
    fn report(&self) -> Report;
}

impl<E: fmt::Display> ErrorReport for Error<E> {
    fn report(&self) -> Report {
        let (what, hint) = match self {
            Self::InvalidRequest(reason) => (format!("the request was not sent: {reason}"), None),
            Self::CommunicationError(error) => communication(error),
            Self::ErrorResponse(answer) => (
                format!("the API answered {}: {}", answer.status(), &**answer),
                by_status(answer.status(), answer.headers().get("retry-after")),
            ),
            Self::UnexpectedResponse(answer) => (
                format!("{} answered {}, which the document does not describe", shown(answer.url()), answer.status()),
                by_status(answer.status(), answer.headers().get("retry-after"))
                    .or_else(|| Some("the answer is in the error, with its status, headers and bytes".to_owned())),
            ),
            Self::InvalidResponsePayload(answer, misfit) => (
                format!(
                    "the body of the answer {} ({} bytes) is not what the document describes: {misfit}",
                    answer.status().as_u16(),
                    answer.bytes().len()
                ),
                Some(
                    "check that the base URL is that of the API, and of the version that the document describes".into(),
                ),
            ),
            Self::ResponseBodyError(error) => {
                (format!("the body ended early: {}", Cause(error)), Some("send the request again".into()))
            }
        };
        Report { what, hint }
    }
}

/// What went wrong on the way.
fn communication(error: &ExchangeError) -> (String, Option<String>) {
    let to = error.url().map_or_else(|| "the API".to_owned(), shown);
    let cause = Cause(error);
    if error.is_timeout() {
        let hint = "allow more time with `.timeout(..)` or `.read_timeout(..)`, or try again with `.retries(..)`";
        (format!("no answer from {to} in time"), Some(hint.to_owned()))
    } else if error.is_connect() {
        (format!("no connection to {to}: {cause}"), Some("check the base URL, the network and the proxy".to_owned()))
    } else {
        (format!("the exchange with {to} failed: {cause}"), None)
    }
}

/// What a status asks the caller to do.
fn by_status(status: StatusCode, retry_after: Option<&reqwest::header::HeaderValue>) -> Option<String> {
    let wait = retry_after.and_then(|value| value.to_str().ok());
    let hint = match status.as_u16() {
        401 => "check the credentials given to the client's builder",
        402 => "the account has to be topped up or its plan changed",
        403 => "the credentials are known, but do not allow this",
        404 => "check the ids in the request, and the base URL",
        413 => "send less at once",
        408 | 429 | 502..=504 => {
            return Some(match wait {
                Some(wait) => format!("wait as `Retry-After` asks ({wait}), or let `.retries(..)` do it"),
                None => "try again later, or let `.retries(..)` do it".to_owned(),
            });
        }
        500..=599 => "the API failed; try again later",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// A URL without what may be secret.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Only URLs without a host refuse this, and they have no user either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

/// The innermost cause of an error, which says the most and holds no URL.
struct Cause<'a>(&'a ExchangeError);

impl fmt::Display for Cause<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = std::error::Error::source(self.0);
        while let Some(deeper) = cause.and_then(std::error::Error::source) {
            cause = Some(deeper);
        }
        match cause {
            Some(cause) => write!(formatter, "{cause}"),
            None if self.0.url().is_none() => write!(formatter, "{}", self.0),
            None => formatter.write_str("no reason was given"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unexpected(status: u16) -> Error<String> {
        Error::UnexpectedResponse(crate::RawAnswer {
            url: "http://a.example/".parse().expect("a URL"),
            status: StatusCode::from_u16(status).expect("a status"),
            headers: [(reqwest::header::RETRY_AFTER, "7".parse().expect("a value"))].into_iter().collect(),
            bytes: bytes::Bytes::new(),
        })
    }

    #[test]
    fn a_report_says_what_to_do() {
        let report = unexpected(429).report().to_string();
        assert!(report.ends_with("\nhint: wait as `Retry-After` asks (7), or let `.retries(..)` do it"), "{report}");
        assert!(unexpected(418).report().hint().expect("a hint").contains("bytes"));
    }

    #[test]
    fn a_url_is_shown_without_secrets() {
        let url = "https://user:hush@a.example/x?key=hush#hush".parse().expect("a URL");
        assert_eq!(shown(&url), "https://a.example/x");
    }
}
