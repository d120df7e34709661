//! Which way messages go.

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From a client to a server; members that are `readOnly` are absent.
    Request,
    /// From a server to a client; members that are `writeOnly` are absent.
    Response,
}

impl Direction {
    /// The word for the message: `request` or `response`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}
