//! Documents that are no cases, because of their size or their place.

#![expect(clippy::disallowed_methods, reason = "files in temporary folders need not survive an interruption")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use oas_document::{Diagnostic, LoadOptions, load, overlay};

const OPTIONS: LoadOptions = LoadOptions { reference_root: None };

/// The one diagnostic of a document.
fn only_error(path: &Path) -> Diagnostic {
    let mut failure = load(path, &OPTIONS).expect_err("the document is wrong");
    assert_eq!(failure.diagnostics.len(), 1, "{:?}", failure.diagnostics);
    failure.diagnostics.remove(0)
}

fn text(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).expect("the folder can be written");
    path
}

#[test]
fn ten_thousand_levels_are_refused() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let levels = 10_000;
    let json = format!("{{\"a\": {}{}}}", "[".repeat(levels), "]".repeat(levels));
    let flow = format!("a: {}{}", "[".repeat(levels), "]".repeat(levels));
    let block: String = (0..levels).flat_map(|level| [" ".repeat(level), "a:\n".to_owned()]).collect();
    let list = format!("a:\n{}x\n", "- ".repeat(levels));
    for (name, document) in [("deep.json", json), ("flow.yaml", flow), ("block.yaml", block), ("list.yaml", list)] {
        let found = only_error(&text(&folder, name, &document));
        assert!(["too-deep", "invalid-yaml"].contains(&found.code), "{found:?}");
        assert!(found.place.is_some() && found.hint.is_some(), "{found:?}");
    }
}

#[test]
fn the_deepest_document_that_is_accepted_can_be_copied_and_dropped() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let levels = 255;
    let json = format!("{{\"a\": {}{}}}", "[".repeat(levels), "]".repeat(levels));
    let document = load(&text(&folder, "deep.json", &json), &OPTIONS).expect("this deep is fine");
    assert_eq!(document.clone().root(), document.root());
}

#[test]
fn aliases_do_not_multiply_without_bounds() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{aliases}]");
    }
    let mut wide = "base: &base\n".to_owned();
    for member in 0..1000 {
        let _ = writeln!(wide, "  k{member}: 1");
    }
    for merge in 0..2000 {
        let _ = writeln!(wide, "m{merge}: {{<<: *base}}");
    }
    for (name, document) in [("bomb.yaml", bomb), ("wide.yaml", wide)] {
        assert_eq!(only_error(&text(&folder, name, &document)).code, "too-many-aliases");
    }
}

#[test]
fn what_is_not_a_file_is_named() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    assert!(only_error(folder.path()).message.ends_with("is a folder"));
    assert!(only_error(&folder.path().join("openapi.json")).message.ends_with("does not exist"));
    let large = text(&folder, "large.json", "{}");
    let file = fs::OpenOptions::new().write(true).open(&large).expect("the file can be opened");
    file.set_len(4 * 1024 * 1024 * 1024).expect("files can have holes");
    assert_eq!(only_error(&large).code, "too-large");
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_reference_root() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let inside = folder.path().join("inside");
    fs::create_dir(&inside).expect("the folder can be written");
    text(&folder, "secret.yaml", "a: 1\n");
    std::os::unix::fs::symlink(folder.path().join("secret.yaml"), inside.join("link.yaml")).expect("links can be made");
    for reference in ["link.yaml", "../secret.yaml", "../inside/../secret.yaml"] {
        let path = inside.join("document.yaml");
        fs::write(&path, format!("openapi: 3.1.0\npaths: {{/a: {{$ref: '{reference}'}}}}\n"))
            .expect("it can be written");
        let document = load(&path, &OPTIONS).expect("what lies outside is left out");
        let codes: Vec<&str> = document.diagnostics().iter().map(|one| one.code).collect();
        assert_eq!(codes, ["outside-reference-root"], "{reference}");
        assert_eq!(document.sources().iter().count(), 1, "{reference} is not read");
        let options = LoadOptions { reference_root: Some(folder.path().to_path_buf()) };
        assert!(load(&path, &options).is_ok(), "{reference} is inside of the wider folder");
    }
}

#[test]
fn references_stay_below_the_git_repository() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let api = folder.path().join("repository/api");
    fs::create_dir_all(&api).expect("the folder can be written");
    fs::create_dir_all(folder.path().join("repository/common")).expect("the folder can be written");
    text(&folder, "repository/common/shared.yaml", "A: {}\n");
    text(&folder, "outside.yaml", "A: {}\n");
    let path = text(
        &folder,
        "repository/api/document.yaml",
        "openapi: 3.1.0\nx: {$ref: '../common/shared.yaml#/A'}\ny: {$ref: '../../outside.yaml#/A'}\n",
    );
    let codes = || {
        let document = load(&path, &OPTIONS).expect("what lies outside is left out");
        document.diagnostics().iter().map(|one| (one.code, one.is_slip())).collect::<Vec<_>>()
    };
    let outside = ("outside-reference-root", true);
    assert_eq!(codes(), [outside, outside], "without a repository it is the document's folder");
    fs::create_dir(folder.path().join("repository/.git")).expect("the folder can be written");
    assert_eq!(codes(), [outside]);
}

#[test]
fn files_that_refer_to_each_other_are_read_once() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let path = text(&folder, "a.yaml", "openapi: 3.1.0\nx: {$ref: 'b.yaml#/x'}\ny: {$ref: './b.yaml#/y'}\n");
    text(&folder, "b.yaml", "x: {$ref: 'a.yaml#/y'}\ny: {$ref: 'c/../a.yaml#/x'}\n");
    let document = load(&path, &OPTIONS).expect("cycles of files are fine");
    assert_eq!(document.sources().iter().count(), 2);
}

#[test]
fn an_overlay_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let document = load(&text(&folder, "document.yaml", "openapi: 3.1.0\n"), &OPTIONS).expect("the document is right");
    let failure =
        overlay::apply(document, &[PathBuf::from("no-such-overlay.yaml")]).expect_err("there is no such file");
    let messages: Vec<&str> = failure.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["no-such-overlay.yaml does not exist"]);
}
