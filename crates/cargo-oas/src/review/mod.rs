//! `cargo oas review`: what changes between two revisions of the OpenAPI documents, and who breaks.
//!
//! Flags are read here and git is asked; the work is done by `oas-review`.

mod bench;
mod call_sites;
mod cli;
mod git;
mod run;
mod side;
mod today;
mod versions;

use std::process::ExitCode;

pub use cli::{Cli, FailOn, Format};

use crate::Outcome;
use crate::failure::plain as failure;

/// Runs the command as a program of its own does, and says how it ended.
pub fn main(flags: &Cli) -> ExitCode {
    let is_fine = match flags.bench {
        Some(runs) => bench::run(flags, runs),
        None => run::run(flags),
    };
    crate::end(is_fine.map(|is_fine| if is_fine { Outcome::Fine } else { Outcome::Unwell }))
}
