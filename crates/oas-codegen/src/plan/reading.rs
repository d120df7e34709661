//! What `codegen.toml` says of how values are read.

use serde::Deserialize;

/// How strictly a client reads answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// As servers really write: see the book.
    #[default]
    Lenient,
    /// Only what the document describes.
    Exact,
}

/// What becomes of members that the document does not describe, where it does not forbid them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownMembers {
    /// They are kept, and sent again.
    #[default]
    Kept,
    /// They are passed over.
    Dropped,
}
