//! `multipart/form-data`.

use std::path::Path;

use bytes::Bytes;
use oas_wire::Tree;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::multipart;
use serde::Serialize;

use crate::{Error, Outgoing, Upload};

/// A part of a body, with what is said about it: bytes, text, or a stream that is read while it is sent.
///
/// ```
/// use oas_client_runtime::Part;
///
/// let part = Part::from(b"RIFF".to_vec()).file_name("clip.avi").media_type("video/avi");
/// ```
#[derive(Debug)]
pub struct Part {
    body: reqwest::Body,
    file_name: Option<String>,
    media_type: Option<String>,
    headers: HeaderMap,
    is_file: bool,
    length: Option<u64>,
}

impl Part {
    /// A part of any body.
    pub fn new(body: impl Into<reqwest::Body>) -> Self {
        Self {
            body: body.into(),
            file_name: None,
            media_type: None,
            headers: HeaderMap::new(),
            is_file: true,
            length: None,
        }
    }

    /// The file at `path`, read while it is sent, with its length and its name.
    ///
    /// ```no_run
    /// # async fn example() -> std::io::Result<()> {
    /// let part = oas_client_runtime::Part::file("holiday.mp4").await?.media_type("video/mp4");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub async fn file(path: impl AsRef<Path>) -> std::io::Result<Self> {
        let path = path.as_ref();
        let upload = Upload::file(path).await?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Self { file_name: name, ..Self::from(upload) })
    }

    /// The same part with the length of its body, so that a stream needs no chunks.
    #[must_use]
    pub fn length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }

    /// The same part under the name of a file. Without this call a part of bytes gets the name of its member, because
    /// many servers take what has no file name for text.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// The same part with its media type.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// The same part, with its media type unless it has one already.
    #[must_use]
    pub fn or_media_type(mut self, media_type: &str) -> Self {
        self.media_type.get_or_insert_with(|| media_type.to_owned());
        self
    }

    /// The same part with a header of its own.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Text, which needs no name of a file.
    fn text(text: String) -> Self {
        Self { is_file: false, ..Self::new(text) }
    }
}

impl From<Vec<u8>> for Part {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<Bytes> for Part {
    fn from(bytes: Bytes) -> Self {
        Self::new(bytes)
    }
}

impl From<&'static [u8]> for Part {
    fn from(bytes: &'static [u8]) -> Self {
        Self::new(bytes)
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&'static str> for Part {
    fn from(text: &'static str) -> Self {
        Self::new(text)
    }
}

impl From<Upload> for Part {
    fn from(upload: Upload) -> Self {
        let length = upload.length();
        Self::new(upload).length(length)
    }
}

impl From<reqwest::Body> for Part {
    fn from(body: reqwest::Body) -> Self {
        Self::new(body)
    }
}

/// A body of several parts.
#[derive(Debug, Default)]
pub struct Multipart {
    parts: Vec<(String, Part)>,
}

impl Multipart {
    /// A body without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more part.
    pub fn part(&mut self, name: impl Into<String>, part: impl Into<Part>) {
        self.parts.push((name.into(), part.into()));
    }

    /// A value: scalars become text, arrays one part per item, objects JSON; nothing when the value is absent. What
    /// cannot be written is noted in the request.
    ///
    /// `media_type` is what the document says about the part, if it does.
    pub fn value<T: Serialize + ?Sized>(
        &mut self,
        request: &mut Outgoing,
        name: &str,
        media_type: Option<&str>,
        value: &T,
    ) {
        match Tree::of(value) {
            Ok(value) => self.tree(name, media_type, value),
            Err(error) => request.refuse(format!("part `{name}` cannot be written: {error}")),
        }
    }

    fn tree(&mut self, name: &str, media_type: Option<&str>, value: Tree) {
        match value {
            Tree::Null => {}
            Tree::List(items) if media_type.is_none() => {
                for item in items {
                    self.json_or_text(name, None, item);
                }
            }
            value => self.json_or_text(name, media_type, value),
        }
    }

    /// Each member of an object as a [value](Self::value). What is no object is noted in the request.
    pub fn members<T: Serialize + ?Sized>(&mut self, request: &mut Outgoing, value: &T) {
        match Tree::of(value) {
            Ok(Tree::Members(members)) => members.into_iter().for_each(|(name, value)| self.tree(&name, None, value)),
            Ok(Tree::Null) => {}
            _ => request.refuse("only an object can be sent in parts".to_owned()),
        }
    }

    /// One part for one value.
    fn json_or_text(&mut self, name: &str, media_type: Option<&str>, value: Tree) {
        let nested = matches!(value, Tree::List(_) | Tree::Members(_));
        let mut part = match value {
            // A text in a part of JSON is JSON, too.
            Tree::Text(text) if !media_type.is_some_and(oas_wire::is_json) => Part::text(text),
            Tree::Number(number) => Part::text(oas_wire::integer::plain(&number).into_owned()),
            other => Part::text(other.json()),
        };
        part.media_type = media_type.or(nested.then_some("application/json")).map(str::to_owned);
        self.part(name, part);
    }

    /// The same with names of files; the part that one names must be there.
    pub(crate) fn named(mut self, file_names: Vec<(String, String)>) -> Result<Self, Error> {
        let mut named = vec![false; self.parts.len()];
        for (name, file_name) in file_names {
            let found = self.parts.iter().zip(&named).position(|((one, _), named)| *one == name && !named);
            let Some((index, (_, part))) = found.and_then(|index| Some((index, self.parts.get_mut(index)?))) else {
                return Err(Error::InvalidRequest(format!("there is no part `{name}` that a file name could be for")));
            };
            named[index] = true;
            part.file_name = Some(file_name);
        }
        Ok(self)
    }

    /// The body as the HTTP client sends it.
    pub(crate) fn build(self) -> Result<multipart::Form, Error> {
        let mut form = multipart::Form::new();
        for (name, part) in self.parts {
            let Part { body, file_name, media_type, headers, is_file, length } = part;
            // A body that says how long it is needs no chunks, which some storage refuses.
            let mut sent = match body.as_bytes().map(|bytes| bytes.len() as u64).or(length) {
                Some(length) => multipart::Part::stream_with_length(body, length),
                None => multipart::Part::stream(body),
            };
            sent = sent.headers(headers);
            if let Some(file_name) = file_name.or_else(|| is_file.then(|| name.clone())) {
                sent = sent.file_name(file_name);
            }
            if let Some(media_type) = media_type {
                sent = sent
                    .mime_str(&media_type)
                    .map_err(|_| Error::InvalidRequest(format!("part `{name}`: `{media_type}` is no media type")))?;
            }
            form = form.part(name, sent);
        }
        Ok(form)
    }
}
