//! `cargo xtask review` as a person runs it: in git repositories of its own, and on the documented example.

#![expect(clippy::disallowed_methods, reason = "the repositories of these tests are their own")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use workspace_tests::program::{Ended, ended, review, root};

const DOCUMENT: &str = r#"openapi: 3.1.0
info: { title: Case, version: "1" }
paths:
  /things:
    post:
      operationId: act
      requestBody:
        content:
          application/json:
            schema: { type: string, maxLength: 10 }
      responses:
        "204": { description: Done. }
"#;

/// A repository with a document on its main branch.
struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: TempDir::new().expect("a temporary folder can be made") };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.write("openapi/codegen.toml", "[[api]]\nname = \"case\"\ndocument = \"openapi/openapi.yaml\"\n");
        repository.write("openapi/openapi.yaml", DOCUMENT);
        repository.commit();
        repository
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=Case", "-c", "user.email=case@example.com", "-c", "commit.gpgsign=false"];
        let mut command = Command::new("git");
        let done = ended(command.current_dir(self.path()).args(identity).args(arguments));
        assert!(done.code == 0, "{arguments:?}: {}", done.stderr);
    }

    fn commit(&self) {
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "--message", "Case"]);
    }

    fn lower(&self) {
        self.write("openapi/openapi.yaml", &DOCUMENT.replace("maxLength: 10", "maxLength: 5"));
    }

    fn review(&self, arguments: &[&str]) -> Ended {
        ended(Command::new(review()).current_dir(self.path()).args(arguments))
    }
}

#[test]
fn the_working_tree_is_compared_with_where_the_branch_left_main() {
    let repository = Repository::new();
    let same = repository.review(&[]);
    assert_eq!((same.code, same.stdout.contains("Nothing changed")), (0, true), "{}", same.stderr);
    repository.git(&["switch", "--quiet", "--create", "topic"]);
    repository.lower();
    let uncommitted = repository.review(&[]);
    assert_eq!(uncommitted.code, 1, "{}", uncommitted.stderr);
    assert!(uncommitted.stdout.contains("request-body-max-length-lowered"), "{}", uncommitted.stdout);
    assert!(uncommitted.stdout.contains("openapi/openapi.yaml:10:"), "{}", uncommitted.stdout);
    repository.commit();
    // Main goes on; what happens there is none of this branch's business.
    repository.git(&["switch", "--quiet", "main"]);
    repository.write("openapi/openapi.yaml", &DOCUMENT.replace("/things", "/others"));
    repository.commit();
    repository.git(&["switch", "--quiet", "topic"]);
    let committed = repository.review(&["--format", "json"]);
    assert_eq!(committed.code, 1, "{}", committed.stderr);
    let report: serde_json::Value = serde_json::from_str(&committed.stdout).expect("a report is JSON");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1), "{report}");
    assert_eq!(repository.review(&["--fail-on", "never"]).code, 0);
    assert_eq!(repository.review(&["--base", "topic", "--revision", "topic"]).code, 0);
}

#[test]
fn a_range_of_commits_is_a_timeline() {
    let repository = Repository::new();
    repository.lower();
    repository.commit();
    // A commit that has nothing to do with the document is no step.
    repository.write("notes.txt", "Nothing.");
    repository.commit();
    repository.write("openapi/openapi.yaml", &DOCUMENT.replace("maxLength: 10", "maxLength: 20"));
    repository.commit();
    for range in ["HEAD~3..HEAD", "HEAD~3..:openapi/openapi.yaml"] {
        let told = repository.review(&["--base", range, "--no-rust"]);
        assert_eq!(told.code, 1, "{range}: {}{}", told.stdout, told.stderr);
        let steps = told.stdout.lines().filter(|line| line.contains(" -> ")).count();
        assert_eq!(steps, 2, "{range}: {}", told.stdout);
        assert!(told.stdout.contains("break") && told.stdout.contains("Safe"), "{range}: {}", told.stdout);
    }
    let nothing = repository.review(&["--base", "HEAD~2..HEAD~1"]);
    assert_eq!((nothing.code, nothing.stdout.contains("touches a document")), (0, true), "{}", nothing.stderr);
    // One document of a commit stands on its own.
    let kept = ["--base", "HEAD~3:openapi/openapi.yaml", "--revision", "openapi/openapi.yaml", "--no-rust"];
    let kept = repository.review(&kept);
    assert_eq!((kept.code, kept.stdout.contains("max-length-raised")), (0, true), "{}{}", kept.stdout, kept.stderr);
    let missing = repository.review(&["--base", "HEAD:openapi/none.yaml"]);
    assert_eq!((missing.code, missing.stderr.contains("is not there at HEAD")), (2, true), "{}", missing.stderr);
}

#[test]
fn findings_can_be_accepted_until_a_day() {
    let repository = Repository::new();
    repository.lower();
    let report: serde_json::Value =
        serde_json::from_str(&repository.review(&["--format", "json"]).stdout).expect("a report is JSON");
    let fingerprint = report["findings"][0]["fingerprint"].as_str().expect("it has one").to_owned();
    let accept = |lines: &str| {
        repository.write(
            "openapi/accepted.toml",
            &format!("[[accept]]\n{lines}\nreason = \"agreed\"\nexpires = 2030-06-30\n"),
        );
    };
    accept(&format!("fingerprint = \"{fingerprint}\""));
    assert_eq!(repository.review(&["--today", "2030-06-30"]).code, 0);
    assert_eq!(repository.review(&["--today", "2030-07-01"]).code, 1);
    let pointer = report["findings"][0]["revision"]["pointer"].as_str().expect("it has one").to_owned();
    accept(&format!("rule = \"request-body-max-length-lowered\"\npointer = \"{pointer}\""));
    assert_eq!(repository.review(&["--today", "2030-06-30"]).code, 0);
    accept("fingerprint = \"0123456789abcdef\"");
    // What matches nothing is a note, unless it is asked to be more, and can be taken out.
    let unused = repository.review(&["--today", "2030-06-30"]);
    assert_eq!((unused.code, unused.stderr.contains("matches nothing")), (1, true), "{}", unused.stderr);
    let denied = repository.review(&["--today", "2030-06-30", "--deny-unused-accepted"]);
    assert_eq!((denied.code, denied.stderr.contains("matches nothing")), (2, true), "{}", denied.stderr);
    assert_eq!(repository.review(&["--today", "2030-06-30", "--prune-accepted"]).code, 0);
    let left = fs::read_to_string(repository.path().join("openapi/accepted.toml")).expect("the file is there");
    assert_eq!(left, "");
    assert!(repository.review(&["--today", "2030-06-30"]).stderr.is_empty());
}

#[test]
fn what_is_accepted_is_still_said() {
    let repository = Repository::new();
    repository.lower();
    let report: serde_json::Value =
        serde_json::from_str(&repository.review(&["--format", "json"]).stdout).expect("a report is JSON");
    let fingerprint = report["findings"][0]["fingerprint"].as_str().expect("it has one");
    let text = format!("[[accept]]\nfingerprint = \"{fingerprint}\"\nreason = \"agreed\"\nexpires = 2030-06-30\n");
    repository.write("openapi/accepted.toml", &text);
    let accepted = repository.review(&["--today", "2030-06-30"]);
    assert!(accepted.stdout.contains("Nothing changed but what was accepted: 1 finding."), "{}", accepted.stdout);
    let expired = repository.review(&["--today", "2030-07-01"]);
    assert_eq!((expired.code, expired.stderr.contains("ended on 2030-06-30")), (1, true), "{}", expired.stderr);
    // More than what was accepted is another finding.
    repository.write(
        "openapi/openapi.yaml",
        &DOCUMENT.replace("type: string, maxLength: 10", "type: string, maxLength: 5, minLength: 2"),
    );
    let more = repository.review(&["--today", "2030-06-30"]);
    assert_eq!(more.code, 1, "{}", more.stdout);
    assert!(more.stdout.contains("request-body-min-length-introduced"), "{}", more.stdout);
}

#[test]
fn what_keeps_a_review_from_running_is_said() {
    let repository = Repository::new();
    let fails = |arguments: &[&str], words: &str| {
        let done = repository.review(arguments);
        assert_eq!(
            (done.code, done.stderr.contains(words)),
            (2, true),
            "{arguments:?}: {}{}",
            done.stdout,
            done.stderr
        );
        assert!(done.stdout.is_empty());
    };
    fails(&["--base", "no-such-revision"], "no git revision and no file");
    fails(&["--base=-x"], "no git revision and no file");
    fails(&["--explain", "no-such-rule"], "there is no rule");
    fails(&["--base", "./openapi"], "is a folder");
    fails(&["--base", "main", "--api", "other"], "no document to review");
    repository.write("openapi/openapi.yaml", "{");
    fails(&[], "openapi.yaml");
    repository.write("openapi/openapi.yaml", "openapi: '9.0'\n");
    fails(&[], "openapi.yaml");
    repository.write("openapi/accepted.toml", "accept = 1");
    fails(&[], "accepted.toml");
}

#[test]
fn a_shallow_clone_is_told_how_to_get_the_rest() {
    let origin = Repository::new();
    origin.git(&["switch", "--quiet", "--create", "topic"]);
    origin.lower();
    origin.commit();
    let clone = TempDir::new().expect("a temporary folder can be made");
    let mut command = Command::new("git");
    let url = format!("file://{}", origin.path().display());
    let cloned =
        ended(command.args(["clone", "--quiet", "--depth=1", "--branch=topic", &url]).arg(clone.path().join("c")));
    assert_eq!(cloned.code, 0, "{}", cloned.stderr);
    let done = ended(Command::new(review()).current_dir(clone.path().join("c")).args(["--base", "main"]));
    assert_eq!((done.code, done.stderr.contains("shallow")), (2, true), "{}", done.stderr);
}

#[test]
fn a_file_outside_of_git_is_compared_with_files_only() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, DOCUMENT).expect("a file can be written");
    let run = |arguments: &[&str]| ended(Command::new(review()).current_dir(folder.path()).args(arguments));
    let alone = run(&["--revision", "openapi.yaml"]);
    assert_eq!((alone.code, alone.stderr.contains("not in a git repository")), (2, true), "{}", alone.stderr);
    let both = run(&["--base", "openapi.yaml", "--revision", "openapi.yaml"]);
    assert_eq!(both.code, 0, "{}", both.stderr);
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let run = |arguments: &[&str]| ended(Command::new(review()).current_dir(folder.path()).args(arguments));
    let rules = run(&["--rules"]);
    assert!(rules.code == 0 && rules.stdout.lines().count() > 100, "{}", rules.stdout);
    let explained = run(&["--explain", "request-property-became-required"]);
    assert!(explained.stdout.contains("breaks old clients"), "{}", explained.stdout);
}

/// The example of `docs/review`, in every format.
#[test]
fn the_example_is_as_documented() {
    let folder = root().join("docs/review/example");
    let formats = [
        ("text", "report.txt"),
        ("markdown", "report.md"),
        ("json", "report.json"),
        ("sarif", "report.sarif"),
        ("github", "annotations.txt"),
        ("html", "report.html"),
    ];
    let run = |more: &[&str]| {
        let mut command = Command::new(review());
        command.current_dir(root()).args(["--base", "openapi/openapi.json", "--revision", "openapi/openapi.json"]);
        command.args(["--revision-overlay", "docs/review/example/next.yaml", "--fail-on", "never"]).args(more);
        let done = ended(&mut command);
        assert_eq!(done.code, 0, "{}", done.stderr);
        done.stdout
    };
    let check = |file: &str, text: &str| workspace_tests::check(&PathBuf::from(&folder).join(file), text);
    for (format, file) in formats {
        check(file, &run(&["--format", format]));
    }
    check("changelog.md", &run(&["--changelog"]));
}
