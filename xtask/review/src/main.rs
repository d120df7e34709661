//! `cargo xtask review`: what changes between two revisions of the OpenAPI documents, and who breaks.
//!
//! Flags are read here and git is asked; the work is done by `oas-review`.

mod bench;
mod call_sites;
mod cli;
mod config;
mod git;
mod run;
mod side;
mod today;
mod versions;

use std::process::ExitCode;

use clap::Parser as _;
use oas_document::{Diagnostic, Failure, Sources};

fn main() -> ExitCode {
    let flags = cli::Cli::parse();
    let outcome = match flags.bench {
        Some(runs) => bench::run(&flags, runs),
        None => run::run(&flags),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            report(&failure);
            ExitCode::from(2)
        }
    }
}

/// A failure that is not about a document.
fn failure(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Failure {
    Failure { sources: Sources::default(), diagnostics: vec![Diagnostic::error(code, message).hint(hint)] }
}

/// Says why the command could not run.
fn report(failure: &Failure) {
    let style = oas_document::Style::Colour;
    let mut out = anstream::stderr();
    // Standard error may be closed; there is nobody left to tell.
    let _ = oas_document::render(&failure.diagnostics, &failure.sources, style, 120, &mut out);
}
