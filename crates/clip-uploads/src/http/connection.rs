//! A connection, and how long it may wait for what: for the head of a request, for the next request, for a client that
//! does not take its answer.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How long a connection may wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For the head of a request, once it has begun.
    pub(super) head: Duration,
    /// For the next request.
    pub(super) keep_alive: Duration,
    /// For a client that does not take its answer.
    pub(super) idle: Duration,
}

/// What a connection does.
#[derive(Debug, Clone, Copy)]
enum Phase {
    /// The next request has not begun.
    Idle(Instant),
    /// The head of a request arrives.
    Head(Instant),
    /// A request is served; since when its answer is not taken.
    Serving(Option<Instant>),
}

/// What a connection does, for whoever has to end it.
#[derive(Debug, Clone)]
pub(super) struct Watch(Arc<Mutex<Phase>>);

impl Watch {
    /// A connection that was just accepted, and should say soon what it wants.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Phase::Head(Instant::now()))))
    }

    fn change(&self, change: impl FnOnce(Phase) -> Phase) {
        let mut phase = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *phase = change(*phase);
    }

    fn received(&self) {
        self.change(|phase| if matches!(phase, Phase::Idle(_)) { Phase::Head(Instant::now()) } else { phase });
    }

    fn wrote(&self, pending: bool) {
        self.change(|phase| match phase {
            Phase::Serving(since) if pending => Phase::Serving(since.or_else(|| Some(Instant::now()))),
            Phase::Serving(_) => Phase::Serving(None),
            other => other,
        });
    }

    /// A request has begun to be served. Dropped, it is served.
    pub(super) fn serving(&self) -> Serving {
        self.change(|_| Phase::Serving(None));
        Serving(self.clone())
    }

    /// Ready when the connection has waited for too long.
    pub(super) async fn overdue(&self, patience: Patience) {
        let Patience { head, keep_alive, idle } = patience;
        let tick = (head.min(keep_alive).min(idle) / 4).clamp(Duration::from_millis(20), Duration::from_secs(1));
        loop {
            let phase = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let (since, limit) = match phase {
                Phase::Idle(since) => (Some(since), keep_alive),
                Phase::Head(since) => (Some(since), head),
                Phase::Serving(since) => (since, idle),
            };
            if since.is_some_and(|since| since.elapsed() >= limit) {
                return;
            }
            tokio::time::sleep(tick).await;
        }
    }
}

/// A request that is being served, until its answer has left.
pub(super) struct Serving(Watch);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.change(|_| Phase::Idle(Instant::now()));
    }
}

/// The body of a request or of its answer; once both are gone, the next request is waited for.
pub(super) struct Watched {
    pub(super) inner: Body,
    pub(super) _serving: Arc<Serving>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The bytes of a connection, watched.
pub(super) struct Stream {
    pub(super) inner: TcpStream,
    pub(super) watch: Watch,
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.watch.received();
        }
        polled
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch.wrote(polled.is_pending());
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(context, pieces);
        self.watch.wrote(polled.is_pending());
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
