//! Making an object out of parts, and deleting parts.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::StorageError;
use super::durable::sync_folder;
use super::layout::{Layout, PartFile, parse, part_files};
use super::sums::damaged;
use crate::domain::{ETag, Id, Origin, PartNumber, StoredPart, whole_etag};
use crate::failpoint;

const MANIFEST: &str = "manifest.json";

/// What an object is made of. It is written once, and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) token: String,
    pub(super) size: u64,
    pub(super) etag: ETag,
    pub(super) parts: Vec<ManifestPart>,
    /// Whose it is. Manifests of earlier versions do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) origin: Option<Origin>,
}

/// One part of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ManifestPart {
    pub(super) number: PartNumber,
    pub(super) file: String,
    pub(super) size: u64,
    pub(super) etag: ETag,
}

impl Manifest {
    /// The manifest of an object; `None` when there is no such object. One that contradicts itself is damaged.
    pub(super) fn read(folder: &Path) -> io::Result<Option<Self>> {
        let text = match fs::read(folder.join(MANIFEST)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let manifest: Self =
            serde_json::from_slice(&text).map_err(|error| damaged(format!("the manifest is damaged: {error}")))?;
        if manifest.is_consistent() { Ok(Some(manifest)) } else { Err(damaged("the manifest contradicts itself")) }
    }

    /// Whether everything that is said twice is said alike: in the names of the files, in the sum, in the ETag.
    fn is_consistent(&self) -> bool {
        let named = |part: &ManifestPart| {
            parse(&part.file).is_some_and(|(number, file)| {
                number == part.number && file.part.size == part.size && file.part.etag == part.etag
            })
        };
        self.parts.iter().all(named)
            && self.size == self.parts.iter().fold(0_u64, |sum, part| sum.saturating_add(part.size))
            && whole_etag(self.parts.iter().map(|part| &part.etag)).as_ref() == Some(&self.etag)
    }

    fn of(token: &str, origin: &Origin, files: BTreeMap<PartNumber, PartFile>) -> Option<Self> {
        let etag = whole_etag(files.values().map(|file| &file.part.etag))?;
        let size = files.values().fold(0_u64, |sum, file| sum.saturating_add(file.part.size));
        let part = |(number, file): (PartNumber, PartFile)| {
            let StoredPart { etag, size } = file.part;
            ManifestPart { number, file: file.name, size, etag }
        };
        let parts = files.into_iter().map(part).collect();
        Some(Self { token: token.to_owned(), size, etag, parts, origin: Some(origin.clone()) })
    }

    fn has(&self, parts: &BTreeMap<PartNumber, StoredPart>) -> bool {
        self.parts.len() == parts.len()
            && self.parts.iter().all(|part| parts.get(&part.number).is_some_and(|wanted| wanted.etag == part.etag))
    }
}

/// Makes the object. Whoever calls it holds the upload's lock.
pub(super) fn complete(
    layout: &Layout,
    id: &Id,
    token: &str,
    origin: &Origin,
    parts: &BTreeMap<PartNumber, StoredPart>,
) -> Result<(), StorageError> {
    let folder = layout.object(id);
    if let Some(manifest) = Manifest::read(&folder)? {
        // Whoever wrote it may have been killed before it was synced, and before the rest was removed.
        sync_folder(&folder)?;
        remove_others(&folder, &manifest);
        let same = manifest.token == token && manifest.has(parts);
        return if same { Ok(()) } else { Err(StorageError::UnknownUpload) };
    }
    seal(layout, id)?;
    failpoint::pass("folder-sealed");
    let files = part_files(&folder)?.ok_or(StorageError::UnknownUpload)?;
    let differing = differing(&files, parts);
    if !differing.is_empty() {
        unseal(layout, id)?;
        return Err(StorageError::InvalidParts(differing));
    }
    let manifest = Manifest::of(token, origin, files)
        .ok_or_else(|| StorageError::InvalidParts(parts.keys().copied().collect()))?;
    write_manifest(&folder, &manifest)?;
    remove_others(&folder, &manifest);
    Ok(())
}

/// From here on there is an object. The steps are apart, so that tests can kill the process between them.
fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), StorageError> {
    let fresh = folder.join("manifest.json.new");
    let mut file = fs::File::create(&fresh)?;
    file.write_all(&serde_json::to_vec(manifest).map_err(StorageError::unavailable)?)?;
    file.sync_all()?;
    failpoint::pass("folder-manifest-written");
    fs::rename(fresh, folder.join(MANIFEST))?;
    failpoint::pass("folder-manifest-renamed");
    Ok(sync_folder(folder)?)
}

/// Takes back a seal without an object, which an earlier life of the database left behind: parts are there again.
pub(super) fn reopen(layout: &Layout, id: &Id) -> io::Result<()> {
    let sealed = layout.object(id);
    if sealed.is_dir() && Manifest::read(&sealed)?.is_none() { unseal(layout, id) } else { Ok(()) }
}

/// Renames the folder of the upload, unless it was renamed before: no part can be added or replaced from then on.
fn seal(layout: &Layout, id: &Id) -> Result<(), StorageError> {
    match fs::rename(layout.upload(id), layout.object(id)) {
        Ok(()) => failpoint::pass("folder-renamed"),
        Err(error) if error.kind() == io::ErrorKind::NotFound && layout.object(id).is_dir() => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(StorageError::UnknownUpload),
        Err(error) => return Err(error.into()),
    }
    // A rename that an earlier attempt made may not have been synced, so it is synced in either case.
    sync_folder(&layout.objects())?;
    sync_folder(&layout.uploads())?;
    Ok(())
}

/// Renames the folder back, so that parts can be uploaded again.
fn unseal(layout: &Layout, id: &Id) -> io::Result<()> {
    fs::rename(layout.object(id), layout.upload(id))?;
    sync_folder(&layout.uploads())?;
    sync_folder(&layout.objects())
}

fn differing(files: &BTreeMap<PartNumber, PartFile>, parts: &BTreeMap<PartNumber, StoredPart>) -> Vec<PartNumber> {
    let mut numbers: Vec<_> = files.keys().chain(parts.keys()).copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.retain(|number| files.get(number).map(|file| &file.part) != parts.get(number));
    numbers
}

/// Deletes parts that were replaced before the object was made. What cannot be deleted takes space and nothing else.
fn remove_others(folder: &Path, manifest: &Manifest) {
    let kept: std::collections::BTreeSet<_> = manifest.parts.iter().map(|part| part.file.as_str()).collect();
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(|name| name != MANIFEST && !kept.contains(name)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Deletes the parts of an upload. Whoever calls it holds the upload's lock. An object is never touched: it is in
/// another folder.
pub(super) fn discard(layout: &Layout, id: &Id) -> Result<(), StorageError> {
    remove(layout, id, &layout.uploads())
}

/// Deletes an object. Whoever calls it holds the upload's lock.
pub(super) fn delete(layout: &Layout, id: &Id) -> Result<(), StorageError> {
    remove(layout, id, &layout.objects())
}

/// Renames a folder away, so that it is gone at once, and removes what is in it.
fn remove(layout: &Layout, id: &Id, from: &Path) -> Result<(), StorageError> {
    let discarded = layout.discarded().join(id.as_str());
    match fs::rename(from.join(id.as_str()), &discarded) {
        // Where it went needs no sync: it is emptied at every start.
        Ok(()) => sync_folder(from)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    match fs::remove_dir_all(&discarded) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
