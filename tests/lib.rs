//! What the tests of the workspace share: finding cases, and comparing with what they expect.

pub mod program;

use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;

/// The folders below `tests/cases/<stage>`, in the order of their names.
///
/// # Panics
/// When there is none: a stage without cases tests nothing.
pub fn cases(stage: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(stage);
    let entries = fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    let mut found: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    assert!(!found.is_empty(), "no case in {}", root.display());
    found
}

/// Holds `actual` against the text of `expected`. With `BLESS=1` in the environment the file is written instead.
///
/// # Panics
/// When they differ, or the file is missing.
#[expect(clippy::disallowed_methods, reason = "an expectation that is half written shows at once")]
pub fn check(expected: &Path, actual: &str) {
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        fs::write(expected, actual).unwrap_or_else(|error| panic!("{}: {error}", expected.display()));
        return;
    }
    let text = fs::read_to_string(expected)
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask bless` writes it", expected.display()));
    if text == actual {
        return;
    }
    let lines = TextDiff::from_lines(text.as_str(), actual);
    let difference = lines.unified_diff().context_radius(3).header("expected", "actual").to_string();
    panic!("{} differs; `cargo xtask bless` rewrites it\n{difference}", expected.display());
}
