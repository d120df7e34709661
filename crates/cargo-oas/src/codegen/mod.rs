//! `cargo oas codegen`: from documents to crates.

mod difference;
mod generating;
mod report;
mod target;
mod unchanged;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use oas_codegen::GeneratedFile;
use oas_codegen::files::{self, Freshness, Mode};
use oas_codegen::generate::{self, Generated, Package};
use oas_document::{Diagnostic, Failure, Severity};

use crate::cli::Codegen;
use crate::shell::{Shell, Verbosity, counted};
use crate::{Outcome, config, failure};
use generating::Times;
use target::Target;

/// A folder with the files that belong in it.
struct Folder {
    /// The folder.
    root: PathBuf,
    /// Its files.
    files: Vec<GeneratedFile>,
}

/// What became of one target.
pub(crate) struct Done {
    /// The target.
    pub(crate) target: Target,
    /// What the generator made of it.
    pub(crate) generated: Generated,
    /// How long each stage took.
    pub(crate) times: Times,
    /// Every file, in the folder it belongs in.
    folders: Vec<Folder>,
    /// Every file, with what was found in its place.
    pub(crate) found: Vec<Found>,
}

/// A file and what was found in its place.
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
    let targets = target::targets(flags)?;
    let last = unchanged::Place::of(flags, &targets);
    if let Some(record) = last.as_ref().and_then(unchanged::Place::unchanged) {
        report::unchanged(shell, &record, start.elapsed());
        return Ok(Outcome::Fine);
    }
    let generated = generating::generate_all(&targets, shell)?;
    for (one, _) in &generated {
        if !flags.json {
            shell.diagnostics(&one.diagnostics, one.document.sources());
        }
        deny(flags, one)?;
    }
    let done =
        targets.into_iter().zip(generated).map(|(target, one)| place(target, one)).collect::<Result<Vec<_>, _>>()?;
    if !flags.check {
        for one in &done {
            write(one)?;
        }
    }
    let outcome = report::finish(flags, shell, &done, start.elapsed());
    if let Some(last) = last {
        last.keep(&done);
    }
    // The program ends here. Taking apart what a large document became is a fiftieth of the run.
    std::mem::forget(done);
    Ok(outcome)
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
        failure::plain("unreadable-configuration", message, "--document FILE --out DIR generates from any document")
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
        counted(errors, "error")
    } else if flags.strict && slips > 0 {
        format!("{}, and --strict was given", counted(slips, "slip"))
    } else if flags.deny_warnings && warnings > 0 {
        format!("{}, and --deny-warnings was given", counted(warnings, "warning"))
    } else {
        return Ok(());
    };
    Err(failure::plain("denied", message, "mend the document with an overlay; nothing was written"))
}

/// Holds what was generated against what is there.
fn place(target: Target, (mut generated, times): (Generated, Times)) -> Result<Done, Failure> {
    let folders = folders(&target, &mut generated);
    let mut found = Vec::new();
    for folder in &folders {
        let state = files::apply(&folder.files, &folder.root, Mode::Check).map_err(|error| refused(&error))?;
        for (path, freshness) in state {
            let wanted = match freshness {
                Freshness::Stale(_) => folder.files.iter().find(|file| file.path == path),
                Freshness::Fresh | Freshness::Missing | Freshness::Orphaned => None,
            };
            let wanted = wanted.map(|file| file.contents.clone()).unwrap_or_default();
            found.push(Found { path: shown(&folder.root.join(path)), freshness, wanted });
        }
    }
    Ok(Done { target, generated, times, folders, found })
}

/// Writes what was generated.
fn write(done: &Done) -> Result<(), Failure> {
    if done.found.iter().all(|one| one.freshness == Freshness::Fresh) {
        return Ok(());
    }
    for folder in &done.folders {
        files::apply(&folder.files, &folder.root, Mode::Write).map_err(|error| refused(&error))?;
    }
    Ok(())
}

/// The folders of a target: one per package, with the files that were generated for it, and one with the manifest.
fn folders(target: &Target, generated: &mut Generated) -> Vec<Folder> {
    let mut folders = Vec::new();
    for mut package in std::mem::take(&mut generated.packages) {
        if let Some(options) = &target.standalone {
            package.files.extend(generate::standalone(package.package, generated, options));
        }
        folders.push(Folder { root: target.root.join(&package.folder), files: package.files });
    }
    let mut files: Vec<GeneratedFile> = target.manifest.iter().map(|path| generated.manifest.file(path)).collect();
    if target.standalone.is_some() {
        // Packages of an earlier run stay members: they stand on this workspace.
        let is_member = |package: &Package| {
            let is_made = target.job.packages.iter().any(|(made, _)| made == package);
            is_made || target.root.join(package.name(&target.name)).join("Cargo.toml").is_file()
        };
        let names: Vec<String> =
            Package::ALL.iter().filter(|one| is_member(one)).map(|package| package.name(&target.name)).collect();
        let members: Vec<&str> = names.iter().map(String::as_str).collect();
        files.push(oas_codegen::package::workspace(&members));
    }
    folders.push(Folder { root: target.root.clone(), files });
    folders
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
