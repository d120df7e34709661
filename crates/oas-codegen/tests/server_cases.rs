//! The crates of the server's cases are what the generator makes of their documents. They are compiled by `server.rs`.

#[path = "plan/operations.rs"]
mod operations;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oas_codegen::GeneratedFile;
use oas_codegen::generate::{self, Job, Package};
use oas_codegen::package::{PackageOptions, RuntimeSource};
use oas_codegen::plan::Settings;

/// The packages of a case, each with its files.
fn packages(case: &Path) -> Vec<(PathBuf, Vec<GeneratedFile>)> {
    let name = format!("case-{}", case.file_name().expect("a name").to_string_lossy());
    let folder = |package: Package| PathBuf::from(package.name(&name));
    let job = Job {
        document: case.join("document.yaml"),
        overlays: Vec::new(),
        reference_root: None,
        selection: oas_model::Selection::default(),
        settings: Settings { operations: operations::of(case), ..Settings::new(name.clone()) },
        describe: oas_codegen::generate::Describe::Nothing,
        packages: [Package::Types, Package::Server].map(|package| (package, folder(package))).to_vec(),
    };
    let generated = generate::generate(&job, &mut |_| {}).expect("the document of a case is good");
    let options = PackageOptions {
        version: "0.1.0".to_owned(),
        runtime: RuntimeSource::Path(PathBuf::from("../../../../../crates")),
    };
    let files = |one: &generate::PackageFiles| {
        let mut around = generate::surroundings(one.package, &generated, &options);
        around.retain_named(&one.files);
        around.manifest.metadata.publish = Some(false);
        (case.join(&one.folder), one.files.iter().cloned().chain(around.owned()).collect())
    };
    generated.packages.iter().map(files).collect()
}

/// Holds the packages of a case against those in its folder.
fn hold(case: &Path) -> Result<(), String> {
    let differences: Vec<String> = packages(case)
        .into_iter()
        .filter_map(|(folder, files)| {
            let files: BTreeMap<PathBuf, String> = files.into_iter().map(|file| (file.path, file.contents)).collect();
            case_harness::hold_files(&folder, &files).err()
        })
        .collect();
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

fn main() {
    case_harness::run("server", hold);
}
