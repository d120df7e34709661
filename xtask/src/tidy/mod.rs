//! `cargo xtask tidy`: what no compiler checks. The same checks run as a test.

mod cases;
mod names;
mod sources;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_oas::Outcome;
use cargo_oas::shell::{self, Shell, Verbosity};
use oas_document::Failure;

use crate::workspace;

/// Something that is not tidy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file, relative to the root.
    pub(crate) path: PathBuf,
    /// The line, from 1; 0 when the file as a whole is meant.
    pub(crate) line: usize,
    /// What is wrong, and what to do.
    pub(crate) message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, message } = self;
        match line {
            0 => write!(formatter, "{}: {message}", path.display()),
            line => write!(formatter, "{}:{line}: {message}", path.display()),
        }
    }
}

/// The workspace as the checks see it.
pub(crate) struct Tree {
    /// Its root.
    root: PathBuf,
    /// Every file of it, relative to the root, in order; without what is built or generated.
    files: Vec<PathBuf>,
}

impl Tree {
    /// Lists the files below `root`.
    pub(crate) fn new(root: &Path) -> Self {
        let mut files = Vec::new();
        let mut pending = vec![PathBuf::new()];
        while let Some(folder) = pending.pop() {
            let entries = fs::read_dir(root.join(&folder)).into_iter().flatten().filter_map(Result::ok);
            for entry in entries {
                let path = folder.join(entry.file_name());
                let name = entry.file_name();
                if name == "target" || name == ".git" || path.ends_with("src/generated") {
                    continue;
                }
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) { pending.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        Self { root: root.to_owned(), files }
    }

    /// The hand-written Rust files: cases are data.
    fn rust(&self) -> impl Iterator<Item = &Path> {
        let files = self.files.iter().map(PathBuf::as_path);
        files.filter(|path| path.extension().is_some_and(|end| end == "rs") && !path.starts_with("tests/cases"))
    }

    /// The text of a file; empty when it is none.
    fn text(&self, path: impl AsRef<Path>) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_default()
    }
}

/// Runs every check.
pub(crate) fn findings(tree: &Tree) -> Vec<Finding> {
    let mut findings = sources::check(tree);
    findings.extend(names::check(tree));
    findings.extend(cases::check(tree));
    findings.sort();
    findings
}

/// Runs the command.
#[expect(clippy::unnecessary_wraps, reason = "every command has this shape")]
pub(crate) fn run() -> Result<Outcome, Failure> {
    let shell = Shell { verbosity: Verbosity::Normal };
    let tree = Tree::new(&workspace::root());
    let findings = findings(&tree);
    for finding in &findings {
        shell::alarm("Untidy", finding);
    }
    if findings.is_empty() {
        shell.status("Finished", format_args!("{} files are tidy", tree.files.len()));
        return Ok(Outcome::Fine);
    }
    shell::alarm("Failed", format_args!("{} places are not tidy", findings.len()));
    Ok(Outcome::Unwell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        let findings = findings(&Tree::new(&workspace::root()));
        let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }
}
