//! The body of a request: which of the documented contents it is, and its bytes.

use axum::body::{Body, HttpBody as _};
use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::BodyExt as _;
use oas_wire::MediaType;

use crate::{Content, Location, Rejection, RequestBody, Violation};

/// Which of the documented contents the request has, by its `Content-Type`; `None` when it has none.
pub(crate) fn select(body: &'static RequestBody, headers: &HeaderMap) -> Result<Option<usize>, Rejection> {
    if !is_plain(headers) {
        return Err(unsupported(body, "the body must not be compressed"));
    }
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(None) };
    if let Some(index) = at_first_sight(body.content, value) {
        return Ok(Some(index));
    }
    let media_type = value.to_str().ok().and_then(MediaType::parse);
    let media_type = media_type.ok_or_else(|| unsupported(body, "`Content-Type` is not a media type"))?;
    best(body.content, &media_type)
        .map(Some)
        .ok_or_else(|| unsupported(body, "the document describes no body of this media type"))
}

/// Whether no content encoding but the one that does nothing is applied.
fn is_plain(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).iter().all(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// The content whose media type `value` is as the document writes it: nothing is more specific, and no media type has to
/// be taken apart.
fn at_first_sight(content: &[Content], value: &HeaderValue) -> Option<usize> {
    content.iter().position(|one| is_written(value, one.media_type))
}

/// The content that covers `media_type` most specifically.
fn best(content: &[Content], media_type: &MediaType) -> Option<usize> {
    let covering = content.iter().enumerate().filter_map(|(index, one)| {
        let weight = MediaType::parse(one.media_type)?.covers(media_type)?;
        let readable = matches!(one.format, crate::ContentFormat::Bytes) || media_type.is_utf8();
        readable.then_some((weight, std::cmp::Reverse(index)))
    });
    covering.max().map(|(_, std::cmp::Reverse(index))| index)
}

/// The content that a body without `Content-Type` has (RFC 9110, section 8.3): one of any bytes.
pub(crate) fn untyped(body: &'static RequestBody) -> Result<usize, Rejection> {
    let any = body.content.iter().position(|one| matches!(one.format, crate::ContentFormat::Bytes));
    any.ok_or_else(|| unsupported(body, "`Content-Type` is missing"))
}

/// Status 415, which says what would be supported (RFC 9110, section 15.5.16).
fn unsupported(body: &RequestBody, detail: &'static str) -> Rejection {
    let names: Vec<&str> = body.content.iter().map(|one| one.media_type).collect();
    let rejection = Rejection::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail);
    match HeaderValue::from_str(&names.join(", ")) {
        Ok(value) => rejection.header(ACCEPT, value),
        Err(_) => rejection,
    }
}

/// Status 413.
pub(crate) fn too_large(limit: usize) -> Rejection {
    Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than {limit} bytes"))
}

/// All bytes of a body of at most `limit` bytes. A body that says it is larger is not read at all.
pub(crate) async fn read(body: &mut Body, limit: usize) -> Result<Bytes, Rejection> {
    if body.size_hint().lower() > limit.try_into().unwrap_or(u64::MAX) {
        return Err(too_large(limit));
    }
    let mut first = Bytes::new();
    let mut all: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Rejection::new(StatusCode::BAD_REQUEST, "the body ended too early"))?;
        let Ok(data) = frame.into_data() else { continue };
        if all.as_ref().map_or(first.len(), BytesMut::len) + data.len() > limit {
            return Err(too_large(limit));
        }
        match &mut all {
            Some(all) => all.extend_from_slice(&data),
            // Most bodies are one piece, which needs no copy.
            None if first.is_empty() => first = data,
            None => {
                let mut joined = BytesMut::with_capacity(first.len() + data.len());
                joined.extend_from_slice(&std::mem::take(&mut first));
                joined.extend_from_slice(&data);
                all = Some(joined);
            }
        }
    }
    Ok(all.map_or(first, BytesMut::freeze))
}

/// Reads one JSON text. What is wrong is told by line and column.
pub(crate) fn json(text: &[u8], first_line: usize) -> Result<serde_json::Value, Rejection> {
    serde_json::from_slice(text).map_err(|error| {
        let line = first_line + error.line().saturating_sub(1);
        let message = format!("is not JSON at line {line}, column {}", error.column());
        Rejection::malformed("the body is not JSON", Violation::new(Location::Body, "", "syntax", message))
    })
}

/// Whether a header names one media type, as it is written in the document: then nothing names it more specifically, and
/// neither has to be taken apart.
fn is_written(value: &HeaderValue, name: &str) -> bool {
    value.as_bytes() == name.as_bytes() && !name.bytes().any(|byte| matches!(byte, b'*' | b';'))
}
