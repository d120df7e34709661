//! Programs that run, and what they take.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use crate::failure::Failure;

/// A program of this workspace: cargo put it beside this one.
pub(crate) fn program(name: &str) -> Result<PathBuf, Failure> {
    let path = std::env::current_exe()?.with_file_name(name);
    if path.exists() { Ok(path) } else { Err(Failure::unexpected(format!("{} is not built", path.display()))) }
}

/// Whether a program is on the path.
pub(crate) fn is_there(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// The most memory that a running process had, in MiB; `None` when it is gone, or the system does not tell (`proc(5)`,
/// `VmHWM`).
pub(crate) fn peak(child: &Child) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()?)).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u32 = line.split_whitespace().next()?.parse().ok()?;
    Some(f64::from(kibibytes) / 1024.0)
}

/// How a program ran.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) took: Duration,
    /// In MiB.
    pub(crate) peak: f64,
}

/// Runs a program to its end, which must be a good one.
pub(crate) async fn run(command: &mut Command) -> Result<Ran, Failure> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let started = Instant::now();
    let mut child = command.spawn()?;
    let mut most: f64 = 0.0;
    let status: ExitStatus = loop {
        if let Some(seen) = peak(&child) {
            most = most.max(seen);
        }
        match tokio::time::timeout(Duration::from_millis(20), child.wait()).await {
            Ok(status) => break status?,
            Err(_still_running) => {}
        }
    };
    let took = started.elapsed();
    if status.success() {
        return Ok(Ran { took, peak: most });
    }
    let said = child.wait_with_output().await?;
    Err(Failure::unexpected(format!("{command:?} ended with {status}: {}", String::from_utf8_lossy(&said.stderr))))
}
