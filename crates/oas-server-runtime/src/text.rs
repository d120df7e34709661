//! Percent-encoding in paths, queries and cookies.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// Decodes `%XX`; `None` when what comes out is not UTF-8.
pub(crate) fn decode(raw: &str) -> Option<String> {
    decoded(raw).map(Cow::into_owned)
}

/// Like [`decode`], without a copy of what has no escapes.
pub(crate) fn decoded(raw: &str) -> Option<Cow<'_, str>> {
    if has(raw, b'%') { percent_decode(raw.as_bytes()).decode_utf8().ok() } else { Some(Cow::Borrowed(raw)) }
}

/// Decodes `%XX` and `+`, which stands for a space in a query and in a form.
pub(crate) fn decode_form(raw: &str) -> Option<String> {
    decoded_form(raw).map(Cow::into_owned)
}

/// Like [`decode_form`], without a copy of what has no escapes.
fn decoded_form(raw: &str) -> Option<Cow<'_, str>> {
    if has(raw, b'+') { decode(&raw.replace('+', " ")).map(Cow::Owned) } else { decoded(raw) }
}

/// A `name=value` of a query or form: the name decoded, the value as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: &'a str,
}

/// The pairs of a query or form, in their order. A name that is not UTF-8 cannot be one the document has.
pub(crate) fn pairs(text: &str) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (piece, behind) = split_at_first(text, b'&').map_or((text, None), |(piece, behind)| (piece, Some(behind)));
        rest = behind;
        let (name, value) = split_at_first(piece, b'=').unwrap_or((piece, ""));
        if !piece.is_empty()
            && let Some(name) = decoded_form(name)
        {
            pairs.push(Pair { name, value });
        }
    }
    pairs
}

/// What stands before and behind the first `separator`, which is ASCII. Texts are short here: looking at one byte after
/// the other takes less time than to prepare for more.
pub(crate) fn split_at_first(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    text.get(..at).zip(text.get(at + 1..))
}

/// Whether `byte`, which is ASCII, stands in the text.
fn has(text: &str, byte: u8) -> bool {
    text.bytes().any(|other| other == byte)
}
