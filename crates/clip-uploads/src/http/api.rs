//! The generated trait, over the service: what a request says, and what its answer looks like.

use autoposting_server::{
    AbortClipUploadRequest, Authenticator, ClipsApi, CompleteClipUploadRequest, DeleteClipRequest, GetClipRequest,
    ImportClipRequest, InitClipUploadRequest, ListClipsRequest, PresignClipUploadPartsRequest, RenderClipRequest,
};
use autoposting_types::{
    AbortClipUploadResponse, AbortedUpload, AbortedUploadEnvelope, ApiKeyHeader, BearerAuth, Clip, ClipStatus,
    CompleteClipUploadBodyPartsItem, CompleteClipUploadResponse, DeleteClipResponse, GetClipResponse,
    ImportClipResponse, InitClipUploadResponse, ListClipsResponse, PresignClipUploadPartsResponse, PresignedPart,
    PresignedParts, RenderClipResponse, StoredPart, SuccessEnvelope, new,
};
use chrono::{DateTime, Utc};
use oas_server_runtime::{AuthContext, AuthError, ServerError};
use serde_json::{Map, Value};

use crate::domain::{ListedPart, PartNumber, Refusal, State, Violation};
use crate::keys::{self, Caller};
use crate::metadata::Metadata;
use crate::service::{Chosen, RETRY_AFTER, Service, Shown, Start};

/// The generated trait, over the service.
pub(super) struct Api(pub(super) Service);

/// Knows callers by their keys.
pub(super) struct Keys(pub(super) Metadata);

impl Keys {
    async fn caller(&self, key: &str) -> Result<Caller, AuthError> {
        match keys::authenticate(&self.0, key).await {
            Ok(Some(caller)) => {
                // The line of the log about this request says who made it.
                let span = tracing::Span::current();
                span.record("organisation", &caller.organisation).record("key", &caller.key_id);
                Ok(caller)
            }
            Ok(None) => Err(AuthError::Invalid("Missing or invalid API key.".into())),
            Err(error) => Err(AuthError::Failed(ServerError::unavailable(error).retry_after(RETRY_AFTER))),
        }
    }
}

impl Authenticator for Keys {
    type Principal = Caller;

    async fn bearer_auth(&self, credential: BearerAuth, _context: &AuthContext<'_>) -> Result<Caller, AuthError> {
        self.caller(credential.expose()).await
    }

    async fn api_key_header(&self, credential: ApiKeyHeader, _context: &AuthContext<'_>) -> Result<Caller, AuthError> {
        self.caller(credential.expose()).await
    }
}

impl ClipsApi for Api {
    type Principal = Caller;

    async fn init_clip_upload(
        &self,
        request: InitClipUploadRequest<Caller>,
    ) -> Result<InitClipUploadResponse, ServerError> {
        if let Err(refusal) = self.0.admit(&request.principal) {
            return refusal.try_into();
        }
        let body = request.body;
        let start = Start {
            brand_id: body.brand_id,
            title: body.title,
            file_name: body.file_name,
            file_size: body.file_size,
            mime_type: body.mime_type,
        };
        match self.0.begin(&request.principal, start).await {
            Ok(upload) => {
                let new =
                    new::ClipUpload { clip_id: upload.clip_id, upload_id: upload.upload_id, key: upload.object_key };
                let envelope = new::ClipUploadEnvelope { success: true, data: new.into() };
                Ok(InitClipUploadResponse::Status201(envelope.into()))
            }
            Err(refusal) => refusal.try_into(),
        }
    }

    async fn presign_clip_upload_parts(
        &self,
        request: PresignClipUploadPartsRequest<Caller>,
    ) -> Result<PresignClipUploadPartsResponse, ServerError> {
        if let Err(refusal) = self.0.admit(&request.principal) {
            return refusal.try_into();
        }
        let body = request.body;
        let chosen = Chosen { clip_id: body.clip_id, upload_id: body.upload_id, key: Some(body.key) };
        let numbers = match part_numbers(&body.part_numbers) {
            Ok(numbers) => numbers,
            Err(refusal) => return refusal.try_into(),
        };
        let part_size = body.part_size.and_then(|size| u64::try_from(size).ok());
        match self.0.presign(&request.principal, &chosen, &numbers, part_size).await {
            Ok(urls) => {
                let part = |(number, url): (PartNumber, String)| {
                    PresignedPart::from(new::PresignedPart { part_number: i32::from(number.get()), url })
                };
                let data = PresignedParts::new(urls.into_iter().map(part).collect());
                let envelope = new::PresignedPartsEnvelope { success: true, data };
                Ok(PresignClipUploadPartsResponse::Status200(envelope.into()))
            }
            Err(refusal) => refusal.try_into(),
        }
    }

    async fn complete_clip_upload(
        &self,
        request: CompleteClipUploadRequest<Caller>,
    ) -> Result<CompleteClipUploadResponse, ServerError> {
        if let Err(refusal) = self.0.admit(&request.principal) {
            return refusal.try_into();
        }
        let body = request.body;
        let chosen = Chosen { clip_id: body.clip_id, upload_id: body.upload_id, key: body.key };
        let listed: Vec<_> = body.parts.into_iter().map(listed).collect();
        match self.0.complete(&request.principal, &chosen, &listed).await {
            Ok(status) => {
                let members = [("clipId", chosen.clip_id), ("status", status)];
                let data: Map<_, _> =
                    members.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
                let envelope = SuccessEnvelope::new().with_success(true).with_data(data);
                Ok(CompleteClipUploadResponse::Status200(envelope))
            }
            Err(refusal) => refusal.try_into(),
        }
    }

    async fn abort_clip_upload(
        &self,
        request: AbortClipUploadRequest<Caller>,
    ) -> Result<AbortClipUploadResponse, ServerError> {
        if let Err(refusal) = self.0.admit(&request.principal) {
            return refusal.try_into();
        }
        let body = request.body;
        let chosen = Chosen { clip_id: body.clip_id, upload_id: body.upload_id, key: Some(body.key) };
        match self.0.abort(&request.principal, &chosen).await {
            Ok(()) => {
                let envelope = AbortedUploadEnvelope::new(true).with_data(AbortedUpload::new().with_aborted(true));
                Ok(AbortClipUploadResponse::Status200(envelope))
            }
            Err(refusal) => refusal.try_into(),
        }
    }

    async fn get_clip(&self, request: GetClipRequest<Caller>) -> Result<GetClipResponse, ServerError> {
        if let Err(refusal) = self.0.admit(&request.principal) {
            return refusal.try_into();
        }
        match self.0.show(&request.principal, &request.params.id, request.params.include_parts).await {
            Ok(shown) => {
                let envelope = new::ClipEnvelope { success: true, data: clip(shown) };
                Ok(GetClipResponse::Status200(envelope.into()))
            }
            Err(refusal) => refusal.try_into(),
        }
    }

    async fn list_clips(&self, request: ListClipsRequest<Caller>) -> Result<ListClipsResponse, ServerError> {
        if let Err(refusal) = self.0.admit(&request.principal) {
            return refusal.try_into();
        }
        let (page, limit) = (request.params.page.max(1), request.params.limit.clamp(1, 100));
        match self.0.list(&request.principal, page, limit).await {
            Ok((clips, total)) => {
                let total_pages = total.saturating_add(limit - 1) / limit;
                let pagination = new::Pagination { page, limit, total, total_pages }.into();
                let clips = clips.into_iter().map(clip).collect();
                let data = new::ClipPage { clips, pagination }.into();
                Ok(ListClipsResponse::Status200(new::ClipPageEnvelope { success: true, data }.into()))
            }
            Err(refusal) => refusal.try_into(),
        }
    }

    async fn delete_clip(&self, request: DeleteClipRequest<Caller>) -> Result<DeleteClipResponse, ServerError> {
        if let Err(refusal) = self.0.admit(&request.principal) {
            return refusal.try_into();
        }
        match self.0.delete(&request.principal, &request.params.id).await {
            Ok(()) => {
                let envelope = SuccessEnvelope::new().with_success(true).with_data(Map::new());
                Ok(DeleteClipResponse::Status200(envelope))
            }
            Err(refusal) => refusal.try_into(),
        }
    }

    async fn import_clip(&self, request: ImportClipRequest<Caller>) -> Result<ImportClipResponse, ServerError> {
        let admitted = self.0.admit(&request.principal);
        admitted.err().unwrap_or(Refusal::NotImplemented("import videos")).try_into()
    }

    async fn render_clip(&self, request: RenderClipRequest<Caller>) -> Result<RenderClipResponse, ServerError> {
        let shown = match self.0.admit(&request.principal) {
            Ok(()) => self.0.show(&request.principal, &request.params.id, false).await.err(),
            Err(refusal) => Some(refusal),
        };
        shown.unwrap_or(Refusal::NotImplemented("render clips")).try_into()
    }
}

/// The schema bounds them already; what does not fit is reported all the same.
fn part_numbers(numbers: &[i32]) -> Result<Vec<PartNumber>, Refusal> {
    let mut violations = Vec::new();
    let mut fit = Vec::with_capacity(numbers.len());
    for (index, number) in numbers.iter().enumerate() {
        match PartNumber::try_from(i64::from(*number)) {
            Ok(number) => fit.push(number),
            Err(error) => {
                violations.push(Violation::new(format!("/partNumbers/{index}"), "range", error.to_string()));
            }
        }
    }
    if violations.is_empty() { Ok(fit) } else { Err(Refusal::Invalid(violations)) }
}

fn listed(part: CompleteClipUploadBodyPartsItem) -> ListedPart {
    ListedPart { number: part.part_number, etag: part.e_tag, same_etag: part.etag }
}

fn clip(shown: Shown) -> Clip {
    let Shown { upload, download_url, parts } = shown;
    let mut clip = Clip::from(new::Clip {
        id: upload.clip_id,
        name: upload.title,
        status: status(upload.state),
        created_at: time(upload.created_at).into(),
        updated_at: time(upload.updated_at).into(),
    });
    clip.brand_id = Some(upload.brand_id);
    clip.file_name = Some(upload.file_name);
    clip.file_size = Some(upload.file_size);
    clip.mime_type = Some(upload.mime_type);
    clip.upload_id = Some(upload.upload_id);
    clip.key = Some(upload.object_key);
    clip.expires_at = (upload.state == State::Uploading).then(|| time(upload.expires_at).into());
    clip.e_tag = upload.object_etag;
    clip.url.clone_from(&download_url);
    clip.download_url = download_url;
    let part = |(number, part): (PartNumber, crate::domain::StoredPart)| {
        let size = i64::try_from(part.size).unwrap_or(i64::MAX);
        StoredPart::from(new::StoredPart {
            part_number: i32::from(number.get()),
            e_tag: part.etag.as_str().to_owned(),
            size,
        })
    };
    clip.parts = parts.map(|parts| parts.into_iter().map(part).collect());
    clip
}

fn status(state: State) -> ClipStatus {
    match state {
        State::Uploading => ClipStatus::Uploading,
        State::Completing => ClipStatus::Processing,
        State::Completed => ClipStatus::Ready,
        State::Failed => ClipStatus::Failed,
        State::Aborted => ClipStatus::Aborted,
        State::Expired => ClipStatus::Expired,
    }
}

fn time(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}
