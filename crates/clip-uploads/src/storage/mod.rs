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

use crate::domain::{ETag, Origin, PartNumber, StoredPart, Upload};

#[cfg(feature = "failpoints")]
pub use faults::FaultyStorage;
pub use folder::{Expected, FolderStorage, PartSink, Signed, Signer, StoredObject, make_folder, rotate_signing_key};
#[cfg(feature = "s3")]
pub use s3::{S3Settings, S3Storage};

/// The longest time for which S3 signs addresses: seven days.
pub const LONGEST_ADDRESS: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An upload, as storage knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle {
    /// The name of the object that it becomes.
    pub key: String,
    /// What storage calls the upload.
    pub id: String,
    /// What storage keeps beside the object, to prove that it is the upload's.
    pub token: String,
    /// What storage keeps beside the object, to say whose it is.
    pub origin: Origin,
}

impl From<&Upload> for Handle {
    fn from(upload: &Upload) -> Self {
        Self {
            key: upload.object_key.clone(),
            id: upload.storage_id.clone(),
            token: upload.write_token.clone(),
            origin: upload.origin(),
        }
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

/// What the address of a part takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartRoom {
    /// The length of the part.
    pub length: PartLength,
    /// The most bytes that all parts of the upload may have together.
    pub total: u64,
}

/// How full storage is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// What can still be written.
    pub free: u64,
    /// What there is in all.
    pub capacity: u64,
}

/// Whether the bytes of an object are those that were stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// They are; so many were read.
    Whole(u64),
    /// They are not.
    Damaged {
        /// How many bytes the object has.
        bytes: u64,
        /// What differs.
        reason: String,
    },
}

impl Verdict {
    /// Damage of an object of so many bytes.
    pub fn damaged(bytes: u64, reason: &str) -> Self {
        Self::Damaged { bytes, reason: reason.to_owned() }
    }
}

/// An object that was found in storage, and all that storage knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its names and its owner.
    pub handle: Handle,
    /// Itself.
    pub object: Object,
    /// Its parts, where storage keeps them apart.
    pub parts: Option<BTreeMap<PartNumber, StoredPart>>,
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
    /// The parts would have more bytes together than the upload may have.
    #[error("the parts have more bytes together than the upload may have")]
    TooManyBytes,
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
    /// Which database this storage belongs to; `None` while it belongs to none.
    async fn identity(&self) -> Result<Option<String>, StorageError>;

    /// Makes storage belong to a database. From then on storage that has another identity, or none, is not this one:
    /// nothing is concluded from what it does not have.
    async fn set_identity(&self, identity: &str) -> Result<(), StorageError>;

    /// Begins an upload, and returns what storage calls it. The id of the handle is empty.
    async fn open(&self, handle: &Handle) -> Result<String, StorageError>;

    /// An address that takes the bytes of a part with `PUT`, for so long.
    async fn presign_part(
        &self,
        handle: &Handle,
        part: PartNumber,
        room: PartRoom,
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

    /// Deletes an object, and parts if there are any. It can be called again.
    async fn delete(&self, handle: &Handle) -> Result<(), StorageError>;

    /// Reads all bytes of an object and says whether they are those that were stored. `parts` are those that the
    /// database has.
    async fn verify(&self, handle: &Handle, parts: &BTreeMap<PartNumber, StoredPart>) -> Result<Verdict, StorageError>;

    /// The names of all objects, for [`found`](Self::found).
    async fn object_names(&self) -> Result<Vec<String>, StorageError>;

    /// An object by its name; `None` when there is none, or it does not say whose it is.
    async fn found(&self, name: &str) -> Result<Option<Found>, StorageError>;

    /// How full storage is, where that can be known.
    async fn space(&self) -> Result<Option<Space>, StorageError>;

    /// Whether storage can be written to, and is the one that belongs to the database.
    async fn ready(&self) -> Result<(), StorageError>;
}
