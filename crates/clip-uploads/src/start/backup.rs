//! A copy of database and storage of one machine, made while the service runs; and back again.
//!
//! The database is copied first. What happens meanwhile is then in storage and not in the database, which is what a
//! restored database looks like in any case: the service adopts completions that it has forgotten. Files of storage are
//! never changed once they are in their place, so that what was copied before is not copied again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::stores::{Database, link, open_metadata, open_storage_to_read, sqlite_file, storage_folder};
use super::{StartError, about, print};
use crate::config::Stores;

const DATABASE: &str = "metadata.sqlite";
const STORAGE: &str = "storage";

/// What is copied of storage, in this order: parts are numbered, and no copy may have a part with a number that its
/// `sequence` gives away again.
const FOLDERS: [&str; 2] = ["uploads", "objects"];
const FILES: [&str; 3] = ["sequence", "url-signing.key", "identity"];

fn one_machine(stores: &Stores) -> Result<(PathBuf, PathBuf), StartError> {
    sqlite_file(stores)?.zip(storage_folder(stores)).ok_or_else(|| {
        StartError::Usage(
            "this is for SQLite and a folder; PostgreSQL and buckets have their own tools, such as pg_dump and versions"
                .to_owned(),
        )
    })
}

/// Copies database and storage.
pub(super) async fn back_up(stores: &Stores, to: &Path) -> Result<(), StartError> {
    let (_, storage) = one_machine(stores)?;
    let metadata = open_metadata(stores, Database::MustExist).await?;
    link(&metadata, open_storage_to_read(stores).await?.as_ref()).await?;
    let wrong = |path: &Path| about(path.display().to_string());
    crate::storage::make_folder(&to.join(STORAGE)).map_err(wrong(to))?;
    let (kept, fresh) = (to.join(DATABASE), to.join("metadata.sqlite.new"));
    remove_file(&fresh).map_err(wrong(&fresh))?;
    metadata.copy_to(&fresh).await?;
    metadata.close().await;
    fs::File::open(&fresh).and_then(|file| file.sync_all()).map_err(wrong(&fresh))?;
    let mut copied = 0;
    for folder in FOLDERS {
        copied += mirror(&storage.join(folder), &to.join(STORAGE).join(folder)).map_err(wrong(&storage))?;
    }
    drop_halves(&to.join(STORAGE)).map_err(wrong(to))?;
    for name in FILES {
        let target = to.join(STORAGE).join(name);
        copy_file(&storage.join(name), &target).map_err(wrong(&target))?;
    }
    sync(&to.join(STORAGE)).map_err(wrong(to))?;
    // Only now does the copy have everything that its database knows.
    fs::rename(&fresh, &kept).map_err(wrong(&kept))?;
    sync(to).map_err(wrong(to))?;
    print(&format!("{copied} files copied to {}\n", to.display()))
}

/// Copies a backup to where the service keeps its things.
pub(super) fn restore(stores: &Stores, from: &Path) -> Result<(), StartError> {
    let (database, storage) = one_machine(stores)?;
    let wrong = |path: &Path| about(path.display().to_string());
    if !from.join(DATABASE).is_file() || !from.join(STORAGE).join("identity").is_file() {
        return Err(StartError::Usage(format!("{} is no whole backup", from.display())));
    }
    for taken in [&database, &storage] {
        if taken.exists() {
            return Err(StartError::Usage(format!(
                "{} is there already; nothing is replaced: move it away first",
                taken.display()
            )));
        }
    }
    crate::storage::make_folder(&stores.data).map_err(wrong(&stores.data))?;
    crate::storage::make_folder(&storage).map_err(wrong(&storage))?;
    let mut copied = 0;
    for folder in FOLDERS {
        copied += mirror(&from.join(STORAGE).join(folder), &storage.join(folder)).map_err(wrong(&storage))?;
    }
    for name in FILES {
        copy_file(&from.join(STORAGE).join(name), &storage.join(name)).map_err(wrong(&storage))?;
    }
    copy_file(&from.join(DATABASE), &database).map_err(wrong(&database))?;
    for path in [&storage, &stores.data] {
        sync(path).map_err(wrong(path))?;
    }
    print(&format!("{copied} files restored; start the service on them\n"))
}

/// Removes the parts of uploads that were completed while they were copied: the object has all of them.
fn drop_halves(storage: &Path) -> io::Result<()> {
    for entry in fs::read_dir(storage.join("objects"))? {
        let name = entry?.file_name();
        let half = storage.join("uploads").join(&name);
        if half.is_dir() && storage.join("objects").join(&name).join("manifest.json").is_file() {
            fs::remove_dir_all(half)?;
        }
    }
    Ok(())
}

/// Makes a folder of folders the same as another one: what is new is copied, what is gone is removed. Returns
/// how many files were new.
fn mirror(from: &Path, to: &Path) -> io::Result<usize> {
    crate::storage::make_folder(to)?;
    let mut copied = 0;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copied += match mirror(&entry.path(), &target) {
                // It was completed or deleted meanwhile: then it is found where it went, or wanted no more.
                Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
                done => done?,
            };
        } else if !target.exists() {
            match copy_file(&entry.path(), &target) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => {
                    done?;
                    copied += 1;
                }
            }
        }
    }
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        if !from.join(entry.file_name()).exists() {
            if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
        }
    }
    sync(to)?;
    Ok(copied)
}

/// Copies a file. A link would be damaged together with what it is a backup of.
fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    let mut fresh = to.as_os_str().to_owned();
    fresh.push(".new");
    fs::copy(from, &fresh)?;
    fs::File::open(&fresh)?.sync_all()?;
    fs::rename(&fresh, to)
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}
