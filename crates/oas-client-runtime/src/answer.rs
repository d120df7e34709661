//! What came: status, headers and bytes, beside what was made of them.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use oas_types_runtime::{Answer, FromAnswer, header_values};
use oas_wire::{MediaType, integer};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use reqwest::{StatusCode, Url};
use serde::de::DeserializeOwned;

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

    /// What a type of the document says of an answer that it does not fit.
    fn of_runtime(fault: &oas_types_runtime::Error) -> Self {
        let reason = match fault.expected() {
            "" => fault.found().to_owned(),
            expected => format!("expected {expected}, found {}", fault.found()),
        };
        Self { pointer: fault.pointer(), reason }
    }

    /// The same as an error of the types. What has no place expects nothing.
    fn into_runtime(self) -> oas_types_runtime::Error {
        oas_types_runtime::Error::new("", self.reason, 0)
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
        self.otherwise(text).unwrap_or(fault)
    }

    /// What the body is instead of JSON, when that can be said.
    fn otherwise(&self, text: &[u8]) -> Option<Misfit> {
        let begins = text.trim_ascii_start();
        if begins.is_empty() {
            return Some(Misfit::new("the body is empty"));
        }
        let is_html = self.media_type() == "text/html" || begins.first() == Some(&b'<');
        if is_html && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_err() {
            let reason = "the body is HTML or XML, not JSON; it may come from a proxy or from another server";
            return Some(Misfit::new(reason));
        }
        None
    }

    /// The answer as a type that is told apart by status, or as its headers.
    ///
    /// # Errors
    /// When it is none of this type; what it is instead is said.
    pub fn read<T: FromAnswer>(&self) -> Result<T, Misfit> {
        T::from_answer(self).map_err(|fault| Misfit::of_runtime(&fault))
    }
}

impl Answer for RawAnswer {
    fn status(&self) -> u16 {
        self.status.as_u16()
    }

    fn media_type(&self) -> String {
        media_type(&self.headers)
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn json_text(&self) -> Result<&[u8], oas_types_runtime::Error> {
        Self::json_text(self).map_err(Misfit::into_runtime)
    }

    fn text(&self) -> Result<String, oas_types_runtime::Error> {
        Self::text(self).map_err(Misfit::into_runtime)
    }

    fn header_text(&self, name: &str) -> Option<String> {
        header_text(&self.headers, name)
    }

    fn explained(&self, fault: oas_types_runtime::Error) -> oas_types_runtime::Error {
        match self.otherwise(&self.bytes) {
            Some(said) => said.into_runtime(),
            None => fault,
        }
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

/// The text of a header: what stands on several lines is separated by commas.
fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines: Vec<_> = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// A header as a value.
pub(crate) fn typed_header<T: DeserializeOwned>(headers: &HeaderMap, name: &str) -> Result<Option<T>, Misfit> {
    let Some(text) = header_text(headers, name) else { return Ok(None) };
    let read = header_values(&text).iter().find_map(|json| serde_json::from_str(json).ok());
    read.map(Some).ok_or_else(|| Misfit::new(format!("the header `{name}` is not what the document describes")))
}

impl fmt::Debug for RawAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Bodies and headers may hold secrets.
        write!(formatter, "RawAnswer {{ status: {}, bytes: {} }}", self.status.as_u16(), self.bytes.len())
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
