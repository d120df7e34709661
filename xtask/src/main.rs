//! The workspace's own commands: `cargo xtask --help`.
//!
//! Flags are read here; the work is done by the `oas-*` crates, which know nothing of flags.

mod bench;
mod bless;
mod cargo;
mod cli;
mod codegen;
mod corpus;
mod failure;
mod memory;
mod panic;
mod review;
mod shell;
mod tidy;
mod uploads;

use std::process::ExitCode;

use clap::Parser as _;
use oas_document::Failure;

use cli::{Cli, Command};
use shell::{Shell, Verbosity};

/// How a command ended. What kept it from running is a [`Failure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All is well.
    Fine,
    /// Something is not as it should be: the command's way of saying no.
    Unwell,
}

fn main() -> ExitCode {
    panic::keep_quiet();
    let command = Cli::parse().command;
    let json = matches!(&command, Command::Codegen(flags) if flags.json);
    match run(&command) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Unwell) => ExitCode::from(1),
        Err(failure) => {
            report(&failure, json);
            ExitCode::from(2)
        }
    }
}

/// Runs a command.
fn run(command: &Command) -> Result<Outcome, Failure> {
    match command {
        Command::Codegen(flags) => codegen::run(flags),
        Command::Review { flags } => review::run(flags),
        Command::Bless => bless::run(),
        Command::Corpus(flags) => corpus::run(flags),
        Command::Bench(flags) => bench::run(flags),
        Command::Tidy => tidy::run(),
    }
}

/// Says why a command could not run.
fn report(failure: &Failure, json: bool) {
    if json {
        codegen::print_failure(failure);
    } else {
        Shell { verbosity: Verbosity::Normal }.diagnostics(&failure.diagnostics, &failure.sources);
    }
}
