//! The lines that `--call-sites` reports are those that rustc refuses, and those that a person expects.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use workspace_tests::program::{ended, review, root};

use crate::revision::{self, PACKAGES};

/// The file of the consumer, below the workspace.
const CONSUMER: &str = "crates/consumer/src/lib.rs";

const CARGO_TOML: &str = r#"[package]
name = "consumer"
version = "0.1.0"
edition = "2024"

[dependencies]
shelter-client = { path = "../shelter-client" }
shelter-server = { path = "../shelter-server" }
"#;

const CONFIGURATION: &str = r#"[[api]]
name = "shelter"
document = "openapi/openapi.json"
types = "crates/shelter-types"
client = "crates/shelter-client"
server = "crates/shelter-server"
"#;

/// The revisions that the consumer says something about, each with the lines that it expects to be refused; one that
/// refuses nothing is there too.
fn expected(consumer: &str) -> BTreeMap<String, BTreeSet<u64>> {
    let mut expected = BTreeMap::from([("enum-value-added".to_owned(), BTreeSet::new())]);
    for (number, line) in (1..).zip(consumer.lines()) {
        let Some((_, revisions)) = line.split_once("//~") else { continue };
        let (refused, revisions) = revisions.strip_prefix('v').map_or((number, revisions), |rest| (number + 1, rest));
        for revision in revisions.strip_prefix(' ').into_iter().flat_map(|list| list.split(' ')) {
            expected.entry(revision.to_owned()).or_default().insert(refused);
        }
    }
    expected
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Case", "-c", "user.email=case@example.com", "-c", "commit.gpgsign=false"];
    let done = ended(Command::new("git").current_dir(folder).args(identity).args(arguments));
    assert!(done.code == 0, "{arguments:?}: {}", done.stderr);
}

/// A repository whose main branch holds the document, its packages and the consumer.
fn repository(folder: &Path, base: &Value, consumer: &str) {
    let _ = fs::remove_dir_all(folder.join(".git"));
    revision::put(folder, ".gitignore", "target\n");
    revision::put(folder, "openapi/codegen.toml", CONFIGURATION);
    revision::put(folder, "crates/consumer/Cargo.toml", CARGO_TOML);
    revision::put(folder, CONSUMER, consumer);
    let members = PACKAGES.map(|package| format!("crates/{}", package.name("shelter")));
    revision::workspace(folder, &[members.as_slice(), &["crates/consumer".to_owned()]].concat());
    at(folder, base);
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    git(folder, &["add", "."]);
    git(folder, &["commit", "--quiet", "--message", "Case"]);
}

/// Puts a document into the repository, and what it becomes.
fn at(folder: &Path, document: &Value) {
    revision::put(folder, "openapi/openapi.json", &format!("{document:#}"));
    revision::write(&revision::generated(document, "shelter"), folder);
}

/// The lines of the consumer that rustc refuses.
fn refused(folder: &Path) -> BTreeSet<u64> {
    let mut command = revision::cargo(folder);
    let checked = ended(command.args(["check", "--package", "consumer", "--quiet", "--message-format=json"]));
    let messages: Vec<Value> = checked.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let errors = messages.iter().map(|message| &message["message"]).filter(|message| message["level"] == "error");
    let spans = errors.filter_map(|error| error["spans"].as_array());
    let primary = spans.filter_map(|spans| spans.iter().find(|span| span["is_primary"] == true));
    let lines: BTreeSet<u64> = primary
        .inspect(|span| assert_eq!(span["file_name"], CONSUMER, "{span}"))
        .filter_map(|span| span["line_start"].as_u64())
        .collect();
    assert_eq!(lines.is_empty(), checked.code == 0, "{}", checked.stderr);
    lines
}

/// The lines of the consumer that the review reports.
fn reported(folder: &Path) -> BTreeSet<u64> {
    let mut command = Command::new(review());
    command.current_dir(folder).env("RUSTC_BOOTSTRAP", "1").env_remove("CARGO_TARGET_DIR");
    let done = ended(command.args(["--base", "main", "--call-sites", "--format", "json", "--fail-on", "never"]));
    assert_eq!(done.code, 0, "{}", done.stderr);
    let report: Value = serde_json::from_str(&done.stdout).expect("a report is JSON");
    let findings = report["findings"].as_array().expect("a list of findings");
    let sites = findings.iter().filter_map(|finding| finding["call_sites"].as_array()).flatten();
    sites
        .inspect(|site| assert_eq!(site["file"], CONSUMER, "{site}"))
        .filter_map(|site| site["line"].as_u64())
        .collect()
}

#[test]
fn call_sites_are_the_lines_that_rustc_refuses() {
    let consumer = fs::read_to_string(root().join("tests/cases/review-rust/consumer.rs")).expect("a file");
    let (base, folder) = (revision::base(), revision::scratch().join("call-sites"));
    repository(&folder, &base, &consumer);
    assert_eq!(refused(&folder), BTreeSet::new(), "before any revision");
    let mut differences = Vec::new();
    for (name, expected) in expected(&consumer) {
        let revised = revision::revised(&base, &root().join("tests/cases/review-rust").join(&name));
        revision::put(&folder, "openapi/openapi.json", &format!("{revised:#}"));
        let reported = reported(&folder);
        at(&folder, &revised);
        let refused = refused(&folder);
        if (&reported, &refused) != (&expected, &expected) {
            differences
                .push(format!("{name}: expected {expected:?}, rustc refuses {refused:?}, reported {reported:?}"));
        }
        at(&folder, &base);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
