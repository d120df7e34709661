//! Whatever has a model has code: `cargo +nightly fuzz run emit`.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use oas_codegen::plan::{Settings, settle};
use oas_codegen::{cli, client, server, types};
use oas_document::{LoadOptions, load_text};

fuzz_target!(|text: &str| {
    // No such folder exists, so that no reference leads to a file.
    let path = Path::new("/nonexistent/fuzz/openapi.yaml");
    let Ok(document) = load_text(text, path, &LoadOptions { reference_root: None }) else { return };
    let document = oas_model::from_swagger(document);
    let Ok(built) = oas_model::build(&document) else { return };
    let settings = Settings { prune: false, ..Settings::new("fuzz") };
    let plan = settle(&built.api, &settings).plan;
    for emit in [types::emit, client::emit, server::emit, cli::emit] {
        let emitted = emit(&built.api, &plan);
        assert!(emitted.files.iter().all(|file| !file.contents.is_empty()));
    }
});
