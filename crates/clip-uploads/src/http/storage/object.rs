//! Giving the bytes of an object.

use std::fmt::Write as _;
use std::ops::Range;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::TryStreamExt as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::answer::error;
use super::{Routes, forbidden, unavailable};
use crate::domain::Id;
use crate::storage::{Signed, StoredObject};

pub(super) async fn get_object(
    State(routes): State<Routes>,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<Signed>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let named = path.ok().and_then(|Path(id)| Id::parse(&id));
    let (Some(id), Ok(Query(signed))) = (named, query) else { return forbidden() };
    if !routes.storage.signer().check_object(&id, &signed) {
        return forbidden();
    }
    match routes.storage.stored_object(&id).await {
        Ok(Some(object)) => answer(&routes, &id, object, signed, &headers),
        Ok(None) => error(StatusCode::NOT_FOUND, "not_found", "There is no such object."),
        Err(reason) => {
            tracing::error!(%reason, object = %id, "cannot read an object");
            unavailable()
        }
    }
}

fn answer(routes: &Routes, id: &Id, object: StoredObject, signed: Signed, headers: &HeaderMap) -> Response {
    let (size, etag) = (object.size(), format!("\"{}\"", object.etag()));
    if is_another(headers, &etag) {
        return error(
            StatusCode::PRECONDITION_FAILED,
            "precondition_failed",
            "The object is not the one that is meant.",
        );
    }
    if is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let range = if is_same(headers, &etag) { wanted_range(headers, size) } else { Ok(None) };
    let Ok(range) = range else {
        let total = (header::CONTENT_RANGE, format!("bytes */{size}"));
        let message = "No byte of the object is in the range.";
        return ([total], error(StatusCode::RANGE_NOT_SATISFIABLE, "invalid_range", message)).into_response();
    };
    let name = content_disposition(signed.name.as_deref().unwrap_or_default());
    let mime_type = signed.mime_type.unwrap_or_default();
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let bytes = range.clone().unwrap_or(0..size);
    let mut answer = Response::builder()
        .status(status)
        .header(header::CONTENT_LENGTH, bytes.end - bytes.start)
        .header(header::CONTENT_TYPE, mime_type)
        .header(header::ETAG, etag)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_DISPOSITION, name)
        // A browser must not take the bytes for anything but what is said, nor run them here.
        .header(HeaderName::from_static("x-content-type-options"), "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'");
    if range.is_some() {
        answer = answer.header(header::CONTENT_RANGE, format!("bytes {}-{}/{size}", bytes.start, bytes.end - 1));
    }
    let (metrics, id, span) = (routes.metrics.clone(), id.clone(), tracing::Span::current());
    // The error breaks the connection off, so that nobody takes what came for the whole.
    let stream = object.read(bytes).inspect_err(move |reason| {
        metrics.damaged_reads.inc();
        span.in_scope(|| tracing::error!(%reason, object = %id, "a download was cut: the object cannot be read whole"));
    });
    let body = Body::from_stream(stream);
    answer.body(body).unwrap_or_else(|_| error(StatusCode::BAD_REQUEST, "invalid_request", "The media type is none."))
}

/// Whether the client means another object: `If-Match` names others.
fn is_another(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(header::IF_MATCH);
    let tags = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).map(str::trim);
    values.iter().next().is_some() && !tags.into_iter().any(|tag| tag == "*" || tag == etag)
}

/// Whether the client has the object already: `If-None-Match` names it.
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Whether a range is of the object that the client means: `If-Range` is not there, or names it.
fn is_same(headers: &HeaderMap, etag: &str) -> bool {
    // Times are not compared: an object has no time of its last change.
    headers.get(header::IF_RANGE).is_none_or(|value| value.as_bytes() == etag.as_bytes())
}

/// The range that a header asks for; `None` for the whole. More than one range is answered with the whole, as RFC 9110
/// allows.
fn wanted_range(headers: &HeaderMap, size: u64) -> Result<Option<Range<u64>>, Unsatisfiable> {
    let text = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some((first, last)) = text.and_then(|text| text.strip_prefix("bytes=")).and_then(|text| text.split_once('-'))
    else {
        return Ok(None);
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if is_number(last) => first..size,
        (Ok(first), _) if last.is_empty() => first..size,
        (_, Ok(last)) if first.is_empty() => size.saturating_sub(last)..size,
        (_, Err(_)) if first.is_empty() && is_number(last) => 0..size,
        _ => return Ok(None),
    };
    if range.start < range.end { Ok(Some(range)) } else { Err(Unsatisfiable) }
}

/// Whether this is a number, which may be larger than any size.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// No byte of the object is in the range.
#[derive(Debug, PartialEq, Eq)]
struct Unsatisfiable;

/// Tells browsers to save, and under which name.
pub fn content_disposition(file_name: &str) -> String {
    let mut text = "attachment".to_owned();
    if !file_name.is_empty() {
        let _ = write!(text, "; filename*=UTF-8''{}", utf8_percent_encode(file_name, NON_ALPHANUMERIC));
    }
    text
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn conditions_follow_the_standard() {
        let with =
            |name: HeaderName, text: &'static str| HeaderMap::from_iter([(name, HeaderValue::from_static(text))]);
        for text in ["*", "\"a\"", "W/\"a\"", "\"b\", \"a\""] {
            assert!(is_known(&with(header::IF_NONE_MATCH, text), "\"a\""), "{text}");
        }
        for text in ["a", "\"b\"", ""] {
            assert!(!is_known(&with(header::IF_NONE_MATCH, text), "\"a\""), "{text}");
        }
        for text in ["*", "\"a\"", "\"b\", \"a\""] {
            assert!(!is_another(&with(header::IF_MATCH, text), "\"a\""), "{text}");
        }
        for text in ["W/\"a\"", "\"b\"", ""] {
            assert!(is_another(&with(header::IF_MATCH, text), "\"a\""), "{text}");
        }
        assert!(!is_another(&HeaderMap::new(), "\"a\""));
        assert!(is_same(&HeaderMap::new(), "\"a\""));
        assert!(is_same(&with(header::IF_RANGE, "\"a\""), "\"a\""));
        for text in ["\"b\"", "W/\"a\"", "Mon, 30 Nov 2026 09:00:00 GMT"] {
            assert!(!is_same(&with(header::IF_RANGE, text), "\"a\""), "{text}");
        }
    }

    #[test]
    fn ranges_follow_the_standard() {
        let ask = |text: &'static str| {
            let headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(text))]);
            wanted_range(&headers, 10)
        };
        assert_eq!(ask("bytes=0-3"), Ok(Some(0..4)));
        assert_eq!(ask("bytes=4-"), Ok(Some(4..10)));
        assert_eq!(ask("bytes=-3"), Ok(Some(7..10)));
        assert_eq!(ask("bytes=-99"), Ok(Some(0..10)));
        assert_eq!(ask("bytes=9-99"), Ok(Some(9..10)));
        assert_eq!(ask("bytes=2-99999999999999999999"), Ok(Some(2..10)));
        assert_eq!(ask("bytes=-99999999999999999999"), Ok(Some(0..10)));
        assert_eq!(ask("bytes=10-"), Err(Unsatisfiable));
        assert_eq!(ask("bytes=-0"), Err(Unsatisfiable));
        for whole in ["bytes=3-1", "bytes=0-1,4-5", "lines=0-1", "bytes=", "bytes=a-b"] {
            assert_eq!(ask(whole), Ok(None), "{whole}");
        }
        assert_eq!(wanted_range(&HeaderMap::new(), 10), Ok(None));
    }

    #[test]
    fn a_file_name_cannot_leave_its_header() {
        assert_eq!(content_disposition("a\"\r\nb"), "attachment; filename*=UTF-8''a%22%0D%0Ab");
    }
}
