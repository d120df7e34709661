//! Checksums of a part's blocks, kept after its bytes in the same file, so that a range can be checked by reading little
//! more than the range.
//!
//! They tell damage of the disk, which is not malice: CRC-32 is enough, and costs next to nothing. What is checked by
//! the MD5 of the whole part is checked by `clip-uploads scrub`.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

/// How many bytes have a checksum of their own.
pub(super) const BLOCK: u64 = 256 * 1024;

/// How many bytes a checksum has.
const WIDTH: u64 = 4;

/// Makes the checksums of bytes that come in pieces of any size.
#[derive(Debug, Default)]
pub(super) struct BlockSums {
    sums: Vec<u8>,
    open: crc32fast::Hasher,
    /// How many bytes of the open block there are.
    filled: u64,
}

impl BlockSums {
    /// Adds bytes.
    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = usize::try_from(BLOCK - self.filled).unwrap_or(usize::MAX).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.open.update(now);
            self.filled += now.len() as u64;
            if self.filled == BLOCK {
                self.close();
            }
            bytes = later;
        }
    }

    /// The checksums of all blocks, the last of which may be short.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.filled > 0 {
            self.close();
        }
        self.sums
    }

    fn close(&mut self) {
        let sum = std::mem::take(&mut self.open).finalize();
        self.sums.extend_from_slice(&sum.to_le_bytes());
        self.filled = 0;
    }
}

/// Where the checksums of a part's file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// After the bytes.
    After,
    /// Nowhere: the part is from before there were any.
    Nowhere,
}

/// Says whether the file of a part of `size` bytes has checksums; an error when it has neither length that it can have.
pub(super) fn kept(file: &File, size: u64) -> io::Result<Kept> {
    match file.metadata()?.len() {
        length if length == size + size.div_ceil(BLOCK) * WIDTH && size > 0 => Ok(Kept::After),
        length if length == size => Ok(Kept::Nowhere),
        length => Err(damaged(format!("a part of {size} bytes has a file of {length}"))),
    }
}

/// Reads the block with this index of a part of `size` bytes, and holds it against its checksum when there is one.
pub(super) fn read_block(file: &File, size: u64, index: u64, kept: Kept) -> io::Result<Vec<u8>> {
    let start = index * BLOCK;
    let mut block = vec![0; usize::try_from(BLOCK.min(size.saturating_sub(start))).unwrap_or_default()];
    file.read_exact_at(&mut block, start)?;
    if kept == Kept::After {
        let mut sum = [0; size_of::<u32>()];
        file.read_exact_at(&mut sum, size + index * WIDTH)?;
        if crc32fast::hash(&block) != u32::from_le_bytes(sum) {
            return Err(damaged(format!("bytes {start} to {} differ from their checksum", start + block.len() as u64)));
        }
    }
    Ok(block)
}

/// The error of bytes that are not those that were stored.
pub(super) fn damaged(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_flipped_bit_is_found_in_its_block_and_nowhere_else() {
        let block = usize::try_from(BLOCK).expect("it fits");
        let mut bytes = vec![7; 2 * block + 5];
        let size = bytes.len() as u64;
        let mut sums = BlockSums::default();
        for piece in bytes.chunks(1000) {
            sums.update(piece);
        }
        let sums = sums.finish();
        assert_eq!(sums.len(), 12);
        bytes[block + 9] ^= 1;
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&bytes).and_then(|()| file.write_all(&sums)).expect("room");
        let kept = kept(&file, size).expect("a good length");
        assert_eq!(kept, Kept::After);
        assert_eq!(read_block(&file, size, 0, kept).expect("a good block").len(), block);
        assert!(read_block(&file, size, 1, kept).is_err());
        assert_eq!(read_block(&file, size, 2, kept).expect("a good block"), [7; 5]);
        file.set_len(size).expect("cut");
        assert_eq!(super::kept(&file, size).expect("an old part"), Kept::Nowhere);
        file.set_len(size - 1).expect("cut");
        assert!(super::kept(&file, size).is_err());
    }
}
