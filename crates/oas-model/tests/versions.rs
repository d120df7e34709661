//! What the specification calls the same in its versions must be the same to every later stage.

#[path = "model/outline.rs"]
#[expect(dead_code, reason = "the whole model is compared beside this")]
mod outline;

use std::path::Path;

use oas_document::LoadOptions;

/// The schemas of a document.
fn schemas(path: &Path) -> String {
    let loaded = oas_document::load(path, &LoadOptions { reference_root: None })
        .unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    let built =
        oas_model::build(&loaded).unwrap_or_else(|failure| panic!("{}: {:?}", path.display(), failure.diagnostics));
    outline::exported(&built.api)
}

fn main() {
    case_harness::run("model-versions", |case| {
        let (old, new) = (schemas(&case.join("3.0.yaml")), schemas(&case.join("3.1.yaml")));
        if old == new { Ok(()) } else { Err(format!("--- 3.0\n{old}\n+++ 3.1\n{new}")) }
    });
}
