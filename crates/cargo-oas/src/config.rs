//! Finds and reads `openapi/codegen.toml`, and the overlays that it lists.

use std::fs;
use std::path::{Path, PathBuf};

use oas_codegen::config::{self, Config, Unknown};
use oas_codegen::plan::NamesLock;
use oas_document::Failure;

pub use oas_codegen::config::PATH;

use crate::failure;

/// The nearest folder upwards from `here` that has a configuration.
pub fn nearest_root(here: &Path) -> Option<PathBuf> {
    here.ancestors().find(|folder| folder.join(PATH).is_file()).map(Path::to_owned)
}

/// Reads the configuration below `root`.
///
/// # Errors
/// When it cannot be read, or is not as it should be.
pub fn read(root: &Path) -> Result<Config, Failure> {
    let path = root.join(PATH);
    let text = fs::read_to_string(&path).map_err(|error| {
        let message = format!("cannot read `{}`: {error}", path.display());
        failure::plain("unreadable-configuration", message, "it lists the documents to generate from")
    })?;
    config::parse(&text, Path::new(PATH), Unknown::Refuse)
}

/// The names that were given before, from a lock; none when the file is not there yet.
///
/// # Errors
/// When it cannot be read, or is no lock.
pub fn names(path: &Path) -> Result<NamesLock, Failure> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        // A document that was the only one of its folder has its names in the lock of the folder still.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let of_folder = path.with_file_name(config::LOCK);
            let is_other = of_folder != path && of_folder.is_file();
            return if is_other { names(&of_folder) } else { Ok(NamesLock::default()) };
        }
        Err(error) => {
            let message = format!("cannot read `{}`: {error}", path.display());
            return Err(failure::plain("invalid-lock", message, "it holds the names that were given before"));
        }
    };
    NamesLock::parse(&text).map_err(|line| {
        let hint = "keep one line for each key, of both sides of a merge; a key without a line is named anew";
        failure::plain("invalid-lock", format!("`{}`: {line}", path.display()), hint)
    })
}

/// The overlays that a list of files and folders below `root` stands for: those of a folder by their names.
///
/// # Errors
/// When a folder cannot be read.
pub fn overlays(root: &Path, listed: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    for path in listed {
        let path = root.join(path);
        if !path.is_dir() {
            all.push(path);
            continue;
        }
        let entries = fs::read_dir(&path).map_err(|error| {
            let message = format!("cannot read the folder `{}`: {error}", path.display());
            failure::plain("unreadable-overlays", message, "overlays are files, or folders of files")
        })?;
        let mut inside: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        inside.retain(|file| {
            let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default();
            ["yaml", "yml", "json"].contains(&end.to_ascii_lowercase().as_str())
        });
        inside.sort();
        all.extend(inside);
    }
    Ok(all)
}
