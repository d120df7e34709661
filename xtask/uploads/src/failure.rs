//! Why something cannot be measured.

/// Why something cannot be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The operating system refused something.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A program or a peer did not do what it is measured at.
    #[error("{0}")]
    Unexpected(String),
}

impl Failure {
    /// Something other than what was to be measured came about.
    pub(crate) fn unexpected(what: impl std::fmt::Display) -> Self {
        Self::Unexpected(what.to_string())
    }
}
