//! The client emitter: each case is a small document, with the client and the types it becomes.
//!
//! What is expected is compiled and called over HTTP by `client_calls.rs`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use oas_codegen::GeneratedFile;
use oas_codegen::plan::{Settings, settle};
use oas_document::{LoadOptions, load};
use workspace_tests::{cases, check};

#[test]
fn clients_are_as_expected() {
    for case in cases("client") {
        check_case(&case);
    }
}

/// Holds everything that a case becomes against its folder `expected`, and nothing else may be there.
fn check_case(case: &Path) {
    let name = case.file_name().and_then(|name| name.to_str()).expect("a name");
    let document = load(&case.join("document.yaml"), &LoadOptions { reference_root: None }).expect("a document");
    let built = oas_model::build(&document).expect("a model");
    let settings = Settings::new(name);
    let settled = settle(&built.api, &settings);
    let types = oas_codegen::types::emit(&built.api, &settled.plan);
    let client = oas_codegen::client::emit(&built.api, &settled.plan);
    let mut diagnostics = String::new();
    for one in settled.diagnostics.iter().chain(&types.diagnostics).chain(&client.diagnostics) {
        writeln!(diagnostics, "{:?}[{}]: {}", one.severity, one.code, one.message).expect("a string");
    }
    let mut expected: Vec<PathBuf> = Vec::new();
    let mut hold = |path: PathBuf, text: &str| {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        check(&path, text);
        expected.push(path);
    };
    let place = |folder: &str, file: &GeneratedFile| {
        case.join("expected").join(folder).join(file.path.strip_prefix("src/generated").expect("a generated file"))
    };
    for file in &types.files {
        hold(place("types", file), &file.contents);
    }
    for file in &client.files {
        hold(place("client", file), &file.contents);
    }
    hold(case.join("expected/diagnostics.txt"), &diagnostics);
    expected.sort();
    assert_eq!(files_below(&case.join("expected")), expected, "files that nothing writes");
}

/// Every file below a folder, in the order of their paths.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
