//! Accepting connections, and letting them end.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

/// How much is read and waited for.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long the head of a request may take.
    pub head: Duration,
    /// How long a client may send nothing of a part.
    pub idle: Duration,
    /// How long an answer may take.
    pub answer: Duration,
    /// The most bytes of a request, other than the bytes of parts.
    pub body: usize,
    /// How long the end of the process waits for requests and completions.
    pub stop: Duration,
}

/// The most bytes of a request's head.
const MAX_HEAD: usize = 64 * 1024;

/// Serves until `stop` is ready; then no connection is accepted, and those that are open may end their request.
pub async fn serve(listener: TcpListener, router: Router, limits: &Limits, stop: impl Future<Output = ()>) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(MAX_HEAD);
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // No file descriptors are left, or the client is gone already. Neither is a reason to stop.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.stop, connections.shutdown()).await.is_err() {
        tracing::warn!("stopping before every request is answered");
    }
}
