//! Opening the database and storage, and making sure that they belong together.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fs4::FileExt;

use super::{StartError, about};
use crate::config::{Place, Stores};
use crate::domain::secret;
use crate::metadata::Metadata;
use crate::storage::{Expected, FolderStorage, Handle, Storage, StorageError};

/// Whether a database may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Database {
    /// It is made when there is none.
    MayBeNew,
    /// It has to be there.
    MustExist,
}

/// The SQLite file that the options name; `None` for another database.
pub(super) fn sqlite_file(stores: &Stores) -> Result<Option<PathBuf>, StartError> {
    match stores.database.as_deref() {
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Ok(None),
        Some(url) => match url.strip_prefix("sqlite:") {
            Some(file) if !file.is_empty() => Ok(Some(file.into())),
            _ => Err(StartError::Usage(
                "--database begins with neither `sqlite:` nor `postgres://`, or names no file".to_owned(),
            )),
        },
        None => Ok(Some(stores.data.join("metadata.sqlite"))),
    }
}

/// The folder that the options name as storage; `None` for a bucket.
pub(super) fn storage_folder(stores: &Stores) -> Option<PathBuf> {
    match &stores.storage {
        None => Some(stores.data.join("storage")),
        Some(Place::Folder(folder)) => Some(folder.clone()),
        Some(Place::S3 { .. }) => None,
    }
}

/// Opens the database.
pub(super) async fn open_metadata(stores: &Stores, database: Database) -> Result<Metadata, StartError> {
    match (sqlite_file(stores)?, stores.database.as_deref()) {
        (Some(file), _) if database == Database::MustExist => Ok(Metadata::open_existing_sqlite(&file).await?),
        (Some(file), url) => {
            if url.is_none() {
                let folder = &stores.data;
                crate::storage::make_folder(folder).map_err(about(folder.display().to_string()))?;
            }
            Ok(Metadata::open_sqlite(&file).await?)
        }
        (None, url) => Ok(Metadata::connect_postgres(url.unwrap_or_default()).await?),
    }
}

/// Keeps a SQLite file for one process as long as the result lives: a second one would take its completions over.
/// PostgreSQL is for many.
pub(super) fn lock_database(stores: &Stores) -> Result<Option<File>, StartError> {
    let Some(file) = sqlite_file(stores)? else { return Ok(None) };
    let mut path = file.into_os_string();
    path.push(".lock");
    let path = Path::new(&path);
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let lock = lock.map_err(about(path.display().to_string()))?;
    match FileExt::try_lock(&lock) {
        Ok(()) => Ok(Some(lock)),
        Err(_) => Err(StartError::Usage(format!(
            "{} is in use by another process: a SQLite database is for one process, PostgreSQL is for many",
            path.with_extension("").display()
        ))),
    }
}

/// Opens storage, and the folder when it is one.
pub(super) async fn open_storage(
    stores: &Stores,
    metadata: &Metadata,
    public_url: &str,
) -> Result<(Arc<dyn Storage>, Option<FolderStorage>), StartError> {
    let Some(folder) = storage_folder(stores) else { return Ok((open_bucket(stores).await?, None)) };
    let linked = metadata.installation().await?.is_some_and(|installation| installation.linked != 0);
    let expected = match (linked, metadata.newest_stored().await?) {
        (true, _) => Expected::Identity,
        (false, Some(_)) => Expected::Objects,
        (false, None) => Expected::Nothing,
    };
    let storage = FolderStorage::open(&folder, public_url, expected).map_err(about(folder.display().to_string()))?;
    Ok((Arc::new(storage.clone()), Some(storage)))
}

/// Opens storage to read what is in it, also while a service runs on it.
pub(super) async fn open_storage_to_read(stores: &Stores) -> Result<Arc<dyn Storage>, StartError> {
    let Some(folder) = storage_folder(stores) else { return open_bucket(stores).await };
    let storage = FolderStorage::open_to_read(&folder).map_err(about(folder.display().to_string()))?;
    Ok(Arc::new(storage))
}

async fn open_bucket(stores: &Stores) -> Result<Arc<dyn Storage>, StartError> {
    match &stores.storage {
        Some(Place::S3 { bucket, prefix }) => open_s3(stores, bucket, prefix).await,
        _ => Err(StartError::Usage("--storage names no bucket".to_owned())),
    }
}

#[cfg(feature = "s3")]
async fn open_s3(stores: &Stores, bucket: &str, prefix: &str) -> Result<Arc<dyn Storage>, StartError> {
    let settings = crate::storage::S3Settings {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        endpoint: stores.s3_endpoint.clone(),
        region: stores.s3_region.clone(),
    };
    Ok(Arc::new(crate::storage::S3Storage::open(settings).await))
}

#[cfg(not(feature = "s3"))]
#[expect(clippy::unused_async, reason = "it is awaited with the feature")]
async fn open_s3(_stores: &Stores, _bucket: &str, _prefix: &str) -> Result<Arc<dyn Storage>, StartError> {
    Err(StartError::Usage("this build has no S3 storage; build it with `--features s3`".to_owned()))
}

/// Makes sure that database and storage belong together, and ties them together at the first start. Whoever goes on
/// with storage that is another one, or empty, takes every clip for lost.
pub(super) async fn link(metadata: &Metadata, storage: &dyn Storage) -> Result<(), StartError> {
    let theirs = storage.identity().await.map_err(|error| unreachable_storage(&error))?;
    let ours = metadata.installation().await?;
    match (ours, theirs) {
        (Some(ours), Some(theirs)) if ours.identity == theirs => Ok(metadata.mark_linked().await?),
        (Some(ours), None) if ours.linked == 0 => tie(metadata, storage, &ours.identity).await,
        (Some(_), None) => Err(StartError::Usage(
            "storage has no identity, but the database was used with storage that has one: it is another place, or it \
             was emptied. Nothing was changed"
                .to_owned(),
        )),
        (Some(_), Some(_)) => Err(StartError::Usage(
            "the database and storage do not belong together: each was used with another one. Check --data, --database \
             and --storage. Nothing was changed"
                .to_owned(),
        )),
        (None, Some(_)) => Err(StartError::Usage(
            "storage belongs to a database, and this one is new. Restore the database that was used with it, or make it \
             again from storage with `clip-uploads rebuild`. Nothing was changed"
                .to_owned(),
        )),
        (None, None) => {
            check_unidentified(metadata, storage).await?;
            metadata.propose_identity(&secret()).await?;
            // Another process may have been first.
            let identity = metadata.installation().await?.map(|installation| installation.identity);
            tie(metadata, storage, &identity.unwrap_or_default()).await
        }
    }
}

async fn tie(metadata: &Metadata, storage: &dyn Storage, identity: &str) -> Result<(), StartError> {
    storage.set_identity(identity).await.map_err(|error| unreachable_storage(&error))?;
    // Two databases that take one storage at the same time: one of them has to notice.
    if storage.identity().await.map_err(|error| unreachable_storage(&error))?.as_deref() != Some(identity) {
        return Err(StartError::Usage("another database has just taken this storage".to_owned()));
    }
    Ok(metadata.mark_linked().await?)
}

/// Neither has an identity: both are new, or from a version that gave none. Then what the database knows has to be there,
/// and the other way round.
async fn check_unidentified(metadata: &Metadata, storage: &dyn Storage) -> Result<(), StartError> {
    let Some(upload) = metadata.newest_stored().await? else {
        if storage.object_names().await.map_err(|error| unreachable_storage(&error))?.is_empty() {
            return Ok(());
        }
        return Err(StartError::Usage(
            "storage has clips, and the database knows none. Restore the database that was used with it, or make it \
             again from storage with `clip-uploads rebuild`. Nothing was changed"
                .to_owned(),
        ));
    };
    let handle = Handle::from(&upload);
    let there = match storage.object(&handle).await.map_err(|error| unreachable_storage(&error))? {
        Some(_) => true,
        None => match storage.parts(&handle).await {
            Ok(_) => true,
            Err(StorageError::UnknownUpload) => false,
            Err(error) => return Err(unreachable_storage(&error)),
        },
    };
    if there {
        return Ok(());
    }
    Err(StartError::Usage(format!(
        "storage does not have the upload {}, which the database knows: it is another place, or its volume is not \
         mounted. Nothing was changed",
        upload.upload_id
    )))
}

fn unreachable_storage(error: &StorageError) -> StartError {
    StartError::Io("storage".to_owned(), io::Error::other(error.to_string()))
}
