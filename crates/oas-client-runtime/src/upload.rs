//! Bodies from files, with their length, and how far they have been sent.

use std::fmt;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

use crate::BoxError;

/// How much of a file is read at once.
const PIECE: usize = 64 * 1024;

/// What is told how many bytes were handed to the connection so far.
type Told = Arc<dyn Fn(u64) + Send + Sync>;

/// A body that is read while it is sent and says how long it is, so that it goes without chunks, which storage like S3
/// refuses; and that tells how far it is.
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// use oas_client_runtime::Upload;
///
/// let upload = Upload::file("holiday.mp4").await?;
/// let length = upload.length();
/// let upload = upload.on_progress(move |sent| println!("{sent} of {length} bytes"));
/// // client.put_blob().body(upload).send().await?;
/// # Ok(())
/// # }
/// ```
///
/// A body that is read while it is sent is sent once: retries and redirects that need it again are left to the caller.
pub struct Upload {
    source: Source,
    length: u64,
    sent: u64,
    told: Option<Told>,
}

enum Source {
    File(File, BytesMut),
    Bytes(Bytes),
}

impl Upload {
    /// The file at `path`, as long as it is now.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let file = File::open(path).await?;
        let length = file.metadata().await?.len();
        Ok(Self { source: Source::File(file, BytesMut::new()), length, sent: 0, told: None })
    }

    /// Bytes, which are not copied.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { length: bytes.len() as u64, source: Source::Bytes(bytes), sent: 0, told: None }
    }

    /// How long it is, in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Tells after each piece how many bytes were handed to the connection so far.
    #[must_use]
    pub fn on_progress(mut self, told: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.told = Some(Arc::new(told));
        self
    }

    /// The next piece; `None` at the end.
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let left = usize::try_from(self.length - self.sent).unwrap_or(usize::MAX).min(PIECE);
        if left == 0 {
            return Poll::Ready(None);
        }
        let (file, buffer) = match &mut self.source {
            Source::Bytes(bytes) => return Poll::Ready(Some(Ok(bytes.split_to(left)))),
            Source::File(file, buffer) => (file, buffer),
        };
        buffer.resize(left, 0);
        let mut read = ReadBuf::new(buffer);
        if let Err(error) = ready!(Pin::new(file).poll_read(context, &mut read)) {
            return Poll::Ready(Some(Err(error)));
        }
        let count = read.filled().len();
        if count == 0 {
            let reason = "the file has become shorter while it was sent";
            return Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, reason))));
        }
        Poll::Ready(Some(Ok(buffer.split_to(count).freeze())))
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let piece = match ready!(self.poll_piece(context)) {
            Some(Ok(piece)) => piece,
            Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
            None => return Poll::Ready(None),
        };
        self.sent += piece.len() as u64;
        if let Some(told) = &self.told {
            told(self.sent);
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.sent == self.length
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length - self.sent)
    }
}

impl From<Upload> for reqwest::Body {
    fn from(upload: Upload) -> Self {
        Self::wrap(upload)
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Upload").field("length", &self.length).field("sent", &self.sent).finish_non_exhaustive()
    }
}
