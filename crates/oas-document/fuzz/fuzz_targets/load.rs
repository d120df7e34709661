//! Any text loads or is refused with a diagnostic that can be shown: `cargo +nightly fuzz run load`.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use oas_document::{LoadOptions, Style, load_text, render};

fuzz_target!(|text: &str| {
    // No such folder exists, so that no reference leads to a file.
    for name in ["/nonexistent/fuzz/openapi.json", "/nonexistent/fuzz/openapi.yaml"] {
        match load_text(text, Path::new(name), &LoadOptions { reference_root: None }) {
            Ok(document) => {
                let _ = document.resolve_at(&document.root_location(), text);
            }
            Err(failure) => {
                assert!(!failure.diagnostics.is_empty());
                let shown = render(&failure.diagnostics, &failure.sources, Style::Plain, 100, &mut Vec::new());
                shown.expect("memory can be written");
            }
        }
    }
});
