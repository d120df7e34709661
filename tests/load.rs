//! Loading: a folder below `cases/load` holds a document and what is expected of it.

#![expect(clippy::disallowed_methods, reason = "files in temporary folders need not survive an interruption")]

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use oas_document::{Diagnostic, Document, LoadOptions, Location, Node, Sources, Style, Value, load, render};
use workspace_tests::{cases, check};

const OPTIONS: LoadOptions = LoadOptions { reference_root: None };

/// The value that was loaded, what each of its references names, and the diagnostics.
#[test]
fn cases_load_as_expected() {
    for case in cases("load") {
        let path = relative(&case).join(document_of(&case));
        let shown = match load(&path, &OPTIONS) {
            Ok(document) => {
                let mut shown = format!("{:#}\n", document.root().to_json());
                shown.push_str(&references(&document));
                shown.push_str(&diagnostics(document.diagnostics(), document.sources()));
                shown
            }
            Err(failure) => diagnostics(&failure.diagnostics, &failure.sources),
        };
        check(&case.join("expected.txt"), &shown);
    }
}

/// The folder of a case as the texts name it: from the folder of this package, in which tests run.
fn relative(case: &Path) -> PathBuf {
    case.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("cases are in this package").to_path_buf()
}

fn document_of(case: &Path) -> &'static str {
    if case.join("document.json").exists() { "document.json" } else { "document.yaml" }
}

fn diagnostics(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = Vec::new();
    render(diagnostics, sources, Style::Plain, 100, &mut text).expect("memory can be written");
    String::from_utf8(text).expect("texts are UTF-8")
}

/// Every reference that can be reached, and what it names.
fn references(document: &Document) -> String {
    let mut shown = String::new();
    let mut seen = BTreeSet::new();
    let mut work = VecDeque::from([document.root_location()]);
    while let Some(location) = work.pop_front() {
        let node = document.get(&location).expect("resolved locations exist");
        for (at, reference) in strings_named_ref(&location, node) {
            let position = document.position(&at.child("$ref")).expect("found strings exist");
            let outcome = match document.resolve_at(&at, &reference) {
                Ok(target) => {
                    if target.file != location.file && seen.insert(target.clone()) {
                        work.push_back(target.clone());
                    }
                    name(document, &target)
                }
                Err(error) => format!("{error} ({})", error.hint()),
            };
            let file = position.file.file_name().expect("files have names").to_string_lossy().into_owned();
            let _ = writeln!(shown, "{file}:{}:{} {reference} -> {outcome}", position.line, position.column);
        }
    }
    shown
}

fn name(document: &Document, location: &Location) -> String {
    let file = document.sources().get(location.file).expect("locations have a file").path();
    format!("{}{}", file.file_name().expect("files have names").to_string_lossy(), location.pointer)
}

fn strings_named_ref(location: &Location, node: &Node) -> Vec<(Location, String)> {
    match &node.value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match member.node.as_str() {
                Some(text) if name == "$ref" => vec![(location.clone(), text.to_owned())],
                _ => strings_named_ref(&location.child(name), &member.node),
            })
            .collect(),
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(index, item)| strings_named_ref(&location.item(index), item)).collect()
        }
        _ => Vec::new(),
    }
}

/// The one diagnostic of a document that is not fit to be a case, because of its size or its place.
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
