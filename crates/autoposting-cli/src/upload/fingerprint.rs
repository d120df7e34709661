//! Whether a file is still what it was: a file that changes while it is uploaded would become a clip of two halves.

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// What changes when a file does. The time of the last change of its entry cannot be set back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Fingerprint {
    /// Of the file as it is now.
    pub(super) fn of(file: &Path) -> io::Result<Self> {
        let found = std::fs::metadata(file)?;
        Ok(Self {
            device: found.dev(),
            inode: found.ino(),
            size: found.size(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }
}
