//! The documents: paths, items and commands that they name exist.

use clap::{Arg, CommandFactory as _};

use super::{Finding, Tree};
use crate::cli::Cli;

/// The documents whose names are checked.
const DOCUMENTS: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "STYLE.md"];

/// Runs the checks.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let sources: String = tree.rust().map(|path| tree.text(path)).collect();
    let mut findings = Vec::new();
    for document in DOCUMENTS {
        let text = tree.text(document);
        if text.is_empty() {
            findings.push(Finding { path: document.into(), line: 0, message: "it is missing".to_owned() });
        }
        for (line, span) in spans(&text) {
            if let Some(message) = wrong(tree, &sources, span) {
                findings.push(Finding { path: document.into(), line, message });
            }
        }
    }
    findings
}

/// The code of a document with its lines: what stands between backticks, and each line of a `sh` block.
fn spans(text: &str) -> Vec<(usize, &str)> {
    let mut spans = Vec::new();
    let mut fence: Option<&str> = None;
    for (index, line) in text.lines().enumerate() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            fence = if fence.is_some() { None } else { Some(language) };
        } else if let Some(language) = fence {
            if matches!(language, "sh" | "console") {
                spans.push((index + 1, line.trim_start_matches("$ ")));
            }
        } else {
            spans.extend(line.split('`').skip(1).step_by(2).map(|span| (index + 1, span)));
        }
    }
    spans
}

/// What is wrong with a piece of code in a document.
fn wrong(tree: &Tree, sources: &str, span: &str) -> Option<String> {
    if let Some(words) = span.split("cargo xtask ").nth(1) {
        return unknown_command(words);
    }
    if let Some((first, last)) =
        span.split_once("::").zip(span.rsplit("::").next()).map(|((first, _), last)| (first, last))
    {
        let ours = tree.root.join("crates").join(first.replace('_', "-")).is_dir();
        let name = last.trim_end_matches("()");
        return (ours && !defines(sources, name)).then(|| format!("`{span}`: nothing is called `{name}`"));
    }
    let path = span.trim_end_matches('/');
    let plain = path.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '/' | '.' | '-' | '_'));
    let ours = ["crates/", "xtask/", "tests/", "openapi/", ".ci/"].iter().any(|start| path.starts_with(start));
    (plain && ours && !tree.root.join(path).exists()).then(|| format!("`{path}` does not exist"))
}

/// Whether the sources define something of this name.
fn defines(sources: &str, name: &str) -> bool {
    ["fn ", "struct ", "enum ", "trait ", "mod ", "const ", "type "].iter().any(|word| {
        let needle = format!("{word}{name}");
        let mut rest = sources;
        while let Some(at) = rest.find(&needle) {
            rest = rest.get(at + needle.len()..).unwrap_or_default();
            if !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_') {
                return true;
            }
        }
        false
    })
}

/// Whether `cargo xtask` takes these words: the command, and each flag.
fn unknown_command(words: &str) -> Option<String> {
    let mut command = Cli::command();
    let mut words =
        words.split_whitespace().map(|word| word.trim_matches(|one: char| !one.is_alphanumeric() && one != '-'));
    let first = words.next()?;
    command.build();
    let Some(mut current) = command.find_subcommand(first) else {
        return Some(format!("`cargo xtask {first}` does not exist"));
    };
    for word in words {
        if let Some(flag) = word.strip_prefix("--").filter(|flag| !flag.is_empty()) {
            let known = |argument: &Arg| argument.get_long() == Some(flag) || argument.is_allow_hyphen_values_set();
            // What a command passes on is for another program to know.
            let known = current.get_arguments().any(known);
            if !known && flag != "help" {
                return Some(format!("`cargo xtask {first}` has no `--{flag}`"));
            }
        } else if let Some(inner) = current.find_subcommand(word) {
            current = inner;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_held_against_the_flags() {
        assert_eq!(unknown_command("codegen --check"), None);
        assert!(unknown_command("codegen --chek").is_some());
        assert!(unknown_command("conjure").is_some());
        assert_eq!(unknown_command("bench codegen --runs 2"), None);
    }

    #[test]
    fn definitions_are_whole_words() {
        assert!(defines("pub fn settle(", "settle"));
        assert!(!defines("pub fn settled(", "settle"));
    }

    #[test]
    fn code_is_found_between_backticks_and_in_shell_blocks() {
        let text = "a `b` c `d`\n```sh\ncargo xtask tidy\n```\n```rust\nlet a;\n```\n";
        assert_eq!(spans(text), [(1, "b"), (1, "d"), (3, "cargo xtask tidy")]);
    }
}
