//! Which file is where.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::{ETag, Id, PartNumber, StoredPart};

/// Which file is where.
#[derive(Debug)]
pub(super) struct Layout {
    root: PathBuf,
}

/// The file of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartFile {
    /// Its name in the upload's folder.
    pub(super) name: String,
    /// What is in it.
    pub(super) part: StoredPart,
    /// A part that was uploaded later has a greater one.
    pub(super) sequence: u64,
}

impl Layout {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
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

    /// The file that says which database this storage belongs to.
    pub(super) fn identity(&self) -> PathBuf {
        self.root.join("identity")
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The greatest number in the name of any part.
    pub(super) fn highest_sequence(&self) -> io::Result<u64> {
        let mut highest = 0;
        for folder in [self.uploads(), self.objects()] {
            for upload in names(&folder)? {
                for file in names(&folder.join(upload))?.iter().filter_map(|name| parse(name)) {
                    highest = highest.max(file.1.sequence);
                }
            }
        }
        Ok(highest)
    }
}

/// The name of the file of a part. It says what is in the file, so that listing the parts of an upload opens none of
/// them; and it is new, so that a part is replaced without touching the file before it.
pub(super) fn part_name(number: PartNumber, sequence: u64, part: &StoredPart) -> String {
    format!("{:05}-{sequence:020}-{}-{}", number.get(), part.size, part.etag)
}

/// The names in a folder, in order; none when there is no such folder.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in entries(folder)?.into_iter().flatten() {
        names.extend(entry?.file_name().into_string().ok());
    }
    names.sort_unstable();
    Ok(names)
}

fn entries(folder: &Path) -> io::Result<Option<fs::ReadDir>> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(Some(entries)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads the name of the file of a part; `None` when it is another file.
pub(super) fn parse(name: &str) -> Option<(PartNumber, PartFile)> {
    let mut pieces = name.splitn(4, '-');
    let number = PartNumber::try_from(pieces.next()?.parse::<i64>().ok()?).ok()?;
    let sequence = pieces.next()?.parse().ok()?;
    let size = pieces.next()?.parse().ok()?;
    let etag = ETag::parse(pieces.next()?)?;
    Some((number, PartFile { name: name.to_owned(), part: StoredPart { etag, size }, sequence }))
}

/// Every file of a part in a folder, replaced ones included; `None` when there is no such folder.
pub(super) fn all_part_files(folder: &Path) -> io::Result<Option<Vec<(PartNumber, PartFile)>>> {
    let Some(entries) = entries(folder)? else { return Ok(None) };
    let mut files = Vec::new();
    for entry in entries {
        files.extend(entry?.file_name().to_str().and_then(parse));
    }
    Ok(Some(files))
}

/// The parts in a folder, the latest of each number; `None` when there is no such folder.
pub(super) fn part_files(folder: &Path) -> io::Result<Option<BTreeMap<PartNumber, PartFile>>> {
    Ok(all_part_files(folder)?.map(latest))
}

/// The latest file of each number.
pub(super) fn latest(all: Vec<(PartNumber, PartFile)>) -> BTreeMap<PartNumber, PartFile> {
    let mut files: BTreeMap<PartNumber, PartFile> = BTreeMap::new();
    for (number, file) in all {
        if files.get(&number).is_none_or(|known| known.sequence < file.sequence) {
            files.insert(number, file);
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_file_of_a_part_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let number = PartNumber::try_from(3).expect("in range");
        let old = StoredPart { etag: ETag::parse("aa").expect("an ETag"), size: 1 };
        let new = StoredPart { etag: ETag::parse("bb").expect("an ETag"), size: 2 };
        for (part, sequence) in [(&new, 10), (&old, 9)] {
            fs::File::create(folder.path().join(part_name(number, sequence, part))).expect("a file");
        }
        fs::File::create(folder.path().join("manifest.json")).expect("a file");
        let files = part_files(folder.path()).expect("readable").expect("a folder");
        assert_eq!(files.into_iter().map(|(number, file)| (number, file.part)).collect::<Vec<_>>(), [(number, new)]);
        assert_eq!(part_files(&folder.path().join("absent")).expect("readable"), None);
    }
}
