//! `cargo oas codegen`: from documents to crates.

mod difference;
mod generating;
mod people;
mod place;
mod report;
mod target;
mod unchanged;
mod version;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use oas_codegen::config::Config;
use oas_codegen::files::{self, Freshness};
use oas_codegen::generate::Generated;
use oas_document::{Diagnostic, Failure, Severity};

use crate::cli::Codegen;
use crate::shell::{Shell, Verbosity, counted};
use crate::{Outcome, config, failure, program};
use generating::Times;
use target::Target;
pub(crate) use target::{name_from, refuse_missing_runtimes, valid_name};
pub use version::OWN as VERSION;

/// What became of one target.
pub(crate) struct Done {
    /// The target.
    pub(crate) target: Target,
    /// What the generator made of it.
    pub(crate) generated: Generated,
    /// How long each stage took.
    pub(crate) times: Times,
    /// Every file, with what was found in its place.
    pub(crate) found: Vec<Found>,
}

/// A file and what was found in its place.
#[derive(Clone)]
pub(crate) struct Found {
    /// Its path, as a person may use it.
    pub(crate) path: PathBuf,
    /// What was found.
    pub(crate) freshness: Freshness,
    /// What belongs there, when something else was found.
    pub(crate) wanted: String,
}

/// Runs the command as a program of its own does, and says how it ended: in words, or as JSON when the flags want that.
pub fn main(flags: &Codegen) -> ExitCode {
    match run(flags) {
        Err(failure) if flags.json => {
            report::print_failure(&failure);
            ExitCode::from(2)
        }
        result => crate::end(result),
    }
}

/// Runs the command.
pub fn run(flags: &Codegen) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let shell = Shell { verbosity: verbosity(flags) };
    if flags.document.is_none() {
        enter_root(flags.root.as_deref())?;
    }
    if flags.upgrade {
        version::upgrade()?;
    }
    let targets = target::targets(flags)?;
    let last = unchanged::Place::of(flags, &targets);
    if let Some(record) = last.as_ref().and_then(unchanged::Place::unchanged) {
        report::unchanged(shell, &record, start.elapsed());
        return Ok(Outcome::Fine);
    }
    let mut generated = generating::generate_all(&targets, shell)?;
    for (target, (one, _)) in targets.iter().zip(&mut generated) {
        one.diagnostics.extend(place::lacking(target, one)?);
        if !flags.json {
            shell.diagnostics(&one.diagnostics, one.document.sources());
        }
        deny(flags, one)?;
    }
    let (done, places) = place::look(targets, generated)?;
    if !flags.check {
        place::write(&places)?;
    }
    let outcome = report::finish(flags, shell, &done, &places.shared, start.elapsed());
    // The next run reads the names that this one has written: with those it would do the same.
    let next = last.and_then(|_| unchanged::Place::of(flags, &target::targets(flags).ok()?));
    if let Some(next) = next {
        next.keep(&done, &places, report::made(&done));
    }
    // The program ends here. Taking apart what a large document became is a fiftieth of the run.
    std::mem::forget(done);
    Ok(outcome)
}

/// The files that a run with this configuration would write or change, and what was found in their places.
pub(crate) fn preview(config: &Config) -> Result<Vec<(PathBuf, Freshness)>, Failure> {
    let targets = target::listed(&Codegen::default(), config)?;
    let generated = generating::generate_all(&targets, Shell { verbosity: Verbosity::Quiet })?;
    let (done, places) = place::look(targets, generated)?;
    let found = done.into_iter().flat_map(|one| one.found).chain(places.shared);
    Ok(found.map(|one| (one.path, one.freshness)).collect())
}

/// How much the flags want to hear.
fn verbosity(flags: &Codegen) -> Verbosity {
    if flags.quiet {
        Verbosity::Quiet
    } else if flags.verbose {
        Verbosity::Verbose
    } else {
        Verbosity::Normal
    }
}

/// Goes to the folder that the configuration's paths are relative to, so that messages show paths as they are written.
fn enter_root(given: Option<&Path>) -> Result<(), Failure> {
    let root = match given {
        Some(root) => root.to_owned(),
        None => nearest_root()?,
    };
    std::env::set_current_dir(&root).map_err(|error| {
        let message = format!("cannot enter `{}`: {error}", root.display());
        failure::plain("unreadable-configuration", message, "--root names the folder that holds `openapi/codegen.toml`")
    })
}

/// The nearest folder upwards that has a configuration.
fn nearest_root() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    config::nearest_root(&here).ok_or_else(|| {
        let message = format!("no `{}` in `{}` or above", config::PATH, here.display());
        let hint = if program::running().runtimes.is_none() {
            "`cargo oas init DOCUMENT` starts one; --document FILE --out DIR generates from any document"
        } else {
            "--document FILE --out DIR generates from any document"
        };
        failure::plain("unreadable-configuration", message, hint)
    })
}

/// Stops at slips and warnings when that was asked for.
fn deny(flags: &Codegen, generated: &Generated) -> Result<(), Failure> {
    let count = |is_counted: &dyn Fn(&Diagnostic) -> bool| {
        generated.diagnostics.iter().filter(|diagnostic| is_counted(diagnostic)).count()
    };
    let errors = count(&|one| one.severity == Severity::Error);
    let slips = count(&Diagnostic::is_slip);
    let warnings = count(&|one| one.severity == Severity::Warning);
    let message = if errors > 0 {
        let message = format!("{} of the generator's input", counted(errors, "error"));
        return Err(failure::plain("denied", message, "each error names a way out; nothing was written"));
    } else if flags.strict && slips > 0 {
        format!("{}, and --strict was given", counted(slips, "slip"))
    } else if flags.deny_warnings && warnings > 0 {
        format!("{}, and --deny-warnings was given", counted(warnings, "warning"))
    } else {
        return Ok(());
    };
    Err(failure::plain("denied", message, "mend the document with an overlay; nothing was written"))
}

/// A path without the `./` that the root of a workspace is.
fn shown(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

/// What the writer refused, as a failure.
fn refused(error: &files::Error) -> Failure {
    let hint = match error {
        files::Error::HandWritten(_) => "move it away, or choose another --out",
        files::Error::Io(..) => "see that the folder can be written",
        _ => "remove what stands in the way",
    };
    Failure {
        sources: oas_document::Sources::default(),
        diagnostics: vec![Diagnostic::error("not-written", error.to_string()).hint(hint)],
    }
}

/// A duration as cargo shows it.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.2}s", duration.as_secs_f64())
}
