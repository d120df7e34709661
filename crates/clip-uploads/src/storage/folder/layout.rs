//! Which file is where.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::{ETag, Id, PartNumber, StoredPart};

/// Which file is where.
#[derive(Debug)]
pub(super) struct Layout {
    root: PathBuf,
    last_sequence: AtomicU64,
}

/// The file of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartFile {
    /// Its name in the upload's folder.
    pub(super) name: String,
    /// What is in it.
    pub(super) part: StoredPart,
    /// A part that was uploaded later has a greater one.
    sequence: u64,
}

impl Layout {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), last_sequence: AtomicU64::new(0) }
    }

    pub(super) fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    pub(super) fn uploads(&self) -> PathBuf {
        self.root.join("uploads")
    }

    pub(super) fn objects(&self) -> PathBuf {
        self.root.join("objects")
    }

    pub(super) fn discarded(&self) -> PathBuf {
        self.root.join("discarded")
    }

    pub(super) fn folders(&self) -> [PathBuf; 4] {
        [self.incoming(), self.uploads(), self.objects(), self.discarded()]
    }

    pub(super) fn upload(&self, id: &Id) -> PathBuf {
        self.uploads().join(id.as_str())
    }

    pub(super) fn object(&self, id: &Id) -> PathBuf {
        self.objects().join(id.as_str())
    }

    /// The name of the file of a part that is uploaded now. It says what is in the file, so that listing the parts of
    /// an upload opens none of them; and it is new, so that a part is replaced without touching the file before it.
    pub(super) fn part_name(&self, number: PartNumber, part: &StoredPart) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        let next = |last: u64| Some(now.max(last.saturating_add(1)));
        let last = self.last_sequence.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next).unwrap_or_default();
        let sequence = next(last).unwrap_or(now);
        format!("{:05}-{sequence:020}-{}-{}", number.get(), part.size, part.etag)
    }
}

/// Reads the name of the file of a part; `None` when it is another file.
fn parse(name: &str) -> Option<(PartNumber, PartFile)> {
    let mut pieces = name.splitn(4, '-');
    let number = PartNumber::try_from(pieces.next()?.parse::<i64>().ok()?).ok()?;
    let sequence = pieces.next()?.parse().ok()?;
    let size = pieces.next()?.parse().ok()?;
    let etag = ETag::parse(pieces.next()?)?;
    Some((number, PartFile { name: name.to_owned(), part: StoredPart { etag, size }, sequence }))
}

/// The parts in a folder, the latest of each number; `None` when there is no such folder.
pub(super) fn part_files(folder: &Path) -> io::Result<Option<BTreeMap<PartNumber, PartFile>>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut files: BTreeMap<PartNumber, PartFile> = BTreeMap::new();
    for entry in entries {
        let Some((number, file)) = entry?.file_name().to_str().and_then(parse) else { continue };
        if files.get(&number).is_none_or(|known| known.sequence < file.sequence) {
            files.insert(number, file);
        }
    }
    Ok(Some(files))
}

/// Makes what was created, renamed or removed in a folder survive a loss of power.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_file_of_a_part_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let layout = Layout::new(folder.path());
        let number = PartNumber::try_from(3).expect("in range");
        let old = StoredPart { etag: ETag::parse("aa").expect("an ETag"), size: 1 };
        let new = StoredPart { etag: ETag::parse("bb").expect("an ETag"), size: 2 };
        for part in [&old, &new] {
            File::create(folder.path().join(layout.part_name(number, part))).expect("a file");
        }
        File::create(folder.path().join("manifest.json")).expect("a file");
        let files = part_files(folder.path()).expect("readable").expect("a folder");
        assert_eq!(files.into_iter().map(|(number, file)| (number, file.part)).collect::<Vec<_>>(), [(number, new)]);
        assert_eq!(part_files(&folder.path().join("absent")).expect("readable"), None);
    }
}
