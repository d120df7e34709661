//! Where the bytes are: a folder, or S3-compatible object storage.

#[cfg(feature = "failpoints")]
mod faults;
mod folder;
#[cfg(feature = "s3")]
mod s3;

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;

use crate::domain::{ETag, PartNumber, StoredPart, Upload};

#[cfg(feature = "failpoints")]
pub use faults::FaultyStorage;
pub use folder::{FolderStorage, PartSink, Signed, Signer, StoredObject, make_folder};
#[cfg(feature = "s3")]
pub use s3::{S3Settings, S3Storage};

/// An upload, as storage knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// The name of the object that it becomes.
    pub key: String,
    /// What storage calls the upload.
    pub id: String,
    /// What storage keeps beside the object, to prove whose it is.
    pub token: String,
}

impl From<&Upload> for Handle {
    fn from(upload: &Upload) -> Self {
        Self { key: upload.object_key.clone(), id: upload.storage_id.clone(), token: upload.write_token.clone() }
    }
}

/// What the browser of whoever downloads an object is told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download<'a> {
    /// The name to save it under.
    pub file_name: &'a str,
    /// Its media type.
    pub mime_type: &'a str,
}

/// The length that a part may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartLength {
    /// Exactly so many bytes.
    Exactly(u64),
    /// At most so many bytes.
    AtMost(u64),
}

/// An object that storage has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its size in bytes.
    pub size: u64,
    /// Its ETag.
    pub etag: ETag,
    /// Whether the ETag follows from the ETags of the parts. Those of encrypted objects do not.
    pub etag_is_digest: bool,
    /// The token that is kept beside it.
    pub token: Option<String>,
}

/// Why storage did not do what it was asked. What it said goes to the log, never to a caller.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// These parts are not there with these ETags. Nothing was put together.
    #[error("storage refuses parts of the list")]
    InvalidParts(Vec<PartNumber>),
    /// A part that is not the last is too small. Nothing was put together.
    #[error("storage refuses a part for its size")]
    PartTooSmall,
    /// Storage has no such upload: it was completed or aborted, or never was.
    #[error("storage has no such upload")]
    UnknownUpload,
    /// Nobody knows whether it was done.
    #[error("storage does not answer: {0}")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

impl StorageError {
    /// Nobody knows whether it was done.
    pub fn unavailable(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<std::io::Error> for StorageError {
    fn from(error: std::io::Error) -> Self {
        Self::unavailable(error)
    }
}

/// Where the bytes are.
#[async_trait]
pub trait Storage: Send + Sync + 'static {
    /// Begins an upload for the object `key`, and returns what storage calls it.
    async fn open(&self, key: &str, token: &str, mime_type: &str) -> Result<String, StorageError>;

    /// An address that takes the bytes of a part with `PUT`, for so long.
    async fn presign_part(
        &self,
        handle: &Handle,
        part: PartNumber,
        length: PartLength,
        valid: Duration,
    ) -> Result<String, StorageError>;

    /// An address that gives the bytes of a finished object with `GET`, for so long.
    async fn presign_download(
        &self,
        handle: &Handle,
        download: Download<'_>,
        valid: Duration,
    ) -> Result<String, StorageError>;

    /// The parts that are there.
    async fn parts(&self, handle: &Handle) -> Result<BTreeMap<PartNumber, StoredPart>, StorageError>;

    /// Makes the object out of exactly these parts. It can be called again when nobody knows how a call ended.
    async fn complete(&self, handle: &Handle, parts: &BTreeMap<PartNumber, StoredPart>) -> Result<(), StorageError>;

    /// The object, when it is there.
    async fn object(&self, handle: &Handle) -> Result<Option<Object>, StorageError>;

    /// Deletes the parts of an upload that will never be completed. It never deletes an object, and can be called
    /// again.
    async fn discard(&self, handle: &Handle) -> Result<(), StorageError>;

    /// Whether storage can be written to.
    async fn ready(&self) -> Result<(), StorageError>;
}
