//! Documents that nothing can be generated from: one clear diagnostic each, exit code 2, and nothing is written.
#![expect(clippy::disallowed_methods, reason = "tests write documents")]

#[path = "refusals/refusal.rs"]
mod refusal;

use std::fs;
use std::path::Path;

use refusal::{arguments, generate, refusal};
use workspace_tests::cases;
use workspace_tests::program::{self, files, run};

/// What a good document begins with.
const HEAD: &str = r#"{"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {}, "x-deep": "#;

#[test]
fn every_refusal_says_where_it_is_and_what_to_do() {
    let (mut refused, mut lacking) = (0, Vec::new());
    for case in ["diagnostics", "load", "model", "overlay"].into_iter().flat_map(cases) {
        let home = tempfile::tempdir().expect("a folder");
        let mut command: Vec<String> = vec!["--json".to_owned()];
        for (path, bytes) in files(&case) {
            let target = home.path().join(&path);
            fs::create_dir_all(target.parent().expect("a folder")).expect("folders");
            fs::write(target, bytes).expect("copied");
            if path.to_string_lossy().starts_with("overlay") {
                command.extend(["--overlay".to_owned(), path.display().to_string()]);
            }
        }
        let name = case.display();
        let document = ["document.json", "document.yaml"].iter().find(|name| case.join(name).is_file());
        let document = document.unwrap_or_else(|| panic!("{name}: no document"));
        let ended = run(home.path(), arguments(document, None).into_iter().chain(command));
        let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("standard output is JSON");
        if report["outcome"] != "failed" {
            assert_eq!(ended.code, 0, "{name}: {}", ended.stderr);
            continue;
        }
        refused += 1;
        assert_eq!(ended.code, 2, "{name}: {}", ended.stderr);
        assert!(!home.path().join("out").exists(), "{name}: something was written");
        let errors = report["diagnostics"].as_array().expect("a list").iter().filter(|one| one["severity"] == "error");
        for error in errors {
            // What is about a file as a whole names it; what sums up has no place of its own.
            let has_place = error["place"]["line"].is_u64() && error["place"]["column"].is_u64()
                || error["message"].as_str().is_some_and(|message| message.contains(document));
            let has_hint = error["hint"].as_str().is_some_and(|hint| !hint.is_empty());
            if !has_hint || !(has_place || error["code"] == "denied") {
                lacking.push(format!("{name}: {error}"));
            }
        }
    }
    assert!(lacking.is_empty(), "{lacking:#?}");
    assert!(refused > 60, "only {refused} cases were refused");
}

#[test]
fn an_empty_file_is_refused() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("document.json"), "").expect("written");
    insta::assert_snapshot!(refused(home.path()));
}

#[test]
fn a_folder_is_refused() {
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join("document.json")).expect("a folder");
    insta::assert_snapshot!(refused(home.path()));
}

#[test]
fn a_file_that_is_not_there_is_refused() {
    let home = tempfile::tempdir().expect("a folder");
    insta::assert_snapshot!(refused(home.path()));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("document.json"), b"{\"openapi\": \"\xff\xfe\"}").expect("written");
    insta::assert_snapshot!(refused(home.path()));
}

#[test]
fn ten_thousand_levels_are_refused() {
    let home = tempfile::tempdir().expect("a folder");
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    fs::write(home.path().join("document.json"), format!("{HEAD}{open}{close}}}")).expect("written");
    insta::assert_snapshot!(refused(home.path()));
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let home = tempfile::tempdir().expect("a folder");
    let document = home.path().join("document.json");
    fs::write(&document, "{}").expect("written");
    let permit =
        |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permitted");
    permit(&document, 0o000);
    permit(home.path(), 0o755);
    let copy = home.path().join("xtask");
    // By another process: what this one has open for writing, a child of another test may have open while it is run.
    let copied = program::ended(std::process::Command::new("cp").arg(program::xtask()).arg(&copy));
    assert_eq!(copied.code, 0, "{}", copied.stderr);
    let mut command = std::process::Command::new(&copy);
    command.args(arguments("document.json", None)).current_dir(home.path()).env("NO_COLOR", "1");
    if fs::read(&document).is_ok() {
        // Root may read everything, so somebody else tries: this is the number of `nobody`.
        command.uid(65_534);
    }
    let ended = program::ended(&mut command);
    fs::remove_file(&copy).expect("removed");
    permit(&document, 0o644);
    insta::assert_snapshot!(refusal("permission", home.path(), &ended));
}

#[test]
fn a_refusal_reports_to_machines() {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("document.json"), "{\n  \"openapi\": 3\n").expect("written");
    let arguments = arguments("document.json", None).into_iter().chain(["--json".to_owned()]);
    let ended = run(home.path(), arguments);
    assert_eq!(ended.code, 2);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("standard output is JSON");
    assert_eq!(report["outcome"], "failed");
    let diagnostic = &report["diagnostics"][0];
    assert_eq!(diagnostic["severity"], "error");
    assert_eq!(diagnostic["place"]["file"], "document.json");
    assert!(diagnostic["place"]["line"].is_u64(), "{report:#}");
}

#[test]
fn warnings_are_errors_when_asked_for() {
    let home = tempfile::tempdir().expect("a folder");
    let document = r#"{"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {}, "colour": 1}"#;
    fs::write(home.path().join("document.json"), document).expect("written");
    let denied = run(home.path(), arguments("document.json", None).into_iter().chain(["--deny-warnings".to_owned()]));
    insta::assert_snapshot!(refusal("warnings", home.path(), &denied));
    assert_eq!(run(home.path(), arguments("document.json", None)).code, 0, "they are no errors otherwise");
}

/// What is said about `document.json` in `home`.
fn refused(home: &Path) -> String {
    refusal("document.json", home, &generate(home, "document.json", None))
}
