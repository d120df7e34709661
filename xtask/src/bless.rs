//! `cargo xtask bless`: what is, becomes what is expected.

use std::path::Path;

use cargo_oas::cli::Codegen;
use cargo_oas::shell::{Shell, Verbosity};
use cargo_oas::{Outcome, cargo, codegen, failure};
use oas_document::Failure;

use crate::workspace;

/// The tests whose expectations are code that other tests compile.
const CODE: [&str; 3] = ["client", "server_cases", "types"];

/// Generates, then runs every test and has it write what it finds as what it expects.
///
/// Code comes first: snapshots are cut out of it, and no test runs while another does not compile.
pub(crate) fn run() -> Result<Outcome, Failure> {
    let shell = Shell { verbosity: Verbosity::Normal };
    let root = workspace::root();
    codegen::run(&Codegen { root: Some(root.clone()), ..Codegen::default() })?;
    shell.status("Blessing", "the code that is expected of cases");
    let code: Vec<&str> = CODE.iter().flat_map(|name| ["--test", *name]).collect();
    bless(&root, &[&["--package", "oas-codegen"], code.as_slice()].concat())?;
    shell.status("Blessing", "`cargo test --workspace` with BLESS=1 and INSTA_UPDATE=always");
    bless(&root, &["--workspace"])?;
    shell.status("Finished", "look at every changed expectation with `git diff` before you commit it");
    Ok(Outcome::Fine)
}

/// Runs tests that write what they expect.
fn bless(root: &Path, tests: &[&str]) -> Result<(), Failure> {
    let mut command = cargo::command();
    command.args(["test", "--no-fail-fast", "--quiet"]).args(tests).current_dir(root);
    command.env("BLESS", "1").env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1");
    if cargo::run(&mut command)?.success() {
        return Ok(());
    }
    let hint = "these tests fail for another reason than an expectation: see above";
    Err(failure::plain("not-blessed", "some tests fail all the same", hint))
}
