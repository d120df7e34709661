//! What the sweep looks for, and what it counts.

use std::collections::HashSet;

use super::{Metadata, MetadataError, changing, reading};
use crate::domain::Upload;

/// How many uploads the sweep takes at a time.
pub const BATCH: i64 = 256;

/// Whose parts and objects are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doomed {
    /// Uploads that their owners gave up.
    Aborted,
    /// Uploads that expired.
    Expired,
    /// Clips that their owners deleted.
    Deleted,
}

/// How many uploads of an organisation are in a state.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    /// Whose they are.
    pub organisation: String,
    /// The state.
    pub state: String,
    /// How many.
    pub uploads: i64,
    /// The size of their files together, in bytes.
    pub bytes: i64,
    /// When the first of them changed last.
    pub oldest: i64,
    /// How many completions have neither parts nor object in storage.
    pub missing: i64,
    /// How many are known to be damaged.
    pub damaged: i64,
}

impl Metadata {
    /// Uploads whose time is over, the longest over first.
    pub async fn due(&self, now: i64) -> Result<Vec<Upload>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as(
            "SELECT * FROM uploads WHERE state = 'uploading' AND deleted_at IS NULL AND expires_at <= $1 \
             ORDER BY expires_at LIMIT $2",
        )
        .bind(now)
        .bind(BATCH)
        .fetch_all(pool)
        .await)?)
    }

    /// `uploading` to `expired`; false when it is in another state.
    pub async fn expire(&self, upload_id: &str, now: i64) -> Result<bool, MetadataError> {
        let changed = changing!(self, pool => sqlx::query(
            "UPDATE uploads SET state = 'expired', updated_at = $2 \
             WHERE upload_id = $1 AND state = 'uploading' AND expires_at <= $2",
        )
        .bind(upload_id)
        .bind(now)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// Makes no open upload take longer than until this time.
    pub async fn limit_expiry(&self, latest: i64) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query(
            "UPDATE uploads SET expires_at = $1 WHERE state = 'uploading' AND expires_at > $1",
        )
        .bind(latest)
        .execute(pool)
        .await
        .map(drop))?;
        Ok(())
    }

    /// Uploads whose bytes are no longer wanted and may still be in storage, after the one with this time and id.
    pub async fn to_clean(&self, doomed: Doomed, after: (i64, &str)) -> Result<Vec<Upload>, MetadataError> {
        let condition = match doomed {
            Doomed::Aborted => "state IN ('aborted', 'expired') AND state = 'aborted'",
            Doomed::Expired => "state IN ('aborted', 'expired') AND state = 'expired'",
            Doomed::Deleted => "deleted_at IS NOT NULL",
        };
        let statement = format!(
            "SELECT * FROM uploads WHERE {condition} AND cleaned = 0 AND (updated_at, upload_id) > ($1, $2) \
             ORDER BY updated_at, upload_id LIMIT $3"
        );
        Ok(
            reading!(self, pool => sqlx::query_as(&statement).bind(after.0).bind(after.1).bind(BATCH).fetch_all(pool).await)?,
        )
    }

    /// Notes that storage has no bytes of it any more.
    pub async fn mark_cleaned(&self, upload_id: &str) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query("UPDATE uploads SET cleaned = 1 WHERE upload_id = $1")
            .bind(upload_id)
            .execute(pool)
            .await
            .map(drop))?;
        Ok(())
    }

    /// What storage calls the uploads that may have parts.
    pub async fn open_storage_ids(&self) -> Result<HashSet<String>, MetadataError> {
        let ids: Vec<(String,)> = reading!(self, pool => sqlx::query_as(
            "SELECT storage_id FROM uploads WHERE state IN ('uploading', 'completing')",
        )
        .fetch_all(pool)
        .await)?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    /// How many uploads are in which state.
    pub async fn counts(&self) -> Result<Vec<Count>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as(
            "SELECT organisation, state, COUNT(*) AS uploads, CAST(SUM(file_size) AS BIGINT) AS bytes, \
             MIN(updated_at) AS oldest, COUNT(missing_since) AS missing, COUNT(damaged_at) AS damaged \
             FROM uploads WHERE deleted_at IS NULL GROUP BY organisation, state",
        )
        .fetch_all(pool)
        .await)?)
    }

    /// How many uploads wait for the sweep.
    pub async fn backlog(&self, now: i64) -> Result<i64, MetadataError> {
        let (waiting,): (i64,) = reading!(self, pool => sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM uploads WHERE state = 'uploading' AND expires_at <= $1) \
             + (SELECT COUNT(*) FROM uploads WHERE state IN ('aborted', 'expired') AND cleaned = 0) \
             + (SELECT COUNT(*) FROM uploads WHERE deleted_at IS NOT NULL AND cleaned = 0)",
        )
        .bind(now)
        .fetch_one(pool)
        .await)?;
        Ok(waiting)
    }
}
