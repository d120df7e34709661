//! Uploads, and the changes of their states.

use super::{Metadata, MetadataError, on};
use crate::domain::Upload;

/// What a completion records before storage is asked.
#[derive(Debug, Clone)]
pub struct Completion<'a> {
    /// The normalised list, as JSON.
    pub parts: &'a str,
    /// Its hash.
    pub parts_hash: &'a str,
    /// The process that works on it.
    pub owner: &'a str,
    /// Until when nobody else takes it over, in milliseconds since 1970.
    pub lease_until: i64,
}

impl Metadata {
    /// Keeps a new upload.
    pub async fn insert_upload(&self, upload: &Upload) -> Result<(), MetadataError> {
        on!(self, pool => sqlx::query(
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
        Ok(on!(self, pool => sqlx::query_as("SELECT * FROM uploads WHERE clip_id = $1 AND organisation = $2")
            .bind(clip_id)
            .bind(organisation)
            .fetch_optional(pool)
            .await)?)
    }

    /// The upload with this id.
    pub async fn upload(&self, upload_id: &str) -> Result<Option<Upload>, MetadataError> {
        Ok(on!(self, pool => sqlx::query_as("SELECT * FROM uploads WHERE upload_id = $1")
            .bind(upload_id)
            .fetch_optional(pool)
            .await)?)
    }

    /// `uploading` to `completing`; `None` when it is in another state or has expired.
    pub async fn begin_completion(
        &self,
        upload_id: &str,
        now: i64,
        completion: &Completion<'_>,
    ) -> Result<Option<Upload>, MetadataError> {
        // All rows are fetched, not the first one: the change is committed when the statement ends, and whoever stops at
        // the first row never hears that this failed.
        let changed: Vec<Upload> = on!(self, pool => sqlx::query_as(
            "UPDATE uploads SET state = 'completing', completions = completions + 1, setbacks = 0, rejection = NULL, \
             parts = $3, parts_hash = $4, lease_owner = $5, lease_until = $6, updated_at = $2 \
             WHERE upload_id = $1 AND state = 'uploading' AND expires_at > $2 RETURNING *",
        )
        .bind(upload_id)
        .bind(now)
        .bind(completion.parts)
        .bind(completion.parts_hash)
        .bind(completion.owner)
        .bind(completion.lease_until)
        .fetch_all(pool)
        .await)?;
        Ok(changed.into_iter().next())
    }

    /// `completing` to `completed`, with the ETag of the object and the answer to give from now on.
    pub async fn finish_completion(
        &self,
        upload: &Upload,
        now: i64,
        object_etag: &str,
        answer: &str,
    ) -> Result<bool, MetadataError> {
        let changed = on!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'completed', object_etag = $4, answer = $5, lease_owner = NULL, \
             updated_at = $3 WHERE upload_id = $1 AND state = 'completing' AND completions = $2",
        )
        .bind(&upload.upload_id)
        .bind(upload.completions)
        .bind(now)
        .bind(object_etag)
        .bind(answer)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// `completing` back to `uploading`: storage refused the list, and nothing was put together.
    pub async fn reject_completion(&self, upload: &Upload, now: i64, rejection: &str) -> Result<bool, MetadataError> {
        let changed = on!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'uploading', rejection = $4, parts = NULL, parts_hash = NULL, \
             lease_owner = NULL, updated_at = $3 \
             WHERE upload_id = $1 AND state = 'completing' AND completions = $2",
        )
        .bind(&upload.upload_id)
        .bind(upload.completions)
        .bind(now)
        .bind(rejection)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// `completing` to `failed`.
    pub async fn fail_completion(&self, upload: &Upload, now: i64) -> Result<bool, MetadataError> {
        let changed = on!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'failed', lease_owner = NULL, updated_at = $3 \
             WHERE upload_id = $1 AND state = 'completing' AND completions = $2",
        )
        .bind(&upload.upload_id)
        .bind(upload.completions)
        .bind(now)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// Notes that storage could not be asked, so that whoever waits is told.
    pub async fn note_setback(&self, upload: &Upload) -> Result<(), MetadataError> {
        on!(self, pool => sqlx::query(
            "UPDATE uploads SET setbacks = setbacks + 1 \
             WHERE upload_id = $1 AND state = 'completing' AND completions = $2",
        )
        .bind(&upload.upload_id)
        .bind(upload.completions)
        .execute(pool)
        .await
        .map(drop))?;
        Ok(())
    }

    /// Keeps others from taking a completion over; false when it is no longer this process's.
    pub async fn renew_lease(&self, upload: &Upload, owner: &str, until: i64) -> Result<bool, MetadataError> {
        let changed = on!(self, pool => sqlx::query(
            "UPDATE uploads SET lease_until = $4 \
             WHERE upload_id = $1 AND state = 'completing' AND completions = $2 AND lease_owner = $3",
        )
        .bind(&upload.upload_id)
        .bind(upload.completions)
        .bind(owner)
        .bind(until)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// Takes over completions that nobody works on. Two processes never get the same one.
    pub async fn claim_lapsed(&self, now: i64, owner: &str, until: i64) -> Result<Vec<Upload>, MetadataError> {
        Ok(on!(self, pool => sqlx::query_as(
            "UPDATE uploads SET lease_owner = $2, lease_until = $3 WHERE state = 'completing' AND lease_until < $1 \
             AND upload_id IN (SELECT upload_id FROM uploads WHERE state = 'completing' AND lease_until < $1 \
             ORDER BY lease_until LIMIT 64) RETURNING *",
        )
        .bind(now)
        .bind(owner)
        .bind(until)
        .fetch_all(pool)
        .await)?)
    }

    /// Ends all leases, when whoever held them is known to be gone.
    pub async fn end_all_leases(&self) -> Result<(), MetadataError> {
        on!(self, pool => sqlx::query("UPDATE uploads SET lease_until = 0 WHERE state = 'completing'")
            .execute(pool)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Ends the leases of a process that stops, so that others can go on at once.
    pub async fn end_leases_of(&self, owner: &str) -> Result<(), MetadataError> {
        on!(self, pool => sqlx::query("UPDATE uploads SET lease_until = 0 WHERE state = 'completing' AND lease_owner = $1")
            .bind(owner)
            .execute(pool)
            .await
            .map(drop))?;
        Ok(())
    }

    /// `uploading` to `aborted`; false when it is in another state.
    pub async fn abort(&self, upload_id: &str, now: i64) -> Result<bool, MetadataError> {
        let changed = on!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'aborted', updated_at = $2 WHERE upload_id = $1 AND state = 'uploading'",
        )
        .bind(upload_id)
        .bind(now)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// `uploading` to `expired` for every upload whose time is over; returns how many.
    pub async fn expire_due(&self, now: i64) -> Result<u64, MetadataError> {
        Ok(on!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'expired', updated_at = $1 WHERE state = 'uploading' AND expires_at <= $1",
        )
        .bind(now)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?)
    }

    /// Uploads that will never be completed and may still have parts in storage.
    pub async fn to_clean(&self) -> Result<Vec<Upload>, MetadataError> {
        Ok(on!(self, pool => sqlx::query_as(
            "SELECT * FROM uploads WHERE state IN ('aborted', 'expired') AND cleaned = 0 ORDER BY updated_at LIMIT 64",
        )
        .fetch_all(pool)
        .await)?)
    }

    /// Notes that storage has no parts of it any more.
    pub async fn mark_cleaned(&self, upload_id: &str) -> Result<(), MetadataError> {
        on!(self, pool => sqlx::query("UPDATE uploads SET cleaned = 1 WHERE upload_id = $1")
            .bind(upload_id)
            .execute(pool)
            .await
            .map(drop))?;
        Ok(())
    }
}
