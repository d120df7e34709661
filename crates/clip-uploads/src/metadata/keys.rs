//! API keys, as the database has them: without their secrets.

use super::{Metadata, MetadataError, changing, reading};

/// An API key without its secret.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ApiKey {
    /// The part of the key that is no secret.
    pub key_id: String,
    /// Whose it is.
    pub organisation: String,
    /// What its owner noted about it.
    pub note: String,
    /// The SHA-256 of the secret, in hexadecimal.
    pub secret_hash: String,
    /// When it was made, in milliseconds since 1970.
    pub created_at: i64,
    /// When it was revoked, in milliseconds since 1970.
    pub revoked_at: Option<i64>,
    /// When it stops working, in milliseconds since 1970.
    pub expires_at: Option<i64>,
}

impl Metadata {
    /// Keeps a new key.
    pub async fn insert_key(&self, key: &ApiKey) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query(
            "INSERT INTO api_keys (key_id, organisation, note, secret_hash, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&key.key_id)
        .bind(&key.organisation)
        .bind(&key.note)
        .bind(&key.secret_hash)
        .bind(key.created_at)
        .bind(key.expires_at)
        .execute(pool)
        .await
        .map(drop))?;
        Ok(())
    }

    /// The key with this id, unless it was revoked or has expired.
    pub async fn valid_key(&self, key_id: &str, now: i64) -> Result<Option<ApiKey>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as(
            "SELECT * FROM api_keys \
             WHERE key_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(key_id)
        .bind(now)
        .fetch_optional(pool)
        .await)?)
    }

    /// All keys, oldest first.
    pub async fn keys(&self) -> Result<Vec<ApiKey>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as("SELECT * FROM api_keys ORDER BY created_at, key_id")
            .fetch_all(pool)
            .await)?)
    }

    /// Revokes a key; false when there is no such key, or it was revoked before.
    pub async fn revoke_key(&self, key_id: &str, now: i64) -> Result<bool, MetadataError> {
        let changed = changing!(self, pool => sqlx::query(
            "UPDATE api_keys SET revoked_at = $2 WHERE key_id = $1 AND revoked_at IS NULL",
        )
        .bind(key_id)
        .bind(now)
        .execute(pool)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }
}
