//! Runs cargo from here.

use std::ffi::OsString;
use std::process::{Command, ExitStatus};

use oas_document::Failure;

use crate::failure;

/// The cargo that runs this program, or the one on the path.
pub fn command() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// Runs a command whose output a person sees.
pub fn run(command: &mut Command) -> Result<ExitStatus, Failure> {
    command.status().map_err(|error| not_found(&error))
}

/// Cargo cannot be started.
pub fn not_found(error: &std::io::Error) -> Failure {
    failure::plain("no-cargo", format!("cannot run cargo: {error}"), "cargo must be on the path")
}
