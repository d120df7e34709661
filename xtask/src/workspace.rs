//! This workspace.

use std::path::{Path, PathBuf};

/// The root of the workspace that this program was built from, and in which alone it runs.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}
