//! Which way a message goes.

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From a client to a server.
    Request,
    /// From a server to a client.
    Response,
}
