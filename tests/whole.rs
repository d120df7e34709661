//! Whole packages of documents that try to be difficult: types, client, server and command line compile without a
//! warning, and so does their documentation.
#![expect(clippy::disallowed_methods, reason = "tests write documents")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use workspace_tests::cases;
use workspace_tests::program::{ended, root, run};

/// Documents of other stages that are worth it.
const OTHERS: [&str; 6] =
    ["client/answers", "client/bodies", "client/security", "client/styles", "plan/names", "types/hostile"];

/// The document of a case.
fn document(case: &Path) -> PathBuf {
    let names = ["document.json", "document.yaml"].map(|name| case.join(name));
    names.into_iter().find(|path| path.is_file()).unwrap_or_else(|| panic!("no document in {}", case.display()))
}

/// Runs cargo on the packages in `home`; it must have nothing to say.
fn silent(home: &Path, arguments: &[&str]) {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).arg("--quiet").current_dir(home).env("RUSTDOCFLAGS", "-D warnings");
    // One folder for all tests of this kind: what the packages depend on is built once.
    command.env("CARGO_TARGET_DIR", root().join("target/standalone"));
    let ended = ended(&mut command);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "cargo {arguments:?}");
}

#[test]
fn whole_packages_compile_and_are_documented_without_a_warning() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = root().join("tests/cases");
    let all = cases("whole").into_iter().chain(OTHERS.iter().map(|other| folder.join(other)));
    for case in all {
        let name = case.file_name().expect("a name").to_string_lossy().into_owned();
        let (document, out) = (document(&case), home.path().join(&name));
        let name = format!("whole-{name}");
        let arguments = ["codegen", "--name", &name, "--document"].map(Path::new);
        let arguments = arguments.into_iter().chain([document.as_path(), Path::new("--out"), &out]);
        let ended = run(home.path(), arguments);
        assert_eq!(ended.code, 0, "{}: {}", case.display(), ended.stderr);
        // All of them are one workspace, and cargo does not nest those.
        fs::remove_file(out.join("Cargo.toml")).expect("it was made");
    }
    fs::write(home.path().join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"*/whole-*\"]\n")
        .expect("written");
    fs::copy(root().join("Cargo.lock"), home.path().join("Cargo.lock")).expect("copied");
    silent(home.path(), &["check", "--workspace"]);
    silent(home.path(), &["doc", "--workspace", "--no-deps"]);
}
