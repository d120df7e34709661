//! The sources of the runtime crates, which this program carries: packages of the workspace that wants them.
//!
//! They are packages and not modules, because a type of a runtime has to be the same type for all generated crates.

mod manifest;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use oas_codegen::files::{self, Mode};
use oas_codegen::{GeneratedFile, HEADER};
use oas_document::Failure;

use crate::failure;

include!("embedded/table.rs");
include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A crate that this program carries.
pub(crate) struct Crate {
    name: &'static str,
    /// Its `Cargo.toml`, which inherits from [`WORKSPACE`].
    manifest: &'static str,
    /// Its sources: their paths below the crate's folder, and their texts.
    files: &'static [(&'static str, &'static str)],
}

/// What keeps formatters off: the sources are as they are in the crate that they come from.
const RUSTFMT: &str = "disable_all_formatting = true\n";

/// Whether a package is one of the runtime crates.
pub fn is_runtime(name: &str) -> bool {
    RUNTIMES.contains(&name)
}

/// The runtime crates that `wanted` stand on, and those themselves, in the order of the table.
///
/// # Errors
/// When a manifest inside of this program cannot be read, which is a fault of its build.
pub fn closure<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Result<Vec<&'static str>, Failure> {
    let mut pending: Vec<&str> = wanted.into_iter().collect();
    let mut found: BTreeSet<&str> = BTreeSet::new();
    while let Some(name) = pending.pop() {
        let Some(one) = CRATES.iter().find(|one| one.name == name) else { continue };
        if found.insert(one.name) {
            pending.extend(manifest::siblings(one.manifest)?);
        }
    }
    Ok(RUNTIMES.iter().copied().filter(|name| found.contains(name)).collect())
}

/// The files of a runtime crate as a package of somebody's workspace. All of its folder belongs to codegen.
///
/// # Errors
/// When a manifest inside of this program cannot be read, which is a fault of its build.
pub fn files(name: &str) -> Result<Vec<GeneratedFile>, Failure> {
    let Some(one) = CRATES.iter().find(|one| one.name == name) else { return Ok(Vec::new()) };
    let manifest = manifest::stand_alone(one.manifest, WORKSPACE)?;
    let mut files = vec![
        GeneratedFile { path: PathBuf::from("Cargo.toml"), contents: format!("# {HEADER}\n\n{manifest}") },
        GeneratedFile { path: PathBuf::from("rustfmt.toml"), contents: format!("# {HEADER}\n{RUSTFMT}") },
    ];
    let sources = one.files.iter().filter(|(path, _)| Path::new(path).file_name() != Some("tests.rs".as_ref()));
    files.extend(sources.map(|(path, text)| {
        let is_rust = Path::new(path).extension().is_some_and(|end| end == "rs");
        let contents = if is_rust { format!("// {HEADER}\n{}", without_tests(text)) } else { (*text).to_owned() };
        GeneratedFile { path: PathBuf::from(path), contents }
    }));
    Ok(files)
}

/// Writes all runtime crates below `folder`, each into a folder of its name.
///
/// # Errors
/// When a manifest inside of this program cannot be read, or nothing can be written there.
pub fn write(folder: &Path) -> Result<(), Failure> {
    for name in RUNTIMES {
        files::apply(&files(name)?, &folder.join(name), Mode::Write)
            .map_err(|error| failure::plain("not-written", error.to_string(), "choose another folder"))?;
    }
    Ok(())
}

/// A source without its tests, which run where it comes from, with what they need. It is formatted: what starts at the
/// beginning of a line ends there.
fn without_tests(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if line.trim_end() != TESTS {
            kept.push_str(line);
            continue;
        }
        let ends = |line: &str| {
            line.trim_end() == "}" || line.starts_with(char::is_alphabetic) && line.trim_end().ends_with(';')
        };
        let _ = lines.find(|line| ends(line));
    }
    kept.truncate(kept.trim_end().len());
    kept.push('\n');
    kept
}

/// What stands before tests.
const TESTS: &str = "#[cfg(test)]";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runtime_crate_is_carried_with_what_it_stands_on() {
        for name in RUNTIMES {
            let closure = closure([*name]).expect("its manifest is read");
            assert_eq!(closure.last(), Some(name), "those it stands on come before it in the table");
            let files = files(name).expect("its manifest is read");
            assert!(files.iter().any(|file| file.path == Path::new("src/lib.rs")), "{name}");
            let manifest = &files[0].contents;
            assert!(!manifest.contains("workspace = true"), "nothing is inherited: {manifest}");
        }
    }

    #[test]
    fn tests_stay_where_they_are() {
        for name in RUNTIMES {
            for file in files(name).expect("its manifest is read") {
                assert!(!file.contents.contains(TESTS), "{name}: {}", file.path.display());
            }
        }
        let text = "//! A.\n#[cfg(test)]\nmod tests;\n\nfn a() {}\n\n#[cfg(test)]\nmod more {\n    fn b() {}\n}\n";
        assert_eq!(without_tests(text), "//! A.\n\nfn a() {}\n");
    }

    #[test]
    fn the_table_has_all_runtime_crates_of_this_workspace() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let entries = std::fs::read_dir(crates).expect("a folder").filter_map(Result::ok);
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let runtimes: Vec<String> = names.filter(|name| name.ends_with("-runtime") || name == "oas-wire").collect();
        assert!(!runtimes.is_empty());
        for name in runtimes {
            assert!(is_runtime(&name), "{name} is missing in src/embedded/table.rs");
        }
    }
}
