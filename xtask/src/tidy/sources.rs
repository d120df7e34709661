//! Sources: lengths, names of files, and what is not finished.

use std::path::Path;

use super::{Finding, Tree};

/// How many lines a file may have.
const LONGEST: usize = 600;

/// Names that say nothing.
const NAMELESS: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "stuff", "shared"];

/// Runs the checks.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let unfinished = unfinished();
    let mut findings = Vec::new();
    for path in tree.rust() {
        let text = tree.text(path);
        let lines = text.lines().count();
        let mut add = |line: usize, message: String| findings.push(Finding { path: path.to_owned(), line, message });
        if lines > LONGEST {
            add(0, format!("{lines} lines: split it by purpose, {LONGEST} are the most"));
        }
        if let Some(name) = nameless(path) {
            add(0, format!("`{name}` says nothing: name it after what it does"));
        }
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = unfinished.iter().find(|word| line.contains(word.as_str())) {
                add(index + 1, format!("`{word}` is left over: finish it, or open a question in CONTRIBUTING's way"));
            }
        }
    }
    findings
}

/// The part of a path that says nothing.
fn nameless(path: &Path) -> Option<&'static str> {
    let parts = path.iter().map(|part| part.to_string_lossy());
    let mut stems = parts.map(|part| part.strip_suffix(".rs").unwrap_or(&part).to_owned());
    stems.find_map(|stem| NAMELESS.into_iter().find(|name| *name == stem))
}

/// What finished code does not have; put together here, so that this file does not have it.
fn unfinished() -> Vec<String> {
    let mut words: Vec<String> = ["todo", "unimplemented", "dbg"].iter().map(|name| format!("{name}!(")).collect();
    words.extend(["TO", "FIX", "XX"].iter().zip(["DO", "ME", "X"]).map(|(start, end)| format!("// {start}{end}")));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_nothing_are_found() {
        assert_eq!(nameless(Path::new("crates/a/src/utils.rs")), Some("utils"));
        assert_eq!(nameless(Path::new("crates/a/src/common/mod.rs")), Some("common"));
        assert_eq!(nameless(Path::new("crates/a/src/commonmark.rs")), None);
    }
}
