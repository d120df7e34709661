//! Builds the model of every document named on the command line, and says how long that took and what was found.
//!
//! `cargo run --release -p oas-model --example corpus -- FILE...`

use std::collections::BTreeMap;
use std::io::{Write, stdout};
use std::path::Path;
use std::time::Instant;

use oas_document::{Diagnostic, LoadOptions};

fn main() -> std::io::Result<()> {
    let mut out = stdout().lock();
    let mut kinds: BTreeMap<(String, &'static str), usize> = BTreeMap::new();
    let verbose = std::env::args().any(|argument| argument == "-v");
    for path in std::env::args().skip(1).filter(|argument| argument != "-v") {
        let start = Instant::now();
        let loaded = oas_document::load(Path::new(&path), &LoadOptions { reference_root: None });
        let load = start.elapsed();
        let document = match loaded {
            Ok(document) => document,
            Err(failure) => {
                writeln!(out, "{path}: not loaded")?;
                for finding in &failure.diagnostics {
                    writeln!(out, "    {}: {}", finding.code, finding.message)?;
                }
                continue;
            }
        };
        let start = Instant::now();
        let built = oas_model::build(&document);
        let build = start.elapsed();
        let (word, diagnostics) = match &built {
            Ok(built) => (format!("{} schemas, {} operations", built.api.schemas.len(), built.api.operations.len()), &built.diagnostics),
            Err(failure) => ("FAILED".to_owned(), &failure.diagnostics),
        };
        writeln!(out, "{path}: load {load:.1?}, build {build:.1?}, {word}, {} findings", diagnostics.len())?;
        for finding in diagnostics {
            *kinds.entry((format!("{:?}", finding.severity), finding.code)).or_default() += 1;
            if verbose || built.is_err() && finding.severity == oas_document::Severity::Error {
                print(&mut out, finding, &document)?;
            }
        }
    }
    for ((severity, code), count) in kinds {
        writeln!(out, "{count:8} {severity} {code}")?;
    }
    Ok(())
}

fn print(out: &mut impl Write, finding: &Diagnostic, document: &oas_document::Document) -> std::io::Result<()> {
    let place = finding.place.as_ref();
    let position = place.map(|place| document.sources().position(place.span));
    let line = position.map_or(0, |position| position.line);
    let pointer = place.map(|place| place.pointer.to_string()).unwrap_or_default();
    let hint = finding.hint.as_deref().unwrap_or_default();
    writeln!(out, "    {:?} {}: {} [{line} {pointer}] hint: {hint}", finding.severity, finding.code, finding.message)
}
