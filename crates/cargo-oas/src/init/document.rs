//! The document that a workspace starts from.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use oas_codegen::GeneratedFile;
use oas_document::{Diagnostic, Document, Failure, LoadOptions};

use crate::failure;

/// The largest document that is fetched, in bytes.
const LARGEST: &str = "104857600";

/// A document with all the files that it refers to.
pub(super) struct Brought {
    /// Where it was read.
    pub(super) path: PathBuf,
    pub(super) document: Document,
    pub(super) warnings: Vec<Diagnostic>,
    /// Its path below the folder that holds all of its files.
    pub(super) inside: PathBuf,
    /// Its files, relative to that folder.
    pub(super) files: Vec<GeneratedFile>,
    /// Keeps what was fetched until it is copied.
    _folder: Option<tempfile::TempDir>,
}

impl Brought {
    /// What the document calls itself.
    pub(super) fn title(&self) -> String {
        let title = self.document.root().to_json();
        title["info"]["title"].as_str().unwrap_or_default().to_owned()
    }
}

/// Reads the document at a path, or at an address when that is allowed.
pub(super) fn read(given: &str, fetch: bool) -> Result<Brought, Failure> {
    let (path, folder) = if is_address(given) {
        if !fetch {
            let hint = "--fetch fetches it, with curl; or save it and give the file";
            return Err(failure::plain("not-fetched", format!("`{given}` is an address, not a file"), hint));
        }
        let (path, folder) = fetched(given)?;
        (path, Some(folder))
    } else {
        (PathBuf::from(given), None)
    };
    let document = oas_document::load(&path, &LoadOptions { reference_root: None })?;
    let warnings = document.diagnostics().to_vec();
    let path = path.canonicalize().unwrap_or(path);
    let files = files(&document);
    let own =
        document.sources().iter().position(|(_, source)| source.path().canonicalize().is_ok_and(|one| one == path));
    let inside = own.and_then(|own| files.get(own)).map_or_else(PathBuf::new, |file| file.path.clone());
    Ok(Brought { path, document, warnings, inside, files, _folder: folder })
}

/// The files of a document, relative to the folder that holds all of them.
fn files(document: &Document) -> Vec<GeneratedFile> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let all: Vec<(PathBuf, &str)> =
        document.sources().iter().map(|(_, source)| (real(source.path()), source.text())).collect();
    let folder = all.iter().filter_map(|(path, _)| path.parent()).map(Path::to_owned).reduce(shared);
    let folder = folder.unwrap_or_default();
    let below = |path: PathBuf| path.strip_prefix(&folder).map(Path::to_owned).unwrap_or(path);
    all.into_iter().map(|(path, text)| GeneratedFile { path: below(path), contents: text.to_owned() }).collect()
}

/// The folder that holds both.
fn shared(one: PathBuf, other: PathBuf) -> PathBuf {
    one.components().zip(other.components()).take_while(|(one, other)| one == other).map(|(part, _)| part).collect()
}

fn is_address(given: &str) -> bool {
    let start = given.split_once("://").map_or("", |(scheme, _)| scheme);
    matches!(start.to_ascii_lowercase().as_str(), "https" | "http")
}

/// Fetches a document with curl, which every system has; a client of our own would be most of this program.
fn fetched(address: &str) -> Result<(PathBuf, tempfile::TempDir), Failure> {
    let problem = |message: String| failure::plain("not-fetched", message, "save it by hand, and give the file");
    let folder = tempfile::tempdir().map_err(|error| problem(format!("cannot make a temporary folder: {error}")))?;
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let plain = name.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '.' | '-' | '_'));
    let known = ["json", "yaml", "yml"].iter().any(|end| name.to_ascii_lowercase().ends_with(&format!(".{end}")));
    let name = if plain && known && !name.starts_with('.') { name } else { "openapi.json" };
    let path = folder.path().join(name);
    let mut command = Command::new("curl");
    command.args(["--fail", "--silent", "--show-error", "--location", "--proto", "=https", "--proto-redir", "=https"]);
    command.args(["--max-time", "120", "--max-filesize", LARGEST, "--output"]).arg(&path);
    command.arg("--").arg(address).stdin(Stdio::null());
    let output = command.output().map_err(|error| problem(format!("cannot run curl: {error}")))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(problem(format!("`{address}` cannot be fetched: {words}")));
    }
    Ok((path, folder))
}
