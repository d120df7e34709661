//! Tests that are folders: a test for each case of a stage, and what differs when one fails.
//!
//! A stage says in its `Cargo.toml` that its test has no harness, and in the test how a case becomes a text:
//!
//! ```ignore
//! fn main() {
//!     case_harness::main("plan", actual)
//! }
//! ```

pub mod additions;
pub mod edits;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use similar::TextDiff;

/// The folder that `cases` is in.
pub fn folder() -> &'static Path {
    // Without `..`, so that a path that is printed is the same wherever the cases are looked at from.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The folders below `tests/cases/<stage>`, in the order of their names.
///
/// # Panics
/// When there is none: a stage without cases tests nothing.
pub fn cases(stage: &str) -> Vec<PathBuf> {
    let root = folder().join("cases").join(stage);
    let entries = fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    let mut found: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    assert!(!found.is_empty(), "no case in {}", root.display());
    found
}

/// The document of a case.
///
/// # Panics
/// When it has none.
pub fn document(case: &Path) -> PathBuf {
    let names = ["document.json", "document.yaml"].map(|name| case.join(name));
    names.into_iter().find(|path| path.is_file()).unwrap_or_else(|| panic!("{} has no document", case.display()))
}

/// Runs a test for each case of a stage, called like its folder: `actual` makes of it what `expected.txt` has.
///
/// # Panics
/// When there is no case.
pub fn main(stage: &str, actual: fn(&Path) -> String) {
    run(stage, move |case| hold(&case.join("expected.txt"), &actual(case)));
}

/// Runs a test for each case of a stage, called like its folder, that says what is wrong.
///
/// # Panics
/// When there is no case.
pub fn run(stage: &str, test: impl Fn(&Path) -> Result<(), String> + Clone + Send + 'static) {
    let trial = |case: PathBuf| {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let test = test.clone();
        Trial::test(name, move || test(&case).map_err(Failed::from))
    };
    libtest_mimic::run(&Arguments::from_args(), cases(stage).into_iter().map(trial).collect()).exit();
}

/// Holds files against those below a folder, where nothing else may be. With `BLESS=1` in the environment the folder is
/// made so.
///
/// # Errors
/// When files differ, are missing, or are too many: what differs of each.
pub fn hold_files(expected: &Path, files: &BTreeMap<PathBuf, String>) -> Result<(), String> {
    let mut differences = Vec::new();
    for (path, text) in files {
        let path = expected.join(path);
        if is_blessing()
            && let Some(folder) = path.parent()
        {
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        differences.extend(hold(&path, text).err());
    }
    for path in files_below(expected) {
        if path.strip_prefix(expected).is_ok_and(|path| files.contains_key(path)) {
            continue;
        }
        if is_blessing() {
            fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        } else {
            differences.push(format!("{} is written by nothing", path.display()));
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

/// Every file below a folder, in the order of their paths.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// Whether expectations are written and not held.
fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Holds `actual` against the text of `expected`. With `BLESS=1` in the environment the file is written instead.
///
/// # Panics
/// When they differ, or the file is missing.
pub fn check(expected: &Path, actual: &str) {
    if let Err(difference) = hold(expected, actual) {
        panic!("{difference}");
    }
}

/// The same, with what differs as an error.
#[expect(clippy::disallowed_methods, reason = "an expectation that is half written shows at once")]
fn hold(expected: &Path, actual: &str) -> Result<(), String> {
    if is_blessing() {
        return fs::write(expected, actual).map_err(|error| format!("{}: {error}", expected.display()));
    }
    let text = fs::read_to_string(expected)
        .map_err(|error| format!("{}: {error}; `cargo xtask bless` writes it", expected.display()))?;
    if text == actual {
        return Ok(());
    }
    let diff = TextDiff::from_lines(text.as_str(), actual);
    let diff = diff.unified_diff().context_radius(3).header("expected", "actual").to_string();
    Err(format!("{} differs; `cargo xtask bless` rewrites it\n{diff}", expected.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_and_nothing_else() {
        let folder = cases("plan").swap_remove(0);
        let expected = folder.join("expected.txt");
        let text = fs::read_to_string(&expected).expect("an expectation");
        assert_eq!(hold(&expected, &text), Ok(()));
        let difference = hold(&expected, &format!("{text}one more line\n")).expect_err("a difference");
        assert!(difference.contains("+one more line"), "{difference}");
        assert!(difference.lines().count() < 10, "{difference}");
        assert!(hold(&folder.join("nothing.txt"), "").expect_err("no file").contains("writes it"));
    }
}
