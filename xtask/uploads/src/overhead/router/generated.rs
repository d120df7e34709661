//! The generated router, over a service that answers at once.

use autoposting_server::types::{
    AbortClipUploadResponse, ApiKeyHeader, BearerAuth, ClipsErrorResponse, CompleteClipUploadResponse,
    DeleteClipResponse, GetClipResponse, ImportClipResponse, InitClipUploadResponse, ListClipsResponse,
    PresignClipUploadPartsResponse, RenderClipResponse,
};
use autoposting_server::{
    AbortClipUploadRequest, AuthContext, AuthError, Authenticator, ClipsApi, CompleteClipUploadRequest,
    DeleteClipRequest, GetClipRequest, ImportClipRequest, InitClipUploadRequest, ListClipsRequest,
    PresignClipUploadPartsRequest, RejectWith, Rejection, RenderClipRequest, ServerError,
};
use axum::Router;

use super::{KEY, by_hand, completed};

pub(super) fn router() -> Router {
    autoposting_server::router(Clips, Keys)
}

struct Keys;

impl Authenticator for Keys {
    type Principal = ();

    async fn bearer_auth(&self, credential: BearerAuth, _: &AuthContext<'_>) -> Result<(), AuthError> {
        if credential.expose() == KEY { Ok(()) } else { Err(AuthError::invalid()) }
    }

    async fn api_key_header(&self, credential: ApiKeyHeader, _: &AuthContext<'_>) -> Result<(), AuthError> {
        if credential.expose() == KEY { Ok(()) } else { Err(AuthError::invalid()) }
    }
}

struct Clips;

impl ClipsApi for Clips {
    type Principal = ();

    async fn complete_clip_upload(
        &self,
        request: CompleteClipUploadRequest<()>,
    ) -> Result<CompleteClipUploadResponse, ServerError> {
        Ok(CompleteClipUploadResponse::Status200(completed(request.body)))
    }

    async fn get_clip(&self, request: GetClipRequest<()>) -> Result<GetClipResponse, ServerError> {
        Ok(GetClipResponse::Status200(by_hand::clip(request.params.id, request.params.include_parts)))
    }

    async fn init_clip_upload(&self, _: InitClipUploadRequest<()>) -> Result<InitClipUploadResponse, ServerError> {
        Err(ServerError::new("not measured"))
    }

    async fn presign_clip_upload_parts(
        &self,
        _: PresignClipUploadPartsRequest<()>,
    ) -> Result<PresignClipUploadPartsResponse, ServerError> {
        Err(ServerError::new("not measured"))
    }

    async fn list_clips(&self, _: ListClipsRequest<()>) -> Result<ListClipsResponse, ServerError> {
        Err(ServerError::new("not measured"))
    }

    async fn delete_clip(&self, _: DeleteClipRequest<()>) -> Result<DeleteClipResponse, ServerError> {
        Err(ServerError::new("not measured"))
    }

    async fn import_clip(&self, _: ImportClipRequest<()>) -> Result<ImportClipResponse, ServerError> {
        Err(ServerError::new("not measured"))
    }

    async fn render_clip(&self, _: RenderClipRequest<()>) -> Result<RenderClipResponse, ServerError> {
        Err(ServerError::new("not measured"))
    }

    async fn abort_clip_upload(&self, _: AbortClipUploadRequest<()>) -> Result<AbortClipUploadResponse, ServerError> {
        Err(ServerError::new("not measured"))
    }
}

impl RejectWith<ClipsErrorResponse> for Clips {
    fn reject(&self, rejection: &Rejection) -> ClipsErrorResponse {
        ClipsErrorResponse::new().with_success(false).with_error(rejection.code()).with_message(rejection.detail())
    }
}
