//! Tests: every file of `tests/` is a test that runs, every stage with cases has one, every case has something in it.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Finding, Tree};

/// Runs the checks.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let manifest = tree.text("tests/Cargo.toml");
    let mut findings = Vec::new();
    let mut add = |path: &Path, message: String| findings.push(Finding { path: path.to_owned(), line: 0, message });
    let tests: String = tree.rust().filter(|path| path.starts_with("tests")).map(|path| tree.text(path)).collect();
    for path in tree.rust().filter(|path| path.parent() == Some(Path::new("tests"))) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let module = tests.contains(&format!("mod {stem};"));
        if !module && !manifest.contains(&format!("path = \"{name}\"")) {
            add(path, "no `[[test]]` of tests/Cargo.toml runs it".to_owned());
        }
    }
    let cases = Path::new("tests/cases");
    let inside = || tree.files.iter().filter_map(|path| path.strip_prefix(cases).ok());
    let stages: BTreeSet<_> = inside().filter_map(|path| path.iter().next()).collect();
    // A stage is tested beside what it tests: in `tests/`, or in a crate's folder of this name.
    let is_test = |path: &&Path| path.iter().any(|part| part == "tests") && !path.starts_with(cases);
    let all_tests: String = tree.rust().filter(is_test).map(|path| tree.text(path)).collect();
    for stage in stages {
        let stage = stage.to_string_lossy();
        let used = all_tests.contains(&format!("\"{stage}\"")) || all_tests.contains(&format!("cases/{stage}"));
        if !used {
            add(&cases.join(&*stage), "no test reads these cases".to_owned());
        }
    }
    findings
}
