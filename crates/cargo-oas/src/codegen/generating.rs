//! Runs the generator: each document on a thread of its own, each stage with a clock beside it.

use std::thread;
use std::time::{Duration, Instant};

use oas_codegen::generate::{self, Generated, INTERNAL_ERROR, Stage};
use oas_document::Failure;

use super::target::Target;
use crate::shell::Shell;
use crate::{failure, panic};

/// Deep documents need room; the system hands it out as it is used.
const STACK: usize = 64 << 20;

/// How long each stage took, in their order.
pub(super) type Times = Vec<(Stage, Duration)>;

/// Generates every target, each on a thread of its own. When several fail, all of them are shown.
pub(super) fn generate_all(targets: &[Target], shell: Shell) -> Result<Vec<(Generated, Times)>, Failure> {
    let results: Vec<Result<(Generated, Times), Failure>> = thread::scope(|scope| {
        let running: Vec<_> = targets
            .iter()
            .map(|target| {
                let builder = thread::Builder::new().stack_size(STACK).name(target.name.clone());
                builder.spawn_scoped(scope, move || generate_one(target, shell))
            })
            .collect();
        running.into_iter().map(joined).collect()
    });
    shell.end_progress();
    let (mut all, mut failures) = (Vec::with_capacity(results.len()), Vec::new());
    for result in results {
        match result {
            Ok(one) => all.push(one),
            Err(failure) => failures.push(failure),
        }
    }
    let Some(last) = failures.pop() else { return Ok(all) };
    for failure in failures {
        shell.diagnostics(&failure.diagnostics, &failure.sources);
    }
    Err(last)
}

/// The result of a thread; every panic of a stage was caught on it already.
fn joined<T>(handle: std::io::Result<thread::ScopedJoinHandle<'_, Result<T, Failure>>>) -> Result<T, Failure> {
    match handle.map(thread::ScopedJoinHandle::join) {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(failure::plain(INTERNAL_ERROR, "the generator failed", "please report it with the document")),
        Err(error) => Err(failure::plain("no-thread", format!("cannot start a thread: {error}"), "try again")),
    }
}

/// Generates one target, and says where the generator itself failed when it did.
fn generate_one(target: &Target, shell: Shell) -> Result<(Generated, Times), Failure> {
    let mut starts: Vec<(Stage, Instant)> = Vec::new();
    let result = generate::generate(&target.job, &mut |stage| {
        shell.progress(format_args!("{}: {stage}", target.name));
        starts.push((stage, Instant::now()));
    });
    let ends = starts.iter().skip(1).map(|(_, start)| *start).chain([Instant::now()]);
    let times = starts.iter().zip(ends).map(|((stage, start), end)| (*stage, end - *start)).collect();
    result.map(|generated| (generated, times)).map_err(|mut failure| {
        if let Some(place) = panic::last() {
            for one in failure.diagnostics.iter_mut().filter(|one| one.code == INTERNAL_ERROR) {
                one.message = format!("{} (at {place})", one.message);
            }
        }
        failure
    })
}
