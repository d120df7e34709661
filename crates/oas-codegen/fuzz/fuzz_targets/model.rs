//! Any document has a model or is refused with a diagnostic: `cargo +nightly fuzz run model`.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use oas_document::{LoadOptions, load_text};

fuzz_target!(|text: &str| {
    // No such folder exists, so that no reference leads to a file.
    let path = Path::new("/nonexistent/fuzz/openapi.yaml");
    let Ok(document) = load_text(text, path, &LoadOptions { reference_root: None }) else { return };
    let document = oas_model::from_swagger(document);
    match oas_model::build(&document) {
        Ok(built) => drop(built.api.reachable()),
        Err(failure) => assert!(!failure.diagnostics.is_empty()),
    }
});
