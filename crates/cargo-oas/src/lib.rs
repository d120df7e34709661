//! The commands of `cargo oas`, as a library: flags are read and reports are printed here, the work is done by the
//! `oas-*` crates, which know nothing of either.
//!
//! Each command is a feature, so that a program that only regenerates compiles no validator.

pub mod cargo;
pub mod cli;
#[cfg(feature = "codegen")]
pub mod codegen;
pub mod config;
#[cfg(feature = "codegen")]
pub mod corpus;
#[cfg(feature = "codegen")]
pub mod embedded;
pub mod failure;
#[cfg(feature = "fidelity")]
pub mod fidelity;
#[cfg(feature = "codegen")]
pub mod init;
#[cfg(feature = "codegen")]
pub mod manifest;
pub mod memory;
pub mod panic;
pub mod program;
#[cfg(feature = "review")]
pub mod review;
pub mod shell;

use std::process::ExitCode;

use oas_document::Failure;

use shell::{Shell, Verbosity};

/// How a command ended. What kept it from running is a [`Failure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Fine,
    /// Something is not as it should be: the command's way of saying no.
    Unwell,
}

/// The exit code of a command: 0 all is well, 1 it says no, 2 it could not run. Says why it could not.
pub fn end(result: Result<Outcome, Failure>) -> ExitCode {
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Unwell) => ExitCode::from(1),
        Err(failure) => {
            Shell { verbosity: Verbosity::Normal }.diagnostics(&failure.diagnostics, &failure.sources);
            ExitCode::from(2)
        }
    }
}
