//! Lines of a body that comes in pieces.

use std::fmt;

/// The longest line that is kept in memory, in bytes.
pub const LONGEST: usize = 16 << 20;

/// A line, or an event, is longer than [`LONGEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a line is longer than 16 MiB")
    }
}

impl std::error::Error for TooLong {}

/// Lines, ended by LF, CR LF or CR. What is not UTF-8 becomes U+FFFD.
///
/// ```
/// let mut lines = oas_wire::Lines::default();
/// lines.feed(b"one\r\ntw");
/// assert_eq!(lines.next_line(), Ok(Some("one".to_owned())));
/// assert_eq!(lines.next_line(), Ok(None));
/// lines.feed(b"o");
/// assert_eq!(lines.rest(), Some("two".to_owned()));
/// ```
#[derive(Debug, Default)]
pub struct Lines {
    buffer: Vec<u8>,
    /// The first byte of the buffer that no line has taken yet.
    start: usize,
    /// How far the buffer was searched for the end of a line.
    searched: usize,
    /// The last line ended with CR: an LF behind it belongs to it.
    after_return: bool,
}

impl Lines {
    /// Adds bytes, and drops those that lines have taken.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole line without its end; `None` when more bytes are needed.
    pub fn next_line(&mut self) -> Result<Option<String>, TooLong> {
        if let Some(line) = self.take_line() {
            return Ok(Some(line));
        }
        if self.buffer.len() - self.start > LONGEST {
            self.clear();
            return Err(TooLong);
        }
        Ok(None)
    }

    /// What stands behind the last end of a line; `None` when nothing does.
    pub fn rest(&mut self) -> Option<String> {
        let rest = self.buffer.split_off(self.start.min(self.buffer.len()));
        self.clear();
        (!rest.is_empty()).then(|| String::from_utf8_lossy(&rest).into_owned())
    }

    fn clear(&mut self) {
        self.buffer.clear();
        (self.start, self.searched) = (0, 0);
    }

    fn take_line(&mut self) -> Option<String> {
        if self.after_return && self.buffer.get(self.start).is_some() {
            self.after_return = false;
            if self.buffer.get(self.start) == Some(&b'\n') {
                self.start += 1;
                self.searched = self.searched.max(self.start);
            }
        }
        let found = self.buffer.get(self.searched..)?.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let Some(found) = found else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched + found;
        let line = String::from_utf8_lossy(self.buffer.get(self.start..end)?).into_owned();
        self.after_return = self.buffer.get(end) == Some(&b'\r');
        self.start = end + 1;
        self.searched = self.start;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_however_the_body_is_cut() {
        let text = b"1\n\n22\r\n  \n333\rx\n4";
        for size in 1..20 {
            let mut lines = Lines::default();
            let mut seen = Vec::new();
            for piece in text.chunks(size) {
                lines.feed(piece);
                while let Some(line) = lines.next_line().expect("short") {
                    seen.push(line);
                }
            }
            seen.extend(lines.rest());
            assert_eq!(seen, ["1", "", "22", "  ", "333", "x", "4"], "pieces of {size}");
        }
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut lines = Lines::default();
        lines.feed(&vec![b'1'; LONGEST]);
        assert_eq!(lines.next_line(), Ok(None));
        lines.feed(b"1");
        assert_eq!(lines.next_line(), Err(TooLong));
        assert_eq!(lines.rest(), None);
    }
}
