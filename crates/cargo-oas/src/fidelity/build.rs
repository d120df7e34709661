//! Writes the program of a document, and builds it.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use oas_codegen::files::{self, EVERYTHING, Mode};
use oas_codegen::package::{PackageOptions, RuntimeSource};
use oas_document::Failure;
use oas_fidelity::Prepared;
use serde_json::Value;

use crate::{cargo, embedded, failure};

/// The runtime crates that generated code stands on.
const RUNTIMES: [&str; 3] = ["oas-types-runtime", "oas-client-runtime", "oas-server-runtime"];

/// Where packages find the runtime crates, and whether those have to be written beside them.
///
/// All programs share a target folder, in which cargo tells packages of one name apart by their versions.
pub(super) fn runtime(beside: Option<&Path>, scratch: &Path) -> (PackageOptions, bool) {
    let (folder, is_embedded) = match beside {
        Some(folder) => (folder.to_owned(), false),
        None => (PathBuf::from(".."), true),
    };
    let runtime = RuntimeSource::Path(folder);
    let place = scratch.to_string_lossy();
    let number = place.bytes().fold(7_u32, |number, byte| number.wrapping_mul(31).wrapping_add(byte.into()));
    (PackageOptions { version: format!("0.1.{number}"), runtime }, is_embedded)
}

/// Cargo's target folder: that of the workspace around.
pub(super) fn target() -> PathBuf {
    if let Some(folder) = std::env::var_os("CARGO_TARGET_DIR") {
        return PathBuf::from(folder);
    }
    let here = std::env::current_dir().unwrap_or_default();
    let root = here.ancestors().filter(|folder| folder.join("Cargo.toml").is_file()).last();
    root.unwrap_or(&here).join("target")
}

/// Writes all packages.
pub(super) fn write(scratch: &Path, prepared: &Prepared, is_embedded: bool) -> Result<(), Failure> {
    let mut members: Vec<&str> = prepared.packages.iter().map(|(name, _)| name.as_str()).collect();
    for (name, files) in &prepared.packages {
        // All of the folder is ours: what somebody changed in it is written anew, and what another document left goes.
        files::apply_owning(EVERYTHING, files, &scratch.join(name), Mode::Write)
            .map_err(|error| not_written(&error))?;
    }
    if is_embedded {
        for name in embedded::closure(RUNTIMES)? {
            let files = embedded::files(name)?;
            files::apply_owning("src", &files, &scratch.join(name), Mode::Write)
                .map_err(|error| not_written(&error))?;
            members.push(name);
        }
    }
    let mut workspace = oas_codegen::package::workspace(&members);
    // The same as in this workspace, so that what both depend on is built once.
    workspace.contents.push_str("\n[profile.dev]\ndebug = \"line-tables-only\"\n");
    // What is the same stays: cargo builds anew what is younger than what it was built into.
    let found = std::fs::read(scratch.join(&workspace.path)).unwrap_or_default();
    if found != workspace.contents.as_bytes() {
        files::replace_for_people(&workspace, scratch).map_err(|error| not_written(&error))?;
    }
    lock(scratch);
    Ok(())
}

/// Starts from the versions of the workspace around: they are on this machine already.
fn lock(scratch: &Path) {
    let own = scratch.join("Cargo.lock");
    let around = target().with_file_name("Cargo.lock");
    if !own.exists() && around.is_file() {
        // Without it cargo takes others, which is as well.
        let _ = std::fs::copy(around, own);
    }
}

fn not_written(error: &dyn std::fmt::Display) -> Failure {
    failure::plain("not-written", error.to_string(), "choose another folder: --scratch DIR")
}

/// Builds the program.
pub(super) fn build(scratch: &Path) -> Result<PathBuf, Failure> {
    let output = cargo::command()
        .args(["build", "--quiet", "--package", oas_fidelity::HARNESS])
        .args(["--message-format", "json-render-diagnostics", "--target-dir"])
        .arg(std::path::absolute(target()).unwrap_or_else(|_| target()))
        .current_dir(scratch)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| cargo::not_found(&error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut built = messages.filter(|message| message["target"]["name"] == oas_fidelity::HARNESS);
    let program = built.find_map(|message| message["executable"].as_str().map(PathBuf::from));
    program.filter(|_| output.status.success()).ok_or_else(|| {
        let message = format!("what was generated does not build in `{}`", scratch.display());
        failure::plain("not-built", message, "cargo says why above; please report it with the document")
    })
}
