//! `cargo oas fidelity`: what values lose on their way through generated code.

mod build;
mod cli;
mod show;

use std::path::{Path, PathBuf};

use oas_codegen::config::{self, FidelityConfig};
use oas_codegen::generate::{self, Describe, Job};
use oas_codegen::plan::Settings;
use oas_document::Failure;
use oas_fidelity::{Effort, Goals, Report};
use oas_model::Selection;
use serde_json::json;

pub use cli::Cli;

use crate::shell::{Shell, Verbosity};
use crate::{Outcome, failure, program};

/// A document to measure.
struct Subject {
    /// What the report calls it.
    name: String,
    job: Job,
}

/// Runs the command.
///
/// # Errors
/// When a document cannot be read, or its program not be built.
pub fn run(flags: &Cli) -> Result<Outcome, Failure> {
    let shell = Shell { verbosity: if flags.json { Verbosity::Quiet } else { Verbosity::Normal } };
    let (subjects, goals) = subjects(flags)?;
    let mut reports = Vec::with_capacity(subjects.len());
    for subject in &subjects {
        let report = measure(subject, flags, shell)?;
        if !flags.json {
            show::text(&subject.name, &report, flags.verbose);
        }
        reports.push((subject.name.clone(), report));
    }
    let is_well = reports.iter().all(|(_, report)| report.reaches(&goals));
    if flags.json {
        let all: Vec<_> = reports
            .iter()
            .map(|(name, report)| {
                let mut one = report.to_json();
                one["document"] = json!(name);
                one["reachesGoals"] = json!(report.reaches(&goals));
                one
            })
            .collect();
        show::print(&format!("{:#}", json!({ "seed": flags.seed, "cases": flags.cases, "documents": all })));
    } else {
        show::verdict(&reports, &goals);
    }
    Ok(if is_well { Outcome::Fine } else { Outcome::Unwell })
}

/// What is to be measured, and how good it has to be.
fn subjects(flags: &Cli) -> Result<(Vec<Subject>, Goals), Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    let root = crate::config::nearest_root(&here);
    let config = root.as_deref().map(crate::config::read).transpose()?;
    let goals = goals(config.as_ref().map_or_else(FidelityConfig::default, |config| config.fidelity));
    if !flags.documents.is_empty() {
        let named = flags.documents.iter().map(|document| {
            let stem = document.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Subject { name: stem, job: job(document.clone(), Vec::new(), Settings::new(oas_fidelity::NAME)) }
        });
        return Ok((named.collect(), goals));
    }
    let (Some(root), Some(config)) = (root, config) else {
        let message = format!("there is no `{}` here, and no document is named", config::PATH);
        return Err(failure::plain("nothing-to-measure", message, "name one: `cargo oas fidelity DOCUMENT`"));
    };
    let mut all = Vec::with_capacity(config.apis.len());
    for api in &config.apis {
        let overlays = crate::config::overlays(&root, &api.overlays)?;
        let settings = Settings {
            reading: api.reading,
            unknown_members: api.unknown_members,
            ..Settings::new(oas_fidelity::NAME)
        };
        let mut job = job(root.join(&api.document), overlays, settings);
        job.reference_root = api.reference_root.as_ref().map(|folder| root.join(folder));
        job.selection = Selection { include: api.include.clone(), exclude: api.exclude.clone() };
        all.push(Subject { name: api.name.clone(), job });
    }
    Ok((all, goals))
}

fn goals(config: FidelityConfig) -> Goals {
    let FidelityConfig { round_trip, accepted, refused, examples } = config;
    Goals { round_trip, accepted, refused, examples }
}

fn job(document: PathBuf, overlays: Vec<PathBuf>, settings: Settings) -> Job {
    Job {
        document,
        overlays,
        reference_root: None,
        selection: Selection::default(),
        settings,
        describe: Describe::Nothing,
        packages: Vec::new(),
    }
}

/// Makes the program of a document, builds it, and sends values through it.
fn measure(subject: &Subject, flags: &Cli, shell: Shell) -> Result<Report, Failure> {
    let (_, built) = generate::read(&subject.job, &mut |_| {})?;
    let scratch = flags.scratch.clone().unwrap_or_else(|| build::target().join("fidelity")).join(&subject.name);
    let (options, embedded) = build::runtime(program::running().runtimes.as_deref(), &scratch);
    let prepared = oas_fidelity::prepare(&built.api, &subject.job.settings, &options)?;
    build::write(&scratch, &prepared, embedded)?;
    let probes = prepared.probes.len();
    shell.status("Building", format_args!("{} with {probes} probes in {}", subject.name, scratch.display()));
    let program = build::build(&scratch)?;
    let effort = Effort { seed: flags.seed, cases: flags.cases };
    let result = oas_fidelity::measure(&prepared, &program, effort, &mut |done, all| {
        shell.progress(format_args!("{}: {done} of {all}", subject.name));
    });
    shell.end_progress();
    result.map_err(|error| not_run(&program, &error))
}

fn not_run(program: &Path, error: &std::io::Error) -> Failure {
    let message = format!("cannot run `{}`: {error}", program.display());
    failure::plain("not-run", message, "it was just built; look whether the folder allows programs")
}
