//! What came: status, headers and bytes, beside what was made of them.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use oas_wire::{MediaType, integer};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use reqwest::{StatusCode, Url};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::media_type::{content_type, media_type};

/// An answer as it came.
#[derive(Clone)]
pub struct RawAnswer {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

/// Why a body or a header is not what the document describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    pointer: String,
    reason: String,
}

impl Misfit {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { pointer: String::new(), reason: reason.into() }
    }

    /// What does not fit in a JSON text, with its place, which is looked for only now.
    pub(crate) fn of<T: DeserializeOwned>(text: &[u8], error: &serde_json::Error) -> Self {
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(error) => Self { pointer: pointer(error.path()), reason: error.inner().to_string() },
            Ok(_) => Self::new(error.to_string()),
        }
    }

    /// The same, in what stands at this place.
    pub(crate) fn below(mut self, pointer: &str) -> Self {
        self.pointer.insert_str(0, pointer);
        self
    }

    /// The place in the body, a JSON Pointer; empty for the body as a whole.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            return formatter.write_str(&self.reason);
        }
        write!(formatter, "at {}: {}", self.pointer, self.reason)
    }
}

impl std::error::Error for Misfit {}

impl RawAnswer {
    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Its headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Where it came from, without secrets.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The bytes of its body.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The media type without its parameters, in lower case; empty when the answer does not say.
    pub fn media_type(&self) -> String {
        media_type(&self.headers)
    }

    /// A header as a value: itself, a number or the like, or a list whose items stand between commas or on several lines.
    ///
    /// # Errors
    /// When the header is there and is no such value.
    pub fn header<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Misfit> {
        typed_header(&self.headers, name)
    }

    /// The body as a value of JSON.
    ///
    /// # Errors
    /// When it is none of this type; what it is instead is said.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Misfit> {
        let text = self.json_text()?;
        // Integers that are written like `1.0` are read the second time.
        integer::from_slice(text).map_err(|error| self.explained(text, Misfit::of::<T>(text, &error)))
    }

    /// The body as text, in the character set that the answer names, otherwise in UTF-8.
    ///
    /// # Errors
    /// When it is no such text.
    pub fn text(&self) -> Result<String, Misfit> {
        let bytes = self.plain()?;
        let media_type = MediaType::parse(content_type(&self.headers));
        let label = media_type.as_ref().and_then(|media_type| media_type.parameter("charset")).unwrap_or("utf-8");
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes())
            .ok_or_else(|| Misfit::new(format!("the text is in the character set `{label}`, which is not known")))?;
        let (text, _, is_faulty) = encoding.decode(bytes);
        if is_faulty {
            return Err(Misfit::new(format!("the text is not in the character set `{}`", encoding.name())));
        }
        Ok(text.into_owned())
    }

    /// The body without a byte order mark, when nothing has to be undone first.
    pub(crate) fn json_text(&self) -> Result<&[u8], Misfit> {
        self.plain().map(|text| text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text))
    }

    /// The body, when nothing has to be undone first.
    fn plain(&self) -> Result<&[u8], Misfit> {
        let coding = self.headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if coding.is_empty() || coding.eq_ignore_ascii_case("identity") || self.bytes.is_empty() {
            return Ok(&self.bytes);
        }
        Err(Misfit::new(format!(
            "the body is compressed (`Content-Encoding: {coding}`), which was not asked for; \
             the features `gzip`, `brotli` and `zstd` of the client undo it"
        )))
    }

    /// The same fault in the words of what the body is instead of JSON.
    fn explained(&self, text: &[u8], fault: Misfit) -> Misfit {
        let begins = text.trim_ascii_start();
        if begins.is_empty() {
            return Misfit::new("the body is empty");
        }
        let is_html = self.media_type() == "text/html" || begins.first() == Some(&b'<');
        if is_html && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_err() {
            return Misfit::new("the body is HTML or XML, not JSON; it may come from a proxy or from another server");
        }
        fault
    }

    /// The answer as a type that is told apart by status: it reads status, headers and body, nothing written anew.
    pub(crate) fn by_status<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(Tagged(self))
    }
}

/// A JSON Pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            // A value that ended before it was one.
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// A header as a value.
pub(crate) fn typed_header<T: DeserializeOwned>(headers: &HeaderMap, name: &str) -> Result<Option<T>, Misfit> {
    let lines: Vec<_> = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let text = lines.join(",");
    let text = text.trim();
    let scalar = |text: &str| -> Value {
        serde_json::from_str(text).ok().filter(|value: &Value| !value.is_object()).unwrap_or(Value::from(text))
    };
    let parts = || text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let candidates =
        [Value::from(text), scalar(text), parts().map(Value::from).collect(), parts().map(scalar).collect()];
    let read = candidates.iter().find_map(|candidate| T::deserialize(candidate).ok());
    read.map(Some).ok_or_else(|| Misfit::new(format!("the header `{name}` is not what the document describes")))
}

impl fmt::Debug for RawAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Bodies and headers may hold secrets.
        write!(formatter, "RawAnswer {{ status: {}, bytes: {} }}", self.status.as_u16(), self.bytes.len())
    }
}

/// `{"status": 401, "headers": {"name": "value"}, "body": ...}`, or `"bytes": [..]` in the place of `"body"` when it is
/// not JSON: what types that are told apart by status are read from.
struct Tagged<'a>(&'a RawAnswer);

impl<'de> serde::Deserializer<'de> for Tagged<'_> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(json_text(self.0)).is_ok();
        visitor.visit_map(Members { answer: self.0, is_json, next: 0 })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The body without a byte order mark.
fn json_text(answer: &RawAnswer) -> &[u8] {
    answer.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.bytes)
}

struct Members<'a> {
    answer: &'a RawAnswer,
    is_json: bool,
    next: u8,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = serde_json::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Self::Error> {
        let name = match self.next {
            0 => "status",
            1 => "headers",
            2 if self.is_json => "body",
            2 => "bytes",
            _ => return Ok(None),
        };
        self.next += 1;
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Self::Error> {
        match self.next {
            1 => seed.deserialize(self.answer.status.as_u16().into_deserializer()),
            2 => {
                let headers = &self.answer.headers;
                let joined = headers.keys().map(|name| {
                    let lines = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
                    (name.as_str(), lines.collect::<Vec<_>>().join(", "))
                });
                seed.deserialize(MapDeserializer::new(joined))
            }
            _ if self.is_json => {
                let mut value: Value = serde_json::from_slice(json_text(self.answer))?;
                integer::rewrite(&mut value);
                seed.deserialize(value)
            }
            _ => seed.deserialize(ByteList(&self.answer.bytes)),
        }
    }
}

/// Bytes as a list of numbers, which may be optional.
struct ByteList<'a>(&'a [u8]);

impl<'de> serde::Deserializer<'de> for ByteList<'_> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_seq(SeqDeserializer::new(self.0.iter().copied()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A success: its value, and what it came with.
#[derive(Clone)]
pub struct ResponseValue<T> {
    pub(crate) value: T,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Option<Bytes>,
}

impl<T> ResponseValue<T> {
    pub(crate) fn of(value: T, answer: RawAnswer) -> Self {
        let RawAnswer { url: _, status, headers, bytes } = answer;
        Self { value, status, headers, bytes: Some(bytes) }
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Its headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header as a value: itself, a number or the like, or a list whose items stand between commas or on several lines.
    ///
    /// # Errors
    /// When the header is there and is no such value.
    pub fn header<H: DeserializeOwned>(&self, name: &str) -> Result<Option<H>, Misfit> {
        typed_header(&self.headers, name)
    }

    /// The bytes that the value was made of; `None` of an answer that comes in pieces.
    pub fn bytes(&self) -> Option<&Bytes> {
        self.bytes.as_ref()
    }

    /// The length of the body as the server states it.
    pub fn content_length(&self) -> Option<u64> {
        self.headers.get(reqwest::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same answer with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        let Self { value, status, headers, bytes } = self;
        ResponseValue { value: change(value), status, headers, bytes }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResponseValue")
            .field("status", &self.status.as_u16())
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}
