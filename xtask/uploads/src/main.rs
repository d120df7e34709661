//! `cargo xtask bench uploads`: how fast the upload service, the uploader and the generated code between them are.
//!
//! Every figure stands beside that of something well known, measured in turns with it: a machine that has other work to
//! do slows both down, and the ratio stays. What a peer is needed for that this machine lacks is left out, and said.

mod cli;
mod completions;
mod failure;
mod memory;
mod overhead;
#[path = "../../../crates/clip-uploads/tests/uploads/peers.rs"]
mod peers;
#[path = "../../../crates/clip-uploads/tests/uploads/postgres.rs"]
mod postgres;
mod process;
mod report;
mod service;
mod transfer;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Group};
use failure::Failure;
use report::Report;

fn main() -> ExitCode {
    let flags = Cli::parse();
    let mut report = Report::default();
    let done = run(&flags, &mut report);
    // What was measured before something failed is worth seeing; a reader that went away is no failure of ours.
    let _ = if flags.json { report.json(anstream::stdout()) } else { report.table(anstream::stdout()) };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(anstream::stderr(), "error: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Measures what was asked for, in the order of the table.
fn run(flags: &Cli, report: &mut Report) -> Result<(), Failure> {
    let wanted = |group: Group| flags.only.is_empty() || flags.only.contains(&group);
    if wanted(Group::Router) || wanted(Group::Client) {
        // One thread for the caller; whoever answers has another one.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        if wanted(Group::Router) {
            overhead::on_one_processor(|| runtime.block_on(overhead::router::run(flags.rounds, report)))??;
        }
        if wanted(Group::Client) {
            overhead::on_one_processor(|| runtime.block_on(overhead::client::run(flags.rounds, report)))??;
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if wanted(Group::Completions) {
        runtime.block_on(completions::run(flags.beside.as_deref(), report))?;
    }
    if wanted(Group::Transfer) {
        runtime.block_on(transfer::run(flags.size, report))?;
    }
    if wanted(Group::Memory) {
        runtime.block_on(memory::run(report))?;
    }
    Ok(())
}
