//! Numbers that only grow, whatever the clock does: a part that came later has a greater one.
//!
//! The file has the first number that nobody has used. Numbers are reserved in blocks, so that a part costs no sync for
//! its number; a restart leaves out what is left of a block.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::durable;

/// How many numbers are reserved at once.
const BLOCK: u64 = 1 << 20;

/// Numbers that only grow.
#[derive(Debug)]
pub(super) struct Sequence {
    file: PathBuf,
    state: Mutex<Reserved>,
}

/// Those that can be given away.
#[derive(Debug)]
struct Reserved {
    next: u64,
    end: u64,
}

impl Sequence {
    /// Goes on where an earlier process stopped. `highest` says which number was given away before there was this file.
    pub(super) fn open(root: &Path, highest: impl FnOnce() -> io::Result<u64>) -> io::Result<Self> {
        let file = root.join("sequence");
        let next = match fs::read_to_string(&file) {
            Ok(text) => text.trim().parse().map_err(|_| {
                let message = "sequence is damaged; delete it, and it is made anew from the parts that are there";
                io::Error::new(io::ErrorKind::InvalidData, message)
            })?,
            // Numbers were times once, so that they begin after the present and after every part that is there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => highest()?.max(nanoseconds()).saturating_add(1),
            Err(error) => return Err(error),
        };
        Ok(Self { file, state: Mutex::new(Reserved { next, end: next }) })
    }

    /// A number that is greater than every one before.
    pub(super) fn next(&self) -> io::Result<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.next == state.end {
            let end = state.next.saturating_add(BLOCK);
            durable::write_new(&self.file, |file| writeln!(file, "{end}"))?;
            state.end = end;
        }
        let number = state.next;
        state.next += 1;
        Ok(number)
    }
}

fn nanoseconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_grow_over_restarts() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut last = 0;
        for _ in 0..3 {
            let sequence = Sequence::open(folder.path(), || Ok(7)).expect("a sequence");
            for _ in 0..3 {
                let number = sequence.next().expect("a number");
                assert!(number > last);
                last = number;
            }
        }
        fs::remove_file(folder.path().join("sequence")).expect("removed");
        let ahead = u64::MAX / 2;
        let sequence = Sequence::open(folder.path(), || Ok(ahead)).expect("a sequence");
        assert_eq!(sequence.next().expect("a number"), ahead + 1);
    }
}
