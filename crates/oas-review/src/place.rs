//! Where something stands, as reports say it.

use std::path::Path;

use serde::Serialize;

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The JSON Pointer.
    pub pointer: String,
    /// The file, as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What stands there, cut when it is long.
    pub fragment: String,
}

/// A file as reports name it: relative to a root, and the same on every system.
pub(crate) fn shown_file(file: &Path, root: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/")
}
