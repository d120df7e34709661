//! Headers that must not be there twice.

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header `name`, when it is there exactly once.
pub(crate) fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    headers.get(name).filter(|_| !repeats(headers) || headers.get_all(name).iter().nth(1).is_none())
}

/// Whether any header is there more than once, which is soon told and seldom so.
pub(crate) fn repeats(headers: &HeaderMap) -> bool {
    headers.len() > headers.keys_len()
}
