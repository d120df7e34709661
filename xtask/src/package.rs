//! `cargo xtask package`: packs every crate that is meant for others, as a registry would get it.
//!
//! Every package brings the licences, and `cargo-oas` the sources of the runtime crates. Cargo leaves out what lies above a
//! package, so they are put into it for the time of packing.

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

/// The licences, which every package brings along.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Packs them.
pub(crate) fn run(flags: &Package) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let packages = published(&root)?;
    let (names, folders): (Vec<String>, Vec<PathBuf>) = packages.into_iter().unzip();
    let staged = Staged::new(&root, &folders).map_err(|error| {
        let message = format!("cannot put licences and runtime crates into the packages: {error}");
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
fn published(root: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let mut command = cargo::command();
    command.args(["metadata", "--format-version=1", "--no-deps", "--quiet"]).current_dir(root);
    let output = command.output().map_err(|error| cargo::not_found(&error))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let open = packages.filter(|package| package["publish"].is_null());
    let named = open.filter_map(|package| {
        let folder = Path::new(package["manifest_path"].as_str()?).parent()?;
        Some((package["name"].as_str()?.to_owned(), folder.to_owned()))
    });
    let found: Vec<(String, PathBuf)> = named.collect();
    if found.is_empty() {
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(failure::plain("no-packages", "no package may be published", words));
    }
    Ok(found)
}

/// What packages have only while they are packed: licences, and the runtime crates beside the sources of their carrier.
struct Staged {
    licences: Vec<PathBuf>,
    runtimes: PathBuf,
}

impl Staged {
    fn new(root: &Path, folders: &[PathBuf]) -> io::Result<Self> {
        let runtimes = root.join("crates").join(CARRIER).join("runtimes");
        let mut staged = Self { licences: Vec::new(), runtimes };
        staged.clear()?;
        for folder in folders {
            for name in LICENCES {
                let to = folder.join(name);
                if !to.exists() {
                    fs::copy(root.join(name), &to)?;
                    staged.licences.push(to);
                }
            }
        }
        fs::create_dir_all(&staged.runtimes)?;
        fs::copy(root.join("Cargo.toml"), staged.runtimes.join("workspace.toml"))?;
        for name in RUNTIMES {
            let from = root.join("crates").join(name);
            let to = staged.runtimes.join(name);
            copy(&from.join("src"), &to.join("src"))?;
            // A folder with a `Cargo.toml` would be another package, and be left out.
            fs::copy(from.join("Cargo.toml"), to.join("manifest.toml"))?;
        }
        Ok(staged)
    }

    fn clear(&self) -> io::Result<()> {
        for path in &self.licences {
            fs::remove_file(path)?;
        }
        match fs::remove_dir_all(&self.runtimes) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // The next run replaces what stays.
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
