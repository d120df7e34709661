//! `cargo xtask bench`: how fast the generator is, beside progenitor alone; the rest is measured elsewhere.

use std::io::Write as _;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use cargo_oas::{Outcome, failure, memory, shell};
use oas_document::{Failure, LoadOptions};
use openapiv3::{OpenAPI, ReferenceOr};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Value, json};

use crate::cli::Bench;
use crate::{compile, review, uploads};

/// Runs the command.
pub(crate) fn run(flags: &Bench) -> Result<Outcome, Failure> {
    match flags {
        Bench::Codegen { document, runs } => compare(document, *runs),
        Bench::Compile { document, beside, runs } => compile::run(document, beside.as_deref(), *runs),
        Bench::Review { probes: Some(probes), seed, .. } => review::probe(*probes, *seed),
        Bench::Review { base: Some(base), revision: Some(revision), runs, .. } => review::bench(base, revision, runs),
        Bench::Review { .. } => {
            Err(failure::plain("no-documents", "there is nothing to review", "give BASE and REVISION"))
        }
        Bench::Uploads { flags } => uploads::bench(flags),
        Bench::Progenitor { document } => alone(document),
    }
}

/// The fastest of several runs.
struct Figures {
    milliseconds: u64,
    peak: Option<u64>,
    operations: u64,
    warnings: String,
}

/// Measures both sides, each in processes of its own.
fn compare(document: &Path, runs: u32) -> Result<Outcome, Failure> {
    if cfg!(debug_assertions) {
        shell::alarm("Warning", "this build is not optimised: its figures mean little, see --help");
    }
    let nowhere = std::env::temp_dir().join(format!("bench-{}", std::process::id()));
    let mut ours = Command::new(program()?);
    ours.args(["codegen", "--json", "--check", "--name", "bench", "--document"])
        .arg(document)
        .arg("--out")
        .arg(nowhere);
    let mut theirs = Command::new(program()?);
    theirs.args(["bench", "progenitor"]).arg(document);
    let (mut best, mut other) = (measure(&mut ours)?, measure(&mut theirs));
    // One after the other, so that what else the machine does meets both.
    for _ in 1..runs {
        best = best.or_faster(measure(&mut ours)?);
        other = other.and_then(|other| Ok(other.or_faster(measure(&mut theirs)?)));
    }
    line("ours: all crates and the manifest", &best);
    match other {
        Ok(other) => {
            line("progenitor: types and client", &other);
            print(&format!("ratio of times: {:.2}", ratio(best.milliseconds, other.milliseconds)));
        }
        Err(failure) => {
            for one in failure.diagnostics {
                print(&format!("progenitor: {}", one.message));
            }
        }
    }
    Ok(Outcome::Fine)
}

/// This program, to run it again.
fn program() -> Result<std::path::PathBuf, Failure> {
    std::env::current_exe().map_err(|error| {
        failure::plain("no-program", format!("cannot find this program: {error}"), "run it through cargo")
    })
}

/// Runs a command that reports as JSON.
fn measure(command: &mut Command) -> Result<Figures, Failure> {
    let output = command.stderr(Stdio::null()).output().map_err(|error| {
        failure::plain("no-program", format!("cannot run this program: {error}"), "run it through cargo")
    })?;
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    if report["outcome"] == "failed" || report.is_null() {
        let message = report["diagnostics"][0]["message"].as_str().unwrap_or("it reported nothing").to_owned();
        return Err(failure::plain("not-measured", message, "see what `codegen` says about the document"));
    }
    Ok(Figures {
        milliseconds: report["milliseconds"].as_u64().unwrap_or(0),
        peak: report["peakMemory"].as_u64(),
        operations: report["operations"].as_u64().or_else(|| report["apis"][0]["operations"].as_u64()).unwrap_or(0),
        warnings: report["note"].as_str().unwrap_or_default().to_owned(),
    })
}

impl Figures {
    /// These figures, or those of a faster run.
    fn or_faster(self, other: Self) -> Self {
        if other.milliseconds < self.milliseconds { other } else { self }
    }
}

/// Prints one side.
fn line(side: &str, figures: &Figures) {
    let Figures { milliseconds, peak, operations, warnings } = figures;
    print(&format!("{side:40} {operations:>5} operations {milliseconds:>7} ms {:>9} {warnings}", memory::shown(*peak)));
}

/// How many times longer one took than the other.
fn ratio(one: u64, other: u64) -> f64 {
    let number = |milliseconds: u64| f64::from(u32::try_from(milliseconds.max(1)).unwrap_or(u32::MAX));
    number(one) / number(other)
}

/// Progenitor alone: parse, generate, format. It takes OpenAPI 3.0 without several bodies in one operation, so each
/// operation keeps the first of each.
fn alone(document: &Path) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let loaded = oas_document::load(document, &LoadOptions { reference_root: None })?;
    let mut value = loaded.root().to_json();
    drop_ambiguous_enums(&mut value);
    let unfit = |message: String| failure::plain("not-for-progenitor", message, "it takes OpenAPI 3.0 only");
    let mut api: OpenAPI = serde_json::from_value(value).map_err(|error| unfit(format!("cannot read it: {error}")))?;
    let note = simplify(&mut api);
    let operations = api.operations().count();
    let made = catch_unwind(move || {
        let mut settings = GenerationSettings::new();
        settings.with_interface(InterfaceStyle::Builder);
        let tokens = Generator::new(&settings).generate_tokens(&api).map_err(|error| error.to_string())?;
        let file = syn::parse2(tokens).map_err(|error| error.to_string())?;
        Ok::<_, String>(prettyplease::unparse(&file).len())
    });
    let bytes = made.map_err(|_| unfit("it panicked".to_owned()))?.map_err(unfit)?;
    let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let report = json!({
        "milliseconds": milliseconds, "peakMemory": memory::peak(), "operations": operations, "bytes": bytes, "note": note,
    });
    print(&report.to_string());
    Ok(Outcome::Fine)
}

/// Takes away `enum` where two values would have the same name in Rust, which typify refuses.
fn drop_ambiguous_enums(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(drop_ambiguous_enums),
        Value::Object(object) => {
            let names: Option<Vec<String>> = object.get("enum").and_then(Value::as_array).map(|values| {
                let texts = values.iter().filter_map(Value::as_str);
                texts.map(|text| text.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()).collect()
            });
            if let Some(mut names) = names {
                let all = names.len();
                names.sort();
                names.dedup();
                if names.len() < all {
                    object.shift_remove("enum");
                    object.shift_remove("default");
                }
            }
            object.values_mut().for_each(drop_ambiguous_enums);
        }
        _ => {}
    }
}

/// Leaves one success and one error in each operation, and takes away bodies that progenitor refuses.
fn simplify(api: &mut OpenAPI) -> String {
    let mut dropped = 0;
    for item in api.paths.paths.values_mut() {
        let ReferenceOr::Item(item) = item else { continue };
        let methods = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch, &mut item.head];
        for operation in methods.into_iter().flatten() {
            let mut kept = [false; 2];
            operation.responses.default = None;
            operation.responses.responses.retain(|status, _| {
                let success =
                    matches!(status, openapiv3::StatusCode::Code(200..=299) | openapiv3::StatusCode::Range(2));
                let first = !std::mem::replace(&mut kept[usize::from(success)], true);
                dropped += usize::from(!first);
                first
            });
            if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
                body.content.retain(|name, _| name == "application/json");
                if body.content.is_empty() {
                    operation.request_body = None;
                    dropped += 1;
                }
            }
        }
    }
    if dropped == 0 { String::new() } else { format!("(without {dropped} responses and bodies that it refuses)") }
}

/// Writes a line to standard output.
fn print(line: &str) {
    // A reader that went away is no failure of ours.
    let _ = writeln!(std::io::stdout(), "{line}");
}
