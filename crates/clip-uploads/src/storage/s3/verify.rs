//! Reading an object back to see whether it is whole.

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};

use super::super::{Handle, StorageError, Verdict};
use super::{S3Storage, meaning};
use crate::domain::{ETag, PartNumber, StoredPart};

/// Reads all bytes of an object, and holds each part against the ETag that it was stored with.
pub(super) async fn verify(
    storage: &S3Storage,
    handle: &Handle,
    parts: &BTreeMap<PartNumber, StoredPart>,
) -> Result<Verdict, StorageError> {
    let Some((object, _)) = storage.head(&handle.key).await? else {
        return Ok(Verdict::damaged(0, "there is no object"));
    };
    let size = parts.values().fold(0_u64, |sum, part| sum.saturating_add(part.size));
    if !parts.is_empty() && object.size != size {
        return Ok(Verdict::damaged(object.size, "the object has another size than its parts"));
    }
    let request = storage.client.get_object().bucket(&storage.bucket).key(storage.name(&handle.key));
    let mut body = request.send().await.map_err(meaning)?.body;
    let mut expected = parts.iter();
    let mut part = Open::next(&mut expected);
    while let Some(chunk) = body.next().await {
        let mut bytes: &[u8] = &chunk.map_err(StorageError::unavailable)?;
        while let Some(open) = &mut part {
            bytes = open.take(bytes);
            if open.left > 0 {
                break;
            }
            if open.differs(object.etag_is_digest) {
                return Ok(Verdict::damaged(
                    object.size,
                    &format!("part {}: the bytes differ from their MD5", open.number),
                ));
            }
            part = Open::next(&mut expected);
        }
    }
    if part.is_some() {
        return Ok(Verdict::damaged(object.size, "the object ends too early"));
    }
    Ok(Verdict::Whole(object.size))
}

/// A part that is being read.
struct Open<'a> {
    number: PartNumber,
    etag: &'a ETag,
    left: u64,
    md5: Md5,
}

impl<'a> Open<'a> {
    fn next(parts: &mut impl Iterator<Item = (&'a PartNumber, &'a StoredPart)>) -> Option<Self> {
        let (number, part) = parts.next()?;
        Some(Self { number: *number, etag: &part.etag, left: part.size, md5: Md5::new() })
    }

    /// Takes what belongs to this part, and returns the rest.
    fn take<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let own = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        self.md5.update(&bytes[..own]);
        self.left -= own as u64;
        &bytes[own..]
    }

    /// Whether the part's bytes are others than those of its ETag, where an ETag is a digest.
    fn differs(&self, etag_is_digest: bool) -> bool {
        etag_is_digest && ETag::of_md5(&self.md5.clone().finalize()) != *self.etag
    }
}
