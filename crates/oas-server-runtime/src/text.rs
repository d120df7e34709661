//! Percent-encoding in paths, queries and cookies.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// Decodes `%XX`; `None` when what comes out is not UTF-8.
pub(crate) fn decode(raw: &str) -> Option<String> {
    decoded(raw).map(Cow::into_owned)
}

/// Like [`decode`], without a copy of what has no escapes.
pub(crate) fn decoded(raw: &str) -> Option<Cow<'_, str>> {
    percent_decode(raw.as_bytes()).decode_utf8().ok()
}

/// Decodes `%XX` and `+`, which stands for a space in a query and in a form.
pub(crate) fn decode_form(raw: &str) -> Option<String> {
    if raw.contains('+') { decode(&raw.replace('+', " ")) } else { decode(raw) }
}

/// A `name=value` of a query or form: the name decoded, the value as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// The pairs of a query or form, in their order. A name that is not UTF-8 cannot be one the document has.
pub(crate) fn pairs(text: &str) -> Vec<Pair> {
    text.split('&')
        .filter(|piece| !piece.is_empty())
        .filter_map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Some(Pair { name: decode_form(name)?, value: value.to_owned() })
        })
        .collect()
}
