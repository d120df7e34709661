//! How long a review takes.

use std::io::Write as _;
use std::time::{Duration, Instant};

use oas_document::Failure;

use super::cli::Cli;
use super::run;
use crate::memory;

/// Reviews `runs` times and tells the fastest run.
pub(crate) fn run(flags: &Cli, runs: u32) -> Result<bool, Failure> {
    let mut fastest = Duration::MAX;
    let mut words = String::new();
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        let (text, findings) = run::measured(flags)?;
        fastest = fastest.min(start.elapsed());
        words = format!("{findings} findings, {} bytes of report", text.len());
    }
    let peak = memory::shown(memory::peak());
    let _ = writeln!(anstream::stdout(), "{:.3} s, {peak} at most, {words}", fastest.as_secs_f64());
    Ok(true)
}
