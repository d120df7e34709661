//! The types package: the code that documents become. That it compiles, and what it does, is tested beside this.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oas_codegen::plan::{Settings, settle};
use oas_document::LoadOptions;

/// The document of a case: its own, or that of the case of the plan with its name.
fn document(case: &Path) -> PathBuf {
    let name = case.file_name().unwrap_or_default();
    let shared = case.join("../../plan").join(name).join("document.yaml");
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

/// A case is as it is expected, and so it is once more.
fn hold(case: &Path) -> Result<(), String> {
    let path = document(case);
    let files = generated(&path);
    if files != generated(&path) {
        return Err(format!("{}: the same document gives other code", path.display()));
    }
    case_harness::hold_files(&case.join("expected"), &files)
}

fn main() {
    case_harness::run("types", hold);
}
