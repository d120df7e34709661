//! The workspace's own commands: `cargo xtask --help`.
//!
//! Those that people also have elsewhere, as `cargo oas`, come from that crate; the others serve this workspace alone.

mod bench;
mod bless;
mod cli;
mod compile;
mod fidelity;
mod package;
mod review;
mod tidy;
mod uploads;
mod workspace;

use std::process::ExitCode;

use cargo_oas::program::{self, Program};
use cargo_oas::{codegen, corpus, end, panic};
use clap::Parser as _;

use cli::{Cli, Command};

fn main() -> ExitCode {
    if let Some(code) = compile::as_wrapper() {
        return code;
    }
    program::introduce(Program { name: "cargo xtask", runtimes: Some(workspace::root().join("crates")) });
    panic::keep_quiet();
    match Cli::parse().command {
        Command::Codegen(flags) => codegen::main(&flags),
        Command::Review { flags } => end(review::run(&flags)),
        Command::Bless => end(bless::run()),
        Command::Fidelity { flags } => end(fidelity::run(&flags)),
        Command::Corpus(flags) => end(corpus::run(&flags)),
        Command::Bench(flags) => end(bench::run(&flags)),
        Command::Package(flags) => end(package::run(&flags)),
        Command::Tidy => end(tidy::run()),
    }
}
