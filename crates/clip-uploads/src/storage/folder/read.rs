//! Reading an object back, and checking that its bytes are those that were stored.
//!
//! What is read is held against the checksums of its blocks before it leaves, so that damage cuts a download short and
//! never passes for the video. A part from before there were checksums is held against its MD5 when all of it is read,
//! and its last bytes do not leave before.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::try_unfold;
use md5::{Digest as _, Md5};

use super::super::{StorageError, Verdict};
use super::FolderStorage;
use super::complete::{Manifest, ManifestPart};
use super::sums::{self, BLOCK, Kept, damaged};
use crate::domain::{ETag, Id};

/// A finished object.
#[derive(Debug)]
pub struct StoredObject {
    folder: PathBuf,
    manifest: Manifest,
}

impl FolderStorage {
    /// A finished object; `None` when there is none.
    pub async fn stored_object(&self, id: &Id) -> Result<Option<StoredObject>, StorageError> {
        let id = id.clone();
        self.blocking(move |storage| {
            let folder = storage.layout.object(&id);
            let manifest = Manifest::read(&folder)?;
            if manifest.is_none() {
                storage.present()?;
            }
            Ok(manifest.map(|manifest| StoredObject { folder, manifest }))
        })
        .await
    }

    /// Reads all of an object, and says whether its bytes are those that were stored.
    pub(super) fn verify_object(&self, id: &Id) -> Result<Verdict, StorageError> {
        let folder = self.layout.object(id);
        let manifest = match Manifest::read(&folder) {
            Ok(Some(manifest)) => manifest,
            Ok(None) => return Ok(Verdict::damaged(0, "there is no object")),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Ok(Verdict::damaged(0, &error.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        for part in &manifest.parts {
            if let Err(error) = verify_part(&folder.join(&part.file), part) {
                return match error.kind() {
                    io::ErrorKind::InvalidData | io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof => {
                        Ok(Verdict::damaged(manifest.size, &format!("part {}: {error}", part.number)))
                    }
                    _ => Err(error.into()),
                };
            }
        }
        Ok(Verdict::Whole(manifest.size))
    }
}

/// Reads a whole part, and holds it against its checksums and its MD5.
fn verify_part(path: &std::path::Path, part: &ManifestPart) -> io::Result<()> {
    let mut reading = Reading::open(Piece { path: path.to_owned(), part: part.clone(), range: 0..part.size })?;
    // A flipped bit in a checksum alone is damage too: the checksums of a part that has them are all read.
    let mut md5 = Md5::new();
    while let Some(bytes) = reading.next()? {
        md5.update(&bytes);
    }
    if ETag::of_md5(&md5.finalize()) == part.etag { Ok(()) } else { Err(damaged("the bytes differ from their MD5")) }
}

impl StoredObject {
    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.manifest.size
    }

    /// Its ETag.
    pub fn etag(&self) -> &ETag {
        &self.manifest.etag
    }

    /// The bytes of a range, in blocks. No more than one block is in memory. Damage is an error, before the bytes that
    /// are damaged.
    pub fn read(self, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        let mut pieces = VecDeque::new();
        let mut start = 0;
        for part in self.manifest.parts {
            let end = start + part.size;
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                pieces.push_back(Piece { path: self.folder.join(&part.file), range: from - start..to - start, part });
            }
            start = end;
        }
        try_unfold((pieces, None), |state| async move {
            let read = tokio::task::spawn_blocking(move || next_block(state));
            read.await.map_err(io::Error::other)?
        })
    }
}

type State = (VecDeque<Piece>, Option<Reading>);

fn next_block((mut pieces, mut open): State) -> io::Result<Option<(Bytes, State)>> {
    loop {
        if let Some(reading) = &mut open
            && let Some(bytes) = reading.next()?
        {
            return Ok(Some((bytes, (pieces, open))));
        }
        match pieces.pop_front() {
            Some(piece) => open = Some(Reading::open(piece)?),
            None => return Ok(None),
        }
    }
}

/// Bytes of one part.
struct Piece {
    path: PathBuf,
    part: ManifestPart,
    range: Range<u64>,
}

/// A part that is being read.
struct Reading {
    file: File,
    part: ManifestPart,
    kept: Kept,
    range: Range<u64>,
    /// The MD5 so far, where nothing else can tell damage and all of the part is read.
    md5: Option<Md5>,
}

impl Reading {
    fn open(piece: Piece) -> io::Result<Self> {
        let Piece { path, part, range } = piece;
        let file = File::open(path)?;
        let kept = sums::kept(&file, part.size)?;
        let whole = range == (0..part.size);
        Ok(Self { file, kept, range, md5: (kept == Kept::Nowhere && whole).then(Md5::new), part })
    }

    /// The next bytes of the range, from at most one block.
    fn next(&mut self) -> io::Result<Option<Bytes>> {
        if self.range.is_empty() {
            return Ok(None);
        }
        let index = self.range.start / BLOCK;
        let start = index * BLOCK;
        let block = Bytes::from(sums::read_block(&self.file, self.part.size, index, self.kept)?);
        let end = (start + block.len() as u64).min(self.range.end);
        let within = |offset: u64| usize::try_from(offset - start).unwrap_or_default();
        let bytes = block.slice(within(self.range.start)..within(end));
        self.range.start = end;
        if let Some(md5) = &mut self.md5 {
            md5.update(&bytes);
            if self.range.is_empty() && ETag::of_md5(&md5.clone().finalize()) != self.part.etag {
                return Err(damaged(format!("part {} differs from its MD5", self.part.number)));
            }
        }
        Ok(Some(bytes))
    }
}
