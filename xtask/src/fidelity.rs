//! `cargo xtask fidelity`, a package of its own for the reason that the review is one: it stands on a validator.

use std::ffi::OsString;

use cargo_oas::{Outcome, cargo};
use oas_document::{Failure, Sources};

use crate::workspace;

/// Measures with these flags.
pub(crate) fn run(flags: &[OsString]) -> Result<Outcome, Failure> {
    let mut command = cargo::command();
    command.args(["run", "--quiet", "--package", "xtask-fidelity", "--manifest-path"]);
    command.arg(workspace::root().join("Cargo.toml")).arg("--").args(flags);
    match cargo::run(&mut command)?.code() {
        Some(0) => Ok(Outcome::Fine),
        Some(1) => Ok(Outcome::Unwell),
        // It has said why; there is nothing to add.
        _ => Err(Failure { sources: Sources::default(), diagnostics: Vec::new() }),
    }
}
