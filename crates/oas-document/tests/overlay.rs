//! Overlays: the document after they were applied in the order of their names, which of its values come from them, and
//! what is said.

#[path = "shown/mod.rs"]
mod shown;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use oas_document::{LoadOptions, Location, Node, Sources, Value, load, overlay};
use shown::{diagnostics, document_of};

fn actual(case: &Path) -> String {
    let path = document_of(case);
    let document = load(&path, &LoadOptions { reference_root: None }).expect("the documents are right");
    match overlay::apply(document, &overlays(path.parent().expect("a folder"))) {
        Ok(document) => {
            let mut shown = format!("{:#}\n", document.root().to_json());
            inserted(&document.root_location(), document.root(), document.sources(), &mut shown);
            shown.push_str(&diagnostics(document.diagnostics(), document.sources()));
            shown
        }
        Err(failure) => diagnostics(&failure.diagnostics, &failure.sources),
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

fn main() {
    shown::stand_beside_cases();
    case_harness::main("overlay", actual);
}
