//! Compiles the crates of a corpus together: one workspace, so that what they depend on is built once.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use oas_codegen::GeneratedFile;
use oas_codegen::files::{self, Mode};
use oas_codegen::generate::Package;
use oas_document::Failure;
use serde_json::Value;

use super::one::{Compiled, Fate, Report};
use crate::{cargo, failure};

/// Compiles the crates below `scratch`, and notes which do not.
pub(crate) fn check(scratch: &Path, reports: &mut [Report]) -> Result<(), Failure> {
    workspace(scratch, reports)?;
    let output = cargo::command()
        .args(["check", "--workspace", "--all-features", "--keep-going", "--quiet", "--message-format=json"])
        .current_dir(scratch)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| cargo::not_found(&error))?;
    let mut messages = messages(&String::from_utf8_lossy(&output.stdout));
    for report in reports.iter_mut().filter(|report| matches!(report.fate, Fate::Generated)) {
        let Messages { errors, warnings } = messages.remove(&report.name).unwrap_or_default();
        report.compiled = Some(Compiled { fine: errors.is_empty(), warnings });
        if !errors.is_empty() {
            report.fate = Fate::Uncompilable(errors);
        }
    }
    if !output.status.success() && !reports.iter().any(|report| report.fate.is_failure()) {
        let hint = "run `cargo check` there to see why";
        return Err(failure::plain("not-compiled", format!("cargo failed in `{}`", scratch.display()), hint));
    }
    Ok(())
}

/// Writes the workspace around all crates. Each document has a workspace of its own; cargo does not nest them, so
/// those are taken away.
fn workspace(scratch: &Path, reports: &[Report]) -> Result<(), Failure> {
    let mut members = Vec::new();
    for report in reports.iter().filter(|report| matches!(report.fate, Fate::Generated)) {
        // Left over from a run before, or just written: what counts is that it is gone.
        let _ = std::fs::remove_file(scratch.join(&report.name).join("Cargo.toml"));
        let packages = Package::ALL.iter().map(|package| format!("{0}/{0}-{package}", report.name));
        members.extend(packages.filter(|member| scratch.join(member).join("Cargo.toml").is_file()));
    }
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    let file: GeneratedFile = oas_codegen::package::workspace(&members);
    let written = files::apply(&[file], scratch, Mode::Write);
    written.map(drop).map_err(|error| failure::plain("not-written", error.to_string(), "choose another --scratch"))
}

/// What rustc says about the crates of a document.
#[derive(Default)]
struct Messages {
    /// The lines of errors.
    errors: Vec<String>,
    /// How many warnings there are.
    warnings: usize,
}

/// What cargo reports, by the name of the document.
fn messages(output: &str) -> BTreeMap<String, Messages> {
    let mut messages: BTreeMap<String, Messages> = BTreeMap::new();
    for message in output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let Some(name) = message["target"]["name"].as_str().and_then(|name| name.split('_').next()) else { continue };
        let text = message["message"]["rendered"].as_str().unwrap_or_default();
        let own = messages.entry(name.to_owned()).or_default();
        match message["message"]["level"].as_str() {
            Some("error") => own.errors.extend(text.lines().map(ToOwned::to_owned)),
            // What sums up has no place.
            Some("warning") if message["message"]["spans"].as_array().is_some_and(|spans| !spans.is_empty()) => {
                own.warnings += 1;
            }
            _ => {}
        }
    }
    messages
}
