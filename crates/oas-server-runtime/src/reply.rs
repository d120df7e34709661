//! From the service's answer to a response.

use axum::BoxError;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use oas_types_runtime::ToJson;
use oas_wire::{Spelling, Tree, event};
use serde::Serialize;

use crate::{ServerError, Style};

/// A response in the making: generated code turns each variant of a response enum into one.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
}

impl Reply {
    /// A response with a status that the document names.
    ///
    /// # Errors
    /// When it is no status.
    pub fn new(status: u16) -> Result<Self, ServerError> {
        Ok(Self { status: StatusCode::from_u16(status)?, headers: HeaderMap::new() })
    }

    /// A response with a status out of those that the document names together: `hundred` is 4 for `4XX`.
    ///
    /// # Errors
    /// When it is not one of them.
    pub fn in_range(status: u16, hundred: u16) -> Result<Self, ServerError> {
        if status / 100 == hundred {
            return Self::new(status);
        }
        Err(ServerError::new(format!("the service answered {status} where the document describes {hundred}XX")))
    }

    /// The same response with a header in the style `simple`; nothing is added for an absent one.
    ///
    /// # Errors
    /// When a header cannot have this value.
    pub fn header<T: Serialize>(mut self, name: &'static str, value: &T, explode: bool) -> Result<Self, ServerError> {
        let spelling = Spelling::new(name, Style::Simple).explode(explode);
        if let Some(text) = spelling.write_header(&Tree::of(value)?)? {
            let name = HeaderName::from_bytes(name.as_bytes())?;
            self.headers.append(name, HeaderValue::from_bytes(text.as_bytes())?);
        }
        Ok(self)
    }

    /// The response with a JSON body.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn json<T: ToJson>(self, content_type: &'static str, body: &T) -> Result<Response, ServerError> {
        Ok(self.finish(content_type, oas_types_runtime::to_answer(body)?.into()))
    }

    /// The response with a text.
    pub fn text(self, content_type: &'static str, body: impl Into<String>) -> Response {
        self.finish(content_type, body.into().into_bytes().into())
    }

    /// The response with bytes. Those of `multipart/...` begin with their boundary, which `Content-Type` then says too.
    pub fn bytes(self, content_type: &'static str, body: impl Into<Bytes>) -> Response {
        let body = body.into();
        match with_boundary(content_type, &body) {
            Some(content_type) => self.finish(content_type, body),
            None => self.finish(content_type, body),
        }
    }

    /// The response with a form (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    /// When the body is no object.
    pub fn form<T: Serialize>(self, content_type: &'static str, body: &T) -> Result<Response, ServerError> {
        let text = oas_wire::form_body(&Tree::of(body)?, &[], &[])?;
        Ok(self.finish(content_type, text.into()))
    }

    /// The response with a JSON value per line, each sent when it comes.
    pub fn json_lines<T, E>(
        self,
        content_type: &'static str,
        items: impl Stream<Item = Result<T, E>> + Send + 'static,
    ) -> Response
    where
        T: Serialize + 'static,
        E: Into<BoxError> + 'static,
    {
        self.stream(content_type, items.map(|item| Ok(line(&item.map_err(Into::into)?)?)))
    }

    /// The response with an event per item, in JSON, each sent when it comes (HTML, section 9.2).
    pub fn events<T, E>(
        self,
        content_type: &'static str,
        items: impl Stream<Item = Result<T, E>> + Send + 'static,
    ) -> Response
    where
        T: Serialize + 'static,
        E: Into<BoxError> + 'static,
    {
        self.stream(
            content_type,
            items.map(|item| Ok(event(&serde_json::to_string(&item.map_err(Into::into)?)?).into())),
        )
    }

    /// The response with an event per text, each sent when it comes (HTML, section 9.2).
    pub fn text_events<E>(
        self,
        content_type: &'static str,
        items: impl Stream<Item = Result<String, E>> + Send + 'static,
    ) -> Response
    where
        E: Into<BoxError> + 'static,
    {
        self.stream(content_type, items.map(|item| Ok(event(&item.map_err(Into::into)?).into())))
    }

    /// A body that comes piece by piece. An item that fails ends it; the caller sees that it is cut short.
    fn stream(
        self,
        content_type: &'static str,
        pieces: impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static,
    ) -> Response {
        let logged = pieces.inspect(|piece| {
            if let Err(error) = piece {
                tracing::error!(error = %error, "a streamed answer ends early");
            }
        });
        let mut response = self.finish(content_type, Bytes::new());
        *response.body_mut() = Body::from_stream(logged);
        response
    }

    /// The response without a body.
    pub fn empty(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    fn finish(self, content_type: impl Into<Bytes>, body: Bytes) -> Response {
        let mut response = self.empty();
        response.headers_mut().entry(CONTENT_TYPE).or_insert_with(|| stated(content_type.into()));
        *response.body_mut() = Body::from(body);
        response
    }
}

/// A media type as `Content-Type`. One that is no header value, or a range, says nothing a caller can use.
fn stated(content_type: Bytes) -> HeaderValue {
    if content_type == "application/json" {
        return HeaderValue::from_static("application/json");
    }
    let is_range = content_type.contains(&b'*');
    let value = HeaderValue::from_maybe_shared(content_type).ok().filter(|_| !is_range);
    value.unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// A media type of several parts with the boundary that `body` begins with (RFC 2046, section 5.1.1); `None` for any
/// other, and when one is stated already.
fn with_boundary(content_type: &str, body: &[u8]) -> Option<String> {
    let lower = content_type.to_ascii_lowercase();
    if !lower.starts_with("multipart/") || lower.contains("boundary=") {
        return None;
    }
    let line = body.strip_prefix(b"--")?.split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    let boundary = std::str::from_utf8(line).ok()?.trim_end();
    let plain = |one: char| one.is_ascii_alphanumeric() || "'()+_,-./:=? ".contains(one);
    let is_boundary = !boundary.is_empty() && boundary.len() <= 70 && boundary.chars().all(plain);
    is_boundary.then(|| format!("{content_type}; boundary=\"{boundary}\""))
}

/// A JSON value on a line of its own.
fn line<T: Serialize>(item: &T) -> Result<Bytes, serde_json::Error> {
    let mut text = serde_json::to_vec(item)?;
    text.push(b'\n');
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_say_where_they_end() {
        let stated = |content_type, body: &str| {
            let reply = Reply::new(200).expect("a status").bytes(content_type, body.as_bytes().to_vec());
            reply.headers()[CONTENT_TYPE].to_str().expect("ASCII").to_owned()
        };
        assert_eq!(stated("multipart/mixed", "--a b'\r\n\r\nx\r\n--a b'--"), "multipart/mixed; boundary=\"a b'\"");
        assert_eq!(stated("multipart/form-data; boundary=x", "--a\r\n"), "multipart/form-data; boundary=x");
        assert_eq!(stated("multipart/form-data", "--\"\r\n"), "multipart/form-data");
        assert_eq!(stated("multipart/form-data", "no part"), "multipart/form-data");
        assert_eq!(stated("video/mp4", "--a\r\n"), "video/mp4");
    }
}
