//! The plan: which Rust items documents become, and what is said about those that became something else.

mod operations;
mod outline;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use oas_codegen::plan::{NamesLock, Settings, settle};
use oas_document::{Diagnostic, Document, LoadOptions, Place};

/// The settings of a case: pins stand in `pins.txt`, written as a lock is; `names.lock` has the names that were given
/// before; `operations.toml` what is said of single operations; a file `keep-all` turns pruning off.
fn settings(case: &Path) -> Settings {
    let pins = std::fs::read_to_string(case.join("pins.txt")).unwrap_or_default();
    let pins = pins.lines().filter_map(|line| line.rsplit_once(" = "));
    let pins: BTreeMap<String, String> = pins.map(|(pointer, name)| (pointer.to_owned(), name.to_owned())).collect();
    let lock = std::fs::read_to_string(case.join("names.lock")).unwrap_or_default();
    let lock = NamesLock::parse(&lock).unwrap_or_else(|line| panic!("{}: {line}", case.display()));
    let operations = operations::of(case);
    Settings { operations, pins, lock, prune: !case.join("keep-all").exists(), ..Settings::new("case") }
}

/// What is expected of a case: the outline of the plan, and what was found.
fn actual(case: &Path) -> String {
    let path = case.join("document.yaml");
    let document = oas_document::load(&path, &LoadOptions { reference_root: None })
        .unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    let built =
        oas_model::build(&document).unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    let mut settled = settle(&built.api, &settings(case));
    document.locate(&mut settled.diagnostics);
    format!("{}\n{}", outline::of(&settled.plan), findings(&document, &settled.diagnostics))
}

/// Findings, a line for each and one for every place and hint that belongs to it.
fn findings(document: &Document, findings: &[Diagnostic]) -> String {
    let place = |place: &Place| {
        let position = document.sources().position(place.span);
        format!("{}:{} {}", position.line, position.column, place.pointer)
    };
    let mut text = String::new();
    for finding in findings {
        let at = finding.place.as_ref().map(place).unwrap_or_default();
        let _ = writeln!(text, "{:?} {} {at}\n    {}", finding.severity, finding.code, finding.message);
        for (other, words) in &finding.related {
            let _ = writeln!(text, "    {words}: {}", place(other));
        }
        if let Some(hint) = &finding.hint {
            let _ = writeln!(text, "    hint: {hint}");
        }
    }
    text
}

fn main() {
    case_harness::main("plan", actual);
}
