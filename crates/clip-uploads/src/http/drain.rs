//! Bodies that are answered before they are read.
//!
//! A server that answers early and closes the connection on bytes it has not read makes the operating system reset it,
//! and the client loses the answer: browsers and Node report a broken pipe. So what is left of a body is read and
//! dropped, for as long as bytes come and not for ever. A client that asked whether to send its body is not told to.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// How long to read what is left of a body.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait for the next bytes of it.
const SILENCE: Duration = Duration::from_secs(5);

/// Serves a request, and looks after what is left of its body.
pub(super) async fn drain(request: Request, next: Next) -> Response {
    // Whoever waits for `100 Continue` has not sent the body yet, and does not when the answer says why not.
    let waits = request.headers().contains_key(header::EXPECT);
    let read = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let request = request.map(|inner| Body::new(Drained { inner, read: read.clone(), waits }));
    let mut response = next.run(request).await;
    if waits && !read.load(Ordering::Relaxed) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A body that is read to its end when it is dropped before.
struct Drained {
    inner: Body,
    read: Arc<AtomicBool>,
    waits: bool,
}

impl HttpBody for Drained {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) || self.inner.is_end_stream() {
            self.read.store(true, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        if self.waits || self.read.load(Ordering::Relaxed) {
            return;
        }
        let mut rest = std::mem::take(&mut self.inner);
        tokio::spawn(tokio::time::timeout(PATIENCE, async move {
            while let Ok(Some(Ok(_))) = tokio::time::timeout(SILENCE, rest.frame()).await {}
        }));
    }
}
