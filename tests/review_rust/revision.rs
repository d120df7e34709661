//! The document, its revisions, and what they become.

#![expect(clippy::disallowed_methods, reason = "scratch files")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use oas_codegen::files::{self, Mode};
use oas_codegen::generate::{self, Generated, Job, Package};
use oas_codegen::package::{PackageOptions, RuntimeSource};
use oas_codegen::plan::Settings;
use oas_document::LoadOptions;
use serde_json::Value;
use workspace_tests::program::root;

/// The packages of every revision.
pub(crate) const PACKAGES: [Package; 3] = [Package::Types, Package::Client, Package::Server];

/// The document before any revision.
pub(crate) fn base() -> Value {
    let path = root().join("tests/cases/review-rust/base.yaml");
    let document = oas_document::load(&path, &LoadOptions { reference_root: None }).expect("the document is good");
    document.root().to_json()
}

/// The document after the revision of a case.
pub(crate) fn revised(base: &Value, case: &Path) -> Value {
    let patch = case.join("patch.json");
    let text = fs::read_to_string(&patch).unwrap_or_else(|error| panic!("{}: {error}", patch.display()));
    let patch: json_patch::Patch =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let mut revised = base.clone();
    json_patch::patch(&mut revised, &patch).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    revised
}

/// The name of a case.
pub(crate) fn name(case: &Path) -> String {
    case.file_name().expect("a case has a name").to_string_lossy().into_owned()
}

/// The folder that everything is generated and built in.
pub(crate) fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("review-rust")
}

/// What a document becomes under a name.
pub(crate) fn generated(document: &Value, name: &str) -> Generated {
    let file = tempfile::Builder::new().suffix(".json").tempfile().expect("a file can be made");
    fs::write(file.path(), document.to_string()).expect("a file can be written");
    let folder = |package: Package| PathBuf::from("crates").join(package.name(name));
    let job = Job {
        document: file.path().to_owned(),
        overlays: Vec::new(),
        reference_root: None,
        selection: oas_model::Selection::default(),
        settings: Settings::new(name),
        describe: oas_codegen::generate::Describe::Items,
        packages: PACKAGES.map(|package| (package, folder(package))).to_vec(),
    };
    generate::generate(&job, &mut |_| {})
        .unwrap_or_else(|failure| panic!("{name} is not generated: {:?}", failure.diagnostics))
}

/// Writes the packages of a document below `folder`, with all that makes them packages; what is there and the same
/// already stays as it is.
pub(crate) fn write(generated: &Generated, folder: &Path) {
    let options = PackageOptions { version: "0.1.0".to_owned(), runtime: RuntimeSource::Path(root().join("crates")) };
    for package in &generated.packages {
        let mut all = package.files.clone();
        all.extend(generate::standalone(package.package, generated, &options));
        let home = folder.join(&package.folder);
        fs::create_dir_all(&home).expect("a folder can be made");
        files::apply(&all, &home, Mode::Write).unwrap_or_else(|error| panic!("{}: {error}", home.display()));
    }
}

/// Writes a file below `folder`, unless it is there and the same.
pub(crate) fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
    fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Makes `folder` a workspace of these members, with the versions that this workspace has.
pub(crate) fn workspace(folder: &Path, members: &[String]) {
    let members: Vec<String> = members.iter().map(|member| format!("    \"{member}\",\n")).collect();
    put(folder, "Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = [\n{}]\n", members.concat()));
    if !folder.join("Cargo.lock").is_file() {
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a file can be copied");
    }
}

/// Cargo, building where `--call-sites` builds in the scratch workspace: what packages depend on is built once for all.
///
/// Rustdoc writes JSON for those who ask as its authors do. Some build scripts ask the same, so that every build here has
/// to; otherwise each would build everything again.
pub(crate) fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).env("CARGO_TARGET_DIR", build()).env("RUSTC_BOOTSTRAP", "1");
    command
}

/// Where everything is built.
pub(crate) fn build() -> PathBuf {
    scratch().join("call-sites/target/review/build")
}
