//! One document of a corpus, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use oas_codegen::generate::INTERNAL_ERROR;
use serde_json::{Value, json};

use crate::cli::Corpus;

/// How long one document may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// How many lines of a failure are shown.
const LINES: usize = 6;

/// What became of a document.
#[derive(Debug, Clone)]
pub(crate) enum Fate {
    /// Crates.
    Generated,
    /// Diagnostics that say why not.
    Refused(Vec<String>),
    /// A fault of the generator: it panicked, died, hung, or said nothing.
    Crashed(Vec<String>),
    /// Crates that do not compile.
    Uncompilable(Vec<String>),
}

impl Fate {
    /// The word for it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Refused(_) => "refused",
            Self::Crashed(_) => "CRASHED",
            Self::Uncompilable(_) => "UNCOMPILED",
        }
    }

    /// Whether it is a fault of the generator.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, Self::Crashed(_) | Self::Uncompilable(_))
    }

    /// The first lines of what was said.
    pub(crate) fn lines(&self) -> &[String] {
        match self {
            Self::Generated => &[],
            Self::Refused(lines) | Self::Crashed(lines) | Self::Uncompilable(lines) => {
                lines.get(..lines.len().min(LINES)).unwrap_or_default()
            }
        }
    }
}

/// What became of a document, with figures.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    /// The document.
    pub(crate) document: PathBuf,
    /// The first part of the names of its crates.
    pub(crate) name: String,
    /// What became of it.
    pub(crate) fate: Fate,
    /// How many operations were generated.
    pub(crate) operations: u64,
    /// How many types were generated.
    pub(crate) types: u64,
    /// How many warnings there were.
    pub(crate) warnings: usize,
    /// How many of them were about rules that the document breaks.
    pub(crate) slips: usize,
    /// What rustc made of the crates; `None` when nobody asked.
    pub(crate) compiled: Option<Compiled>,
    /// How long it took.
    pub(crate) milliseconds: u64,
    /// Peak memory in bytes, where it is known.
    pub(crate) peak: Option<u64>,
}

/// What rustc made of the crates of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compiled {
    /// Whether they compiled.
    pub(crate) fine: bool,
    /// How many warnings there were.
    pub(crate) warnings: usize,
}

impl Report {
    /// The report for machines.
    pub(crate) fn json(&self) -> Value {
        let Self { document, name, fate, operations, types, warnings, slips, compiled, milliseconds, peak } = self;
        json!({
            "document": document.to_string_lossy(),
            "name": name,
            "outcome": fate.word().to_lowercase(),
            "messages": fate.lines(),
            "operations": operations,
            "types": types,
            "warnings": warnings,
            "slips": slips,
            "compiled": compiled.map(|compiled| compiled.fine),
            "rustcWarnings": compiled.map(|compiled| compiled.warnings),
            "milliseconds": milliseconds,
            "peakMemory": peak,
        })
    }
}

/// Generates from one document.
pub(crate) fn generate(
    program: &Path,
    index: usize,
    document: &Path,
    flags: &Corpus,
    scratch: &Path,
    runtimes: Option<&Path>,
) -> Report {
    let name = format!("document{index:04}");
    let mut command = Command::new(program);
    command
        .args(["codegen", "--json", "--document"])
        .arg(document)
        .arg("--name")
        .arg(&name)
        .arg("--out")
        .arg(scratch.join(&name));
    if flags.check_types {
        command.args(["--only", "types"]);
    } else if !flags.compile {
        // Nothing of it is there: a check generates everything and writes nothing.
        command.arg("--check");
    }
    if let Some(runtimes) = runtimes {
        command.args(["--runtime", "path", "--runtime-source"]).arg(runtimes);
    }
    let start = Instant::now();
    let mut report = Report {
        document: document.to_owned(),
        name,
        fate: Fate::Generated,
        operations: 0,
        types: 0,
        warnings: 0,
        slips: 0,
        compiled: None,
        milliseconds: 0,
        peak: None,
    };
    match output(command) {
        Ok(text) => read(&text, &mut report),
        Err(message) => report.fate = Fate::Crashed(vec![message]),
    }
    if report.milliseconds == 0 {
        report.milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    }
    report
}

/// The standard output of a command that ends in time and not by a signal.
fn output(mut command: Command) -> Result<String, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot start: {error}"))?;
    // The pipe is read beside the wait: a long report would fill it, and the process would never end.
    let reader = child.stdout.take().map(|mut pipe| {
        thread::spawn(move || {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut pipe, &mut text).map(|_| text)
        })
    });
    wait(&mut child)?;
    match reader.map(thread::JoinHandle::join) {
        Some(Ok(Ok(text))) => Ok(text),
        _ => Err("its report cannot be read".to_owned()),
    }
}

/// Waits for a process, but not for ever.
fn wait(child: &mut Child) -> Result<(), String> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.code().is_some() => return Ok(()),
            Ok(Some(status)) => return Err(format!("died: {status}")),
            Ok(None) if start.elapsed() > PATIENCE => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("did not end within {} s", PATIENCE.as_secs()));
            }
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    }
}

/// Reads the report of `codegen --json`.
fn read(text: &str, report: &mut Report) {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        report.fate = Fate::Crashed(vec!["it reported nothing".to_owned()]);
        return;
    };
    report.milliseconds = value["milliseconds"].as_u64().unwrap_or(0);
    report.peak = value["peakMemory"].as_u64();
    let api = &value["apis"][0];
    report.operations = api["operations"].as_u64().unwrap_or(0);
    report.types = api["types"].as_u64().unwrap_or(0);
    let diagnostics = api["diagnostics"].as_array().or_else(|| value["diagnostics"].as_array());
    let diagnostics = diagnostics.map(Vec::as_slice).unwrap_or_default();
    report.warnings = diagnostics.iter().filter(|one| one["severity"] == "warning").count();
    report.slips = diagnostics.iter().filter(|one| one["class"] == "slip").count();
    if value["outcome"] != "failed" {
        return;
    }
    let errors: Vec<&Value> = diagnostics.iter().filter(|one| one["severity"] == "error").collect();
    let lines: Vec<String> = errors.iter().map(|one| line(one)).collect();
    let fault = errors.is_empty() || errors.iter().any(|one| one["code"] == INTERNAL_ERROR);
    report.fate = if fault { Fate::Crashed(lines) } else { Fate::Refused(lines) };
}

/// A diagnostic on one line.
fn line(one: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().replace('\n', " ");
    let place = &one["place"];
    let place =
        place["line"].as_u64().map(|line| format!(" ({}:{line} {})", text(&place["file"]), text(&place["pointer"])));
    format!("{}: {}{}", text(&one["code"]), text(&one["message"]), place.unwrap_or_default())
}
