//! Bytes that come while they are read.

use std::fmt;
use std::future::poll_fn;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncWriteExt as _;

/// The bytes of an answer.
type Source = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// The bytes of an answer, while they come.
pub struct ByteStream(Source);

impl ByteStream {
    pub(crate) fn new(source: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static) -> Self {
        Self(Box::pin(source))
    }

    /// The stream itself.
    pub fn into_inner(self) -> impl Stream<Item = reqwest::Result<Bytes>> + Send + Unpin {
        self.0
    }

    /// The next bytes; `None` when all have come.
    pub async fn next(&mut self) -> Option<reqwest::Result<Bytes>> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }

    /// All bytes at once.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn collect(mut self) -> reqwest::Result<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(bytes) = self.next().await {
            all.extend_from_slice(&bytes?);
        }
        Ok(all)
    }

    /// Writes the bytes into a file, and says how many there were. What breaks off leaves what had come.
    ///
    /// ```no_run
    /// # async fn example(bytes: oas_client_runtime::ByteStream) -> std::io::Result<()> {
    /// let count = bytes.save("clip.mp4").await?;
    /// println!("{count} bytes");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the file cannot be written, or the connection breaks.
    pub async fn save(mut self, path: impl AsRef<Path>) -> std::io::Result<u64> {
        let mut file = tokio::fs::File::create(path).await?;
        let mut count = 0;
        while let Some(bytes) = self.next().await {
            let bytes = bytes.map_err(|error| std::io::Error::other(error.without_url()))?;
            file.write_all(&bytes).await?;
            count += bytes.len() as u64;
        }
        file.flush().await?;
        Ok(count)
    }
}

impl crate::ResponseValue<ByteStream> {
    /// The bytes alone, while they come.
    pub fn into_inner_stream(self) -> impl Stream<Item = reqwest::Result<Bytes>> + Send + Unpin {
        self.into_inner().into_inner()
    }
}

impl Stream for ByteStream {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ByteStream")
    }
}
