//! Uploads and the clips they make: begun, found, given up, deleted.

use super::{Metadata, MetadataError, changing, reading};
use crate::domain::Upload;

impl Metadata {
    /// Keeps a new upload.
    pub async fn insert_upload(&self, upload: &Upload) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query(
            "INSERT INTO uploads (upload_id, clip_id, organisation, brand_id, title, file_name, mime_type, file_size, \
             object_key, storage_id, write_token, state, created_at, updated_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(&upload.upload_id)
        .bind(&upload.clip_id)
        .bind(&upload.organisation)
        .bind(&upload.brand_id)
        .bind(&upload.title)
        .bind(&upload.file_name)
        .bind(&upload.mime_type)
        .bind(upload.file_size)
        .bind(&upload.object_key)
        .bind(&upload.storage_id)
        .bind(&upload.write_token)
        .bind(upload.state.as_str())
        .bind(upload.created_at)
        .bind(upload.updated_at)
        .bind(upload.expires_at)
        .execute(pool)
        .await
        .map(drop))?;
        Ok(())
    }

    /// The upload that makes this clip of this organisation.
    pub async fn upload_of_clip(&self, organisation: &str, clip_id: &str) -> Result<Option<Upload>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as(
            "SELECT * FROM uploads WHERE clip_id = $1 AND organisation = $2 AND deleted_at IS NULL",
        )
            .bind(clip_id)
            .bind(organisation)
            .fetch_optional(pool)
            .await)?)
    }

    /// The upload with this id.
    pub async fn upload(&self, upload_id: &str) -> Result<Option<Upload>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as("SELECT * FROM uploads WHERE upload_id = $1")
            .bind(upload_id)
            .fetch_optional(pool)
            .await)?)
    }

    /// `uploading` to `aborted`; false when it is in another state.
    pub async fn abort(&self, upload_id: &str, now: i64) -> Result<bool, MetadataError> {
        let changed = changing!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'aborted', updated_at = $2 WHERE upload_id = $1 AND state = 'uploading' \
             AND deleted_at IS NULL",
        )
        .bind(upload_id)
        .bind(now)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// Hides a clip for good, unless it is being completed; its bytes are deleted after that. False when there is no
    /// such clip, or it is being completed.
    pub async fn delete_clip(&self, organisation: &str, clip_id: &str, now: i64) -> Result<bool, MetadataError> {
        let changed = changing!(self, pool => sqlx::query(
            "UPDATE uploads SET deleted_at = $3, updated_at = $3, cleaned = 0 WHERE clip_id = $1 AND organisation = $2 \
             AND state <> 'completing' AND deleted_at IS NULL",
        )
        .bind(clip_id)
        .bind(organisation)
        .bind(now)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// Clips of an organisation, the newest first, and how many there are in all.
    pub async fn clips(&self, organisation: &str, skip: i64, most: i64) -> Result<(Vec<Upload>, i64), MetadataError> {
        let clips = reading!(self, pool => sqlx::query_as(
            "SELECT * FROM uploads WHERE organisation = $1 AND deleted_at IS NULL \
             ORDER BY created_at DESC, clip_id DESC LIMIT $3 OFFSET $2",
        )
        .bind(organisation)
        .bind(skip)
        .bind(most)
        .fetch_all(pool)
        .await)?;
        let (total,): (i64,) = reading!(self, pool => sqlx::query_as(
            "SELECT COUNT(*) FROM uploads WHERE organisation = $1 AND deleted_at IS NULL",
        )
        .bind(organisation)
        .fetch_one(pool)
        .await)?;
        Ok((clips, total))
    }
}
