//! `cargo xtask package`: packs every crate that is meant for others, as a registry would get it.
//!
//! `cargo-oas` carries the sources of the runtime crates. Cargo leaves out what lies above a package, so they are put
//! beside its sources for the time of packing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cargo_oas::embedded::RUNTIMES;
use cargo_oas::shell::{Shell, Verbosity};
use cargo_oas::{Outcome, cargo, failure};
use oas_document::Failure;
use serde_json::Value;

use crate::cli::Package;
use crate::workspace;

/// The package that carries sources of others.
const CARRIER: &str = "cargo-oas";

/// Packs them.
pub(crate) fn run(flags: &Package) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let names = published(&root)?;
    let staged = Staged::new(&root).map_err(|error| {
        let message = format!("cannot put the runtime crates beside `{CARRIER}`: {error}");
        failure::plain("not-staged", message, "see that the folder can be written")
    })?;
    let mut command = cargo::command();
    // What was staged is not committed, and never will be.
    command.args(["package", "--allow-dirty"]).current_dir(&root);
    if flags.no_verify {
        command.arg("--no-verify");
    }
    command.args(names.iter().flat_map(|name| ["--package", name.as_str()]));
    let status = cargo::run(&mut command)?;
    drop(staged);
    if !status.success() {
        return Ok(Outcome::Unwell);
    }
    let shell = Shell { verbosity: Verbosity::Normal };
    shell.status("Packed", format_args!("{}: they are in target/package", names.join(", ")));
    Ok(Outcome::Fine)
}

/// The members of the workspace that may be published, as their manifests say.
fn published(root: &Path) -> Result<Vec<String>, Failure> {
    let mut command = cargo::command();
    command.args(["metadata", "--format-version=1", "--no-deps", "--quiet"]).current_dir(root);
    let output = command.output().map_err(|error| cargo::not_found(&error))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let open = packages.filter(|package| package["publish"].is_null());
    let names: Vec<String> = open.filter_map(|package| package["name"].as_str().map(ToOwned::to_owned)).collect();
    if names.is_empty() {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(failure::plain("no-packages", "no package may be published", words));
    }
    Ok(names)
}

/// The runtime crates beside the sources of their carrier; taken away again when this ends.
struct Staged {
    folder: PathBuf,
}

impl Staged {
    fn new(root: &Path) -> io::Result<Self> {
        let folder = root.join("crates").join(CARRIER).join("runtimes");
        let staged = Self { folder };
        staged.clear()?;
        fs::create_dir_all(&staged.folder)?;
        fs::copy(root.join("Cargo.toml"), staged.folder.join("workspace.toml"))?;
        for name in RUNTIMES {
            let from = root.join("crates").join(name);
            let to = staged.folder.join(name);
            copy(&from.join("src"), &to.join("src"))?;
            // A folder with a `Cargo.toml` would be another package, and be left out.
            fs::copy(from.join("Cargo.toml"), to.join("manifest.toml"))?;
        }
        Ok(staged)
    }

    fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // What stays is ignored by git, and replaced by the next run.
        let _ = self.clear();
    }
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?
        } else {
            fs::copy(entry.path(), &target).map(drop)?
        }
    }
    Ok(())
}
