//! The build stage: what documents become, and what is said about them.

#[path = "model/outline.rs"]
#[expect(dead_code, reason = "the schemas alone are compared beside this")]
mod outline;

use std::fmt::Write;
use std::path::Path;

use oas_document::{Diagnostic, LoadOptions, Severity, Sources};

/// What is expected of a case: the outline of the model, and what was found.
fn actual(case: &Path) -> String {
    let loaded = oas_document::load(&case_harness::document(case), &LoadOptions { reference_root: None });
    let loaded = match loaded {
        Ok(loaded) => oas_model::from_swagger(loaded),
        Err(failure) => return format!("not loaded\n{}", findings(&failure.diagnostics, &failure.sources)),
    };
    match oas_model::build(&loaded) {
        Ok(built) => {
            let found = findings(&built.diagnostics, loaded.sources());
            let gap = if found.is_empty() { "" } else { "\n" };
            format!("{}{gap}{found}", outline::of(&built.api))
        }
        Err(failure) => format!("not built\n{}", findings(&failure.diagnostics, &failure.sources)),
    }
}

/// Findings, a line for each and one for its hint.
fn findings(findings: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for finding in findings {
        let severity = match finding.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let place = |place: &oas_document::Place| {
            let position = sources.position(place.span);
            format!("{}:{} {}", position.line, position.column, place.pointer)
        };
        let at = finding.place.as_ref().map(place).unwrap_or_default();
        let _ = writeln!(text, "{severity}[{}] {at}\n    {}", finding.code, finding.message);
        for (other, words) in &finding.related {
            let _ = writeln!(text, "    {words}: {}", place(other));
        }
        if let Some(hint) = &finding.hint {
            let _ = writeln!(text, "    hint: {hint}");
        }
    }
    text
}

fn main() {
    case_harness::main("model", actual);
}
