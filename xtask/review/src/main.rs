//! `cargo xtask review`, which is `cargo oas review`.

use std::process::ExitCode;

use cargo_oas::program::{self, Program};
use cargo_oas::{panic, review};
use clap::Parser;

/// What is typed.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask review", bin_name = "cargo xtask review", version, max_term_width = 100)]
struct Xtask {
    #[command(flatten)]
    flags: review::Cli,
}

fn main() -> ExitCode {
    program::introduce(Program { name: "cargo xtask", runtimes: None });
    panic::keep_quiet();
    review::main(&Xtask::parse().flags)
}
