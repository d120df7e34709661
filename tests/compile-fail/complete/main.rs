//! An implementation of everything: it compiles.

use autoposting_server::types::{self, ApiKeyHeader, BearerAuth};
use autoposting_server::{
    AbortClipUploadRequest, AuthContext, AuthError, Authenticator, ClipsApi, CompleteClipUploadRequest,
    DeleteClipRequest, GetClipRequest, ImportClipRequest, InitClipUploadRequest, ListClipsRequest,
    PresignClipUploadPartsRequest, RejectWith, Rejection, RenderClipRequest, ServerError, axum,
};

pub struct Keys;

impl Authenticator for Keys {
    type Principal = String;

    async fn bearer_auth(&self, _: BearerAuth, _: &AuthContext<'_>) -> Result<String, AuthError> {
        Err(AuthError::invalid())
    }

    async fn api_key_header(&self, _: ApiKeyHeader, _: &AuthContext<'_>) -> Result<String, AuthError> {
        Err(AuthError::invalid())
    }
}

pub struct Clips;

impl ClipsApi for Clips {
    type Principal = String;

    async fn complete_clip_upload(
        &self,
        _: CompleteClipUploadRequest<String>,
    ) -> Result<types::CompleteClipUploadResponse, ServerError> {
        Ok(types::CompleteClipUploadResponse::Status200(types::SuccessEnvelope::new()))
    }

    async fn init_clip_upload(
        &self,
        _: InitClipUploadRequest<String>,
    ) -> Result<types::InitClipUploadResponse, ServerError> {
        Err(ServerError::new("not part of this case"))
    }

    async fn presign_clip_upload_parts(
        &self,
        _: PresignClipUploadPartsRequest<String>,
    ) -> Result<types::PresignClipUploadPartsResponse, ServerError> {
        Err(ServerError::new("not part of this case"))
    }

    async fn abort_clip_upload(
        &self,
        _: AbortClipUploadRequest<String>,
    ) -> Result<types::AbortClipUploadResponse, ServerError> {
        Err(ServerError::new("not part of this case"))
    }

    async fn get_clip(&self, _: GetClipRequest<String>) -> Result<types::GetClipResponse, ServerError> {
        Err(ServerError::new("not part of this case"))
    }

    async fn list_clips(&self, _: ListClipsRequest<String>) -> Result<types::ListClipsResponse, ServerError> {
        Err(ServerError::new("not part of this case"))
    }

    async fn delete_clip(&self, _: DeleteClipRequest<String>) -> Result<types::DeleteClipResponse, ServerError> {
        Err(ServerError::new("not part of this case"))
    }

    async fn import_clip(&self, _: ImportClipRequest<String>) -> Result<types::ImportClipResponse, ServerError> {
        Err(ServerError::new("not part of this case"))
    }

    async fn render_clip(&self, _: RenderClipRequest<String>) -> Result<types::RenderClipResponse, ServerError> {
        Err(ServerError::new("not part of this case"))
    }
}

impl RejectWith<types::ClipsErrorResponse> for Clips {
    fn reject(&self, rejection: &Rejection) -> types::ClipsErrorResponse {
        types::ClipsErrorResponse::new().with_error(rejection.code())
    }
}

pub fn router() -> axum::Router {
    autoposting_server::router(Clips, Keys)
}
