//! Overlays: a folder below `cases/overlay` holds a document, overlays in the order of their names, and what is
//! expected of them.

#![expect(clippy::disallowed_methods, reason = "files in temporary folders need not survive an interruption")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use oas_document::{Diagnostic, LoadOptions, Location, Node, Sources, Style, Value, load, overlay, render};
use workspace_tests::{cases, check};

const OPTIONS: LoadOptions = LoadOptions { reference_root: None };

/// The document after the overlays were applied, which of its values come from an overlay, and the diagnostics.
#[test]
fn cases_apply_as_expected() {
    for case in cases("overlay") {
        let folder = case.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("cases are in this package");
        let name = if case.join("document.json").exists() { "document.json" } else { "document.yaml" };
        let document = load(&folder.join(name), &OPTIONS).expect("the documents are right");
        let shown = match overlay::apply(document, &overlays(folder)) {
            Ok(document) => {
                let mut shown = format!("{:#}\n", document.root().to_json());
                inserted(&document.root_location(), document.root(), document.sources(), &mut shown);
                shown.push_str(&diagnostics(document.diagnostics(), document.sources()));
                shown
            }
            Err(failure) => diagnostics(&failure.diagnostics, &failure.sources),
        };
        check(&case.join("expected.txt"), &shown);
    }
}

fn overlays(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the case is a folder").filter_map(Result::ok);
    let is_overlay =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("overlay"));
    let mut overlays: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_overlay).collect();
    overlays.sort();
    overlays
}

fn diagnostics(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = Vec::new();
    render(diagnostics, sources, Style::Plain, 100, &mut text).expect("memory can be written");
    String::from_utf8(text).expect("texts are UTF-8")
}

/// Lists the outermost values that stand in another file than the document.
fn inserted(location: &Location, node: &Node, sources: &Sources, shown: &mut String) {
    if node.span.file != location.file {
        let position = sources.position(node.span);
        let file = position.file.file_name().expect("files have names").to_string_lossy().into_owned();
        let _ = writeln!(shown, "{} is from {file}:{}:{}", location.pointer, position.line, position.column);
        return;
    }
    match &node.value {
        Value::Object(members) => {
            for (name, member) in members.iter() {
                inserted(&location.child(name), &member.node, sources, shown);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                inserted(&location.item(index), item, sources, shown);
            }
        }
        _ => {}
    }
}

#[test]
fn an_overlay_that_cannot_be_read_is_named() {
    let document = load(Path::new("cases/overlay/several/document.yaml"), &OPTIONS).expect("the document is right");
    let failure =
        overlay::apply(document, &[PathBuf::from("no-such-overlay.yaml")]).expect_err("there is no such file");
    let messages: Vec<&str> = failure.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["no-such-overlay.yaml does not exist"]);
}

/// Each action doubles the document; without a bound forty of them would fill any memory.
#[test]
fn copies_of_copies_are_bounded() {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let path = folder.path().join("overlay.yaml");
    let mut text = "overlay: 1.1.0\ninfo: {title: x, version: y}\nactions:\n".to_owned();
    for action in 0..40 {
        let _ = writeln!(text, "  - {{target: $.tags, copy: $.tags, description: {action}th}}");
    }
    fs::write(&path, text).expect("the folder can be written");
    let document = load(Path::new("cases/overlay/several/document.yaml"), &OPTIONS).expect("the document is right");
    let failure = overlay::apply(document, &[path]).expect_err("the document would grow without bounds");
    assert!(failure.diagnostics.iter().all(|found| found.code == "overlay-too-large"), "{:?}", failure.diagnostics);
}
