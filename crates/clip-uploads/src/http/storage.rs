//! The addresses of parts and objects, when storage is a folder. Whoever has one needs no key: it is signed.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, put};
use http_body_util::BodyExt as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::error;
use crate::domain::{Id, PartNumber, StoredPart};
use crate::metrics::Metrics;
use crate::storage::{FolderStorage, PartLength, Signed, StorageError};

/// What these routes need.
#[derive(Clone)]
struct Routes {
    storage: FolderStorage,
    metrics: Metrics,
    /// How long a client may send nothing.
    idle: Duration,
}

/// The routes. They have no limit on the size of a body other than the one that is signed.
pub(super) fn routes(storage: FolderStorage, metrics: Metrics, idle: Duration) -> Router {
    Router::new()
        .route("/storage/uploads/{id}/parts/{number}", put(put_part))
        .route("/storage/objects/{id}", get(get_object))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(Routes { storage, metrics, idle })
}

/// Why a part was not taken.
enum PartError {
    TooLong,
    TooShort,
    Slow,
    Broken,
    Storage(StorageError),
}

impl From<StorageError> for PartError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

async fn put_part(
    State(routes): State<Routes>,
    Path((id, number)): Path<(String, i64)>,
    query: Result<Query<Signed>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let named = Id::parse(&id).zip(PartNumber::try_from(number).ok());
    let (Some((id, number)), Ok(Query(signed))) = (named, query) else { return forbidden() };
    let Some(length) = routes.storage.signer().check_part(&id, number, &signed) else { return forbidden() };
    if let Some(refusal) = refuse_length(length, &headers) {
        return refusal;
    }
    match receive(&routes, &id, number, length, body).await {
        Ok(part) => match HeaderValue::try_from(format!("\"{}\"", part.etag)) {
            Ok(etag) => (StatusCode::OK, [(header::ETAG, etag)]).into_response(),
            Err(_) => error(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "The ETag cannot be told."),
        },
        Err(PartError::TooLong) => {
            error(StatusCode::PAYLOAD_TOO_LARGE, "part_too_large", "The part has more bytes than its address takes.")
        }
        Err(PartError::TooShort) => {
            error(StatusCode::BAD_REQUEST, "part_too_short", "The part has fewer bytes than its address takes.")
        }
        Err(PartError::Slow) => error(StatusCode::REQUEST_TIMEOUT, "too_slow", "No bytes came for too long."),
        Err(PartError::Broken) => error(StatusCode::BAD_REQUEST, "broken_body", "The body of the request broke off."),
        Err(PartError::Storage(StorageError::UnknownUpload)) => {
            error(StatusCode::NOT_FOUND, "not_found", "The upload takes no parts: it is over.")
        }
        Err(PartError::Storage(reason)) => {
            tracing::error!(%reason, "cannot store a part");
            unavailable()
        }
    }
}

/// Refuses a part before its bytes are read, when its length is told and wrong.
fn refuse_length(length: PartLength, headers: &HeaderMap) -> Option<Response> {
    let told: u64 = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()?;
    match length {
        PartLength::Exactly(bytes) if told < bytes => {
            Some(error(StatusCode::BAD_REQUEST, "part_too_short", "The part has fewer bytes than its address takes."))
        }
        PartLength::Exactly(bytes) | PartLength::AtMost(bytes) if told > bytes => Some(error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "part_too_large",
            "The part has more bytes than its address takes.",
        )),
        _ => None,
    }
}

/// Writes the bytes as they come. No more than a frame of them is in memory.
async fn receive(
    routes: &Routes,
    id: &Id,
    number: PartNumber,
    length: PartLength,
    mut body: Body,
) -> Result<StoredPart, PartError> {
    let (PartLength::Exactly(most) | PartLength::AtMost(most)) = length;
    let mut sink = routes.storage.receive(id, number).await?;
    loop {
        let Ok(next) = tokio::time::timeout(routes.idle, body.frame()).await else { return Err(PartError::Slow) };
        let Some(frame) = next else { break };
        let Ok(bytes) = frame.map_err(|_| PartError::Broken)?.into_data() else { continue };
        if sink.size().saturating_add(bytes.len() as u64) > most {
            return Err(PartError::TooLong);
        }
        sink.write(&bytes).await?;
        routes.metrics.received_bytes.inc_by(bytes.len() as u64);
    }
    if matches!(length, PartLength::Exactly(bytes) if sink.size() < bytes) {
        return Err(PartError::TooShort);
    }
    Ok(sink.finish().await?)
}

async fn get_object(
    State(routes): State<Routes>,
    Path(id): Path<String>,
    query: Result<Query<Signed>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let (Some(id), Ok(Query(signed))) = (Id::parse(&id), query) else { return forbidden() };
    if !routes.storage.signer().check_object(&id, &signed) {
        return forbidden();
    }
    let object = match routes.storage.stored_object(&id).await {
        Ok(Some(object)) => object,
        Ok(None) => return error(StatusCode::NOT_FOUND, "not_found", "There is no such object."),
        Err(reason) => {
            tracing::error!(%reason, "cannot read an object");
            return unavailable();
        }
    };
    let (size, etag) = (object.size(), format!("\"{}\"", object.etag()));
    let Ok(range) = wanted_range(&headers, size) else {
        let total = (header::CONTENT_RANGE, format!("bytes */{size}"));
        return (StatusCode::RANGE_NOT_SATISFIABLE, [total]).into_response();
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
    let body = Body::from_stream(object.read(bytes));
    answer.body(body).unwrap_or_else(|_| error(StatusCode::BAD_REQUEST, "invalid_request", "The media type is none."))
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
        (Ok(first), _) if last.is_empty() => first..size,
        (_, Ok(last)) if first.is_empty() => size.saturating_sub(last)..size,
        _ => return Ok(None),
    };
    if range.start < range.end { Ok(Some(range)) } else { Err(Unsatisfiable) }
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

fn forbidden() -> Response {
    error(StatusCode::FORBIDDEN, "forbidden", "The address is not valid, or no longer.")
}

fn unavailable() -> Response {
    let answer = error(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The service cannot do this just now.");
    ([(header::RETRY_AFTER, "2")], answer).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

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
