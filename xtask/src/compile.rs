//! `cargo xtask bench compile`: what rustc needs for generated packages, beside those of another commit or folder.
//!
//! Each package is checked by cargo with a wrapper around rustc, which is this program: it looks at the process while it
//! runs, so that nothing but rustc is counted.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use cargo_oas::{Outcome, cargo, failure, memory, shell};
use oas_document::Failure;

use crate::workspace;

/// The file that the wrapper adds its figures to; where it is set, this program is the wrapper.
const FIGURES: &str = "XTASK_BENCH_FIGURES";

/// How often a process is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// How long a tick of the processor time in `/proc` is.
const TICK: u64 = 10;

/// What rustc needed for a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Figures {
    milliseconds: u64,
    peak: u64,
}

/// Measures the packages of a document, and those beside them.
pub(crate) fn run(document: &Path, beside: Option<&str>, runs: usize) -> Result<Outcome, Failure> {
    let document = std::path::absolute(document).unwrap_or_else(|_| document.to_owned());
    let scratch = workspace::root().join("target/bench-compile");
    let ours = scratch.join("ours");
    generate(&mut Command::new(program()?), &document, &ours)?;
    let mut folders = vec![("ours".to_owned(), ours)];
    if let Some(beside) = beside {
        let folder = Path::new(beside);
        let other = if folder.is_dir() { folder.to_owned() } else { of_commit(beside, &document, &scratch)? };
        folders.push((beside.to_owned(), std::path::absolute(&other).unwrap_or(other)));
    }
    let mut all: Vec<BTreeMap<String, Vec<Figures>>> = vec![BTreeMap::new(); folders.len()];
    for run in 0..=runs {
        // One after the other, so that what else the machine does meets both. The first run builds what they stand on.
        for ((_, folder), figures) in folders.iter().zip(&mut all) {
            for (package, one) in check(folder, &scratch)? {
                if run > 0 {
                    figures.entry(package).or_default().push(one);
                }
            }
        }
    }
    show(&folders, &mut all);
    Ok(Outcome::Fine)
}

/// This program, to run it again.
fn program() -> Result<PathBuf, Failure> {
    std::env::current_exe().map_err(|error| {
        failure::plain("no-program", format!("cannot find this program: {error}"), "run it through cargo")
    })
}

/// Generates types, client and server.
fn generate(generator: &mut Command, document: &Path, out: &Path) -> Result<(), Failure> {
    generator.args(["codegen", "--quiet", "--name", "bench", "--only", "types,client,server", "--document"]);
    let status = cargo::run(generator.arg(document).arg("--out").arg(out))?;
    if status.success() {
        return Ok(());
    }
    let message = format!("nothing was generated in `{}`", out.display());
    Err(failure::plain("not-generated", message, "the generator says why above"))
}

/// What another commit of this workspace generates from the document.
fn of_commit(commit: &str, document: &Path, scratch: &Path) -> Result<PathBuf, Failure> {
    let tree = scratch.join("tree");
    let out = scratch.join("beside");
    let mut git = Command::new("git");
    git.current_dir(workspace::root());
    if tree.join("Cargo.toml").is_file() {
        git.arg("-C").arg(&tree).args(["checkout", "--quiet", "--detach", commit]);
    } else {
        git.args(["worktree", "add", "--quiet", "--detach", "--force"]).arg(&tree).arg(commit);
    }
    if !cargo::run(&mut git)?.success() {
        let hint = "name a commit or branch of this repository, or a folder of generated packages";
        return Err(failure::plain("no-commit", format!("`{commit}` cannot be checked out"), hint));
    }
    let mut generator = cargo::command();
    generator.current_dir(&tree).args(["run", "--quiet", "--package", "xtask", "--target-dir"]);
    generator.arg(scratch.join("target")).arg("--");
    generate(&mut generator, document, &out)?;
    Ok(out)
}

/// Checks the packages of a folder; what rustc needed for each.
fn check(folder: &Path, scratch: &Path) -> Result<BTreeMap<String, Figures>, Failure> {
    let report = scratch.join("figures.txt");
    let _ = fs::remove_file(&report);
    for package in ["types", "client", "server"] {
        let root = folder.join(format!("bench-{package}/src/lib.rs"));
        // Younger than what was made of it: cargo has to check it again.
        if let Ok(file) = fs::OpenOptions::new().append(true).open(&root) {
            file.set_modified(SystemTime::now()).map_err(|error| unreadable(&root, &error))?;
        }
    }
    let mut command = cargo::command();
    command.args(["check", "--workspace", "--quiet", "--target-dir"]).arg(scratch.join("checked")).current_dir(folder);
    command.env("RUSTC_WORKSPACE_WRAPPER", program()?).env(FIGURES, &report).env("RUSTFLAGS", "--cap-lints=allow");
    // From nothing in every run: what rustc kept of the run before would be measured otherwise.
    command.env("CARGO_INCREMENTAL", "0");
    if !cargo::run(&mut command)?.success() {
        let message = format!("the packages in `{}` do not compile", folder.display());
        return Err(failure::plain("not-compiled", message, "cargo says why above"));
    }
    let text = fs::read_to_string(&report).map_err(|error| unreadable(&report, &error))?;
    let lines = text.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let package = words.next()?.strip_prefix("bench_")?.to_owned();
        Some((package, Figures { milliseconds: words.next()?.parse().ok()?, peak: words.next()?.parse().ok()? }))
    });
    Ok(lines.collect())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    failure::plain("unreadable", format!("`{}`: {error}", path.display()), "look at the permissions of the folder")
}

/// Prints medians, and ratios to what stands beside.
fn show(folders: &[(String, PathBuf)], all: &mut [BTreeMap<String, Vec<Figures>>]) {
    let mut medians: Vec<BTreeMap<&str, Figures>> = Vec::new();
    for figures in all.iter_mut() {
        let of = figures.iter_mut().filter_map(|(package, runs)| {
            let mut median = |key: fn(&Figures) -> u64| {
                runs.sort_by_key(key);
                runs.get(runs.len() / 2).map(key)
            };
            let one = Figures { milliseconds: median(|one| one.milliseconds)?, peak: median(|one| one.peak)? };
            Some((package.as_str(), one))
        });
        medians.push(of.collect());
    }
    for package in ["types", "client", "server"] {
        for ((name, _), figures) in folders.iter().zip(&medians) {
            if let Some(Figures { milliseconds, peak }) = figures.get(package) {
                print(&format!("{package:8} {name:20} {milliseconds:>8} ms {:>10}", memory::shown(Some(*peak))));
            }
        }
        if let [ours, theirs] = medians.as_slice()
            && let (Some(one), Some(other)) = (ours.get(package), theirs.get(package))
        {
            let (time, space) = (ratio(one.milliseconds, other.milliseconds), ratio(one.peak, other.peak));
            print(&format!("{package:8} ratio: {time:.2} of the processor time, {space:.2} of the memory"));
        }
    }
    if !cfg!(target_os = "linux") {
        shell::alarm("Warning", "only Linux tells processor time and memory of a process: these are times on the wall");
    }
}

fn ratio(one: u64, other: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "nobody waits that long")]
    let number = |value: u64| value.max(1) as f64;
    number(one) / number(other)
}

fn print(line: &str) {
    // A reader that went away is no failure of ours.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Runs rustc where cargo took this program for it, and notes what it needed. `None` when it did not.
pub(crate) fn as_wrapper() -> Option<ExitCode> {
    let report = PathBuf::from(std::env::var_os(FIGURES)?);
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let (rustc, rest) = arguments.split_first()?;
    let name = rest.iter().position(|one| one == "--crate-name").and_then(|at| rest.get(at + 1));
    let name = name.map(|name| name.to_string_lossy().into_owned());
    let start = Instant::now();
    let mut child = Command::new(rustc).args(rest).stdin(Stdio::inherit()).spawn().ok()?;
    let folder = PathBuf::from(format!("/proc/{}", child.id()));
    let mut figures = Figures { milliseconds: 0, peak: 0 };
    let status = loop {
        if let Some(seen) = look(&folder) {
            figures = Figures { milliseconds: seen.milliseconds, peak: figures.peak.max(seen.peak) };
        }
        match child.try_wait() {
            Ok(None) => thread::sleep(LOOK),
            Ok(Some(status)) => break status,
            Err(_) => return Some(ExitCode::FAILURE),
        }
    };
    if figures.milliseconds == 0 {
        figures.milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    }
    if let (Some(name), Ok(mut file)) = (name, fs::OpenOptions::new().create(true).append(true).open(report)) {
        let _ = writeln!(file, "{name} {} {}", figures.milliseconds, figures.peak);
    }
    Some(u8::try_from(status.code().unwrap_or(1)).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// What a process needed so far.
fn look(folder: &Path) -> Option<Figures> {
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    // Behind the name, which may have anything in it: user and system time are the 12th and 13th.
    let times: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = times.get(11)?.parse::<u64>().ok()? + times.get(12)?.parse::<u64>().ok()?;
    let status = fs::read_to_string(folder.join("status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = peak.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(Figures { milliseconds: ticks * TICK, peak: kibibytes * 1024 })
}
