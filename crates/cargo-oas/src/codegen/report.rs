//! What a run of `codegen` says at its end.

use std::time::Duration;

use oas_codegen::files::Freshness;
use oas_document::{Diagnostic, Failure, Sources};
use serde_json::{Value, json};

use super::unchanged::Record;
use super::{Done, Found, difference, seconds};
use crate::Outcome;
use crate::cli::Codegen;
use crate::memory;
use crate::program;
use crate::shell::{self, Shell, Verbosity, counted};

/// How many written files are listed unless all are asked for.
const LISTED: usize = 20;

/// Reports, and tells how the run ended.
pub(crate) fn finish(flags: &Codegen, shell: Shell, done: &[Done], shared: &[Found], elapsed: Duration) -> Outcome {
    let all: Vec<&Found> = done.iter().flat_map(|one| &one.found).chain(shared).collect();
    let changed: Vec<&Found> = all.iter().copied().filter(|one| one.freshness != Freshness::Fresh).collect();
    if shell.verbosity == Verbosity::Verbose {
        for one in done {
            shell.status("Timed", format_args!("{}: {}", one.target.name, times(one)));
        }
    }
    if flags.json {
        print_json(flags, done, shared, changed.is_empty(), elapsed);
    } else if flags.check {
        check(shell, done, &changed, all.len(), elapsed);
    } else {
        written(shell, done, &changed, all.len(), elapsed);
    }
    if flags.check && !changed.is_empty() { Outcome::Unwell } else { Outcome::Fine }
}

/// How long each stage took.
fn times(done: &Done) -> String {
    let times = done.times.iter().map(|(stage, time)| format!("{stage} {:.1} ms", time.as_secs_f64() * 1000.0));
    times.collect::<Vec<_>>().join(", ")
}

/// What was written.
fn written(shell: Shell, done: &[Done], changed: &[&Found], all: usize, elapsed: Duration) {
    let limit = if shell.verbosity == Verbosity::Verbose { usize::MAX } else { LISTED };
    for one in changed.iter().take(limit) {
        let verb = if one.freshness == Freshness::Orphaned { "Removed" } else { "Wrote" };
        shell.status(verb, one.path.display());
    }
    if changed.len() > limit {
        shell.status("", format_args!("and {} more files, --verbose shows them", changed.len() - limit));
    }
    let elapsed = seconds(elapsed);
    let made = made(done);
    if changed.is_empty() {
        shell.status("Finished", format_args!("{made}: nothing to do, all {all} files are fresh, in {elapsed}"));
        return;
    }
    let removed = changed.iter().filter(|one| one.freshness == Freshness::Orphaned).count();
    let (wrote, fresh) = (changed.len() - removed, all - changed.len());
    shell.status(
        "Finished",
        format_args!("{made}: {wrote} files written, {fresh} unchanged, {removed} removed, in {elapsed}"),
    );
    if shell.verbosity > Verbosity::Quiet {
        shell::help(next_step(done));
    }
}

/// That nothing has changed since the last run.
pub(crate) fn unchanged(shell: Shell, record: &Record, elapsed: Duration) {
    let (made, files, elapsed) = (&record.made, record.files(), seconds(elapsed));
    shell.status("Finished", format_args!("{made}: nothing has changed, all {files} files are fresh, in {elapsed}"));
    if record.warnings > 0 && shell.verbosity > Verbosity::Quiet {
        shell::help(format_args!("{} as before, --verbose shows them", counted(record.warnings, "warning")));
    }
}

/// What to do with what was written.
fn next_step(done: &[Done]) -> String {
    match done.iter().find(|one| one.target.is_standalone()) {
        Some(one) => format!("compile them with `cargo check` in {}", one.target.root.display()),
        None => "look at the change with `git diff`, then run `cargo test --workspace`".to_owned(),
    }
}

/// What is not as it should be.
fn check(shell: Shell, done: &[Done], changed: &[&Found], all: usize, elapsed: Duration) {
    let verbose = shell.verbosity == Verbosity::Verbose;
    for one in changed {
        match &one.freshness {
            Freshness::Stale(found) => {
                shell::alarm("Stale", one.path.display());
                for line in difference::lines(found, &one.wanted, verbose) {
                    shell::detail(format_args!("             {line}"));
                }
            }
            Freshness::Missing => shell::alarm("Missing", one.path.display()),
            Freshness::Orphaned => shell::alarm("Orphaned", one.path.display()),
            Freshness::Fresh => {}
        }
    }
    let made = made(done);
    if changed.is_empty() {
        shell.status("Finished", format_args!("{made}: all {all} files are fresh, in {}", seconds(elapsed)));
        return;
    }
    let count = |wanted: &str| changed.iter().filter(|one| name(&one.freshness) == wanted).count();
    let (stale, missing, orphaned) = (count("stale"), count("missing"), count("orphaned"));
    let sum = format_args!("{stale} stale, {missing} missing, {orphaned} orphaned").to_string();
    shell::alarm(
        "Failed",
        format_args!("{made}: {} of {all} files are not what the documents say: {sum}", changed.len()),
    );
    shell::help(format_args!("`{}` brings them up to date", command()));
}

/// The command that mends what a check found: that of the check, without what made it one.
fn command() -> String {
    /// Flags that change what is said and not what is written.
    const SAYING: [&str; 6] = ["--check", "--json", "--quiet", "-q", "--verbose", "-v"];
    let given = std::env::args().skip_while(|one| one != "codegen").skip(1);
    let given: Vec<String> = given.filter(|one| !SAYING.contains(&one.as_str())).map(|one| quoted(&one)).collect();
    let flags = if given.is_empty() { String::new() } else { format!(" {}", given.join(" ")) };
    format!("{} codegen{flags}", program::running().name)
}

/// An argument as a shell takes it.
fn quoted(argument: &str) -> String {
    let is_plain = |one: char| one.is_ascii_alphanumeric() || "_./=:,@%+-".contains(one);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', "'\\''"))
}

/// How much was made.
pub(super) fn made(done: &[Done]) -> String {
    let operations: usize = done.iter().map(|one| one.generated.plan.operations.len()).sum();
    let types: usize = done.iter().map(|one| one.generated.plan.types.len()).sum();
    format!("{}, {}", counted(operations, "operation"), counted(types, "type"))
}

/// The word for a freshness.
fn name(freshness: &Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh => "fresh",
        Freshness::Stale(_) => "stale",
        Freshness::Missing => "missing",
        Freshness::Orphaned => "orphaned",
    }
}

/// The report for machines: one object, on standard output.
fn print_json(flags: &Codegen, done: &[Done], shared: &[Found], fresh: bool, elapsed: Duration) {
    let outcome = match (flags.check, fresh) {
        (true, true) => "fresh",
        (true, false) => "stale",
        (false, true) => "unchanged",
        (false, false) => "written",
    };
    let apis: Vec<Value> = done.iter().map(api_json).collect();
    print(&json!({
        "outcome": outcome,
        "milliseconds": milliseconds(elapsed),
        "peakMemory": memory::peak(),
        "apis": apis,
        "shared": files_json(shared),
    }));
}

/// What became of one document, for machines.
fn api_json(done: &Done) -> Value {
    json!({
        "name": done.target.name,
        "document": done.target.job.document.to_string_lossy(),
        "operations": done.generated.plan.operations.len(),
        "types": done.generated.plan.types.len(),
        "files": files_json(&done.found),
        "diagnostics": diagnostics_json(&done.generated.diagnostics, done.generated.document.sources()),
    })
}

/// Files and what was found in their places, for machines.
fn files_json(found: &[Found]) -> Vec<Value> {
    let one = |one: &Found| json!({ "path": one.path.to_string_lossy(), "found": name(&one.freshness) });
    found.iter().map(one).collect()
}

/// The report of a run that could not deliver, for machines.
pub(crate) fn print_failure(failure: &Failure) {
    let diagnostics = diagnostics_json(&failure.diagnostics, &failure.sources);
    print(&json!({ "outcome": "failed", "peakMemory": memory::peak(), "diagnostics": diagnostics }));
}

/// Diagnostics, for machines.
fn diagnostics_json(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<Value> {
    diagnostics.iter().map(|one| one.to_json(sources)).collect()
}

/// A whole number of milliseconds.
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Writes a value to standard output.
fn print(value: &Value) {
    use std::io::Write as _;
    // A reader that went away is no failure of ours.
    let _ = writeln!(std::io::stdout(), "{value:#}");
}
