//! `cargo oas`: what people install.

use std::ffi::OsString;
use std::process::ExitCode;

use cargo_oas::{cli, end, panic, program};
use clap::Parser;

/// Rust crates from OpenAPI documents, and what changes in them means
#[derive(Debug, Parser)]
#[command(name = "cargo oas", bin_name = "cargo oas", version, max_term_width = 100)]
struct Cli {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

/// One command.
#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a workspace for an OpenAPI document, or add it to this one
    Init(cli::Init),
    /// Generate crates from OpenAPI documents: types, client, server and command line
    Codegen(cli::Codegen),
    /// Say what changes between two revisions of the documents, and who breaks
    Review(cargo_oas::review::Cli),
    /// Send values through generated types, client and server, and tell what they lose
    Fidelity(cargo_oas::fidelity::Cli),
    /// Generate from many documents, and tell what became of each
    Corpus(cli::Corpus),
}

fn main() -> ExitCode {
    program::introduce(program::OAS);
    panic::keep_quiet();
    match Cli::parse_from(arguments()).command {
        Command::Init(flags) => end(cargo_oas::init::run(&flags)),
        Command::Codegen(flags) => cargo_oas::codegen::main(&flags),
        Command::Review(flags) => cargo_oas::review::main(&flags),
        Command::Fidelity(flags) => end(cargo_oas::fidelity::run(&flags)),
        Command::Corpus(flags) => end(cargo_oas::corpus::run(&flags)),
    }
}

/// The arguments without the `oas` that cargo puts before those of `cargo oas`.
fn arguments() -> impl Iterator<Item = OsString> {
    let mut position = 0;
    std::env::args_os().filter(move |argument| {
        position += 1;
        position != 2 || argument != "oas"
    })
}
