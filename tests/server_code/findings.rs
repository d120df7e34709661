//! What the emitter says about documents that a server cannot follow.

use std::fmt::Write as _;
use std::path::Path;

use oas_codegen::plan::{Settings, settle};
use oas_document::LoadOptions;
use workspace_tests::{cases, check};

/// A line for each finding and one for its hint, and the methods of each trait that came out.
fn actual(case: &Path) -> String {
    let document = oas_document::load(&case.join("document.yaml"), &LoadOptions { reference_root: None });
    let document = document.expect("it is read");
    let api = oas_model::build(&document).expect("it is built").api;
    let settings = Settings::new("case");
    let plan = settle(&api, &settings).plan;
    let mut emitted = oas_codegen::server::emit(&api, &plan);
    document.locate(&mut emitted.diagnostics);
    let mut text = String::new();
    for finding in &emitted.diagnostics {
        let line = |place: &oas_document::Place| document.sources().position(place.span).line;
        let at = finding.place.as_ref().map(line).unwrap_or_default();
        let _ = writeln!(text, "{:?} {} line {at}: {}", finding.severity, finding.code, finding.message);
        if let Some(hint) = &finding.hint {
            let _ = writeln!(text, "    hint: {hint}");
        }
    }
    for file in emitted.files.iter().filter(|file| !file.path.ends_with("mod.rs") && !file.path.ends_with("routes.rs"))
    {
        let methods = file.contents.lines().filter(|line| line.starts_with("    fn "));
        for line in methods {
            let _ = writeln!(text, "{}: {}", file.path.display(), line.trim());
        }
    }
    text
}

#[test]
fn what_cannot_be_served_is_said() {
    for case in cases("server-findings") {
        check(&case.join("expected.txt"), &actual(&case));
    }
}
