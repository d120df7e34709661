//! Receiving a part.

use std::path::PathBuf;

use md5::{Digest as _, Md5};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;

use super::super::StorageError;
use super::{FolderStorage, layout};
use crate::domain::{ETag, Id, PartNumber, StoredPart};
use crate::failpoint;

/// A part that is being received. Dropped before [`finish`](Self::finish), it leaves nothing behind.
#[derive(Debug)]
pub struct PartSink {
    storage: FolderStorage,
    id: Id,
    number: PartNumber,
    incoming: Incoming,
    file: File,
    md5: Md5,
    size: u64,
}

/// A file that is removed unless it was renamed.
#[derive(Debug)]
struct Incoming(PathBuf);

impl Drop for Incoming {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl FolderStorage {
    /// Begins to receive a part.
    pub async fn receive(&self, id: &Id, number: PartNumber) -> Result<PartSink, StorageError> {
        if !fs::try_exists(self.layout.upload(id)).await? {
            return Err(StorageError::UnknownUpload);
        }
        let path = self.layout.incoming().join(Id::random("part").as_str());
        let file = File::create_new(&path).await?;
        let incoming = Incoming(path);
        Ok(PartSink { storage: self.clone(), id: id.clone(), number, incoming, file, md5: Md5::new(), size: 0 })
    }
}

impl PartSink {
    /// Adds bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.md5.update(bytes);
        self.size = self.size.saturating_add(bytes.len() as u64);
        Ok(self.file.write_all(bytes).await?)
    }

    /// How many bytes there are so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Makes the part one of the upload's. Once this returns, the part survives a loss of power.
    pub async fn finish(mut self) -> Result<StoredPart, StorageError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        failpoint::pass("part-written");
        let part = StoredPart { etag: ETag::of_md5(&self.md5.finalize()), size: self.size };
        let (storage, id, number, stored) = (self.storage, self.id, self.number, part.clone());
        let incoming = self.incoming;
        tokio::task::spawn_blocking(move || {
            let folder = storage.layout.upload(&id);
            match std::fs::rename(&incoming.0, folder.join(storage.layout.part_name(number, &stored))) {
                Ok(()) => layout::sync_folder(&folder).or_else(gone_is_fine),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(StorageError::UnknownUpload),
                Err(error) => Err(error),
            }?;
            failpoint::pass("part-renamed");
            Ok(())
        })
        .await
        .map_err(StorageError::unavailable)??;
        Ok(part)
    }
}

/// The folder was renamed right after the part went in, so the completion that did it has to see the part; it is its
/// turn to sync.
fn gone_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
