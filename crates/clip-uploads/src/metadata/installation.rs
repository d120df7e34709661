//! Which storage belongs to this database.

use super::{Metadata, MetadataError, changing, reading};

/// What the database and its storage have in common.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Installation {
    /// The identity.
    pub identity: String,
    /// 1 once storage has it too.
    pub linked: i64,
}

impl Metadata {
    /// The identity, when there is one.
    pub async fn installation(&self) -> Result<Option<Installation>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as("SELECT identity, linked FROM installation")
            .fetch_optional(pool)
            .await)?)
    }

    /// Gives the database an identity unless it has one. Of two processes that do it at once, one wins.
    pub async fn propose_identity(&self, identity: &str) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query(
            "INSERT INTO installation (singleton, identity) VALUES (1, $1) ON CONFLICT (singleton) DO NOTHING",
        )
        .bind(identity)
        .execute(pool)
        .await
        .map(drop))?;
        Ok(())
    }

    /// Notes that storage has the identity too.
    pub async fn mark_linked(&self) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query("UPDATE installation SET linked = 1").execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Takes the identity of storage whose database was lost.
    pub async fn adopt_identity(&self, identity: &str) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query(
            "INSERT INTO installation (singleton, identity, linked) VALUES (1, $1, 1) \
             ON CONFLICT (singleton) DO UPDATE SET identity = $1, linked = 1",
        )
        .bind(identity)
        .execute(pool)
        .await
        .map(drop))?;
        Ok(())
    }
}
