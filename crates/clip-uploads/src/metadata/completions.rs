//! Completions: the changes of state from the recorded list to the kept answer, and who works on them.

use super::{Metadata, MetadataError, changing};
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
    /// `uploading` to `completing`; `None` when it is in another state. Its time alone does not end it: the sweep does.
    pub async fn begin_completion(
        &self,
        upload_id: &str,
        now: i64,
        completion: &Completion<'_>,
    ) -> Result<Option<Upload>, MetadataError> {
        // All rows are fetched, not the first one: the change is committed when the statement ends, and whoever stops at
        // the first row never hears that this failed.
        let changed: Vec<Upload> = changing!(self, pool => sqlx::query_as(
            "UPDATE uploads SET state = 'completing', completions = completions + 1, setbacks = 0, rejection = NULL, \
             missing_since = NULL, parts = $3, parts_hash = $4, lease_owner = $5, lease_until = $6, updated_at = $2 \
             WHERE upload_id = $1 AND state = 'uploading' AND deleted_at IS NULL RETURNING *",
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
        let changed = changing!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'completed', object_etag = $4, answer = $5, lease_owner = NULL, \
             missing_since = NULL, updated_at = $3 WHERE upload_id = $1 AND state = 'completing' AND completions = $2",
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
        let changed = changing!(self, pool => sqlx::query(
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

    /// `completing` to `failed`; false when it is in another state.
    pub async fn fail_completion(&self, upload_id: &str, now: i64) -> Result<bool, MetadataError> {
        let changed = changing!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'failed', lease_owner = NULL, updated_at = $2 \
             WHERE upload_id = $1 AND state = 'completing'",
        )
        .bind(upload_id)
        .bind(now)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// `uploading` to `completed`, for an upload whose completion storage knows and the database has forgotten. The list
    /// is known when its hash is given.
    pub async fn adopt_completion(
        &self,
        upload: &Upload,
        now: i64,
        parts_hash: Option<&str>,
        object_etag: &str,
        answer: &str,
    ) -> Result<bool, MetadataError> {
        let changed = changing!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'completed', completions = completions + 1, parts = NULL, parts_hash = $3, \
             object_etag = $4, answer = $5, lease_owner = NULL, updated_at = $2 \
             WHERE upload_id = $1 AND state = 'uploading' AND deleted_at IS NULL",
        )
        .bind(&upload.upload_id)
        .bind(now)
        .bind(parts_hash)
        .bind(object_etag)
        .bind(answer)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// Notes that storage has neither parts nor object of a completion, and returns since when.
    pub async fn note_missing(&self, upload: &Upload, now: i64) -> Result<i64, MetadataError> {
        let noted: Vec<(i64,)> = changing!(self, pool => sqlx::query_as(
            "UPDATE uploads SET setbacks = setbacks + 1, missing_since = COALESCE(missing_since, $3) \
             WHERE upload_id = $1 AND state = 'completing' AND completions = $2 RETURNING missing_since",
        )
        .bind(&upload.upload_id)
        .bind(upload.completions)
        .bind(now)
        .fetch_all(pool)
        .await)?;
        Ok(noted.first().map_or(now, |(since,)| *since))
    }

    /// Notes that storage could not be asked, so that whoever waits is told.
    pub async fn note_setback(&self, upload: &Upload) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query(
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
        let changed = changing!(self, pool => sqlx::query(
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

    /// Gives a completion back that cannot be settled now: nobody tries again before `until`, then anybody may.
    pub async fn release_lease(&self, upload: &Upload, owner: &str, until: i64) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query(
            "UPDATE uploads SET lease_owner = NULL, lease_until = $4 \
             WHERE upload_id = $1 AND state = 'completing' AND completions = $2 AND lease_owner = $3",
        )
        .bind(&upload.upload_id)
        .bind(upload.completions)
        .bind(owner)
        .bind(until)
        .execute(pool)
        .await
        .map(drop))?;
        Ok(())
    }

    /// Takes over completions that nobody works on: their leases have ended, or end after `longest`, which only a clock
    /// that ran ahead can have written. Two processes never get the same one.
    pub async fn claim_lapsed(
        &self,
        now: i64,
        longest: i64,
        owner: &str,
        until: i64,
        most: i64,
    ) -> Result<Vec<Upload>, MetadataError> {
        Ok(changing!(self, pool => sqlx::query_as(
            "UPDATE uploads SET lease_owner = $3, lease_until = $4 \
             WHERE state = 'completing' AND (lease_until < $1 OR lease_until > $2) \
             AND upload_id IN (SELECT upload_id FROM uploads \
             WHERE state = 'completing' AND (lease_until < $1 OR lease_until > $2) \
             ORDER BY lease_until LIMIT $5) RETURNING *",
        )
        .bind(now)
        .bind(longest)
        .bind(owner)
        .bind(until)
        .bind(most)
        .fetch_all(pool)
        .await)?)
    }

    /// Ends all leases, when whoever held them is known to be gone.
    pub async fn end_all_leases(&self) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query("UPDATE uploads SET lease_until = 0 WHERE state = 'completing'")
            .execute(pool)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Ends the leases of a process that stops, so that others can go on at once.
    pub async fn end_leases_of(&self, owner: &str) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query("UPDATE uploads SET lease_until = 0 WHERE state = 'completing' AND lease_owner = $1")
            .bind(owner)
            .execute(pool)
            .await
            .map(drop))?;
        Ok(())
    }
}
