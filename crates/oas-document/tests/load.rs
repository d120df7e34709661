//! Loading: what a document becomes, what each of its references names, and what is said.

#[path = "shown/mod.rs"]
mod shown;

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::path::Path;

use oas_document::{Document, LoadOptions, Location, Node, Value, load};
use shown::{diagnostics, document_of};

fn actual(case: &Path) -> String {
    match load(&document_of(case), &LoadOptions { reference_root: None }) {
        Ok(document) => {
            let mut shown = format!("{:#}\n", document.root().to_json());
            shown.push_str(&references(&document));
            shown.push_str(&diagnostics(document.diagnostics(), document.sources()));
            shown
        }
        Err(failure) => diagnostics(&failure.diagnostics, &failure.sources),
    }
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

fn main() {
    shown::stand_beside_cases();
    case_harness::main("load", actual);
}
