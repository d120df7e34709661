//! Media types and ranges ([RFC 9110, section 8.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1)).

use http::HeaderValue;

/// A media type or range: `application/json; charset=utf-8`, `text/*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MediaType {
    /// In lower case.
    main: String,
    /// In lower case.
    sub: String,
    /// Names in lower case, values without quotes.
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads a media type; `None` when it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut pieces = split_quoted(text, ';').into_iter();
        let (main, sub) = pieces.next()?.trim().split_once('/')?;
        let token = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
        if !token(main) || !token(sub) {
            return None;
        }
        let parameters = pieces
            .filter_map(|piece| piece.split_once('='))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned()))
            .collect();
        Some(Self { main: main.to_ascii_lowercase(), sub: sub.to_ascii_lowercase(), parameters })
    }

    /// The parameter `name`.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is JSON, in any spelling.
    pub(crate) fn is_json(&self) -> bool {
        (self.main == "application" || self.main == "text") && self.sub == "json" || self.sub.ends_with("+json")
    }

    /// Whether texts of it are UTF-8 as far as it says.
    pub(crate) fn is_utf8(&self) -> bool {
        self.parameter("charset")
            .is_none_or(|charset| ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known)))
    }

    /// How specifically this range covers `other`; `None` when it does not. The bigger, the more specific.
    pub(crate) fn covers(&self, other: &Self) -> Option<u8> {
        // Both `charset`, which JSON does not need, and `boundary`, which is different each time, never tell apart.
        let matters = |name: &str| !matches!(name, "q" | "charset" | "boundary");
        let own = self.parameters.iter().filter(|(name, _)| matters(name));
        if own.clone().any(|(name, value)| other.parameter(name).is_none_or(|there| !there.eq_ignore_ascii_case(value)))
        {
            return None;
        }
        match (self.main.as_str(), self.sub.as_str()) {
            ("*", "*") => Some(1),
            (main, "*") => (main == other.main).then_some(2),
            (main, sub) => {
                (main == other.main && sub == other.sub).then_some(3 + u8::try_from(own.count()).unwrap_or(u8::MAX - 3))
            }
        }
    }
}

/// Whether a header names one media type, as it is written in the document: then nothing names it more specifically, and
/// neither has to be taken apart.
pub(crate) fn is_written(value: &HeaderValue, name: &str) -> bool {
    value.as_bytes() == name.as_bytes() && !name.bytes().any(|byte| matches!(byte, b'*' | b';'))
}

/// Splits at `separator` outside of quoted strings.
pub(crate) fn split_quoted(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, one) in text.char_indices() {
        match one {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if one == separator && !quoted => {
                pieces.push(text.get(start..at).unwrap_or_default());
                start = at + one.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(range: &str, other: &str) -> Option<u8> {
        MediaType::parse(range)?.covers(&MediaType::parse(other)?)
    }

    #[test]
    fn ranges_cover_what_they_name() {
        assert_eq!(covers("application/json", "Application/JSON; charset=utf-8"), Some(3));
        assert_eq!(covers("application/json; version=1", "application/json"), None);
        assert_eq!(covers("application/json; version=1", "application/json;version=\"1\""), Some(4));
        assert_eq!(covers("application/*", "application/json"), Some(2));
        assert_eq!(covers("*/*", "text/plain"), Some(1));
        assert_eq!(covers("application/json", "application/problem+json"), None);
        assert_eq!(MediaType::parse("json"), None);
        assert_eq!(MediaType::parse(""), None);
    }
}
