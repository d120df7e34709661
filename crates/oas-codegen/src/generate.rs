//! All stages in a row: from the path of a document to the files of its packages.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::thread;

use oas_document::{Diagnostic, Document, Failure, LoadOptions, Sources};
use oas_model::{Api, Built, Selection};

use crate::manifest::{self, Manifest};
pub use crate::output::{INTERNAL_ERROR, Package, PackageFiles};
use crate::package::{PackageOptions, Surroundings};
use crate::plan::{self, NamesLock, Plan, Settings, Settled};
use crate::{Emitted, GeneratedFile, cli, client, server, types};

/// The stack of a thread that emits: documents nest, and the system hands it out as it is used.
const STACK: usize = 64 << 20;

/// What to generate, and from what.
#[derive(Debug, Clone)]
pub struct Job {
    /// The document.
    pub document: PathBuf,
    /// The overlays, in the order in which they apply.
    pub overlays: Vec<PathBuf>,
    /// The folder that references to files stay below; `None` stands for the git repository of the document.
    pub reference_root: Option<PathBuf>,
    /// Which operations and webhooks are wanted.
    pub selection: Selection,
    /// How names are settled.
    pub settings: Settings,
    /// Whether the manifest is made.
    pub describe: Describe,
    /// The packages, each with the folder that the manifest shows its files in.
    pub packages: Vec<(Package, PathBuf)>,
}

/// Whether a manifest is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Describe {
    /// Of every public item.
    Items,
    /// None: it takes as long as a package, and nobody asked for it.
    Nothing,
}

/// A step on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Text becomes a tree.
    Load,
    /// Overlays change the tree.
    Overlay,
    /// The tree becomes a model.
    Build,
    /// The model becomes a plan.
    Settle,
    /// The plan becomes files, and the files entries of the manifest; packages beside each other.
    Emit,
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Load => "load",
            Self::Overlay => "overlay",
            Self::Build => "build",
            Self::Settle => "settle",
            Self::Emit => "emit",
        })
    }
}

/// What a document became.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The document, overlaid: what the diagnostics point into.
    pub document: Document,
    /// Everything that was worth saying, in the order of the stages.
    pub diagnostics: Vec<Diagnostic>,
    /// The model.
    pub api: Api,
    /// The plan.
    pub plan: Plan,
    /// Every name by its key: what the lock holds.
    pub names: NamesLock,
    /// The files of each package.
    pub packages: Vec<PackageFiles>,
    /// What became of each place in the document.
    pub manifest: Manifest,
}

/// A document up to its plan: every item that it becomes with its name, and nothing printed.
#[derive(Debug, Clone)]
pub struct PlannedDocument {
    /// The document, overlaid: what the diagnostics point into.
    pub document: Document,
    /// Everything that was worth saying so far, in the order of the stages; not [located](Document::locate) yet.
    pub diagnostics: Vec<Diagnostic>,
    /// The model.
    pub api: Api,
    /// The plan.
    pub plan: Plan,
    /// Every name by its key, for the lock of the next run, or for a revision that is held against this document:
    /// see [`NamesLock::over`].
    pub names: NamesLock,
}

/// Runs the stages up to the plan. `watch` is told of each before it starts, on the same thread.
///
/// # Errors
/// As [`generate`].
pub fn plan(job: &Job, watch: &mut dyn FnMut(Stage)) -> Result<PlannedDocument, Failure> {
    let (document, Built { api, diagnostics: built }) = read(job, watch)?;
    let mut diagnostics = document.diagnostics().to_vec();
    diagnostics.extend(built);
    watch(Stage::Settle);
    let settled = settle(job, &api, document.sources())?;
    diagnostics.extend(settled.diagnostics);
    Ok(PlannedDocument { document, diagnostics, api, plan: settled.plan, names: settled.names })
}

/// The plan of an API alone, beside whatever else looks at it.
///
/// # Errors
/// As [`generate`].
pub fn settle(job: &Job, api: &Api, sources: &Sources) -> Result<Settled, Failure> {
    check_size(api, sources)?;
    guard("settle", sources, || plan::settle(api, &job.settings))
}

/// Runs every stage. `watch` is told of each before it starts, on the same thread.
///
/// # Errors
/// When a stage delivers nothing; a panic below becomes a diagnostic of the code [`INTERNAL_ERROR`].
pub fn generate(job: &Job, watch: &mut dyn FnMut(Stage)) -> Result<Generated, Failure> {
    let PlannedDocument { document, mut diagnostics, api, plan, names } = plan(job, watch)?;
    watch(Stage::Emit);
    let (mut packages, mut items) = (Vec::with_capacity(job.packages.len()), Vec::new());
    for made in make_all(job, &api, &plan, document.sources()) {
        let made = made?;
        packages.push(made.package);
        items.extend(made.items);
        diagnostics.extend(made.diagnostics);
    }
    document.locate(&mut diagnostics);
    Ok(Generated { document, diagnostics, api, plan, names, packages, manifest: Manifest::new(crate::HEADER, items) })
}

/// Prints the packages of a plan, as far as there is something to print, and lists their items.
///
/// # Errors
/// As [`generate`].
pub fn describe(job: &Job, api: &Api, plan: &Plan, sources: &Sources) -> Result<Manifest, Failure> {
    let made = make_all(job, api, plan, sources);
    let mut items = Vec::new();
    for made in made {
        items.extend(made?.items);
    }
    Ok(Manifest::new(crate::HEADER, items))
}

/// Refuses what would fill the memory.
fn check_size(api: &Api, sources: &Sources) -> Result<(), Failure> {
    /// The largest documents in use have about ten thousand.
    const MOST: usize = 75_000;
    let count = api.components.len();
    if count <= MOST {
        return Ok(());
    }
    let reachable = api.reachable();
    let reached = api.components.values().filter(|id| reachable.contains(**id)).count();
    if reached <= MOST {
        return Ok(());
    }
    let message = format!("the operations reach {reached} schemas, more than {MOST} become too much code");
    let hint = "generate from a part of the document: `--include`, or `include` in `openapi/codegen.toml`";
    let diagnostics = vec![Diagnostic::error("too-many-schemas", message).hint(hint)];
    Err(Failure { sources: sources.clone(), diagnostics })
}

/// What becomes of one package.
struct Made {
    package: PackageFiles,
    items: Vec<manifest::Item>,
    diagnostics: Vec<Diagnostic>,
}

/// Makes every package, each on a thread of its own.
fn make_all(job: &Job, api: &Api, plan: &Plan, sources: &Sources) -> Vec<Result<Made, Failure>> {
    thread::scope(|scope| {
        let running: Vec<_> = job
            .packages
            .iter()
            .map(|(package, folder)| {
                let name = package.name(&job.settings.name);
                let builder = thread::Builder::new().stack_size(STACK).name(name.clone());
                builder.spawn_scoped(scope, move || {
                    let files = PackageFiles { package: *package, name, folder: folder.clone(), files: Vec::new() };
                    guard(package.as_str(), sources, || make(files, job.describe, api, plan, sources))?
                })
            })
            .collect();
        running
            .into_iter()
            .map(|handle| match handle.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(made)) => made,
                Ok(Err(payload)) => Err(internal("emit", sources, payload.as_ref())),
                Err(error) => Err(internal("emit", sources, &error.to_string())),
            })
            .collect()
    })
}

/// Makes one package and its part of the manifest.
fn make(
    mut package: PackageFiles,
    describe: Describe,
    api: &Api,
    plan: &Plan,
    sources: &Sources,
) -> Result<Made, Failure> {
    let Emitted { files, diagnostics } = emit(package.package, api, plan);
    package.files = files;
    let items = match describe {
        Describe::Items => manifest::describe(api, plan, sources, &package)
            .map_err(|diagnostic| Failure { sources: sources.clone(), diagnostics: vec![*diagnostic] })?,
        Describe::Nothing => Vec::new(),
    };
    Ok(Made { package, items, diagnostics })
}

/// Runs the stages up to the model.
///
/// # Errors
/// As [`generate`].
pub fn read(job: &Job, watch: &mut dyn FnMut(Stage)) -> Result<(Document, Built), Failure> {
    let none = Sources::default();
    watch(Stage::Load);
    let options = LoadOptions { reference_root: job.reference_root.clone() };
    let document = guard("load", &none, || oas_document::load(&job.document, &options))??;
    watch(Stage::Overlay);
    let sources = document.sources().clone();
    let document = guard("overlay", &sources, || oas_document::overlay::apply(document, &job.overlays))??;
    let document = guard("load", &sources, || oas_model::from_swagger(document))?;
    watch(Stage::Build);
    let select = |built| oas_model::select(built, &job.selection);
    let built = guard("build", document.sources(), || oas_model::build(&document).map(select))??;
    Ok((document, built))
}

/// What makes the folder of a package a package of its own, besides the generated code in it, as codegen owns it.
pub fn standalone(package: Package, generated: &Generated, options: &PackageOptions) -> Vec<GeneratedFile> {
    let mut around = surroundings(package, generated, options);
    if let Some(made) = generated.packages.iter().find(|one| one.package == package) {
        around.retain_named(&made.files);
    }
    around.owned()
}

/// What makes the folder of a package a package of its own, besides the generated code in it. It has every dependency
/// that code of this kind may need.
pub fn surroundings(package: Package, generated: &Generated, options: &PackageOptions) -> Surroundings {
    let Generated { api, plan, .. } = generated;
    match package {
        Package::Client => client::package(api, plan, options),
        Package::Types => types::package(api, plan, options),
        Package::Server => server::package(api, plan, options),
        Package::Cli => cli::package(api, plan, options),
    }
}

/// Runs one emitter.
fn emit(package: Package, api: &Api, plan: &Plan) -> Emitted {
    match package {
        Package::Types => types::emit(api, plan),
        Package::Client => client::emit(api, plan),
        Package::Server => server::emit(api, plan),
        Package::Cli => cli::emit(api, plan),
    }
}

/// Turns a panic in a stage into a diagnostic: it is a fault of the generator and must not look like one of the user.
fn guard<T>(stage: &str, sources: &Sources, work: impl FnOnce() -> T) -> Result<T, Failure> {
    // What a panic may leave half done is dropped with the stage's result; nothing of it is used again.
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| internal(stage, sources, payload.as_ref()))
}

/// The failure that stands for a panic.
fn internal(stage: &str, sources: &Sources, payload: &(dyn Any + Send)) -> Failure {
    let message = format!("the generator failed in the stage `{stage}`: {}", panic_message(payload));
    let hint = "this is a fault of the generator, not of the document: please report it with the document; \
                nothing was written";
    Failure { sources: sources.clone(), diagnostics: vec![Diagnostic::error(INTERNAL_ERROR, message).hint(hint)] }
}

/// The words of a panic.
fn panic_message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_our_fault_and_says_where_it_was() {
        let failure = guard("settle", &Sources::default(), || panic!("no name for `{}`", "x")).map(drop);
        let failure = failure.expect_err("a failure");
        let [diagnostic] = failure.diagnostics.as_slice() else { panic!("one diagnostic") };
        assert_eq!(diagnostic.code, INTERNAL_ERROR);
        assert_eq!(diagnostic.message, "the generator failed in the stage `settle`: no name for `x`");
        assert!(diagnostic.hint.is_some());
    }
}
