//! `cargo xtask bless`: what is, becomes what is expected.

use oas_document::Failure;

use crate::cli::Codegen;
use crate::shell::{Shell, Verbosity};
use crate::{Outcome, cargo, codegen, failure};

/// Generates, then runs every test and has it write what it finds as what it expects.
///
/// Generated code comes first: snapshots are cut out of it, and tests compile it.
pub(crate) fn run() -> Result<Outcome, Failure> {
    let shell = Shell { verbosity: Verbosity::Normal };
    let root = cargo::workspace_root();
    codegen::run(&Codegen { root: Some(root.clone()), ..Codegen::default() })?;
    shell.status("Blessing", "`cargo test --workspace` with BLESS=1 and INSTA_UPDATE=always");
    let mut command = cargo::command();
    command.args(["test", "--workspace", "--no-fail-fast", "--quiet"]).current_dir(&root);
    command.env("BLESS", "1").env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1").env("TRYBUILD", "overwrite");
    if !cargo::run(&mut command)?.success() {
        let hint = "these tests fail for another reason than an expectation: see above";
        return Err(failure::plain("not-blessed", "some tests fail all the same", hint));
    }
    shell.status("Finished", "look at every changed expectation with `git diff` before you commit it");
    Ok(Outcome::Fine)
}
