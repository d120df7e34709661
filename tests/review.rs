//! Cases of the review: a document, a JSON Patch or another document, and the report of what changes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use jsonschema::Validator;
use libtest_mimic::{Arguments, Trial};
use oas_document::{Diagnostic, Document, LoadOptions};
use oas_model::Api;
use oas_review::render::{Colour, text};
use oas_review::{Acceptances, Judging, Report, RustChanges, Side};
use serde_json::Value;

/// A document and its model.
struct Read {
    document: Document,
    api: Api,
    diagnostics: Vec<Diagnostic>,
}

fn read(path: &Path, text: &str) -> Read {
    let document = oas_document::load_text(text, path, &LoadOptions { reference_root: None })
        .unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    let built =
        oas_model::build(&document).unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    Read { document, api: built.api, diagnostics: built.diagnostics }
}

/// The revision of a case: its own document, or what a patch makes of the base.
fn revision(case: &Path, base: &Read) -> Read {
    let own = case.join("revision.yaml");
    if let Ok(text) = fs::read_to_string(&own) {
        return read(&own, &text);
    }
    let patch =
        fs::read_to_string(case.join("patch.json")).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let patch: json_patch::Patch =
        serde_json::from_str(&patch).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let mut revised: Value = base.document.root().to_json();
    json_patch::patch(&mut revised, &patch).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let pretty = serde_json::to_string_pretty(&revised).expect("a value can be printed");
    read(&case.join("revision.json"), &pretty)
}

/// The report of a case.
fn review(case: &Path) -> Report {
    let path = case.join("base.yaml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let there = read(&path, &text);
    let here = revision(case, &there);
    let (base, revision) =
        (Side { document: &there.document, api: &there.api }, Side { document: &here.document, api: &here.api });
    oas_review::judge(
        oas_review::compare(base, revision),
        Judging {
            base,
            revision,
            names: ("base.yaml".to_owned(), "revision.json".to_owned()),
            roots: (case, case),
            diagnostics: (&there.diagnostics, &here.diagnostics),
            rust: &RustChanges::default(),
            versions: &[],
            acceptances: &Acceptances::default(),
            today: "2030-01-01",
        },
    )
}

/// A test for each case, and those of all cases together.
fn main() -> ExitCode {
    let schema = Arc::new(schema());
    let cases = workspace_tests::cases("review").into_iter().map(|case| {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let schema = Arc::clone(&schema);
        Trial::test(format!("case::{name}"), move || {
            let report = review(&case);
            workspace_tests::check(&case.join("expected.txt"), &text(&report, Colour::Never));
            fits_the_schema(&schema, &report);
            Ok(())
        })
    });
    let together = Trial::test("every_rule_has_a_case", || {
        every_rule_has_a_case();
        Ok(())
    });
    libtest_mimic::run(&Arguments::from_args(), cases.chain([together]).collect()).exit_code()
}

/// A rule that no case shows is a rule that nobody knows to work.
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

/// The published schema of the machine-readable report.
fn schema() -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/review/report.schema.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is one")
}

/// The machine-readable report keeps to its published schema.
fn fits_the_schema(schema: &Validator, report: &Report) {
    let report: Value = serde_json::from_str(&oas_review::render::json(report)).expect("a report is JSON");
    let errors: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}
