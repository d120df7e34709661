//! The crates of the server's cases are what the generator makes of their documents. They are compiled by `server.rs`.

#[path = "../crates/oas-codegen/tests/plan/operations.rs"]
mod operations;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use oas_codegen::GeneratedFile;
use oas_codegen::generate::{self, Job, Package};
use oas_codegen::package::{PackageOptions, RuntimeSource};
use oas_codegen::plan::Settings;
use workspace_tests::{cases, check};

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

#[test]
fn crates_of_cases_are_fresh() {
    for case in cases("server") {
        for (folder, files) in packages(&case) {
            for file in &files {
                let path = folder.join(&file.path);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
                check(&path, &file.contents);
            }
            let expected: BTreeSet<PathBuf> = files.iter().map(|file| folder.join(&file.path)).collect();
            assert_eq!(files_below(&folder), expected, "orphaned files");
        }
    }
}

/// Every file below a folder.
fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut open = vec![folder.to_owned()];
    let mut files = BTreeSet::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(path);
            }
        }
    }
    files
}
