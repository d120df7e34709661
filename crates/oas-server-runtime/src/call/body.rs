//! The body of a request.

use bytes::Bytes;
use http_body::Body as _;
use oas_types_runtime::FromJson;
use oas_wire::{MediaType, Shape, integer};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Call, Invalid};
use crate::form::Field;
use crate::schemas::Compiled;
use crate::stream::{FromPieces, Pieces, PiecesOf};
use crate::{Content, ContentFormat, Location, Rejection, ServerError, Violation, body, form, multipart, parameter};

impl Call {
    /// Which of the operation's contents the body is, by index; `None` when there is no body and none is needed. Its
    /// bytes are read here.
    ///
    /// # Errors
    /// Status 400, 413 or 415.
    pub async fn content(&mut self) -> Result<Option<usize>, Rejection> {
        let Some(described) = &self.operation().body else { return Ok(None) };
        let selected = body::select(described, &self.head.headers)?;
        let index = match selected {
            Some(index) => index,
            None if self.body.body.is_end_stream() => return absent(described.required),
            None => body::untyped(described)?,
        };
        let bytes = body::read(&mut self.body.body, self.endpoint.body_limit).await?;
        if bytes.is_empty() && (selected.is_none() || !described.required) {
            return absent(described.required);
        }
        self.content = Some((index, bytes));
        Ok(Some(index))
    }

    /// The body, which is required and of one media type, as it arrives.
    ///
    /// # Errors
    /// Status 400, 413 or 415.
    pub fn stream<S: FromPieces>(&mut self) -> Result<S, Rejection> {
        match self.optional_stream()? {
            Some(stream) => Ok(stream),
            None => Err(missing()),
        }
    }

    /// The body, which may be absent and is of one media type, as it arrives.
    ///
    /// # Errors
    /// Status 400, 413 or 415.
    pub fn optional_stream<S: FromPieces>(&mut self) -> Result<Option<S>, Rejection> {
        let Some(described) = &self.operation().body else { return Ok(None) };
        let selected = body::select(described, &self.head.headers)?;
        let index = match selected {
            Some(_) if self.body.body.is_end_stream() && !described.required => return Ok(None),
            Some(index) => index,
            None if self.body.body.is_end_stream() => return Ok(None),
            None => body::untyped(described)?,
        };
        let limit = self.endpoint.body_limit;
        if self.body.body.size_hint().lower() > limit.try_into().unwrap_or(u64::MAX) {
            return Err(body::too_large(limit));
        }
        let Some(Content { format, encoding, .. }) = described.content.get(index) else { return Err(Self::bodiless()) };
        let compiled = self.endpoint.content_schema(index)?;
        let boundary = if *format == ContentFormat::Multipart { self.boundary()? } else { String::new() };
        if *format == ContentFormat::Multipart && self.body.body.is_end_stream() {
            self.body.body = multipart::without_parts(&boundary).into();
        }
        let pieces = Pieces::new(self.body.take(), limit);
        Ok(Some(S::from_pieces(PiecesOf { pieces, format: *format, compiled, encoding, boundary })))
    }

    /// The body, which is required and of one media type.
    ///
    /// # Errors
    /// Status 400, 413 or 415; inside, when it is not what the document describes, which is noted.
    pub async fn body<T: FromJson + DeserializeOwned>(&mut self) -> Result<Result<T, Invalid>, Rejection> {
        self.content().await?;
        self.value().await
    }

    /// The body, which may be absent and is of one media type.
    ///
    /// # Errors
    /// Like [`body`](Self::body).
    pub async fn optional_body<T: FromJson + DeserializeOwned>(
        &mut self,
    ) -> Result<Result<Option<T>, Invalid>, Rejection> {
        match self.content().await? {
            Some(_) => Ok(self.value().await?.map(Some)),
            None => Ok(Ok(None)),
        }
    }

    /// The body that [`content`](Self::content) read, as a value.
    ///
    /// # Errors
    /// Status 400; inside, when it is not what the document describes, which is noted.
    pub async fn value<T: FromJson + DeserializeOwned>(&mut self) -> Result<Result<T, Invalid>, Rejection> {
        let (index, bytes) = self.taken()?;
        let Some(content) = self.operation().body.as_ref().and_then(|body| body.content.get(index)) else {
            return Err(Self::bodiless());
        };
        let compiled = self.endpoint.content_schema(index)?;
        if content.format == ContentFormat::Json {
            return self.json(&bytes, compiled);
        }
        let before = self.violations.count();
        let mut field = match self.read_field(content, bytes, compiled).await? {
            Ok(field) => field,
            Err(invalid) => return Ok(Err(invalid)),
        };
        let checked = match (compiled, &field) {
            (Some(compiled), Field::Json(value)) => self.violations.check(compiled, value, Location::Body, ""),
            (Some(compiled), Field::Form(_)) => self.violations.check(compiled, &field.to_json(), Location::Body, ""),
            _ => Ok(()),
        };
        if let Err(invalid) = checked.and_then(|()| self.violations.none_since(before)) {
            return Ok(Err(invalid));
        }
        field.write_integers();
        Ok(self.violations.fit(field, Location::Body, ""))
    }

    /// The value of a JSON body.
    fn json<T: FromJson + DeserializeOwned>(
        &mut self,
        bytes: &[u8],
        compiled: Option<&Compiled>,
    ) -> Result<Result<T, Invalid>, Rejection> {
        let mut value = body::json(bytes, 1)?;
        let checked = compiled.map_or(Ok(()), |compiled| self.violations.check(compiled, &value, Location::Body, ""));
        if let Err(invalid) = checked {
            return Ok(Err(invalid));
        }
        // Generated types read the text itself, and keep its numbers as they are written.
        let taken = compiled.map(|compiled| compiled.read_only(&value)).unwrap_or_default();
        let read = if taken.is_empty() {
            oas_types_runtime::from_slice(bytes)
        } else {
            let text = String::from_utf8_lossy(bytes);
            taken.take_out_of_text(&text).and_then(|text| oas_types_runtime::from_slice(text.as_bytes()))
        };
        if let Ok(value) = read {
            return Ok(Ok(value));
        }
        taken.take_out(&mut value);
        Ok(self.fit_json(value, bytes, compiled))
    }

    /// A JSON value as its type. Where it does not fit is found out only when it does not, and so is whether
    /// integers are written like `1.0`: keeping the place of every value on the way would cost each request as much as
    /// making the type does.
    fn fit_json<T: DeserializeOwned>(
        &mut self,
        value: Value,
        bytes: &[u8],
        compiled: Option<&Compiled>,
    ) -> Result<T, Invalid> {
        match T::deserialize(value) {
            Ok(value) => Ok(value),
            Err(_) => match serde_json::from_slice::<Value>(bytes) {
                Ok(mut value) => {
                    if let Some(compiled) = compiled {
                        compiled.take_read_only(&mut value);
                    }
                    integer::rewrite(&mut value);
                    self.violations.fit(value, Location::Body, "")
                }
                Err(error) => Err(self.violations.fail(ServerError::new(error))),
            },
        }
    }

    /// The body that [`content`](Self::content) read, as bytes.
    ///
    /// # Errors
    /// When it was taken before.
    pub fn bytes(&mut self) -> Result<Vec<u8>, Rejection> {
        self.taken().map(|(_, bytes)| bytes.into())
    }

    /// What [`content`](Self::content) read, which can be had once.
    fn taken(&mut self) -> Result<(usize, Bytes), Rejection> {
        self.content.take().ok_or_else(|| ServerError::new("the body was taken twice").into())
    }

    /// What generated code answers when [`content`](Self::content) gave a content that it does not know.
    pub fn bodiless() -> Rejection {
        ServerError::new("the body is none of the contents in the table of its operation").into()
    }

    /// What the body's bytes stand for.
    async fn read_field(
        &mut self,
        content: &'static Content,
        bytes: Bytes,
        compiled: Option<&'static Compiled>,
    ) -> Result<Result<Field, Invalid>, Rejection> {
        let none = Shape::default();
        let shape = compiled.map_or(&none, |compiled| &compiled.shape);
        let field = match content.format {
            ContentFormat::Json => Field::Json(body::json(&bytes, 1)?),
            ContentFormat::Bytes => Field::Bytes(bytes),
            ContentFormat::Text => Field::Json(Value::String(utf8(&bytes)?.to_owned())),
            ContentFormat::JsonLines => return self.read_lines(&bytes, compiled).map(Ok),
            ContentFormat::EventStream => return self.read_events(&bytes, compiled).map(Ok),
            ContentFormat::Form => match form::urlencoded(utf8(&bytes)?, shape, content.encoding) {
                Ok(value) => Field::Json(value),
                Err((name, fault)) => {
                    return Ok(Err(self.violations.add(parameter::violation(fault, Location::Body, &name))));
                }
            },
            ContentFormat::Multipart => {
                let boundary = self.boundary()?;
                let bytes = if bytes.is_empty() { multipart::without_parts(&boundary).into() } else { bytes };
                // Boxed: every request would pay for the size of this future otherwise.
                let form = Box::pin(multipart::read(multipart::open(bytes, &boundary), shape, content.encoding)).await;
                let form = form.map_err(|_| multipart::unreadable("the body is not multipart/form-data"))?;
                self.parts = form.heads;
                self.violations.extend(form.violations);
                form.field
            }
        };
        Ok(Ok(field))
    }

    /// A JSON value per line; each is validated on its own.
    fn read_lines(&mut self, bytes: &[u8], compiled: Option<&'static Compiled>) -> Result<Field, Rejection> {
        let mut values = Vec::new();
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let value = body::json(line, index + 1)?;
            self.check_item(&mut values, value, compiled);
        }
        Ok(Field::List(values))
    }

    /// The data of each event (HTML, section 9.2.6): a text where the schema is one, otherwise JSON.
    fn read_events(&mut self, bytes: &[u8], compiled: Option<&'static Compiled>) -> Result<Field, Rejection> {
        let text = utf8(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
        let is_text = compiled.is_none_or(|compiled| compiled.shape.string);
        let mut values = Vec::new();
        let mut line = 1;
        for event in text.split("\n\n") {
            let data = event.lines().filter_map(|line| line.strip_prefix("data:"));
            let data: Vec<&str> = data.map(|data| data.strip_prefix(' ').unwrap_or(data)).collect();
            if !data.is_empty() {
                let data = data.join("\n");
                let value = if is_text { Value::String(data) } else { body::json(data.as_bytes(), line)? };
                self.check_item(&mut values, value, compiled);
            }
            line += event.matches('\n').count() + 2;
        }
        Ok(Field::List(values))
    }

    /// Adds an item of a body that has several, and what is wrong with it.
    fn check_item(&mut self, items: &mut Vec<Field>, value: Value, compiled: Option<&'static Compiled>) {
        if let Some(compiled) = compiled {
            let pointer = format!("/{}", items.len());
            let _ = self.violations.check(compiled, &value, Location::Body, &pointer);
        }
        items.push(Field::Json(value));
    }

    /// The boundary between parts (RFC 2046, section 5.1.1).
    fn boundary(&self) -> Result<String, Rejection> {
        let value = self.head.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = value.and_then(MediaType::parse);
        let boundary = media_type.as_ref().and_then(|media_type| media_type.parameter("boundary"));
        boundary
            .filter(|boundary| !boundary.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| multipart::unreadable("`Content-Type` has no boundary"))
    }
}

/// No body: fine where it may be absent.
fn absent(required: bool) -> Result<Option<usize>, Rejection> {
    if required { Err(missing()) } else { Ok(None) }
}

/// Status 400 for no body where one is needed.
fn missing() -> Rejection {
    let violation = Violation::new(Location::Body, "", "required", "is required");
    Rejection::malformed("the body is missing", violation)
}

/// The body as text.
fn utf8(bytes: &[u8]) -> Result<&str, Rejection> {
    std::str::from_utf8(bytes).map_err(|_| {
        Rejection::malformed("the body is not UTF-8", Violation::new(Location::Body, "", "encoding", "is not UTF-8"))
    })
}
