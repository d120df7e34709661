//! Any text is an overlay or is refused with a diagnostic: `cargo +nightly fuzz run overlay`.
#![no_main]

use std::io::Write;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use oas_document::{LoadOptions, load_text, overlay};

const DOCUMENT: &str = include_str!("../../../../tests/cases/overlay/several/document.yaml");

fuzz_target!(|text: &[u8]| {
    let path = Path::new("/nonexistent/fuzz/openapi.yaml");
    let document = load_text(DOCUMENT, path, &LoadOptions { reference_root: None }).expect("the document is right");
    let mut file = tempfile::NamedTempFile::new().expect("temporary files can be made");
    file.write_all(text).expect("temporary files can be written");
    if let Err(failure) = overlay::apply(document, &[file.path().to_path_buf()]) {
        assert!(!failure.diagnostics.is_empty());
    }
});
