//! Media types and ranges ([RFC 9110, section 8.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1)).

/// A media type or range: `application/json; charset=utf-8`, `text/*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    /// In lower case.
    main: String,
    /// In lower case.
    sub: String,
    /// Names in lower case, values without quotes.
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads a media type; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut pieces = split_quoted(text, ';').into_iter();
        let (main, sub) = pieces.next()?.trim().split_once('/')?;
        let token = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
        if !token(main) || !token(sub) {
            return None;
        }
        let parameters = pieces
            .filter_map(|piece| piece.split_once('='))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), unquoted(value.trim())))
            .collect();
        Some(Self { main: main.to_ascii_lowercase(), sub: sub.to_ascii_lowercase(), parameters })
    }

    /// The parameter `name`.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Without its parameters, in lower case.
    pub fn essence(&self) -> String {
        format!("{}/{}", self.main, self.sub)
    }

    /// Whether it is JSON, in any spelling.
    pub fn is_json(&self) -> bool {
        (self.main == "application" || self.main == "text") && self.sub == "json" || self.sub.ends_with("+json")
    }

    /// Whether texts of it are UTF-8 as far as it says.
    pub fn is_utf8(&self) -> bool {
        self.parameter("charset")
            .is_none_or(|charset| ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known)))
    }

    /// How specifically this range covers `other`; `None` when it does not. The bigger, the more specific.
    pub fn covers(&self, other: &Self) -> Option<u8> {
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
            // `application/*+json`: no range of HTTP, but one that documents have.
            (main, sub) if sub.starts_with("*+") => {
                let suffix = sub.get(1..).unwrap_or_default();
                (main == other.main && other.sub.len() > suffix.len() && other.sub.ends_with(suffix)).then_some(3)
            }
            (main, sub) => {
                (main == other.main && sub == other.sub).then_some(4 + u8::try_from(own.count()).unwrap_or(u8::MAX - 4))
            }
        }
    }
}

/// The value of a parameter without its quotes and the escapes in them.
fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').map(|rest| rest.strip_suffix('"').unwrap_or(rest)) else {
        return value.to_owned();
    };
    let mut escaped = false;
    let keeps = |one: &char| {
        escaped = *one == '\\' && !escaped;
        !escaped
    };
    inner.chars().filter(keeps).collect()
}

/// A media type without parameters, in lower case, whether it is one or not.
///
/// ```
/// assert_eq!(oas_wire::essence("Text/HTML; charset=utf-8"), "text/html");
/// ```
pub fn essence(name: &str) -> String {
    name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type is JSON: `application/json`, `text/json`, or anything with the suffix `+json` (RFC 6839).
///
/// ```
/// use oas_wire::is_json;
///
/// assert!(is_json("application/json") && is_json("application/Problem+JSON; charset=utf-8"));
/// assert!(!is_json("text/html") && !is_json("application/jsonl"));
/// ```
pub fn is_json(name: &str) -> bool {
    let essence = essence(name);
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

/// Whether a byte can stand in a token (RFC 9110, section 5.6.2): the name of a header, a half of a media type.
pub const fn is_token(byte: u8) -> bool {
    matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
        || byte.is_ascii_alphanumeric()
}

/// Splits at `separator` outside of quoted strings.
pub fn split_quoted(text: &str, separator: char) -> Vec<&str> {
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
        assert_eq!(covers("application/json", "Application/JSON; charset=utf-8"), Some(4));
        assert_eq!(covers("application/json; version=1", "application/json"), None);
        assert_eq!(covers("application/json; version=1", "application/json;version=\"1\""), Some(5));
        assert_eq!(covers("application/*", "application/json"), Some(2));
        assert_eq!(covers("application/*+json", "application/vnd.pet+JSON; v=1"), Some(3));
        assert_eq!(covers("application/*+json", "application/json"), None);
        assert_eq!(covers("application/*+json", "application/+json"), None);
        assert_eq!(covers("application/*+json", "application/pet+xml"), None);
        assert_eq!(covers("*/*", "text/plain"), Some(1));
        assert_eq!(covers("application/json", "application/problem+json"), None);
        assert_eq!(MediaType::parse("json"), None);
        assert_eq!(MediaType::parse(""), None);
    }

    #[test]
    fn values_of_parameters_are_read_without_their_quotes() {
        let read = MediaType::parse(r#"multipart/form-data; boundary="a;\"b"; x=1"#).expect("a media type");
        assert_eq!((read.parameter("boundary"), read.parameter("x")), (Some("a;\"b"), Some("1")));
        assert_eq!(read.essence(), "multipart/form-data");
    }

    #[test]
    fn tokens_are_those_of_the_grammar() {
        let tokens: String = (0..=127_u8).filter(|byte| is_token(*byte)).map(char::from).collect();
        let other = tokens.replace(|one: char| one.is_ascii_alphanumeric(), "");
        assert_eq!(other, "!#$%&'*+-.^_`|~");
    }
}
