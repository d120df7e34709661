//! The client emitter: each case is a small document, with the client and the types it becomes.
//!
//! What is expected is compiled and called over HTTP by `client_calls.rs`.

#[path = "plan/operations.rs"]
mod operations;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use oas_codegen::GeneratedFile;
use oas_codegen::plan::{Settings, settle};
use oas_document::{LoadOptions, load};

/// Holds everything that a case becomes against its folder `expected`, where nothing else may be.
fn hold(case: &Path) -> Result<(), String> {
    let name = case.file_name().and_then(|name| name.to_str()).expect("a name");
    let document = load(&case.join("document.yaml"), &LoadOptions { reference_root: None }).expect("a document");
    let built = oas_model::build(&document).expect("a model");
    let settings = Settings { operations: operations::of(case), ..Settings::new(name) };
    let settled = settle(&built.api, &settings);
    let types = oas_codegen::types::emit(&built.api, &settled.plan);
    let client = oas_codegen::client::emit(&built.api, &settled.plan);
    let mut diagnostics = String::new();
    for one in settled.diagnostics.iter().chain(&types.diagnostics).chain(&client.diagnostics) {
        writeln!(diagnostics, "{:?}[{}]: {}", one.severity, one.code, one.message).expect("a string");
    }
    let place = |folder: &str, file: GeneratedFile| {
        (Path::new(folder).join(file.path.strip_prefix("src/generated").expect("a generated file")), file.contents)
    };
    let types = types.files.into_iter().map(|file| place("types", file));
    let files = types.chain(client.files.into_iter().map(|file| place("client", file)));
    let files: BTreeMap<PathBuf, String> = files.chain([(PathBuf::from("diagnostics.txt"), diagnostics)]).collect();
    case_harness::hold_files(&case.join("expected"), &files)
}

fn main() {
    case_harness::run("client", hold);
}
