//! The parts of URI references ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986)) that `$ref` needs.

use std::borrow::Cow;

/// Splits a reference at its `#`: what names a document, and the fragment without `#`, still percent-encoded.
pub(crate) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// Whether `uri` starts with a scheme, such as `https:`. A single letter is a drive, not a scheme.
pub(crate) fn has_scheme(uri: &str) -> bool {
    let Some((scheme, _)) = uri.split_once(':') else { return false };
    scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Replaces `%41` and the like. What is not two hexadecimal digits after a `%` stays as it is, because references are
/// often written without encoding; `None` when the result is not UTF-8.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digit = |at: usize| tail.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (first, digit(0), digit(1)) {
            bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// Resolves `reference` against `base` (RFC 3986, section 5.2), both without fragment.
pub(crate) fn join(base: &str, reference: &str) -> String {
    if reference.is_empty() {
        return base.to_owned();
    }
    if has_scheme(reference) || base.is_empty() {
        return reference.to_owned();
    }
    let (prefix, path) = split_authority(base);
    if let Some(rest) = reference.strip_prefix("//") {
        let scheme = if has_scheme(base) { base.split_once(':').map_or("", |(scheme, _)| scheme) } else { "" };
        return if scheme.is_empty() { format!("//{rest}") } else { format!("{scheme}://{rest}") };
    }
    if reference.starts_with('/') {
        return format!("{prefix}{}", remove_dots(reference));
    }
    let folder = path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or_default();
    let folder = if folder.is_empty() && prefix.contains("//") { "/" } else { folder };
    format!("{prefix}{}", remove_dots(&format!("{folder}{reference}")))
}

/// Splits `https://host/path?query` into `https://host` and `/path`.
fn split_authority(uri: &str) -> (&str, &str) {
    let uri = uri.split('?').next().unwrap_or_default();
    let after_scheme = if has_scheme(uri) { uri.find(':').map_or(0, |colon| colon + 1) } else { 0 };
    let after = uri.get(after_scheme..).unwrap_or_default();
    let authority = after.strip_prefix("//").map_or(0, |host| 2 + host.find('/').unwrap_or(host.len()));
    uri.split_at(after_scheme + authority)
}

/// Takes `.` and `..` out of a path (RFC 3986, section 5.2.4).
fn remove_dots(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    let last = path.split('/').next_back().unwrap_or_default();
    for segment in path.split('/') {
        match segment {
            "." => {}
            ".." => {
                if segments.len() > 1 || segments.first().is_some_and(|first| !first.is_empty()) {
                    segments.pop();
                }
            }
            other => segments.push(other),
        }
    }
    if matches!(last, "." | "..") {
        segments.push("");
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::{decode, has_scheme, join, split};

    #[test]
    fn references_split_at_the_first_hash() {
        assert_eq!(split("a.yaml#/b"), ("a.yaml", "/b"));
        assert_eq!(split("#/b#c"), ("", "/b#c"));
        assert_eq!(split("a.yaml"), ("a.yaml", ""));
    }

    #[test]
    fn a_drive_is_not_a_scheme() {
        assert!(has_scheme("https://x"));
        assert!(has_scheme("urn:x"));
        assert!(!has_scheme("C:/x"));
        assert!(!has_scheme("a/b:c"));
    }

    #[test]
    fn escapes_are_decoded_and_stray_percent_signs_stay() {
        assert_eq!(decode("a%20b%C3%A9").as_deref(), Some("a b\u{e9}"));
        assert_eq!(decode("100%").as_deref(), Some("100%"));
        assert_eq!(decode("%zz%4").as_deref(), Some("%zz%4"));
        assert_eq!(decode("%FF"), None);
    }

    #[test]
    fn references_join_their_base() {
        for (base, reference, expected) in [
            ("https://e.org/api/openapi.yaml", "pet.yaml", "https://e.org/api/pet.yaml"),
            ("https://e.org/api/openapi.yaml", "../pet.yaml", "https://e.org/pet.yaml"),
            ("https://e.org/api/openapi.yaml", "../../../pet.yaml", "https://e.org/pet.yaml"),
            ("https://e.org", "pet.yaml", "https://e.org/pet.yaml"),
            ("https://e.org/a/b?c/d", "/x/./y", "https://e.org/x/y"),
            ("https://e.org/a", "//f.org/b", "https://f.org/b"),
            ("https://e.org/a", "urn:b", "urn:b"),
            ("a/b.yaml", "c.yaml", "a/c.yaml"),
            ("", "c.yaml", "c.yaml"),
            ("https://e.org/a/b", "", "https://e.org/a/b"),
        ] {
            assert_eq!(join(base, reference), expected, "{base} {reference}");
        }
    }
}
