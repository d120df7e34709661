//! Do values survive generated code? An oracle that knows nothing of how it is made.
//!
//! [`prepare`] makes an API of a document in which each schema, parameter and header has an operation of its own,
//! generates types, client and server from it, and a program that holds all three in one process. Whoever calls builds
//! it. [`measure`] sends values through it: valid ones, which have to come back equal, and some with one keyword broken,
//! which the server has to refuse. Values are made from the schemas; the `jsonschema` crate says which are valid.

mod circle;
mod harness;
mod json;
mod judge;
mod make;
mod measure;
mod probe;
mod report;
mod session;
mod spoil;
mod texts;

use std::path::Path;

use oas_codegen::GeneratedFile;
use oas_codegen::package::PackageOptions;
use oas_codegen::plan::{self, Settings};
use oas_document::{Diagnostic, Failure, Sources};
use oas_model::Api;

pub use harness::NAME;
pub use json::Json;
pub use measure::Effort;
pub use probe::{Kind, Probe};
pub use report::{Counts, Fault, FaultKind, Goals, Report};

/// A program that values can be sent through, not yet built.
#[derive(Debug)]
pub struct Prepared {
    /// The API of the probes.
    pub api: Api,
    /// What is looked at.
    pub probes: Vec<Probe>,
    /// Forms in parts whose type is no struct, so that a builder has no setters for their parts.
    without_setters: std::collections::BTreeSet<usize>,
    /// The packages of the program: the folder of each, with its files.
    pub packages: Vec<(String, Vec<GeneratedFile>)>,
}

/// The package whose program values are sent through.
pub const HARNESS: &str = "probed-harness";

/// Makes the program for an API.
///
/// # Errors
/// When the document has nothing that values could be sent through.
pub fn prepare(api: &Api, settings: &Settings, options: &PackageOptions) -> Result<Prepared, Failure> {
    let Some((api, probes)) = probe::of(api) else {
        let message = "the document has no schema, parameter or header";
        let hint = "there is nothing that values could be lost in";
        let diagnostics = vec![Diagnostic::error("nothing-to-measure", message).hint(hint)];
        return Err(Failure { sources: Sources::default(), diagnostics });
    };
    // The names of the document's own types do not matter, and those of the probes must not get in their way.
    let settings = Settings {
        name: NAME.to_owned(),
        pins: std::collections::BTreeMap::new(),
        lock: plan::NamesLock::default(),
        prune: true,
        ..settings.clone()
    };
    let plan = plan::settle(&api, &settings).plan;
    let types = (oas_codegen::types::emit(&api, &plan), oas_codegen::types::package(&api, &plan, options));
    let client = (oas_codegen::client::emit(&api, &plan), oas_codegen::client::package(&api, &plan, options));
    let server = (oas_codegen::server::emit(&api, &plan), oas_codegen::server::package(&api, &plan, options));
    let mut packages: Vec<(String, Vec<GeneratedFile>)> = [types, client, server]
        .into_iter()
        .map(|(emitted, around)| {
            let name = around.manifest.name.clone();
            (name, around.owned().into_iter().chain(emitted.files).collect())
        })
        .collect();
    packages.push((HARNESS.to_owned(), harness::files(&api, &plan, &probes, &options.version)));
    let without_setters = harness::without_setters(&plan, &probes);
    Ok(Prepared { api, probes, without_setters, packages })
}

/// Sends values through the program at `program`. `watch` is told how many probes are done, and of how many.
///
/// # Errors
/// When the program cannot be started.
pub fn measure(
    prepared: &Prepared,
    program: &Path,
    effort: Effort,
    watch: &mut dyn FnMut(usize, usize),
) -> std::io::Result<Report> {
    let mut session = session::Session::new(program);
    measure::run(&prepared.api, &prepared.probes, &prepared.without_setters, effort, &mut session, watch)
}
