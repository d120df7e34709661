//! Bodies that come in pieces: lines, and JSON values on lines.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::whole;

/// The longest line that is kept in memory, in bytes.
const LONGEST: usize = 16 << 20;

/// An item of a stream cannot be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum ItemError {
    /// The connection broke.
    Connection(reqwest::Error),
    /// The item is not what the document describes.
    Decode {
        /// The item as it came.
        text: String,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// The item is longer than 16 MiB.
    TooLong,
}

impl fmt::Display for ItemError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(_) => formatter.write_str("the connection broke while items were coming"),
            Self::Decode { .. } => formatter.write_str("an item is not what the document describes"),
            Self::TooLong => formatter.write_str("an item is longer than 16 MiB"),
        }
    }
}

impl std::error::Error for ItemError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connection(error) => Some(error),
            Self::Decode { error, .. } => Some(error),
            Self::TooLong => None,
        }
    }
}

/// The bytes of an answer.
type Source = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// The lines of an answer, ended by LF, CR LF or CR.
pub(crate) struct Lines {
    source: Source,
    buffer: Vec<u8>,
    /// The first byte of the buffer that no line has taken yet.
    start: usize,
    /// How far the buffer was searched for the end of a line.
    searched: usize,
    /// The last line ended with CR: an LF behind it belongs to it.
    after_return: bool,
    ended: bool,
}

impl Lines {
    pub(crate) fn new(source: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static) -> Self {
        Self { source: Box::pin(source), buffer: Vec::new(), start: 0, searched: 0, after_return: false, ended: false }
    }

    /// The next line without its end; the last one may have none. What is not UTF-8 becomes U+FFFD.
    pub(crate) fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<String, ItemError>>> {
        loop {
            if let Some(line) = self.take_line() {
                return Poll::Ready(Some(Ok(line)));
            }
            if self.ended {
                let rest = self.buffer.split_off(self.start.min(self.buffer.len()));
                self.buffer.clear();
                (self.start, self.searched) = (0, 0);
                return Poll::Ready((!rest.is_empty()).then(|| Ok(String::from_utf8_lossy(&rest).into_owned())));
            }
            if self.buffer.len() - self.start > LONGEST {
                self.ended = true;
                self.buffer.clear();
                (self.start, self.searched) = (0, 0);
                return Poll::Ready(Some(Err(ItemError::TooLong)));
            }
            match ready!(self.source.as_mut().poll_next(context)) {
                Some(Ok(bytes)) => self.fill(&bytes),
                Some(Err(error)) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(ItemError::Connection(error))));
                }
                None => self.ended = true,
            }
        }
    }

    /// Adds bytes, and drops those that lines have taken.
    fn fill(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole line of the buffer.
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

/// A stream of JSON values, one per line (`application/jsonl`, `application/x-ndjson`). Empty lines are skipped.
pub struct JsonLines<T> {
    lines: Lines,
    item: PhantomData<fn() -> T>,
}

impl<T> JsonLines<T> {
    /// The values in a body.
    pub fn new(body: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static) -> Self {
        Self { lines: Lines::new(body), item: PhantomData }
    }
}

impl<T: DeserializeOwned> JsonLines<T> {
    /// The next value; `None` when the server has closed the stream.
    pub async fn next(&mut self) -> Option<Result<T, ItemError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: DeserializeOwned> Stream for JsonLines<T> {
    type Item = Result<T, ItemError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            return match ready!(this.lines.poll_line(context)) {
                None => Poll::Ready(None),
                Some(Err(error)) => Poll::Ready(Some(Err(error))),
                Some(Ok(line)) if line.trim().is_empty() => continue,
                Some(Ok(text)) => Poll::Ready(Some(
                    whole::from_slice(text.as_bytes()).map_err(|error| ItemError::Decode { text, error }),
                )),
            };
        }
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JsonLines")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A body that comes in these pieces.
    pub(crate) struct Pieces(pub(crate) VecDeque<Bytes>);

    impl Pieces {
        /// A text in pieces of `size` bytes.
        pub(crate) fn of(text: &str, size: usize) -> Self {
            Self(text.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect())
        }
    }

    impl Stream for Pieces {
        type Item = reqwest::Result<Bytes>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready(self.0.pop_front().map(Ok))
        }
    }

    #[tokio::test]
    async fn values_come_however_the_body_is_cut() {
        for size in 1..20 {
            let mut lines = JsonLines::<i64>::new(Pieces::of("1\n\n22\r\n  \n333\rx\n4", size));
            let mut seen = Vec::new();
            while let Some(item) = lines.next().await {
                seen.push(item.map_err(|error| match error {
                    ItemError::Decode { text, .. } => text,
                    other => other.to_string(),
                }));
            }
            assert_eq!(seen, [Ok(1), Ok(22), Ok(333), Err("x".to_owned()), Ok(4)], "pieces of {size}");
        }
    }

    #[tokio::test]
    async fn a_line_without_end_is_given_up() {
        let piece = Bytes::from(vec![b'1'; 1 << 20]);
        let mut lines = JsonLines::<i64>::new(Pieces(std::iter::repeat_n(piece, 20).collect()));
        assert!(matches!(lines.next().await, Some(Err(ItemError::TooLong))));
        assert!(lines.next().await.is_none());
    }
}
