//! What every storage can do, done in a folder.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::time::Duration;

use async_trait::async_trait;

use super::super::{Download, Found, Handle, Object, PartRoom, Space, Storage, StorageError, Verdict};
use super::complete::{self, Manifest};
use super::{FolderStorage, durable, id_of, layout};
use crate::domain::{Id, PartNumber, StoredPart};

#[async_trait]
impl Storage for FolderStorage {
    async fn identity(&self) -> Result<Option<String>, StorageError> {
        self.blocking(|storage| {
            let identity = storage.identity_now()?;
            if let Some(identity) = &identity {
                let _ = storage.identity.set(identity.clone());
            }
            Ok(identity)
        })
        .await
    }

    async fn set_identity(&self, identity: &str) -> Result<(), StorageError> {
        let identity = identity.to_owned();
        self.blocking(move |storage| {
            durable::write_new(&storage.layout.identity(), |file| writeln!(file, "{identity}"))?;
            let _ = storage.identity.set(identity);
            Ok(())
        })
        .await
    }

    async fn open(&self, _handle: &Handle) -> Result<String, StorageError> {
        self.blocking(|storage| {
            let id = Id::random("parts");
            fs::create_dir(storage.layout.upload(&id))?;
            durable::sync_folder(&storage.layout.uploads())?;
            Ok(id.to_string())
        })
        .await
    }

    async fn presign_part(
        &self,
        handle: &Handle,
        part: PartNumber,
        room: PartRoom,
        valid: Duration,
    ) -> Result<String, StorageError> {
        Ok(self.signer.part_url(&id_of(handle)?, part, room, valid))
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
            let folder = storage.layout.upload(&id);
            let mut files = layout::part_files(&folder)?;
            if files.is_none() {
                let _lock = storage.lock_of(&id);
                complete::reopen(&storage.layout, &id)?;
                files = layout::part_files(&folder)?;
            }
            let files = files.ok_or_else(|| storage.unknown())?;
            Ok(files.into_iter().map(|(number, file)| (number, file.part)).collect())
        })
        .await
    }

    async fn complete(&self, handle: &Handle, parts: &BTreeMap<PartNumber, StoredPart>) -> Result<(), StorageError> {
        let (id, handle, parts) = (id_of(handle)?, handle.clone(), parts.clone());
        self.blocking(move |storage| {
            let _lock = storage.lock_of(&id);
            match complete::complete(&storage.layout, &id, &handle.token, &handle.origin, &parts) {
                Err(StorageError::UnknownUpload) => Err(storage.unknown()),
                done => done,
            }
        })
        .await
    }

    async fn object(&self, handle: &Handle) -> Result<Option<Object>, StorageError> {
        let id = id_of(handle)?;
        self.blocking(move |storage| {
            let manifest = Manifest::read(&storage.layout.object(&id))?;
            if manifest.is_none() {
                storage.present()?;
            }
            Ok(manifest.map(object_of))
        })
        .await
    }

    async fn discard(&self, handle: &Handle) -> Result<(), StorageError> {
        let id = id_of(handle)?;
        self.blocking(move |storage| {
            storage.present()?;
            let _lock = storage.lock_of(&id);
            complete::discard(&storage.layout, &id)
        })
        .await
    }

    async fn delete(&self, handle: &Handle) -> Result<(), StorageError> {
        let id = id_of(handle)?;
        self.blocking(move |storage| {
            storage.present()?;
            let _lock = storage.lock_of(&id);
            complete::delete(&storage.layout, &id)?;
            complete::discard(&storage.layout, &id)
        })
        .await
    }

    async fn verify(
        &self,
        handle: &Handle,
        _parts: &BTreeMap<PartNumber, StoredPart>,
    ) -> Result<Verdict, StorageError> {
        let id = id_of(handle)?;
        self.blocking(move |storage| {
            let verdict = storage.verify_object(&id)?;
            if matches!(verdict, Verdict::Damaged { .. }) {
                // What is not there because its volume went away is not damaged.
                storage.present()?;
            }
            Ok(verdict)
        })
        .await
    }

    async fn object_names(&self) -> Result<Vec<String>, StorageError> {
        self.blocking(|storage| Ok(layout::names(&storage.layout.objects())?)).await
    }

    async fn found(&self, name: &str) -> Result<Option<Found>, StorageError> {
        let Some(id) = Id::parse(name) else { return Ok(None) };
        self.blocking(move |storage| {
            let Some(manifest) = Manifest::read(&storage.layout.object(&id))? else { return Ok(None) };
            let Some(origin) = manifest.origin.clone() else { return Ok(None) };
            let key = format!("clips/{}", origin.clip_id);
            let handle = Handle { key, id: id.to_string(), token: manifest.token.clone(), origin };
            let part =
                |part: &complete::ManifestPart| (part.number, StoredPart { etag: part.etag.clone(), size: part.size });
            let parts = Some(manifest.parts.iter().map(part).collect());
            Ok(Some(Found { handle, parts, object: object_of(manifest) }))
        })
        .await
    }

    async fn space(&self) -> Result<Option<Space>, StorageError> {
        self.blocking(|storage| {
            let root = storage.layout.root();
            Ok(Some(Space { free: fs4::available_space(root)?, capacity: fs4::total_space(root)? }))
        })
        .await
    }

    async fn ready(&self) -> Result<(), StorageError> {
        self.blocking(|storage| {
            storage.present()?;
            let probe = storage.layout.incoming().join(Id::random("probe").as_str());
            let written = File::create(&probe).and_then(|mut file| file.write_all(b"ready"));
            fs::remove_file(&probe)?;
            Ok(written?)
        })
        .await
    }
}

fn object_of(manifest: Manifest) -> Object {
    let Manifest { token, size, etag, .. } = manifest;
    Object { size, etag, etag_is_digest: true, token: Some(token) }
}
