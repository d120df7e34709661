//! `cargo xtask review` and `cargo xtask bench review`.
//!
//! The review stands on a validator, which regenerating must not have to compile. It is a package of its own,
//! `xtask-review`; from here it is built when it is asked for, and gets the flags as they are.

use std::ffi::{OsStr, OsString};

use cargo_oas::{Outcome, cargo};
use oas_document::{Failure, Sources};

use crate::workspace;

/// Runs the review with these flags.
pub(crate) fn run(flags: &[OsString]) -> Result<Outcome, Failure> {
    start(flags)
}

/// Measures the review as [`run`] runs it: loading, comparing, judging and showing, with what changes in Rust.
pub(crate) fn bench(base: &OsStr, revision: &OsStr, runs: &OsStr) -> Result<Outcome, Failure> {
    let flags = ["--format", "json", "--base"].map(OsString::from);
    let mut flags = flags.to_vec();
    flags.extend([base.to_owned(), "--revision".into(), revision.to_owned(), "--bench".into(), runs.to_owned()]);
    start(&flags)
}

/// Asks the laws of the review about random pairs of schemas: `probes` for each law, of this seed.
pub(crate) fn probe(probes: u32, seed: u32) -> Result<Outcome, Failure> {
    let mut command = cargo::command();
    command.args(["test", "--quiet", "--profile", "reviewing", "--package", "oas-review", "--lib", "--manifest-path"]);
    command.arg(workspace::root().join("Cargo.toml")).args(["laws::probes", "--", "--nocapture"]);
    command.env("OAS_REVIEW_PROBES", probes.to_string()).env("OAS_REVIEW_SEED", seed.to_string());
    Ok(if cargo::run(&mut command)?.success() { Outcome::Fine } else { Outcome::Unwell })
}

fn start(flags: &[OsString]) -> Result<Outcome, Failure> {
    let mut command = cargo::command();
    command.args(["run", "--quiet", "--profile", "reviewing", "--package", "xtask-review", "--manifest-path"]);
    command.arg(workspace::root().join("Cargo.toml")).arg("--").args(flags);
    match cargo::run(&mut command)?.code() {
        Some(0) => Ok(Outcome::Fine),
        Some(1) => Ok(Outcome::Unwell),
        // It has said why; there is nothing to add.
        _ => Err(Failure { sources: Sources::default(), diagnostics: Vec::new() }),
    }
}
