//! `cargo oas corpus`: what becomes of many documents.
//!
//! Each document has a process of its own, so that one that crashes takes no other with it and its memory is its own.

mod compile;
mod one;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use oas_document::Failure;
use serde_json::json;

use crate::cli::Corpus;
use crate::shell::{self, Shell, Verbosity};
use crate::{Outcome, embedded, failure, memory, program};
use one::{Fate, Report};

/// Runs the command.
pub fn run(flags: &Corpus) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let shell = Shell { verbosity: if flags.verbose { Verbosity::Verbose } else { Verbosity::Normal } };
    let documents = documents(&flags.paths)?;
    let scratch = scratch(flags)?;
    let carried = runtimes(flags, &scratch)?;
    let mut reports = generate(&documents, flags, &scratch, carried.as_deref(), shell)?;
    if flags.compile || flags.check_types {
        shell.status("Compiling", format_args!("the crates in {}", scratch.display()));
        compile::check(&scratch, &mut reports)?;
    }
    let failed = reports.iter().filter(|report| report.fate.is_failure()).count();
    if flags.json {
        let reports: Vec<_> = reports.iter().map(Report::json).collect();
        print(&format!("{:#}", json!({ "documents": reports, "failed": failed })));
    } else {
        table(&reports, flags.verbose);
        let refused = reports.iter().filter(|report| matches!(report.fate, Fate::Refused(_))).count();
        let seconds = start.elapsed().as_secs_f64();
        let words = format!("{} documents, {refused} refused, {failed} failed, in {seconds:.1}s", reports.len());
        if failed == 0 { shell.status("Finished", words) } else { shell::alarm("Failed", words) }
    }
    Ok(if failed == 0 { Outcome::Fine } else { Outcome::Unwell })
}

/// The documents that the arguments stand for, in the order of their paths.
fn documents(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut pending = paths.to_vec();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).map_err(|error| unreadable(&path, &error))?;
            pending.extend(entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| is_candidate(path)));
        } else {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(failure::plain(
            "no-documents",
            "there is no document in these folders",
            "documents end in .json, .yaml or .yml",
        ));
    }
    Ok(found)
}

/// Whether something in a folder may be a document.
fn is_candidate(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|end| ["json", "yaml", "yml"].iter().any(|known| end == *known))
}

/// A folder that cannot be read.
fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    failure::plain(
        "unreadable-folder",
        format!("cannot read `{}`: {error}", path.display()),
        "name a folder of documents",
    )
}

/// The folder for generated crates: emptied, unless somebody chose it.
fn scratch(flags: &Corpus) -> Result<PathBuf, Failure> {
    let chosen = flags.scratch.clone();
    let folder = chosen.unwrap_or_else(|| PathBuf::from("target/corpus"));
    fs::create_dir_all(&folder).map_err(|error| unreadable(&folder, &error))?;
    folder.canonicalize().map_err(|error| unreadable(&folder, &error))
}

/// Where the crates find their runtimes, when this program carries them and something is compiled: once for all, since
/// a workspace has one package of a name.
fn runtimes(flags: &Corpus, scratch: &Path) -> Result<Option<PathBuf>, Failure> {
    if !(flags.compile || flags.check_types) || program::running().runtimes.is_some() {
        return Ok(None);
    }
    let folder = scratch.join("runtimes");
    embedded::write(&folder)?;
    Ok(Some(folder))
}

/// Generates from every document, several at once.
fn generate(
    documents: &[PathBuf],
    flags: &Corpus,
    scratch: &Path,
    runtimes: Option<&Path>,
    shell: Shell,
) -> Result<Vec<Report>, Failure> {
    let jobs = flags.jobs.or_else(|| thread::available_parallelism().ok().map(usize::from)).unwrap_or(1).max(1);
    let program = std::env::current_exe().map_err(|error| {
        failure::plain("no-program", format!("cannot find this program: {error}"), "run it through cargo")
    })?;
    let queue = Mutex::new(documents.iter().enumerate());
    let reports = Mutex::new(Vec::with_capacity(documents.len()));
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some((index, document)) = next(&queue) {
                    let report = one::generate(&program, index, document, flags, scratch, runtimes);
                    let mut reports = reports.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    reports.push(report);
                    shell.progress(format_args!("{} of {}: {}", reports.len(), documents.len(), document.display()));
                }
            });
        }
    });
    shell.end_progress();
    let mut reports = reports.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    reports.sort_by(|one, other| one.document.cmp(&other.document));
    Ok(reports)
}

/// The next piece of work, whoever asks.
fn next<T>(queue: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next()
}

/// Prints what became of the documents: all, or those that something is to be said about.
fn table(reports: &[Report], all: bool) {
    let shown: Vec<(String, &Report)> = reports
        .iter()
        .filter(|report| all || report.warnings > 0 || !matches!(report.fate, Fate::Generated))
        .map(|report| (report.document.file_name().unwrap_or_default().to_string_lossy().into_owned(), report))
        .collect();
    let wide = shown.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let header = ["outcome", "ops", "types", "warn", "time", "memory"];
    let [outcome, operations, types, warnings, time, peak] = header;
    print(&format!("{:wide$}  {outcome:10} {operations:>5} {types:>5} {warnings:>5} {time:>8} {peak:>9}", "document"));
    for (name, report) in shown {
        let Report {
            document: _,
            name: _,
            fate,
            operations,
            types,
            warnings,
            milliseconds,
            peak,
            slips: _,
            compiled: _,
        } = report;
        let (outcome, peak) = (fate.word(), memory::shown(*peak));
        print(&format!(
            "{name:wide$}  {outcome:10} {operations:>5} {types:>5} {warnings:>5} {milliseconds:>6}ms {peak:>9}"
        ));
        for line in fate.lines() {
            print(&format!("    {line}"));
        }
    }
}

/// Writes a line to standard output.
fn print(line: &str) {
    // A reader that went away is no failure of ours.
    let _ = writeln!(anstream::stdout(), "{line}");
}
