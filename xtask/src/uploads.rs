//! `cargo xtask bench uploads`.
//!
//! The service, its storage and a validator are much to build, which regenerating must not have to. What measures them
//! is a package of its own, `xtask-uploads`; from here it is built together with the programs that it measures, and
//! gets the flags as they are.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use cargo_oas::{Outcome, cargo, failure};
use oas_document::{Failure, Sources};
use serde_json::Value;

use crate::workspace;

/// Measures with these flags.
pub(crate) fn bench(flags: &[OsString]) -> Result<Outcome, Failure> {
    let program = build()?;
    match cargo::run(Command::new(program).args(flags))?.code() {
        Some(0) => Ok(Outcome::Fine),
        // It has said why; there is nothing to add.
        _ => Err(Failure { sources: Sources::default(), diagnostics: Vec::new() }),
    }
}

/// Builds the programs for measurement; the one that measures. The others are beside it.
fn build() -> Result<PathBuf, Failure> {
    let mut command = cargo::command();
    command.args(["build", "--profile", "measured", "--message-format", "json-render-diagnostics"]);
    command.args(["--package", "xtask-uploads", "--package", "autoposting-cli"]);
    // The feature is one of the service; the others have none of this name.
    command.args(["--package", "clip-uploads", "--features", "s3"]);
    command.current_dir(workspace::root()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| cargo::not_found(&error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut built = messages.filter(|message| message["target"]["name"] == "xtask-uploads");
    let program = built.find_map(|message| message["executable"].as_str().map(PathBuf::from));
    program.filter(|_| output.status.success()).ok_or_else(|| {
        failure::plain("not-built", "the programs that are to be measured do not build", "cargo says why above")
    })
}
