//! Bodies that come in pieces: lines, and JSON values on lines.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use oas_wire::{Lines, integer};
use serde::de::DeserializeOwned;

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
    /// The stream broke off, and could not be had again.
    Refused(Box<crate::Error>),
}

impl fmt::Display for ItemError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(_) => formatter.write_str("the connection broke while items were coming"),
            Self::Decode { .. } => formatter.write_str("an item is not what the document describes"),
            Self::TooLong => formatter.write_str("an item is longer than 16 MiB"),
            Self::Refused(_) => formatter.write_str("the stream broke off, and could not be had again"),
        }
    }
}

impl std::error::Error for ItemError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connection(error) => Some(error),
            Self::Decode { error, .. } => Some(error),
            Self::TooLong => None,
            Self::Refused(error) => Some(&**error),
        }
    }
}

/// The bytes of an answer, fed to what reads them.
pub(crate) struct Feed {
    source: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    ended: bool,
}

impl Feed {
    pub(crate) fn new(source: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static) -> Self {
        Self { source: Box::pin(source), ended: false }
    }

    /// The next bytes; `None` at the end, and after an error.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, ItemError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let polled = ready!(self.source.as_mut().poll_next(context));
        self.ended = !matches!(polled, Some(Ok(_)));
        Poll::Ready(polled.map(|bytes| bytes.map_err(ItemError::Connection)))
    }

    /// Reads no more.
    pub(crate) fn end(&mut self) {
        self.ended = true;
    }
}

/// A stream of JSON values, one per line (`application/jsonl`, `application/x-ndjson`). Empty lines are skipped.
pub struct JsonLines<T> {
    feed: Feed,
    lines: Lines,
    item: PhantomData<fn() -> T>,
}

impl<T> JsonLines<T> {
    /// The values in a body.
    pub fn new(body: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static) -> Self {
        Self { feed: Feed::new(body), lines: Lines::default(), item: PhantomData }
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
            let line = match this.lines.next_line() {
                Ok(Some(line)) => line,
                Ok(None) => match ready!(this.feed.poll(context)) {
                    Some(Ok(bytes)) => {
                        this.lines.feed(&bytes);
                        continue;
                    }
                    Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                    None => match this.lines.rest() {
                        Some(rest) => rest,
                        None => return Poll::Ready(None),
                    },
                },
                Err(_) => {
                    this.feed.end();
                    return Poll::Ready(Some(Err(ItemError::TooLong)));
                }
            };
            if !line.trim().is_empty() {
                let read = integer::from_slice(line.as_bytes());
                return Poll::Ready(Some(read.map_err(|error| ItemError::Decode { text: line, error })));
            }
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
