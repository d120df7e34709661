//! The credentials in a request.

use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, HeaderValue};
use oas_wire::{basic, percent};

use super::Call;
use crate::{AuthContext, ClientCertificate, headers, parameter};

impl Call {
    /// What an authenticator gets to know.
    pub fn auth_context<'a>(&'a self, scopes: &'a [&'a str]) -> AuthContext<'a> {
        AuthContext::new(self.operation(), scopes, &self.head)
    }

    /// The token of `Authorization: Bearer`.
    pub fn bearer(&self) -> Option<&str> {
        self.http_credential("bearer")
    }

    /// What stands behind `scheme` in `Authorization`. Several such headers are as good as none.
    pub fn http_credential(&self, scheme: &str) -> Option<&str> {
        // The header has been marked as a secret since the request came.
        let (found, rest) = percent::split_at_first(only_text(&self.head.headers, &AUTHORIZATION)?, b' ')?;
        let rest = rest.trim_ascii();
        (found.eq_ignore_ascii_case(scheme) && !rest.is_empty()).then_some(rest)
    }

    /// Name and password of `Authorization: Basic` (RFC 7617).
    pub fn basic(&self) -> Option<(String, String)> {
        let encoded = self.http_credential("basic")?;
        basic::decode(encoded)
    }

    /// The header `name`, which holds a secret.
    pub fn header_credential(&self, name: &str) -> Option<String> {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        only_text(&self.head.headers, &name).map(str::trim_ascii).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The query parameter `name`, which holds a secret.
    pub fn query_credential(&self, name: &str) -> Option<String> {
        let pairs = percent::pairs(self.head.uri.query()?);
        parameter::only_value(&pairs, name).and_then(percent::decode_form).filter(|text| !text.is_empty())
    }

    /// The cookie `name`, which holds a secret, as it was sent.
    pub fn cookie_credential(&self, name: &str) -> Option<String> {
        let cookies = parameter::cookies(&self.head.headers);
        parameter::only_value(&cookies, name).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The client certificate that the TLS layer put among the extensions.
    pub fn client_certificate(&self) -> Option<ClientCertificate> {
        self.head.extensions.get().cloned()
    }
}

/// Marks every value of the header `name` as a secret.
pub(crate) fn hide(headers: &mut HeaderMap, name: &HeaderName) {
    if !headers::repeats(headers) {
        headers.get_mut(name).into_iter().for_each(|value| value.set_sensitive(true));
        return;
    }
    let secrets = headers.iter_mut().filter(|(other, _)| *other == name);
    secrets.for_each(|(_, value): (_, &mut HeaderValue)| value.set_sensitive(true));
}

/// The text of the header `name`, when it is there exactly once.
fn only_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers::only(headers, name)?.to_str().ok()
}
