//! The folder that references to files stay below.

use std::fs;
use std::path::{Path, PathBuf};

use super::follow::normalise;

/// The root of the git repository that holds `folder`, or else `folder` itself: as a path that counts from where
/// `folder` counts from, so that messages are the same on every machine.
pub(super) fn default(folder: &Path) -> PathBuf {
    let Ok(real) = fs::canonicalize(folder) else { return folder.to_path_buf() };
    let mut shown = folder.to_path_buf();
    for ancestor in real.ancestors() {
        // In a worktree and in a submodule it is a file.
        if ancestor.join(".git").exists() {
            let shown = normalise(&shown);
            return if shown == Path::new("") { PathBuf::from(".") } else { shown };
        }
        shown.push("..");
    }
    folder.to_path_buf()
}
