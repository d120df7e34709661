//! The same service as somebody writes it by hand over axum.

use std::sync::Arc;

use autoposting_types::{Clip, ClipEnvelope, ClipStatus, CompleteClipUploadBody, new};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{KEY, completed};
use crate::failure::Failure;

/// The schemas that the generated router has.
const SCHEMAS: &str = include_str!("../../../../../crates/autoposting-server/src/generated/schemas.json");

/// The one of a completion's body.
const COMPLETION: &str = "paths._clips_upload_complete.post.requestBody.content.application_json.schema";

/// What a body is held against before it becomes a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Validation {
    /// Its schema in the document.
    OfTheDocument,
    /// Nothing but the type.
    None,
}

/// The routes.
pub(super) fn router(validation: Validation) -> Result<Router, Failure> {
    let router = match validation {
        Validation::OfTheDocument => {
            let validator = Arc::new(validator()?);
            Router::new().route("/clips/upload/complete", post(complete_validated)).with_state(validator)
        }
        Validation::None => Router::new().route("/clips/upload/complete", post(complete)),
    };
    let absent = || async { StatusCode::NOT_IMPLEMENTED };
    Ok(router
        .route("/clips/upload/init", post(absent))
        .route("/clips/upload/presign", post(absent))
        .route("/clips/upload/abort", post(absent))
        .route("/clips/{id}", get(show)))
}

fn validator() -> Result<Validator, Failure> {
    let mut schema: Value = serde_json::from_str(SCHEMAS).map_err(Failure::unexpected)?;
    schema["$ref"] = json!(format!("#/$defs/{COMPLETION}"));
    jsonschema::options()
        .should_validate_formats(true)
        .offline()
        .build(&schema)
        .map_err(|error| Failure::unexpected(format!("{COMPLETION}: {error}")))
}

fn is_known(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|text| text.strip_prefix("Bearer ")) == Some(KEY)
}

async fn complete(headers: HeaderMap, Json(body): Json<CompleteClipUploadBody>) -> Response {
    if !is_known(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(completed(body)).into_response()
}

async fn complete_validated(State(validator): State<Arc<Validator>>, headers: HeaderMap, bytes: Bytes) -> Response {
    if !is_known(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if headers.get(header::CONTENT_TYPE).is_none_or(|value| value != "application/json") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let Ok(value) = serde_json::from_slice::<Value>(&bytes) else { return StatusCode::BAD_REQUEST.into_response() };
    if !validator.is_valid(&value) {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    match serde_json::from_value(value) {
        Ok(body) => Json(completed(body)).into_response(),
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wish {
    #[serde(default)]
    include_parts: bool,
}

async fn show(Path(id): Path<String>, Query(wish): Query<Wish>, headers: HeaderMap) -> Response {
    if !is_known(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(clip(id, wish.include_parts)).into_response()
}

/// What a clip looks like, whoever shows it.
pub(super) fn clip(id: String, with_parts: bool) -> ClipEnvelope {
    let time = chrono::DateTime::UNIX_EPOCH;
    let status = ClipStatus::Uploading;
    let mut clip = Clip::from(new::Clip {
        id,
        name: "A clip".to_owned(),
        status,
        created_at: time.into(),
        updated_at: time.into(),
    });
    clip.brand_id = Some("brand_1".to_owned());
    clip.file_name = Some("clip.mp4".to_owned());
    clip.file_size = Some(1024);
    clip.mime_type = Some("video/mp4".to_owned());
    clip.upload_id = Some("upload_1".to_owned());
    clip.key = Some("clips/clip_1".to_owned());
    let part = new::StoredPart { part_number: 1, e_tag: "0123456789abcdef0123456789abcdef".to_owned(), size: 1024 };
    clip.parts = with_parts.then(|| vec![part.into()]);
    new::ClipEnvelope { success: true, data: clip }.into()
}
