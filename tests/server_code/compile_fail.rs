//! What must not compile, and what rustc says about it.
//!
//! Each case of `tests/compile-fail` is compiled against the very libraries that this test stands on, so that nothing
//! is built twice.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the libraries that this test was linked with.
fn libraries() -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    test.parent().expect("a folder").to_owned()
}

/// The builds of the server crate, the newest first: other features or profiles may have left several.
fn candidates() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(libraries()).expect("a folder");
    let mut found: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    found.retain(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with("libautoposting_server-") && path.extension().is_some_and(|extension| extension == "rlib")
    });
    found.sort_by_key(|path| std::cmp::Reverse(path.metadata().and_then(|data| data.modified()).ok()));
    found
}

/// Compiles `main.rs` of a case against one build of the server crate.
fn compile(case: &Path, server: &Path) -> Output {
    let out = tempfile::tempdir().expect("a folder");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Command::new(rustc)
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--error-format", "short", "--extern"])
        .arg(format!("autoposting_server={}", server.display()))
        .arg("-L")
        .arg(format!("dependency={}", libraries().display()))
        .arg("--out-dir")
        .arg(out.path())
        .arg(case.join("main.rs"))
        .output()
        .expect("rustc runs")
}

#[test]
fn what_the_document_does_not_have_does_not_compile() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("compile-fail");
    let good = folder.join("complete");
    let mut said = String::new();
    let server = candidates().into_iter().find(|server| {
        let output = compile(&good, server);
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        output.status.success()
    });
    let server = server.unwrap_or_else(|| panic!("a complete implementation compiles against no build:\n{said}"));
    let mut checked = 0;
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let case = entry.expect("an entry").path();
        let Ok(expected) = std::fs::read_to_string(case.join("expected.txt")) else { continue };
        let output = compile(&case, &server);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{} compiles", case.display());
        for line in expected.lines() {
            assert!(said.contains(line), "{}: `{line}` is missing in\n{said}", case.display());
        }
        checked += 1;
    }
    assert_eq!(checked, 3, "cases");
}
