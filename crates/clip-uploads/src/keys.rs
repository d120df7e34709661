//! API keys: `sk-social-ID-SECRET`.
//!
//! The database has the SHA-256 of the secret alone. A slow hash, as for passwords, would add nothing: it defends
//! secrets that can be guessed, and nobody guesses 256 random bits; but it would cost every request.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::domain::{Id, now, secret};
use crate::metadata::{ApiKey, Metadata, MetadataError};

const PREFIX: &str = "sk-social-";

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Whose clips they can see.
    pub organisation: String,
    /// The key they called with, without its secret.
    pub key_id: String,
}

/// Makes a key and keeps its hash. What is returned is the only copy of the secret.
///
/// It stops working at `expires_at`, in milliseconds since 1970.
pub async fn create(
    metadata: &Metadata,
    organisation: &str,
    note: &str,
    expires_at: Option<i64>,
) -> Result<String, MetadataError> {
    let key_id = Id::random("key").as_str().replace('_', "");
    let secret = secret();
    let key = ApiKey {
        key_id: key_id.clone(),
        organisation: organisation.to_owned(),
        note: note.to_owned(),
        secret_hash: hash(&secret),
        created_at: now(),
        revoked_at: None,
        expires_at,
    };
    metadata.insert_key(&key).await?;
    Ok(format!("{PREFIX}{key_id}-{secret}"))
}

/// Says whose key this is; `None` when it is nobody's.
pub async fn authenticate(metadata: &Metadata, presented: &str) -> Result<Option<Caller>, MetadataError> {
    let Some((key_id, secret)) = split(presented) else { return Ok(None) };
    let Some(key) = metadata.valid_key(key_id, now()).await? else { return Ok(None) };
    let same: bool = hash(secret).as_bytes().ct_eq(key.secret_hash.as_bytes()).into();
    Ok(same.then_some(Caller { organisation: key.organisation, key_id: key.key_id }))
}

fn split(presented: &str) -> Option<(&str, &str)> {
    // A key has 104 characters; longer texts are not worth a look into the database.
    let rest = presented.strip_prefix(PREFIX).filter(|rest| rest.len() <= 128)?;
    rest.split_once('-')
}

fn hash(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_opens_until_it_is_revoked_and_its_secret_is_not_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let metadata = Metadata::open_sqlite(&folder.path().join("m.sqlite")).await.expect("a database");
        let key = create(&metadata, "acme", "laptop", None).await.expect("a key");
        let caller = authenticate(&metadata, &key).await.expect("an answer").expect("the key is good");
        assert_eq!(caller.organisation, "acme");
        let secret = key.rsplit('-').next().expect("a secret");
        for wrong in [&key[..key.len() - 1], &format!("{key}0"), "sk-social-", "sk-social-a-b", secret, ""] {
            assert_eq!(authenticate(&metadata, wrong).await.expect("an answer"), None, "{wrong}");
        }
        let kept = format!("{:?}", metadata.keys().await.expect("the keys"));
        assert!(!kept.contains(secret));
        assert!(metadata.revoke_key(&caller.key_id, now()).await.expect("an answer"));
        assert_eq!(authenticate(&metadata, &key).await.expect("an answer"), None);
    }
}
