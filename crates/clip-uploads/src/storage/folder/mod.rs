//! A folder as storage: for one machine, without any other server.
//!
//! ```text
//! lock                 held as long as a process uses the folder
//! url-signing.key      signs the addresses of parts and objects
//! incoming/            parts that are being received; emptied at the start
//! uploads/ID/          the parts of an upload, one file each
//! objects/ID/          the same folder, renamed, with a manifest: a finished object
//! discarded/ID/        parts that are being deleted; emptied at the start
//! ```
//!
//! A part is written, synced, renamed into its upload's folder, and that folder synced, before its ETag is answered.
//! Completing renames the folder, so that no part can be added or replaced from then on, holds its files against the
//! list, and writes the manifest. An object exists exactly when its manifest does. No byte is copied.

mod complete;
mod layout;
mod read;
mod sign;
mod sink;

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fs4::FileExt;

use super::{Download, Handle, Object, PartLength, Storage, StorageError};
use crate::domain::{Id, PartNumber, StoredPart, secret};
use layout::Layout;

pub use read::StoredObject;
pub use sign::{Signed, Signer};
pub use sink::PartSink;

/// How many uploads can be completed or discarded at once.
const LOCKS: usize = 64;

/// A folder as storage.
#[derive(Debug, Clone)]
pub struct FolderStorage {
    layout: Arc<Layout>,
    signer: Arc<Signer>,
    /// Completing and discarding take the lock of their upload; what they rename, nobody else renames meanwhile.
    locks: Arc<[Mutex<()>; LOCKS]>,
    /// Released by the operating system when the process ends, however it ends.
    _lock: Arc<File>,
}

impl FolderStorage {
    /// Takes a folder, makes what is missing in it, and removes what a killed process left half done.
    ///
    /// `public_url` is where callers reach this process, without a slash at the end.
    pub fn open(root: &Path, public_url: &str) -> io::Result<Self> {
        let layout = Layout::new(root);
        make_folder(root)?;
        let lock = lock(root)?;
        for folder in [layout.incoming(), layout.discarded()] {
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
        }
        for folder in layout.folders() {
            fs::create_dir_all(folder)?;
        }
        let signer = Signer::new(signing_key(root)?.as_bytes(), public_url);
        layout::sync_folder(root)?;
        Ok(Self {
            layout: Arc::new(layout),
            signer: Arc::new(signer),
            locks: Arc::new([const { Mutex::new(()) }; LOCKS]),
            _lock: Arc::new(lock),
        })
    }

    /// What signs the addresses that this process serves.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Runs something that waits for the disk, apart from the threads that serve.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let storage = self.clone();
        tokio::task::spawn_blocking(move || work(&storage)).await.map_err(StorageError::unavailable)?
    }

    fn lock_of(&self, id: &Id) -> MutexGuard<'_, ()> {
        let index = id.as_str().bytes().fold(0, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        // The lock guards no data that a panic could leave half changed: the folder itself says how far things are.
        self.locks[index % LOCKS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a folder, unless it is there, for the user of this process alone: videos and the keys to them are nobody else's.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// A folder that two processes use would lose parts, so that the second one is told instead.
fn lock(root: &Path) -> io::Result<File> {
    let path = root.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
    match FileExt::try_lock(&file) {
        Ok(()) => Ok(file),
        Err(error) => {
            let message = format!("{} is in use by another process ({error})", root.display());
            Err(io::Error::new(io::ErrorKind::WouldBlock, message))
        }
    }
}

/// The key that signs addresses. It outlives the process, so that addresses do too.
fn signing_key(root: &Path) -> io::Result<String> {
    let path = root.join("url-signing.key");
    match fs::read_to_string(&path) {
        Ok(key) if key.len() == 64 => return Ok(key),
        Ok(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "url-signing.key is damaged; delete it")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let key = secret();
    let fresh = root.join("url-signing.key.new");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&fresh)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()?;
    fs::rename(fresh, path)?;
    Ok(key)
}

/// Storage ids come from the database; one that is none can only mean that there is no such upload.
fn id_of(handle: &Handle) -> Result<Id, StorageError> {
    Id::parse(&handle.id).ok_or(StorageError::UnknownUpload)
}

#[async_trait]
impl Storage for FolderStorage {
    async fn open(&self, _key: &str, _token: &str, _mime_type: &str) -> Result<String, StorageError> {
        self.blocking(|storage| {
            let id = Id::random("parts");
            fs::create_dir(storage.layout.upload(&id))?;
            layout::sync_folder(&storage.layout.uploads())?;
            Ok(id.to_string())
        })
        .await
    }

    async fn presign_part(
        &self,
        handle: &Handle,
        part: PartNumber,
        length: PartLength,
        valid: Duration,
    ) -> Result<String, StorageError> {
        Ok(self.signer.part_url(&id_of(handle)?, part, length, valid))
    }

    async fn presign_download(
        &self,
        handle: &Handle,
        download: Download<'_>,
        valid: Duration,
    ) -> Result<String, StorageError> {
        Ok(self.signer.object_url(&id_of(handle)?, &download, valid))
    }

    async fn parts(&self, handle: &Handle) -> Result<BTreeMap<PartNumber, StoredPart>, StorageError> {
        let id = id_of(handle)?;
        self.blocking(move |storage| {
            let files = layout::part_files(&storage.layout.upload(&id))?.ok_or(StorageError::UnknownUpload)?;
            Ok(files.into_iter().map(|(number, file)| (number, file.part)).collect())
        })
        .await
    }

    async fn complete(&self, handle: &Handle, parts: &BTreeMap<PartNumber, StoredPart>) -> Result<(), StorageError> {
        let (id, token, parts) = (id_of(handle)?, handle.token.clone(), parts.clone());
        self.blocking(move |storage| {
            let _lock = storage.lock_of(&id);
            complete::complete(&storage.layout, &id, &token, &parts)
        })
        .await
    }

    async fn object(&self, handle: &Handle) -> Result<Option<Object>, StorageError> {
        let id = id_of(handle)?;
        self.blocking(move |storage| {
            let manifest = complete::Manifest::read(&storage.layout, &id)?;
            Ok(manifest.map(|complete::Manifest { token, size, etag, .. }| Object {
                size,
                etag,
                etag_is_digest: true,
                token: Some(token),
            }))
        })
        .await
    }

    async fn discard(&self, handle: &Handle) -> Result<(), StorageError> {
        let id = id_of(handle)?;
        self.blocking(move |storage| {
            let _lock = storage.lock_of(&id);
            complete::discard(&storage.layout, &id)
        })
        .await
    }

    async fn ready(&self) -> Result<(), StorageError> {
        self.blocking(|storage| {
            let probe = storage.layout.incoming().join(Id::random("probe").as_str());
            let written = File::create(&probe).and_then(|mut file| file.write_all(b"ready"));
            fs::remove_file(&probe)?;
            Ok(written?)
        })
        .await
    }
}
