//! Documents that nothing can be generated from: a folder below `cases/diagnostics` holds one, and what is said of it.
#![expect(clippy::disallowed_methods, reason = "tests write documents")]

#[path = "refusals/refusal.rs"]
mod refusal;

use std::fs;
use std::path::Path;

use refusal::{arguments, generate, refusal};
use workspace_tests::program::{files, run};

fn actual(case: &Path) -> String {
    let home = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files(case) {
        fs::write(home.path().join(path), bytes).expect("copied");
    }
    let document = case_harness::document(case);
    let document = document.file_name().and_then(|name| name.to_str()).expect("a name");
    let overlay = case.join("overlay.yaml").is_file().then_some("overlay.yaml");
    let strict = arguments(document, overlay).into_iter().chain(["--strict".to_owned()]);
    let ended = run(home.path(), strict);
    let said = refusal(&case.display().to_string(), home.path(), &ended);
    if said.contains("--strict was given") {
        assert_eq!(generate(home.path(), document, overlay).code, 0, "{}: a slip is a warning", case.display());
    }
    said
}

fn main() {
    case_harness::main("diagnostics", actual);
}
