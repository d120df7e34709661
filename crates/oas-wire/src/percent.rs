//! Percent-encoding in paths, queries, forms and cookies.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// All but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// As [`RESERVED`], but the reserved characters that end nothing in a query stay.
const RESERVED_IN_QUERY: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// What no value of a cookie can hold (RFC 6265, section 4.1.1), and the sign of an escape.
const RESERVED_IN_COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// What of a value is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Everything but unreserved characters.
    All,
    /// What would end the value, the query or the URL; `allowReserved` asks for this.
    KeepReserved,
    /// What no cookie can hold.
    Cookie,
    /// Nothing.
    None,
}

impl Escape {
    /// The text with what must be escaped as `%XX`.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::All => utf8_percent_encode(text, RESERVED).into(),
            Self::KeepReserved => keep_escapes(text),
            Self::Cookie => utf8_percent_encode(text, RESERVED_IN_COOKIE).into(),
            Self::None => Cow::Borrowed(text),
        }
    }
}

/// Leaves what is an escape already as it is (RFC 6570, section 3.2.3).
fn keep_escapes(text: &str) -> Cow<'_, str> {
    if !has(text, b'%') {
        return utf8_percent_encode(text, RESERVED_IN_QUERY).into();
    }
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('%') {
        written.extend(utf8_percent_encode(before, RESERVED_IN_QUERY));
        let is_escape = behind.len() >= 2 && behind.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
        written.push_str(if is_escape { "%" } else { "%25" });
        rest = behind;
    }
    written.extend(utf8_percent_encode(rest, RESERVED_IN_QUERY));
    written.into()
}

/// Decodes `%XX`; `None` when what comes out is not UTF-8.
pub fn decode(raw: &str) -> Option<String> {
    decoded(raw).map(Cow::into_owned)
}

/// Like [`decode`], without a copy of what has no escapes.
pub fn decoded(raw: &str) -> Option<Cow<'_, str>> {
    if has(raw, b'%') { percent_decode(raw.as_bytes()).decode_utf8().ok() } else { Some(Cow::Borrowed(raw)) }
}

/// Decodes `%XX` and `+`, which stands for a space in a query and in a form.
pub fn decode_form(raw: &str) -> Option<String> {
    decoded_form(raw).map(Cow::into_owned)
}

/// Like [`decode_form`], without a copy of what has no escapes.
fn decoded_form(raw: &str) -> Option<Cow<'_, str>> {
    if has(raw, b'+') { decode(&raw.replace('+', " ")).map(Cow::Owned) } else { decoded(raw) }
}

/// A `name=value` of a query or form: the name decoded, the value as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The name, decoded.
    pub name: Cow<'a, str>,
    /// The value, as it was written.
    pub value: &'a str,
}

/// The pairs of a query or form, in their order. A name that is not UTF-8 cannot be one the document has.
pub fn pairs(text: &str) -> Vec<Pair<'_>> {
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

/// The pairs of a header `Cookie` (RFC 6265, section 4.2.1), each name decoded and each value without quotes around it.
pub fn cookie_pairs(line: &str) -> impl Iterator<Item = Pair<'_>> {
    line.split(';').filter_map(|pair| pair.trim().split_once('=')).filter_map(|(name, value)| {
        let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        Some(Pair { name: decoded(name)?, value: quoted.unwrap_or(value) })
    })
}

/// What stands before and behind the first `separator`, which is ASCII. Texts are short here: looking at one byte after
/// the other takes less time than to prepare for more.
pub fn split_at_first(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    text.get(..at).zip(text.get(at + 1..))
}

/// Whether `byte`, which is ASCII, stands in the text.
fn has(text: &str, byte: u8) -> bool {
    text.bytes().any(|other| other == byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_stay_where_that_is_allowed() {
        assert_eq!(Escape::KeepReserved.apply("a/b:c?d&e#f+g%20h i%"), "a/b:c?d%26e%23f%2Bg%20h%20i%25");
        assert_eq!(Escape::All.apply("a/b c\u{fc}~"), "a%2Fb%20c%C3%BC~");
    }

    #[test]
    fn cookies_go_as_they_are() {
        assert_eq!(Escape::Cookie.apply("v1:yes=abc+/=="), "v1:yes=abc+/==");
        assert_eq!(Escape::Cookie.apply("a b;\",\\%\u{fc}"), "a%20b%3B%22%2C%5C%25%C3%BC");
        let pairs: Vec<_> = cookie_pairs("a=b=c; d=\"e f\";  g%20h=i").collect();
        let shown: Vec<_> = pairs.iter().map(|pair| (pair.name.as_ref(), pair.value)).collect();
        assert_eq!(shown, [("a", "b=c"), ("d", "e f"), ("g h", "i")]);
    }

    #[test]
    fn pairs_are_split_and_their_names_decoded() {
        let read: Vec<_> = pairs("a=1&&b%5B%5D=x+y&c&%ff=1").into_iter().map(|pair| (pair.name, pair.value)).collect();
        assert_eq!(read, [("a".into(), "1"), ("b[]".into(), "x+y"), ("c".into(), "")]);
        assert_eq!(decode_form("x+y%2B"), Some("x y+".to_owned()));
        assert_eq!(decode("%ff"), None);
    }
}
