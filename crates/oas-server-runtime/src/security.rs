//! Who calls: credentials in a request, and what an authenticator makes of them.

use std::borrow::Cow;

use http::request::Parts;
use http::{HeaderValue, StatusCode};

use crate::{Operation, Rejection, ServerError};

/// What an authenticator may want to know besides the credential.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AuthContext<'a> {
    /// The operation that is called.
    pub operation: &'static Operation,
    /// The scopes or roles that the document asks for; all of them are needed.
    pub scopes: &'a [&'a str],
    /// Method, URI, headers and extensions of the request.
    pub head: &'a Parts,
}

impl<'a> AuthContext<'a> {
    pub(crate) const fn new(operation: &'static Operation, scopes: &'a [&'a str], head: &'a Parts) -> Self {
        Self { operation, scopes, head }
    }
}

/// Why an authenticator does not accept a credential.
#[derive(Debug)]
pub enum AuthError {
    /// Nobody has this credential, or no longer: status 401. The text is for the caller.
    Invalid(Cow<'static, str>),
    /// The credential is good, but not for this operation (a scope is missing, an account is suspended): status 403.
    /// The text is for the caller.
    Forbidden(Cow<'static, str>),
    /// It could not be found out: status 500 or 503. The cause is for the log.
    Failed(ServerError),
}

impl AuthError {
    /// Status 401, with the usual text.
    pub const fn invalid() -> Self {
        Self::Invalid(Cow::Borrowed("the credentials are not valid"))
    }

    /// Status 403, with the usual text.
    pub const fn forbidden() -> Self {
        Self::Forbidden(Cow::Borrowed("the credentials do not allow this operation"))
    }
}

impl<E: Into<ServerError>> From<E> for AuthError {
    /// What `?` does: the credential could not be checked.
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// How a caller is told to prove who it is: `WWW-Authenticate` (RFC 9110, section 11.6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// `Authorization: Bearer ...` (RFC 6750).
    Bearer,
    /// `Authorization: Basic ...` (RFC 7617).
    Basic,
    /// `Authorization:` with another scheme.
    Http(&'static str),
    /// A key; there is no registered scheme for it, so the challenge says where it belongs.
    ApiKey {
        /// `header`, `query` or `cookie`.
        location: &'static str,
        /// Its name there.
        name: &'static str,
    },
    /// A certificate, which is asked for below HTTP.
    ClientCertificate,
}

/// What became of the credentials in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Missing,
    Invalid,
    Forbidden,
}

impl Challenge {
    /// The header; `None` where HTTP has no word for it.
    fn header(self, outcome: Outcome) -> Option<HeaderValue> {
        let text = match (self, outcome) {
            (Self::Bearer, Outcome::Missing) => "Bearer".to_owned(),
            (Self::Bearer, Outcome::Invalid) => r#"Bearer error="invalid_token""#.to_owned(),
            (Self::Bearer, Outcome::Forbidden) => r#"Bearer error="insufficient_scope""#.to_owned(),
            (Self::Basic, _) => r#"Basic realm="api", charset="UTF-8""#.to_owned(),
            (Self::Http(scheme), _) => scheme.to_owned(),
            (Self::ApiKey { location, name }, _) => {
                let name = name.replace('\\', "\\\\").replace('"', "\\\"");
                format!(r#"ApiKey in="{location}", name="{name}""#)
            }
            (Self::ClientCertificate, _) => return None,
        };
        HeaderValue::from_str(&text).ok()
    }
}

/// A client certificate that the TLS layer verified, as an extension of the request: how `mutualTLS` reaches an
/// authenticator. As a text: PEM, a fingerprint or a distinguished name, whichever the authenticator looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate(pub String);

/// The alternatives of a requirement set, tried one after the other.
#[derive(Debug)]
pub struct Attempts {
    challenges: &'static [Challenge],
    outcome: Outcome,
    detail: Cow<'static, str>,
}

impl Attempts {
    /// Nothing tried yet.
    pub const fn new(challenges: &'static [Challenge]) -> Self {
        Self { challenges, outcome: Outcome::Missing, detail: Cow::Borrowed("credentials are missing") }
    }

    /// What an authenticator said to one alternative: the principal, or `None` when the next one shall be tried.
    ///
    /// # Errors
    /// When it could not be found out who calls.
    pub fn settle<P>(&mut self, said: Result<P, AuthError>) -> Result<Option<P>, Rejection> {
        match said {
            Ok(principal) => return Ok(Some(principal)),
            Err(AuthError::Failed(error)) => return Err(error.into()),
            Err(AuthError::Forbidden(detail)) => (self.outcome, self.detail) = (Outcome::Forbidden, detail),
            // A credential that is good elsewhere says more than one that is good nowhere.
            Err(AuthError::Invalid(_)) if self.outcome == Outcome::Forbidden => {}
            Err(AuthError::Invalid(detail)) => (self.outcome, self.detail) = (Outcome::Invalid, detail),
        }
        Ok(None)
    }

    /// Part of what an alternative needs is there: the caller wanted to be known.
    pub fn incomplete(&mut self) {
        if self.outcome == Outcome::Missing {
            (self.outcome, self.detail) = (Outcome::Invalid, Cow::Borrowed("credentials are missing or malformed"));
        }
    }

    /// Whether the request has no credential at all. A caller with a bad one wants to be known, and is told so, even
    /// where it might stay anonymous.
    pub fn untried(&self) -> bool {
        self.outcome == Outcome::Missing
    }

    /// No alternative was met: status 401, or 403 when a credential is good but not for this.
    pub fn refuse(self) -> Rejection {
        let headers = self.challenges.iter().filter_map(|challenge| challenge.header(self.outcome)).collect();
        if self.outcome == Outcome::Forbidden {
            return Rejection::new(StatusCode::FORBIDDEN, self.detail);
        }
        Rejection::unauthorized(self.detail, headers)
    }
}
