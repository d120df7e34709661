//! The types package: the code that documents become. That it compiles, and what it does, is tested beside this.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use oas_codegen::plan::{Settings, settle};
use oas_document::LoadOptions;

/// The document of a case: its own, or that of the case of the plan with its name.
fn document(case: &Path) -> PathBuf {
    let name = case.file_name().unwrap_or_default();
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/plan").join(name).join("document.yaml");
    let own = ["document.json", "document.yaml"].map(|name| case.join(name));
    own.into_iter().find(|path| path.exists()).unwrap_or(shared)
}

/// The generated files of a document, by their path below `src/generated`.
fn generated(path: &Path) -> BTreeMap<PathBuf, String> {
    let document = oas_document::load(path, &LoadOptions { reference_root: None })
        .unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    let built =
        oas_model::build(&document).unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    let settings = Settings::new("case");
    let settled = settle(&built.api, &settings);
    let emitted = oas_codegen::types::emit(&built.api, &settled.plan);
    let below = |path: &Path| path.strip_prefix("src/generated").map(Path::to_path_buf);
    emitted.files.into_iter().filter_map(|file| Some((below(&file.path).ok()?, file.contents))).collect()
}

/// The files below a folder, relative to it.
fn files_below(root: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else if let Ok(relative) = entry.path().strip_prefix(root) {
                found.insert(relative.to_path_buf());
            }
        }
    }
    found
}

#[test]
fn documents_become_the_code_that_is_expected() {
    for case in workspace_tests::cases("types") {
        let expected = case.join("expected");
        let files = generated(&document(&case));
        let bless = std::env::var_os("BLESS").is_some_and(|value| value == "1");
        for (path, text) in &files {
            let target = expected.join(path);
            if bless {
                std::fs::create_dir_all(target.parent().unwrap_or(&expected)).expect("a folder can be made");
            }
            workspace_tests::check(&target, text);
        }
        let names: BTreeSet<PathBuf> = files.into_keys().collect();
        for orphan in files_below(&expected).difference(&names) {
            assert!(bless, "{} is no longer generated", expected.join(orphan).display());
            std::fs::remove_file(expected.join(orphan)).expect("an orphan can be removed");
        }
    }
}

#[test]
fn the_same_document_gives_the_same_code() {
    for case in workspace_tests::cases("types") {
        let path = document(&case);
        assert_eq!(generated(&path), generated(&path), "{}", path.display());
    }
}
