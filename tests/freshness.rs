//! The generated code in this repository is what its documents say, and `--check` finds what is not.
#![expect(clippy::disallowed_methods, reason = "tests spoil files")]

use std::fs;
use std::path::{Path, PathBuf};

use workspace_tests::program::{copy, files, root, run};

/// The generated files of the types package in a copy of the workspace.
const TYPES: &str = "crates/autoposting-types/src/generated";

#[test]
fn the_committed_code_is_fresh() {
    let ended = run(&root(), ["codegen", "--check"]);
    assert_eq!(ended.code, 0, "run `cargo xtask codegen` and commit what it writes\n{}", ended.stderr);
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let home = copy();
    assert_eq!(run(home.path(), ["codegen"]).code, 0);
    let before = times(home.path());
    let ended = run(home.path(), ["codegen"]);
    assert_eq!(ended.code, 0);
    assert!(ended.stderr.contains("nothing has changed"), "{}", ended.stderr);
    assert_eq!(times(home.path()), before, "no file was touched");
}

#[test]
fn a_check_names_all_that_is_not_fresh_and_writes_nothing() {
    let home = spoiled();
    let before = files(home.path());
    let ended = run(home.path(), ["codegen", "--check"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(files(home.path()), before, "a check writes nothing");
    insta::assert_snapshot!("check", totals_removed(&ended.stderr_in(home.path())));
}

#[test]
fn a_run_mends_what_a_check_found() {
    let home = spoiled();
    let ended = run(home.path(), ["codegen"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let ended = run(home.path(), ["codegen", "--check"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let orphan = home.path().join(TYPES).join("orphan.rs");
    assert!(!orphan.exists(), "orphans are removed");
}

#[test]
fn a_check_reports_to_machines() {
    let home = spoiled();
    let ended = run(home.path(), ["codegen", "--check", "--json"]);
    assert_eq!(ended.code, 1);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("standard output is JSON");
    assert_eq!(report["outcome"], "stale");
    let found = |path: &str| {
        let files = report["apis"][0]["files"].as_array().expect("a list of files");
        let file = files.iter().find(|file| file["path"] == format!("{TYPES}/{path}"));
        file.map(|file| file["found"].clone()).unwrap_or_default()
    };
    assert_eq!(found("mod.rs"), "stale");
    assert_eq!(found("credentials.rs"), "missing");
    assert_eq!(found("orphan.rs"), "orphaned");
}

#[test]
fn line_ends_of_another_system_are_named() {
    let home = copy();
    let path = home.path().join(TYPES).join("mod.rs");
    let text = fs::read_to_string(&path).expect("a generated file");
    fs::write(&path, text.replace('\n', "\r\n")).expect("written");
    let ended = run(home.path(), ["codegen", "--check"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("only the line ends differ"), "{}", ended.stderr);
}

#[test]
fn a_document_that_cannot_be_read_changes_nothing() {
    let home = spoiled();
    fs::write(home.path().join("openapi/openapi.json"), "{").expect("written");
    let before = files(home.path());
    let ended = run(home.path(), ["codegen"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert_eq!(files(home.path()), before);
}

/// A copy of the workspace in which one file is stale, one is missing and one is nobody's.
fn spoiled() -> tempfile::TempDir {
    let home = copy();
    let types = home.path().join(TYPES);
    let text = fs::read_to_string(types.join("mod.rs")).expect("a generated file");
    fs::write(types.join("mod.rs"), text.replace("mod ", "mod  ")).expect("written");
    fs::remove_file(types.join("credentials.rs")).expect("removed");
    fs::write(types.join("orphan.rs"), "// Left over.\n").expect("written");
    home
}

/// When each file was written last.
fn times(home: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    let paths = files(home).into_iter().map(|(path, _)| path);
    paths
        .map(|path| (path.clone(), fs::metadata(home.join(path)).and_then(|file| file.modified()).expect("a time")))
        .collect()
}

/// The report without counts that change whenever a document does.
fn totals_removed(report: &str) -> String {
    let lines = report.lines().map(|line| match (line.find("Failed "), line.find(" of "), line.find(" files")) {
        (Some(_), Some(of), Some(end)) => format!("      Failed ALL: 3{} ALL{}", &line[of..of + 3], &line[end..]),
        _ => line.to_owned(),
    });
    lines.map(|line| line + "\n").collect()
}
