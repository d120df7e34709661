//! Accepting connections, and letting them end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as HyperService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use super::connection::{Patience, Stream, Watch, Watched};
use super::observe::Peer;

/// How much is read and waited for.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long the head of a request may take.
    pub head: Duration,
    /// How long a connection stays open between two requests.
    pub keep_alive: Duration,
    /// How long a client may send nothing of a part, or take nothing of an answer.
    pub idle: Duration,
    /// How long an answer may take.
    pub answer: Duration,
    /// The most bytes of a request, other than the bytes of parts.
    pub body: usize,
    /// How long the end of the process waits for requests and completions.
    pub stop: Duration,
    /// The origins whose pages may call.
    pub origins: Vec<HeaderValue>,
}

/// The most bytes of a request's head.
const MAX_HEAD: usize = 64 * 1024;

/// Serves until `stop` is ready; then no connection is accepted, and those that are open may end their request.
pub async fn serve(listener: TcpListener, router: Router, limits: &Limits, stop: impl Future<Output = ()>) {
    let mut builder = http1::Builder::new();
    // The watch below tells a head that takes long from a connection that waits for its next request.
    builder.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(MAX_HEAD);
    let patience = Patience { head: limits.head, keep_alive: limits.keep_alive, idle: limits.idle };
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // No file descriptors are left, or the client is gone already. Neither is a reason to stop.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let watch = Watch::new();
        let stream = Stream { inner: stream, watch: watch.clone() };
        let service = watched(router.clone(), address, watch.clone());
        let connection = connections.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke");
                },
                () = watch.overdue(patience) => tracing::debug!(%address, "a connection waited for too long"),
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.stop, connections.shutdown()).await.is_err() {
        tracing::warn!("stopping before every request is answered");
    }
}

/// The service of one connection.
fn watched(
    router: Router,
    address: SocketAddr,
    watch: Watch,
) -> impl HyperService<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> {
    service_fn(move |request: Request<Incoming>| {
        // Both bodies have to be done with: what is left of a request's body may be read after its answer.
        let serving = Arc::new(watch.serving());
        let incoming = |inner| Body::new(Watched { inner: Body::new(inner), _serving: Arc::clone(&serving) });
        let mut request = request.map(incoming);
        request.extensions_mut().insert(Peer(address));
        let served = router.clone().oneshot(request);
        async move { Ok(served.await?.map(|inner| Body::new(Watched { inner, _serving: serving }))) }
    })
}
