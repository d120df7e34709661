//! Parameters: values in the styles of OpenAPI 3.1.1, section 4.8.12.

use std::borrow::Cow;

use progenitor_client::Error;
use reqwest::header::HeaderValue;
use serde::Serialize;
use serde_json::Value;

use crate::text::Escape;

/// How a value is written into a string (OpenAPI 3.1.1, section 4.8.12.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `;name=a,b`, in the path.
    Matrix,
    /// `.a,b`, in the path.
    Label,
    /// `a,b`, in the path and in headers.
    Simple,
    /// `name=a&name=b`, in the query, in cookies and in forms.
    Form,
    /// `name=a%20b`
    SpaceDelimited,
    /// `name=a%7Cb`
    PipeDelimited,
    /// `name[member]=value`
    DeepObject,
    /// As [`Form`](Self::Form), without escaping (OpenAPI 3.2).
    Cookie,
    /// JSON text: a parameter with `content`.
    Json,
}

/// A parameter: its name, and how its value is written.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'a> {
    name: &'a str,
    style: Style,
    explode: bool,
    escape: Escape,
}

impl<'a> Parameter<'a> {
    /// A parameter in a style, with the style's default for `explode` and without `allowReserved`.
    pub const fn new(name: &'a str, style: Style) -> Self {
        let explode = matches!(style, Style::Form | Style::Cookie | Style::DeepObject);
        let escape = if matches!(style, Style::Cookie) { Escape::None } else { Escape::All };
        Self { name, style, explode, escape }
    }

    /// Whether arrays and objects become several parameters.
    #[must_use]
    pub const fn explode(mut self, explode: bool) -> Self {
        self.explode = explode;
        self
    }

    /// Leaves reserved characters unescaped.
    #[must_use]
    pub const fn allow_reserved(mut self) -> Self {
        self.escape = Escape::KeepReserved;
        self
    }

    /// The name on the wire.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// What stands in the path for a value.
    ///
    /// # Errors
    /// When the value is absent, or would name another path: it is empty, `.` or `..` once written.
    pub fn path<T: Serialize + ?Sized, E>(&self, value: &T) -> Result<String, Error<E>> {
        // `allowReserved` never lets a value out of its segment.
        let parameter = Self { escape: Escape::All, ..*self };
        let json = json_text(self.name, value)?;
        let written = match plain_text(&json).filter(|_| self.style == Style::Simple) {
            Some(text) => parameter.escape.apply(text).into_owned(),
            None => parameter.in_path(&from_json_text(self.name, &json)?),
        };
        whole_segment(self.name, written)
    }

    /// The value of a header; `None` when the value is absent.
    ///
    /// # Errors
    /// When the value holds a character that cannot stand in a header.
    pub fn header<T: Serialize + ?Sized, E>(&self, value: &T) -> Result<Option<HeaderValue>, Error<E>> {
        let value = to_json(self.name, value)?;
        if value.is_null() {
            return Ok(None);
        }
        let text = Self { escape: Escape::None, ..*self }.in_path(&value);
        HeaderValue::try_from(text).map(Some).map_err(|_| {
            Error::InvalidRequest(format!("header `{}` holds a character that no header can carry", self.name))
        })
    }

    /// The escaped pairs that stand in a query, a form or a cookie for a value; none when it is absent.
    ///
    /// # Errors
    /// When the value cannot be written.
    pub fn pairs<T: Serialize + ?Sized, E>(&self, value: &T) -> Result<Vec<(String, String)>, Error<E>> {
        Ok(self.pairs_of(&to_json(self.name, value)?))
    }

    /// The escaped pairs for a JSON value.
    pub(crate) fn pairs_of(&self, value: &Value) -> Vec<(String, String)> {
        let name = || self.escape.apply(self.name).into_owned();
        match (value, self.style) {
            (Value::Null, _) => Vec::new(),
            (_, Style::Json) => vec![(name(), self.escape.apply(&value.to_string()).into_owned())],
            (_, Style::DeepObject) => {
                let mut pairs = Vec::new();
                self.deep(self.name, value, &mut pairs);
                pairs
            }
            (Value::Array(items), _) if self.explode => {
                items.iter().filter_map(|item| Some((name(), self.scalar(item)?))).collect()
            }
            (Value::Object(members), _) if self.explode => members
                .iter()
                .filter_map(|(member, value)| Some((self.escape.apply(member).into_owned(), self.scalar(value)?)))
                .collect(),
            (Value::Array(_) | Value::Object(_), style) => {
                let delimiter = match style {
                    Style::SpaceDelimited => "%20",
                    Style::PipeDelimited => "%7C",
                    _ => ",",
                };
                let words = self.words(value);
                if words.is_empty() { Vec::new() } else { vec![(name(), words.join(delimiter))] }
            }
            _ => self.scalar(value).map(|text| (name(), text)).into_iter().collect(),
        }
    }

    /// `name[member]=value`, to any depth; items of an array share a name.
    fn deep(&self, name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
        match value {
            Value::Object(members) => {
                for (member, value) in members {
                    self.deep(&format!("{name}[{member}]"), value, pairs);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.deep(name, item, pairs);
                }
            }
            _ => pairs.extend(self.scalar(value).map(|text| (self.escape.apply(name).into_owned(), text))),
        }
    }

    /// The text of a path segment or header.
    fn in_path(&self, value: &Value) -> String {
        let name = self.escape.apply(self.name);
        match self.style {
            Style::Json => self.escape.apply(&value.to_string()).into_owned(),
            Style::Label => {
                let delimiter = if self.explode { "." } else { "," };
                format!(".{}", self.words(value).join(delimiter))
            }
            Style::Matrix if self.explode && (value.is_array() || value.is_object()) => self
                .pairs_of(value)
                .iter()
                .map(|(name, text)| if text.is_empty() { format!(";{name}") } else { format!(";{name}={text}") })
                .collect(),
            Style::Matrix => match self.words(value).join(",") {
                text if text.is_empty() => format!(";{name}"),
                text => format!(";{name}={text}"),
            },
            _ if value.is_array() || value.is_object() => self.words(value).join(","),
            _ => self.scalar(value).unwrap_or_default(),
        }
    }

    /// The words of a value: a scalar is one, an array one per item; of an object each member is `name=value` when
    /// exploded, otherwise a word for its name and one for its value.
    fn words(&self, value: &Value) -> Vec<String> {
        match value {
            Value::Array(items) => items.iter().filter_map(|item| self.scalar(item)).collect(),
            Value::Object(members) => {
                members
                    .iter()
                    .filter_map(|(member, value)| Some((self.escape.apply(member), self.scalar(value)?)))
                    .flat_map(|(member, text)| {
                        if self.explode { vec![format!("{member}={text}")] } else { vec![member.into_owned(), text] }
                    })
                    .collect()
            }
            scalar => self.scalar(scalar).into_iter().collect(),
        }
    }

    /// The escaped text of a value inside of which there is no style any more; `None` for `null`.
    fn scalar(&self, value: &Value) -> Option<String> {
        let text = match value {
            Value::Null => return None,
            Value::String(text) => return Some(self.escape.apply(text).into_owned()),
            other => other.to_string(),
        };
        Some(self.escape.apply(&text).into_owned())
    }
}

/// What stands in the path for a value of style `simple`.
///
/// # Errors
/// When the value would name another path: it is empty, `.` or `..`.
///
/// ```
/// use oas_client_runtime::path_segment;
///
/// assert_eq!(path_segment::<_, ()>("id", "a/b \\ ü").unwrap(), "a%2Fb%20%5C%20%C3%BC");
/// assert!(path_segment::<_, ()>("id", "..").is_err());
/// ```
pub fn path_segment<T: Serialize + ?Sized, E>(name: &str, value: &T) -> Result<String, Error<E>> {
    Parameter::new(name, Style::Simple).path(value)
}

/// Like [`path_segment`], for a text.
///
/// # Errors
/// When the text would name another path: it is empty, `.` or `..`.
pub fn path_text<'a, E>(name: &str, text: &'a str) -> Result<Cow<'a, str>, Error<E>> {
    whole_segment(name, Escape::All.apply(text))
}

/// `written`, which would name another path if it were empty, `.` or `..`.
fn whole_segment<T: AsRef<str>, E>(name: &str, written: T) -> Result<T, Error<E>> {
    match written.as_ref() {
        "" => Err(Error::InvalidRequest(format!("path parameter `{name}` is empty"))),
        "." | ".." => Err(Error::InvalidRequest(format!("path parameter `{name}` is a dot segment"))),
        _ => Ok(written),
    }
}

/// The value of a header of style `simple`; empty when the value is `null`.
///
/// # Errors
/// When the value holds a character that cannot stand in a header.
pub fn header_value<T: Serialize + ?Sized, E>(name: &str, value: &T) -> Result<HeaderValue, Error<E>> {
    let value = Parameter::new(name, Style::Simple).header(value)?;
    Ok(value.unwrap_or(HeaderValue::from_static("")))
}

/// A value as JSON, by way of its text: that keeps numbers as they print, and bounds how deep it nests.
pub(crate) fn to_json<T: Serialize + ?Sized, E>(name: &str, value: &T) -> Result<Value, Error<E>> {
    from_json_text(name, &json_text(name, value)?)
}

/// A value as JSON text.
fn json_text<T: Serialize + ?Sized, E>(name: &str, value: &T) -> Result<String, Error<E>> {
    serde_json::to_string(value).map_err(|error| unwritable(name, &error))
}

/// The value that a JSON text stands for.
fn from_json_text<E>(name: &str, json: &str) -> Result<Value, Error<E>> {
    serde_json::from_str(json).map_err(|error| unwritable(name, &error))
}

fn unwritable<E>(name: &str, error: &serde_json::Error) -> Error<E> {
    Error::InvalidRequest(format!("`{name}` cannot be written: {error}"))
}

/// The text of a value that is a number, a boolean or a string without escapes, as most are: it need not be read to be
/// known.
fn plain_text(json: &str) -> Option<&str> {
    match json.as_bytes().first()? {
        b'"' => json.strip_prefix('"')?.strip_suffix('"').filter(|text| !text.contains('\\')),
        b'-' | b'0'..=b'9' | b't' | b'f' => Some(json),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// The examples of RFC 6570 and of OpenAPI 3.1.1, section 4.8.12.4.
    #[test]
    fn styles_in_a_query() {
        let array = json!(["blue", "black", "brown"]);
        let object = json!({"R": 100, "G": 200, "B": 150});
        let cases = [
            (Style::Form, true, &array, "color=blue&color=black&color=brown"),
            (Style::Form, false, &array, "color=blue,black,brown"),
            (Style::Form, true, &object, "R=100&G=200&B=150"),
            (Style::Form, false, &object, "color=R,100,G,200,B,150"),
            (Style::SpaceDelimited, false, &array, "color=blue%20black%20brown"),
            (Style::SpaceDelimited, false, &object, "color=R%20100%20G%20200%20B%20150"),
            (Style::PipeDelimited, false, &array, "color=blue%7Cblack%7Cbrown"),
            (Style::DeepObject, true, &object, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
            (Style::Form, true, &json!(""), "color="),
            (Style::Form, true, &json!([]), ""),
            (Style::Form, true, &json!(null), ""),
            (Style::Json, true, &json!({"a": [1]}), "color=%7B%22a%22%3A%5B1%5D%7D"),
        ];
        for (style, explode, value, expected) in cases {
            let parameter = Parameter::new("color", style).explode(explode);
            let pairs: Vec<String> = parameter.pairs_of(value).iter().map(|(a, b)| format!("{a}={b}")).collect();
            assert_eq!(pairs.join("&"), expected, "{style:?} {explode} {value}");
        }
    }

    #[test]
    fn styles_in_a_path() {
        let array = json!(["blue", "black"]);
        let object = json!({"R": 100, "G": 200});
        let cases = [
            (Style::Simple, false, &array, "blue,black"),
            (Style::Simple, false, &object, "R,100,G,200"),
            (Style::Simple, true, &object, "R=100,G=200"),
            (Style::Label, false, &array, ".blue,black"),
            (Style::Label, true, &array, ".blue.black"),
            (Style::Label, true, &object, ".R=100.G=200"),
            (Style::Matrix, false, &array, ";color=blue,black"),
            (Style::Matrix, true, &array, ";color=blue;color=black"),
            (Style::Matrix, false, &object, ";color=R,100,G,200"),
            (Style::Matrix, true, &object, ";R=100;G=200"),
            (Style::Matrix, false, &json!(""), ";color"),
            (Style::Simple, false, &json!(1.5), "1.5"),
        ];
        for (style, explode, value, expected) in cases {
            let written = Parameter::new("color", style).explode(explode).path::<_, ()>(value).expect("a path");
            assert_eq!(written, expected, "{style:?} {explode} {value}");
        }
    }

    #[test]
    fn numbers_are_written_as_they_print() {
        assert_eq!(path_segment::<_, ()>("x", &0.1_f32).expect("a path"), "0.1");
        assert_eq!(path_segment::<_, ()>("x", &u64::MAX).expect("a path"), u64::MAX.to_string());
    }

    #[test]
    fn reserved_characters_stay_where_that_is_allowed() {
        let parameter = Parameter::new("q", Style::Form).allow_reserved();
        assert_eq!(parameter.pairs_of(&json!("a/b:c?d&e#f+g%20h i")), [pair("q", "a/b:c?d%26e%23f%2Bg%20h%20i")]);
        let parameter = Parameter::new("q", Style::Simple).allow_reserved();
        assert_eq!(parameter.path::<_, ()>("a/b").expect("a path"), "a%2Fb");
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_header_carries_no_line_break() {
        let parameter = Parameter::new("x", Style::Simple);
        assert!(parameter.header::<_, ()>("a\r\nb: c").is_err());
        assert_eq!(parameter.header::<_, ()>(&["a", "b"]).expect("a header").expect("a value"), "a,b");
        assert_eq!(parameter.header::<_, ()>(&None::<bool>).expect("a header"), None);
    }

    proptest! {
        /// Whatever a value is, it stays one segment of the path, and comes back from it.
        #[test]
        fn a_path_value_stays_in_its_segment(value in "\\PC+") {
            let base = "http://localhost/a/";
            match path_segment::<_, ()>("x", &value) {
                Ok(segment) => {
                    let url = reqwest::Url::parse(&format!("{base}{segment}/z")).expect("a URL");
                    let segments: Vec<_> = url.path_segments().expect("a path").collect();
                    prop_assert_eq!(segments.len(), 3);
                    let decoded = percent_encoding::percent_decode_str(segments[1]).decode_utf8().expect("UTF-8");
                    prop_assert_eq!(decoded, value.as_str());
                    prop_assert_eq!(url.query(), None);
                    prop_assert_eq!(path_text::<()>("x", &value).expect("a path"), segment);
                }
                Err(error) => {
                    prop_assert!(value == "." || value == "..");
                    let refused = path_text::<()>("x", &value).expect_err("refused");
                    prop_assert_eq!(refused.to_string(), error.to_string());
                }
            }
        }

        /// Whatever a value is, a query gives it back under its name.
        #[test]
        fn a_query_value_comes_back(name in "\\PC+", value in "\\PC*") {
            let pairs = Parameter::new(&name, Style::Form).pairs::<_, ()>(&value).expect("a text");
            let mut url = reqwest::Url::parse("http://localhost/").expect("a URL");
            url.set_query(Some(&format!("{}={}", pairs[0].0, pairs[0].1)));
            let read: Vec<_> = url.query_pairs().map(|(a, b)| (a.into_owned(), b.into_owned())).collect();
            prop_assert_eq!(read, vec![(name, value)]);
        }
    }
}
