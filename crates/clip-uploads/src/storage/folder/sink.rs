//! Receiving a part.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use md5::{Digest as _, Md5};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;

use super::super::StorageError;
use super::sums::BlockSums;
use super::{FolderStorage, durable, layout};
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
    sums: BlockSums,
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
            return Err(self.unknown());
        }
        let path = self.layout.incoming().join(Id::random("part").as_str());
        let file = File::create_new(&path).await?;
        let incoming = Incoming(path);
        let (md5, sums) = (Md5::new(), BlockSums::default());
        Ok(PartSink { storage: self.clone(), id: id.clone(), number, incoming, file, md5, sums, size: 0 })
    }
}

impl PartSink {
    /// Adds bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.md5.update(bytes);
        self.sums.update(bytes);
        self.size = self.size.saturating_add(bytes.len() as u64);
        Ok(self.file.write_all(bytes).await?)
    }

    /// How many bytes there are so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The MD5 of the bytes so far.
    pub fn md5(&self) -> Vec<u8> {
        self.md5.clone().finalize().to_vec()
    }

    /// Makes the part one of the upload's, in the place of the one before it, unless the parts have more than `total`
    /// bytes then. Once this returns, the part survives a loss of power.
    pub async fn finish(mut self, total: u64) -> Result<StoredPart, StorageError> {
        self.file.write_all(&self.sums.finish()).await?;
        self.file.flush().await?;
        self.file.sync_all().await?;
        failpoint::pass("part-written");
        let part = StoredPart { etag: ETag::of_md5(&self.md5.finalize()), size: self.size };
        let (storage, id, number, stored) = (self.storage, self.id, self.number, part.clone());
        let incoming = self.incoming;
        tokio::task::spawn_blocking(move || storage.place(&id, number, &incoming.0, &stored, total))
            .await
            .map_err(StorageError::unavailable)??;
        Ok(part)
    }
}

impl FolderStorage {
    /// Renames a part into its upload's folder, and removes those that it replaces.
    fn place(
        &self,
        id: &Id,
        number: PartNumber,
        file: &Path,
        part: &StoredPart,
        total: u64,
    ) -> Result<(), StorageError> {
        let folder = self.layout.upload(id);
        let replaced = {
            let _lock = self.lock_of(id);
            let there = layout::all_part_files(&folder)?.ok_or_else(|| self.unknown())?;
            let (replaced, others): (Vec<_>, Vec<_>) = there.into_iter().partition(|(other, _)| *other == number);
            let sizes = layout::latest(others).into_values().map(|other| other.part.size);
            if sizes.fold(part.size, u64::saturating_add) > total {
                return Err(StorageError::TooManyBytes);
            }
            let name = layout::part_name(number, self.sequence.next()?, part);
            match std::fs::rename(file, folder.join(name)) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Err(self.unknown()),
                renamed => renamed?,
            }
            replaced
        };
        durable::sync_folder(&folder).or_else(gone_is_fine)?;
        failpoint::pass("part-renamed");
        // Only now is the new part sure to stay. What a kill leaves here goes with the next part or the completion.
        let _lock = self.lock_of(id);
        for (_, old) in replaced {
            let _ = std::fs::remove_file(folder.join(old.name));
        }
        Ok(())
    }
}

/// The folder was renamed right after the part went in, so the completion that did it has to see the part; it is its
/// turn to sync.
fn gone_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
