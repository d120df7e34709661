//! A folder as storage: for one machine, without any other server.
//!
//! ```text
//! identity             which database the folder belongs to
//! lock                 held as long as a process uses the folder
//! sequence             the first number that no part has
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
mod durable;
mod layout;
mod read;
mod sequence;
mod sign;
mod signing_key;
mod sink;
mod storage;
mod sums;

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use fs4::FileExt;

use super::{Handle, StorageError};
use crate::domain::Id;
use layout::Layout;
use sequence::Sequence;

pub use read::StoredObject;
pub use sign::{Signed, Signer};
pub use signing_key::rotate as rotate_signing_key;
pub use sink::PartSink;

/// How many uploads can be completed or discarded at once.
const LOCKS: usize = 64;

/// A folder as storage.
#[derive(Debug, Clone)]
pub struct FolderStorage {
    layout: Arc<Layout>,
    signer: Arc<Signer>,
    sequence: Arc<Sequence>,
    /// Which database the folder belongs to, once that is known.
    identity: Arc<OnceLock<String>>,
    /// Completing and discarding take the lock of their upload; what they rename, nobody else renames meanwhile.
    locks: Arc<[Mutex<()>; LOCKS]>,
    /// Released by the operating system when the process ends, however it ends. Whoever only reads has none.
    _lock: Option<Arc<File>>,
}

/// What has to be in the folder already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: it is made when it is missing.
    Nothing,
    /// What a version left there that gave folders no identity.
    Objects,
    /// An identity.
    Identity,
}

impl FolderStorage {
    /// Takes a folder, makes what is missing in it, and removes what a killed process left half done. A folder that
    /// should be there and is not is never made: its volume is not mounted, and what it has is not lost.
    ///
    /// `public_url` is where callers reach this process, without a slash at the end.
    pub fn open(root: &Path, public_url: &str, expected: Expected) -> io::Result<Self> {
        let layout = Layout::new(root);
        expect(&layout, expected)?;
        make_folder(root)?;
        let lock = lock(root)?;
        for folder in [layout.incoming(), layout.discarded()] {
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
        }
        // They need no sync: nothing is promised before the identity is written, which is followed by one.
        for folder in layout.folders() {
            fs::create_dir_all(folder)?;
        }
        Self::over(layout, public_url, Some(Arc::new(lock)))
    }

    /// The folder of a service that may be running, to be read.
    pub fn open_to_read(root: &Path) -> io::Result<Self> {
        let layout = Layout::new(root);
        expect(&layout, Expected::Objects)?;
        Self::over(layout, "", None)
    }

    fn over(layout: Layout, public_url: &str, lock: Option<Arc<File>>) -> io::Result<Self> {
        let signer = Signer::new(signing_key::read(layout.root())?, public_url);
        let sequence = Sequence::open(layout.root(), || layout.highest_sequence())?;
        Ok(Self {
            layout: Arc::new(layout),
            signer: Arc::new(signer),
            sequence: Arc::new(sequence),
            identity: Arc::new(OnceLock::new()),
            locks: Arc::new([const { Mutex::new(()) }; LOCKS]),
            _lock: lock,
        })
    }

    /// Removes the folders of uploads that nobody knows: a process was killed after it made one. Only empty ones go:
    /// what has parts in it may be wanted by a database that is older than this folder.
    pub async fn remove_unknown(&self, known: HashSet<String>) -> Result<usize, StorageError> {
        self.blocking(move |storage| {
            let uploads = storage.layout.uploads();
            let unknown = layout::names(&uploads)?.into_iter().filter(|name| !known.contains(name));
            // Removing fails for whatever is not empty.
            Ok(unknown.filter(|name| fs::remove_dir(uploads.join(name)).is_ok()).count())
        })
        .await
    }

    /// Reads the keys that sign addresses again, when somebody has rotated them.
    pub fn refresh_signing_keys(&self) -> io::Result<()> {
        self.signer.replace_keys(signing_key::read(self.layout.root())?);
        Ok(())
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

    /// The identity that the folder has now.
    fn identity_now(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(self.layout.identity()) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An error unless the folder is still the one that belongs to the database. A volume that is no longer mounted
    /// looks like a folder that has nothing, from which nothing must be concluded.
    fn present(&self) -> Result<(), StorageError> {
        match self.identity.get() {
            Some(identity) if self.identity_now()?.as_ref() != Some(identity) => {
                Err(StorageError::unavailable(format!(
                    "{} is not the folder that belongs to the database: is its volume mounted?",
                    self.layout.root().display()
                )))
            }
            _ => Ok(()),
        }
    }

    /// What it means that an upload is not there.
    fn unknown(&self) -> StorageError {
        self.present().err().unwrap_or(StorageError::UnknownUpload)
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

/// Refuses a folder that does not have what it must have, before anything is made in it.
fn expect(layout: &Layout, expected: Expected) -> io::Result<()> {
    let (missing, what) = match expected {
        Expected::Nothing => return Ok(()),
        Expected::Objects => (!layout.objects().is_dir(), "no folder `objects`"),
        Expected::Identity => (!layout.identity().is_file(), "no file `identity`"),
    };
    if missing {
        let message = format!(
            "there is {what} in it, although the database knows uploads whose bytes are there. Is its volume mounted, \
             and is it the folder that this database was used with? Nothing was changed"
        );
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    }
    Ok(())
}

/// Storage ids come from the database; one that is none can only mean that there is no such upload.
fn id_of(handle: &Handle) -> Result<Id, StorageError> {
    Id::parse(&handle.id).ok_or(StorageError::UnknownUpload)
}
