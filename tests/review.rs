//! Cases of the review: a document, a JSON Patch, and the report of what the patch changes.

#![expect(
    clippy::disallowed_methods,
    clippy::similar_names,
    reason = "scratch files; a path and a patch are what they are called"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use oas_document::{Document, LoadOptions};
use oas_model::Api;
use oas_review::render::{Colour, text};
use oas_review::{Acceptances, Judging, Report, RustChanges, Side};
use serde_json::Value;

/// A document and its model.
struct Read {
    document: Document,
    api: Api,
}

fn read(path: &Path) -> Read {
    let document = oas_document::load(path, &LoadOptions { reference_root: None })
        .unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    let built =
        oas_model::build(&document).unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    Read { document, api: built.api }
}

/// The report of a case.
fn review(case: &Path) -> Report {
    let base = read(&case.join("base.yaml"));
    let patch =
        fs::read_to_string(case.join("patch.json")).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let patch: json_patch::Patch =
        serde_json::from_str(&patch).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let mut revised: Value = base.document.root().to_json();
    json_patch::patch(&mut revised, &patch).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("revision.json");
    let pretty = serde_json::to_string_pretty(&revised).expect("a value can be printed");
    fs::write(&path, pretty).expect("a file can be written");
    let revision = read(&path);
    let (base, revision) =
        (Side { document: &base.document, api: &base.api }, Side { document: &revision.document, api: &revision.api });
    oas_review::judge(
        oas_review::compare(base, revision),
        Judging {
            base,
            revision,
            names: ("base.yaml".to_owned(), "revision.json".to_owned()),
            roots: (case, folder.path()),
            rust: &RustChanges::default(),
            versions: &[],
            acceptances: &Acceptances::default(),
            today: "2030-01-01",
        },
    )
}

#[test]
fn cases_are_reported_as_expected() {
    for case in workspace_tests::cases("review") {
        workspace_tests::check(&case.join("expected.txt"), &text(&review(&case), Colour::Never));
    }
}

/// A rule that no case shows is a rule that nobody knows to work.
#[test]
fn every_rule_has_a_case() {
    const WAIVED: [(&str, &str); 3] = [
        ("rust-meaning-changed", "it is about generated packages, and is tested with them"),
        ("rust-changed", "it is about generated packages, and is tested with them"),
        ("choice-changed", "it takes more combinations of alternatives than a case should have"),
    ];
    let shown: BTreeSet<String> = workspace_tests::cases("review")
        .iter()
        .flat_map(|case| review(case).findings)
        .filter_map(|finding| oas_review::rule::find(&finding.rule).map(|rule| (rule, finding.rule)))
        .map(|(rule, id)| {
            let names = oas_review::rule::all_ids();
            // The longest name that the id ends in is the rule's own.
            let own = names.iter().filter(|name| id.ends_with(name.as_str())).max_by_key(|name| name.len());
            own.cloned().unwrap_or_else(|| rule.entry().name.to_owned())
        })
        .collect();
    let missing: Vec<String> = oas_review::rule::all_ids()
        .into_iter()
        .filter(|name| !shown.contains(name) && !WAIVED.iter().any(|(waived, _)| waived == name))
        .collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

/// The machine-readable report keeps to its published schema.
#[test]
fn reports_fit_their_schema() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/review/report.schema.json");
    let schema = fs::read_to_string(&schema).unwrap_or_else(|error| panic!("{}: {error}", schema.display()));
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for case in workspace_tests::cases("review") {
        let report: Value = serde_json::from_str(&oas_review::render::json(&review(&case))).expect("a report is JSON");
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", case.display());
    }
}
