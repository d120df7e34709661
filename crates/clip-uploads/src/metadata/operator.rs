//! What an operator asks for: stuck completions, checks of all bytes, a database made again from storage.

use std::path::Path;

use super::{Metadata, MetadataError, changing, reading};
use crate::domain::{State, Upload};

/// How far the check of all bytes came.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Scrub {
    /// The last upload that was checked.
    pub position: String,
    /// How many were checked.
    pub checked: i64,
    /// How many of them are damaged.
    pub damaged: i64,
}

impl Metadata {
    /// Copies the database to a file that is not there yet, as it is at one moment, while others go on using it.
    pub async fn copy_to(&self, file: &Path) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query("VACUUM INTO $1").bind(file.to_string_lossy().into_owned()).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Uploads in a state, the longest unchanged first.
    pub async fn in_state(&self, state: State, most: i64) -> Result<Vec<Upload>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as(
            "SELECT * FROM uploads WHERE state = $1 AND deleted_at IS NULL ORDER BY updated_at, upload_id LIMIT $2",
        )
        .bind(state.as_str())
        .bind(most)
        .fetch_all(pool)
        .await)?)
    }

    /// One upload whose bytes storage must have, the newest; `None` when there is none.
    pub async fn newest_stored(&self) -> Result<Option<Upload>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as(
            "SELECT * FROM uploads WHERE state IN ('completed', 'uploading') AND deleted_at IS NULL \
             ORDER BY state, created_at DESC LIMIT 1",
        )
        .fetch_optional(pool)
        .await)?)
    }

    /// Completed uploads after one, in the order of their ids.
    pub async fn completed_after(&self, upload_id: &str, most: i64) -> Result<Vec<Upload>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as(
            "SELECT * FROM uploads WHERE upload_id > $1 AND state = 'completed' AND deleted_at IS NULL \
             ORDER BY upload_id LIMIT $2",
        )
        .bind(upload_id)
        .bind(most)
        .fetch_all(pool)
        .await)?)
    }

    /// Notes when an upload's bytes were found damaged; `None` when they are whole.
    pub async fn mark_damaged(&self, upload_id: &str, at: Option<i64>) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query("UPDATE uploads SET damaged_at = $2 WHERE upload_id = $1")
            .bind(upload_id)
            .bind(at)
            .execute(pool)
            .await
            .map(drop))?;
        Ok(())
    }

    /// How far the check of all bytes came, when one was cut short.
    pub async fn scrub(&self) -> Result<Option<Scrub>, MetadataError> {
        Ok(
            reading!(self, pool => sqlx::query_as("SELECT position, checked, damaged FROM scrub").fetch_optional(pool).await)?,
        )
    }

    /// Notes how far the check of all bytes came; `None` when it is at its end.
    pub async fn keep_scrub(&self, scrub: Option<&Scrub>) -> Result<(), MetadataError> {
        let Some(scrub) = scrub else {
            changing!(self, pool => sqlx::query("DELETE FROM scrub").execute(pool).await.map(drop))?;
            return Ok(());
        };
        changing!(self, pool => sqlx::query(
            "INSERT INTO scrub (singleton, position, checked, damaged) VALUES (1, $1, $2, $3) \
             ON CONFLICT (singleton) DO UPDATE SET position = $1, checked = $2, damaged = $3",
        )
        .bind(&scrub.position)
        .bind(scrub.checked)
        .bind(scrub.damaged)
        .execute(pool)
        .await
        .map(drop))?;
        Ok(())
    }

    /// Keeps a completed upload that was found in storage, unless the database knows it; false when it does.
    pub async fn insert_found(&self, upload: &Upload) -> Result<bool, MetadataError> {
        let changed = changing!(self, pool => sqlx::query(
            "INSERT INTO uploads (upload_id, clip_id, organisation, brand_id, title, file_name, mime_type, file_size, \
             object_key, storage_id, write_token, state, completions, parts, parts_hash, object_etag, answer, \
             created_at, updated_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'completed', 1, $12, $13, $14, $15, $16, $17, $17) \
             ON CONFLICT DO NOTHING",
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
        .bind(&upload.parts)
        .bind(&upload.parts_hash)
        .bind(&upload.object_etag)
        .bind(&upload.answer)
        .bind(upload.created_at)
        .bind(upload.updated_at)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }
}
