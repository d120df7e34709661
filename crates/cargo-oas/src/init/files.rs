//! Files that `init` writes: each only where there is none, or added to where that takes nothing away.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use oas_codegen::GeneratedFile;
use oas_codegen::files::{self, Freshness};
use oas_document::Failure;

use crate::failure;

/// A file, and what stands in its place.
pub(super) struct PlannedFile {
    pub(super) file: GeneratedFile,
    pub(super) found: Freshness,
}

/// A file that is written only where there is none.
pub(super) fn new(path: impl AsRef<Path>, contents: impl Into<String>) -> Result<PlannedFile, Failure> {
    let found = match text(path.as_ref())? {
        Some(_) => Freshness::Fresh,
        None => Freshness::Missing,
    };
    Ok(PlannedFile { file: GeneratedFile { path: path.as_ref().to_owned(), contents: contents.into() }, found })
}

/// A copy of a file of the document, which must not be another one than what is there.
pub(super) fn copy(path: &Path, contents: &str) -> Result<PlannedFile, Failure> {
    match text(path)? {
        Some(there) if there != contents => {
            let message = format!("`{}` is there already, and is another document", path.display());
            let hint = format!(
                "a new revision of it replaces that file, and `cargo oas review` says what it changes; \
                 another API needs a file name of its own{}",
                if path.file_name().is_some_and(|name| name == "openapi.json") { ": rename it" } else { "" }
            );
            Err(failure::plain("other-document", message, hint))
        }
        _ => new(path, contents),
    }
}

/// The text of a file; `None` when it is not there.
pub(super) fn text(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let message = format!("cannot read `{}`: {error}", path.display());
            Err(failure::plain("unreadable-file", message, "move it away, or make it readable"))
        }
    }
}

/// Writes a file.
pub(super) fn write(planned: &PlannedFile) -> Result<(), Failure> {
    files::replace_for_people(&planned.file, Path::new(""))
        .map_err(|error| failure::plain("not-written", error.to_string(), "see that the folder can be written"))
}
