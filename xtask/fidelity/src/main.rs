//! `cargo xtask fidelity`, which is `cargo oas fidelity`.

use std::path::Path;
use std::process::ExitCode;

use cargo_oas::program::{self, Program};
use cargo_oas::{end, fidelity, panic};
use clap::Parser;

/// What is typed.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask fidelity", bin_name = "cargo xtask fidelity", version, max_term_width = 100)]
struct Xtask {
    #[command(flatten)]
    flags: fidelity::Cli,
}

fn main() -> ExitCode {
    let runtimes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates");
    let runtimes = runtimes.canonicalize().unwrap_or(runtimes);
    program::introduce(Program { name: "cargo xtask", runtimes: Some(runtimes) });
    panic::keep_quiet();
    end(fidelity::run(&Xtask::parse().flags))
}
