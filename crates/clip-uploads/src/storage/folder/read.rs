//! Reading an object back.

use std::collections::VecDeque;
use std::io::{self, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::super::StorageError;
use super::FolderStorage;
use super::complete::Manifest;
use crate::domain::{ETag, Id};

/// How many bytes are read at a time.
const CHUNK: usize = 256 * 1024;

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
            let manifest = Manifest::read(&storage.layout, &id)?;
            Ok(manifest.map(|manifest| StoredObject { folder: storage.layout.object(&id), manifest }))
        })
        .await
    }
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

    /// The bytes of a range, in chunks. No more than one chunk is in memory.
    pub fn read(self, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        let mut pieces = VecDeque::new();
        let mut start = 0;
        for part in self.manifest.parts {
            let end = start + part.size;
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                pieces.push_back(Piece { path: self.folder.join(part.file), from: from - start, left: to - from });
            }
            start = end;
        }
        try_unfold((pieces, None), |(mut pieces, mut open)| async move {
            loop {
                match open {
                    Some((_, 0)) => open = None,
                    Some((file, left)) => {
                        let (chunk, file) = read_chunk(file, left).await?;
                        let left = left - chunk.len() as u64;
                        return Ok(Some((chunk, (pieces, Some((file, left))))));
                    }
                    None => match pieces.pop_front() {
                        Some(piece) => open = Some(piece.open().await?),
                        None => return Ok(None),
                    },
                }
            }
        })
    }
}

/// Bytes of one part's file.
struct Piece {
    path: PathBuf,
    from: u64,
    left: u64,
}

impl Piece {
    async fn open(self) -> io::Result<(File, u64)> {
        let mut file = File::open(self.path).await?;
        file.seek(SeekFrom::Start(self.from)).await?;
        Ok((file, self.left))
    }
}

async fn read_chunk(mut file: File, left: u64) -> io::Result<(Bytes, File)> {
    let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
    let mut buffer = BytesMut::zeroed(wanted);
    let read = file.read(&mut buffer).await?;
    if read == 0 {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a part is shorter than its manifest says"));
    }
    buffer.truncate(read);
    Ok((buffer.freeze(), file))
}
