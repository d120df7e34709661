//! Hints work when they are followed: a case is a document with a fault, and the same document after what the hint says,
//! of which that is no longer said.

use std::fmt::Write as _;
use std::path::Path;

use oas_codegen::plan::{Settings, settle};
use oas_document::{Diagnostic, LoadOptions, Severity};

/// What is found in a document on its way to a plan, notes apart.
fn findings(path: &Path) -> Vec<Diagnostic> {
    let all = match oas_document::load(path, &LoadOptions { reference_root: None }) {
        Err(failure) => failure.diagnostics,
        Ok(document) => match oas_model::build(&document) {
            Err(failure) => failure.diagnostics,
            Ok(built) => {
                let settled = settle(&built.api, &Settings::new("case"));
                [document.diagnostics(), &built.diagnostics, &settled.diagnostics].concat()
            }
        },
    };
    all.into_iter().filter(|finding| finding.severity != Severity::Note).collect()
}

#[test]
fn hints_work_when_they_are_followed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hints");
    let cases = std::fs::read_dir(folder).expect("the cases").filter_map(Result::ok);
    let mut cases: Vec<_> = cases.map(|entry| entry.path()).collect();
    cases.sort();
    let (mut hints, mut wrong) = (String::new(), String::new());
    for case in &cases {
        let name = case.file_name().expect("a name").to_string_lossy();
        let told = findings(&case.join("document.yaml"));
        let hinted: Vec<_> = told.iter().filter_map(|finding| Some((finding, finding.hint.as_deref()?))).collect();
        for (finding, hint) in &hinted {
            let _ = writeln!(hints, "{name}: {} {}\n    hint: {hint}", finding.code, finding.message);
        }
        if hinted.is_empty() {
            let _ = writeln!(wrong, "{name}: there is no hint in {told:#?}");
        }
        for left in findings(&case.join("mended.yaml")) {
            // What a hint leads to may have something of its own to be said.
            if left.severity == Severity::Error || told.iter().any(|finding| finding.code == left.code) {
                let _ = writeln!(wrong, "{name}: still {} {}", left.code, left.message);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(cases.len() > 30, "{} cases", cases.len());
    insta::assert_snapshot!(hints);
}
