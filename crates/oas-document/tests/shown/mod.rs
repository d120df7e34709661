//! How cases are named and what is said of them, alike for loading and overlays.

use std::path::{Path, PathBuf};

use oas_document::{Diagnostic, Sources, Style, render};

/// Goes to the folder of all tests, from which diagnostics name the files of cases.
pub(crate) fn stand_beside_cases() {
    std::env::set_current_dir(case_harness::folder()).expect("a folder");
}

/// The document of a case, from that folder.
pub(crate) fn document_of(case: &Path) -> PathBuf {
    let document = case_harness::document(case);
    document.strip_prefix(case_harness::folder()).expect("cases are there").to_owned()
}

/// Diagnostics as people read them.
pub(crate) fn diagnostics(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = Vec::new();
    render(diagnostics, sources, Style::Plain, 100, &mut text).expect("memory can be written");
    String::from_utf8(text).expect("texts are UTF-8")
}
