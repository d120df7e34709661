//! Credentials: what proves to the API who is calling.

use std::fmt;

use oas_wire::percent::Escape;
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

/// A secret in the form in which it is sent. `Debug` shows the kind and never the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(Kind);

/// Where the secret goes.
#[derive(Clone, PartialEq, Eq)]
enum Kind {
    /// A header; the value is marked sensitive.
    Header(HeaderName, HeaderValue),
    /// A query parameter: name and value, not yet escaped.
    Query(String, String),
    /// A cookie: name and value, as they are sent.
    Cookie(String, String),
    /// The connection's own certificate; nothing of it stands in the request.
    Certificate,
}

impl Credential {
    /// `Authorization: Bearer TOKEN`; `None` when the token cannot stand in a header.
    pub fn bearer(token: &str) -> Option<Self> {
        Self::authorization("Bearer", token)
    }

    /// `Authorization: Basic ...` (RFC 7617); `None` when the user has a colon.
    pub fn basic(user: &str, password: &str) -> Option<Self> {
        Self::authorization("Basic", &oas_wire::basic::encode(user, password)?)
    }

    /// `Authorization: SCHEME CREDENTIALS`; `None` when that cannot stand in a header.
    pub fn authorization(scheme: &str, credentials: &str) -> Option<Self> {
        let value = sensitive(&format!("{scheme} {credentials}"))?;
        Some(Self(Kind::Header(AUTHORIZATION, value)))
    }

    /// A header of any name; `None` when name or key cannot stand in a header.
    pub fn header(name: &str, key: &str) -> Option<Self> {
        Some(Self(Kind::Header(HeaderName::try_from(name).ok()?, sensitive(key)?)))
    }

    /// A query parameter.
    pub fn query(name: &str, key: &str) -> Self {
        Self(Kind::Query(name.to_owned(), key.to_owned()))
    }

    /// A cookie, which is sent as it is; `None` when no cookie can have the name or the value.
    pub fn cookie(name: &str, key: &str) -> Option<Self> {
        let is_name = !name.is_empty() && name.bytes().all(oas_wire::is_token);
        let is_value = !key.contains(';') && !key.chars().any(char::is_control) && key.trim() == key;
        (is_name && is_value).then(|| Self(Kind::Cookie(name.to_owned(), key.to_owned())))
    }

    /// The certificate that the HTTP client presents (`mutualTLS`).
    pub fn certificate() -> Self {
        Self(Kind::Certificate)
    }

    /// Puts the secret into a request.
    pub(crate) fn apply(&self, request: &mut Request) {
        match &self.0 {
            Kind::Header(name, value) => {
                // What was said of this request alone is stronger.
                request.headers_mut().entry(name).or_insert_with(|| value.clone());
            }
            Kind::Query(name, key) => {
                let pair = format!("{}={}", Escape::All.apply(name), Escape::All.apply(key));
                let query = match request.url().query() {
                    Some(query) if !query.is_empty() => format!("{query}&{pair}"),
                    _ => pair,
                };
                request.url_mut().set_query(Some(&query));
            }
            Kind::Cookie(name, key) => {
                let pair = format!("{name}={key}");
                let cookies = match request.headers().get(COOKIE).and_then(|cookies| cookies.to_str().ok()) {
                    Some(cookies) => format!("{cookies}; {pair}"),
                    None => pair,
                };
                if let Some(value) = sensitive(&cookies) {
                    request.headers_mut().insert(COOKIE, value);
                }
            }
            Kind::Certificate => {}
        }
    }

    /// Takes the secret out of a request that goes to another origin.
    pub(crate) fn strip(&self, request: &mut Request) {
        match &self.0 {
            Kind::Header(name, _) => {
                request.headers_mut().remove(name);
            }
            Kind::Query(..) => self.hide(request.url_mut()),
            // All cookies go with the origin they were meant for.
            Kind::Cookie(..) | Kind::Certificate => {}
        }
    }

    /// Takes the secret out of a URL that somebody may see.
    pub(crate) fn hide(&self, url: &mut reqwest::Url) {
        let Kind::Query(name, _) = &self.0 else { return };
        if !url.query_pairs().any(|(one, _)| one == name.as_str()) {
            return;
        }
        let rest: Vec<(String, String)> =
            url.query_pairs().filter(|(one, _)| one != name.as_str()).map(|(a, b)| (a.into(), b.into())).collect();
        if rest.is_empty() {
            url.set_query(None);
        } else {
            url.query_pairs_mut().clear().extend_pairs(rest);
        }
    }

    /// Whether the secret stands in the URL.
    pub(crate) fn is_in_url(&self) -> bool {
        matches!(self.0, Kind::Query(..))
    }
}

/// A header value that nothing prints.
fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Header(name, _) => write!(formatter, "Header({name}: <secret>)"),
            Kind::Query(name, _) => write!(formatter, "Query({name}=<secret>)"),
            Kind::Cookie(name, _) => write!(formatter, "Cookie({name}=<secret>)"),
            Kind::Certificate => formatter.write_str("Certificate"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request::new(reqwest::Method::GET, "http://localhost/a?b=c".parse().expect("a URL"))
    }

    #[test]
    fn no_secret_is_shown() {
        let credentials = [
            Credential::bearer("hush-1"),
            Credential::basic("user", "hush-2"),
            Credential::header("x-key", "hush-3"),
            Some(Credential::query("key", "hush-4")),
            Credential::cookie("key", "hush-5"),
        ];
        assert!(credentials.iter().all(Option::is_some));
        assert!(!format!("{credentials:?}").contains("hush"));
        let mut sent = request();
        credentials[2].as_ref().expect("valid").apply(&mut sent);
        assert!(!format!("{sent:?}").contains("hush"), "{sent:?}");
    }

    #[test]
    fn a_query_secret_is_added_and_hidden() {
        let credential = Credential::query("api key", "a&b");
        let mut sent = request();
        credential.apply(&mut sent);
        assert_eq!(sent.url().query(), Some("b=c&api%20key=a%26b"));
        credential.strip(&mut sent);
        assert_eq!(sent.url().query(), Some("b=c"));
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused() {
        assert_eq!(Credential::bearer("a\r\nx: y"), None);
        assert_eq!(Credential::basic("a:b", "c"), None);
        assert_eq!(Credential::header("not a name", "c"), None);
    }
}
