//! Taking the bytes of a part.

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use data_encoding::BASE64;
use http_body_util::BodyExt as _;

use super::super::answer::error;
use super::{Routes, forbidden, unavailable};
use crate::domain::{Id, PartNumber, StoredPart};
use crate::storage::{PartLength, PartRoom, Signed, StorageError};

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// Why a part was not taken.
enum PartError {
    TooLong,
    TooShort,
    Slow,
    Broken,
    BadDigest,
    Storage(StorageError),
}

impl From<StorageError> for PartError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

pub(super) async fn put_part(
    State(routes): State<Routes>,
    path: Result<Path<(String, i64)>, PathRejection>,
    query: Result<Query<Signed>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let named = path.ok().and_then(|Path((id, number))| Id::parse(&id).zip(PartNumber::try_from(number).ok()));
    let (Some((id, number)), Ok(Query(signed))) = (named, query) else { return forbidden() };
    let Some(room) = routes.storage.signer().check_part(&id, number, &signed) else { return forbidden() };
    if let Some(reason) = refused_length(room.length, &headers) {
        return refuse(reason);
    }
    let Ok(md5) = told_md5(&headers) else {
        return error(StatusCode::BAD_REQUEST, "invalid_digest", "The header Content-MD5 is no MD5 in Base64.");
    };
    match receive(&routes, &id, number, room, md5, body).await {
        Ok(part) => match HeaderValue::try_from(format!("\"{}\"", part.etag)) {
            Ok(etag) => (StatusCode::OK, [(header::ETAG, etag)]).into_response(),
            Err(_) => error(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "The ETag cannot be told."),
        },
        Err(reason) => refuse(reason),
    }
}

fn refuse(reason: PartError) -> Response {
    let (status, code, message) = match reason {
        PartError::TooLong => {
            (StatusCode::PAYLOAD_TOO_LARGE, "part_too_large", "The part has more bytes than its address takes.")
        }
        PartError::TooShort => {
            (StatusCode::BAD_REQUEST, "part_too_short", "The part has fewer bytes than its address takes.")
        }
        PartError::Slow => (StatusCode::REQUEST_TIMEOUT, "too_slow", "No bytes came for too long."),
        PartError::Broken => (StatusCode::BAD_REQUEST, "broken_body", "The body of the request broke off."),
        PartError::BadDigest => (StatusCode::BAD_REQUEST, "bad_digest", "The bytes differ from their Content-MD5."),
        PartError::Storage(StorageError::UnknownUpload) => {
            (StatusCode::NOT_FOUND, "not_found", "The upload takes no parts: it is over.")
        }
        PartError::Storage(StorageError::TooManyBytes) => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "upload_too_large",
            "The parts have more bytes together than the file that was announced.",
        ),
        PartError::Storage(reason) => {
            tracing::error!(%reason, "cannot store a part");
            return unavailable();
        }
    };
    error(status, code, message)
}

/// Refuses a part before its bytes are read, when its length is told and wrong.
fn refused_length(length: PartLength, headers: &HeaderMap) -> Option<PartError> {
    let told: u64 = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()?;
    match length {
        PartLength::Exactly(bytes) if told < bytes => Some(PartError::TooShort),
        PartLength::Exactly(bytes) | PartLength::AtMost(bytes) if told > bytes => Some(PartError::TooLong),
        _ => None,
    }
}

/// The header `Content-MD5` is no MD5.
struct NoDigest;

/// The MD5 that the client says the bytes have.
fn told_md5(headers: &HeaderMap) -> Result<Option<Vec<u8>>, NoDigest> {
    let Some(value) = headers.get(CONTENT_MD5) else { return Ok(None) };
    let md5 = BASE64.decode(value.as_bytes()).map_err(|_| NoDigest)?;
    if md5.len() == 16 { Ok(Some(md5)) } else { Err(NoDigest) }
}

/// Writes the bytes as they come. No more than a frame of them is in memory.
async fn receive(
    routes: &Routes,
    id: &Id,
    number: PartNumber,
    room: PartRoom,
    md5: Option<Vec<u8>>,
    mut body: Body,
) -> Result<StoredPart, PartError> {
    let (PartLength::Exactly(most) | PartLength::AtMost(most)) = room.length;
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
    if matches!(room.length, PartLength::Exactly(bytes) if sink.size() < bytes) {
        return Err(PartError::TooShort);
    }
    if md5.is_some_and(|md5| md5 != sink.md5()) {
        return Err(PartError::BadDigest);
    }
    Ok(sink.finish(room.total).await?)
}
