//! Files and folders that survive a loss of power.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Writes a file whole or not at all: beside its place first, then renamed into it. It is readable for this user alone.
pub(super) fn write_new(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut fresh = path.as_os_str().to_owned();
    fresh.push(".new");
    let fresh = Path::new(&fresh);
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(fresh)?;
    write(&mut file)?;
    file.sync_all()?;
    fs::rename(fresh, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes what was created, renamed or removed in a folder survive a loss of power.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
