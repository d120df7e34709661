//! Nothing is dropped in silence: every part of a document is in the manifest of what was made of it, or in a diagnostic.

#[path = "coverage/walk.rs"]
mod walk;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use oas_codegen::generate::{self, Generated, Job, Package};
use oas_codegen::plan::Settings;
use walk::Part;
use workspace_tests::cases;

/// The stages whose cases are whole documents.
const STAGES: [&str; 6] = ["client", "model", "plan", "server", "types", "whole"];

/// Documents larger than this take long in a build for tests.
const LARGEST: u64 = 200_000;

/// Generates from a document; `None` for one that is refused.
fn generated(document: &Path) -> Option<Generated> {
    let job = Job {
        document: document.to_owned(),
        overlays: Vec::new(),
        reference_root: None,
        selection: oas_model::Selection::default(),
        settings: Settings { prune: false, ..Settings::new("covered") },
        describe: oas_codegen::generate::Describe::Items,
        packages: Package::ALL.map(|package| (package, PathBuf::from(package.name("covered")))).to_vec(),
    };
    generate::generate(&job, &mut |_| {}).ok()
}

/// The parts of a document that are neither in the manifest nor in a diagnostic.
fn gaps(generated: &Generated) -> Vec<String> {
    let made: BTreeSet<&str> = generated.manifest.items.iter().filter_map(|item| item.pointer.as_deref()).collect();
    let said: Vec<&str> = generated
        .diagnostics
        .iter()
        .flat_map(|one| one.place.iter().chain(one.related.iter().map(|(place, _)| place)))
        .map(|place| place.pointer.as_str())
        .collect();
    let counted: BTreeSet<&str> = generated
        .diagnostics
        .iter()
        .filter(|one| ["the same in ", "more member", "more reference"].iter().any(|words| one.message.contains(words)))
        .map(|one| one.code)
        .collect();
    let is_said = |pointer: &str| said.iter().any(|place| is_within(pointer, place) || is_within(place, pointer));
    let mut gaps = Vec::new();
    for Part { what, pointers, codes } in walk::parts(&generated.document, &generated.api) {
        let is_made = pointers.iter().any(|pointer| made.contains(pointer.as_str()));
        let is_said = pointers.iter().any(|pointer| is_said(pointer));
        // What is said of many places is shown for three and counted for the others.
        let is_counted = codes.iter().any(|code| counted.contains(code));
        if !(is_made || is_said || is_counted) {
            gaps.push(format!("{what} at {}", pointers.join(", ")));
        }
    }
    gaps
}

/// Whether a pointer is `outer` or leads into it.
fn is_within(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) && !outer.is_empty()
}

/// Looks at documents, and returns how many were generated from.
fn check(documents: impl Iterator<Item = PathBuf>) -> usize {
    let (mut looked_at, mut missing) = (0, Vec::new());
    for document in documents {
        let Some(generated) = generated(&document) else { continue };
        looked_at += 1;
        missing.extend(gaps(&generated).into_iter().map(|gap| format!("{}: {gap}", document.display())));
    }
    assert!(missing.is_empty(), "{} parts are dropped in silence:\n{}", missing.len(), missing.join("\n"));
    looked_at
}

#[test]
fn every_part_of_every_case_is_made_or_told() {
    let folders = STAGES.into_iter().flat_map(cases);
    let documents = folders.flat_map(|case| ["document.yaml", "document.json"].map(|name| case.join(name)));
    let looked_at = check(documents.filter(|path| path.is_file()));
    assert!(looked_at > 60, "only {looked_at} documents were looked at");
}

/// The documents beside the repository, where there are any.
#[test]
fn every_part_of_published_documents_is_made_or_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let inside = |name: &str| std::fs::read_dir(root.join(name)).into_iter().flatten().filter_map(Result::ok);
    let is_small = |path: &PathBuf| path.metadata().is_ok_and(|metadata| metadata.len() < LARGEST);
    check(["tricky", "real"].into_iter().flat_map(inside).map(|entry| entry.path()).filter(is_small));
}

#[test]
fn a_part_that_nothing_speaks_of_is_a_gap() {
    let case = cases("model").into_iter().find(|case| case.ends_with("operation")).expect("there is such a case");
    let mut generated = generated(&case.join("document.yaml")).expect("it is generated from");
    assert_eq!(gaps(&generated), Vec::<String>::new());
    generated.manifest.items.clear();
    assert!(!gaps(&generated).is_empty(), "without a manifest everything is missing");
}
