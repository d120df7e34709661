//! A run in which nothing has changed since the last one ends after a look at the files, without generating.
//!
//! The last run leaves a record in `target/`: what it read, what it wrote, and a digest over both and over this program.
//! A check takes no notice of it.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use oas_document::Severity;
use serde::{Deserialize, Serialize};

use super::Done;
use super::people;
use super::place::Places;
use super::target::Target;
use crate::cli::Codegen;

/// Diagnostics about files that were not there, or that a run does not read as its input: nobody knows what is there now.
const ABOUT_FILES: [&str; 4] =
    ["unresolved-reference", "outside-reference-root", "unreadable-file", people::MISSING_FEATURE];

/// Where the record of a run is kept.
pub(super) struct Place {
    path: PathBuf,
    key: u64,
}

/// What a run leaves behind.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    /// What was read: the documents, the files they refer to, the overlays.
    inputs: Vec<PathBuf>,
    /// What was written.
    outputs: BTreeSet<PathBuf>,
    /// The folders that hold nothing else.
    owned: Vec<PathBuf>,
    /// All of it as a number.
    digest: u64,
    /// How much was made, in words.
    pub(super) made: String,
    /// How many warnings there were.
    pub(super) warnings: usize,
}

impl Record {
    /// How many files were found to be fresh.
    pub(super) fn files(&self) -> usize {
        self.outputs.len()
    }
}

impl Place {
    /// Where the record of a run with these flags and targets is; `None` when it is not to be looked at.
    pub(super) fn of(flags: &Codegen, targets: &[Target]) -> Option<Self> {
        if flags.check || flags.json || flags.verbose {
            return None;
        }
        let root = &targets.first()?.root;
        let mut hasher = DefaultHasher::new();
        program()?.hash(&mut hasher);
        std::env::current_dir().ok()?.hash(&mut hasher);
        format!("{flags:?} {targets:?}").hash(&mut hasher);
        let key = hasher.finish();
        let path = root.join("target/cargo-oas").join(format!("{key:016x}.json"));
        Some(Self { path, key })
    }

    /// The record of the last run, when everything is still as it was then.
    pub(super) fn unchanged(&self) -> Option<Record> {
        let record: Record = serde_json::from_slice(&fs::read(&self.path).ok()?).ok()?;
        let digest = self.digest(&record.inputs, &record.outputs, &record.owned)?;
        (digest == record.digest).then_some(record)
    }

    /// Leaves the record of a run, of which `made` says in words how much it made. That it cannot be written does no harm.
    pub(super) fn keep(&self, done: &[Done], places: &Places, made: String) {
        let diagnostics = || done.iter().flat_map(|one| &one.generated.diagnostics);
        if diagnostics().any(|one| ABOUT_FILES.contains(&one.code)) {
            return;
        }
        let sources = done.iter().flat_map(|one| one.generated.document.sources().iter());
        let inputs: Vec<PathBuf> = sources.map(|(_, source)| source.path().to_owned()).collect();
        let (outputs, owned) = (places.outputs(), places.owned());
        let Some(digest) = self.digest(&inputs, &outputs, &owned) else { return };
        let warnings = diagnostics().filter(|one| one.severity == Severity::Warning).count();
        let record = Record { inputs, outputs, owned, digest, made, warnings };
        if let Ok(text) = serde_json::to_vec(&record) {
            let _ = write(&self.path, &text);
        }
    }

    /// Everything that the outcome of a run depends on, as a number; `None` when something is missing or too much.
    fn digest(&self, inputs: &[PathBuf], outputs: &BTreeSet<PathBuf>, owned: &[PathBuf]) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        self.key.hash(&mut hasher);
        for path in inputs.iter().chain(outputs) {
            path.hash(&mut hasher);
            fs::read(path).ok()?.hash(&mut hasher);
        }
        let found = owned.iter().map(|folder| files_below(folder)).collect::<Option<Vec<_>>>()?;
        found.iter().flatten().all(|path| outputs.contains(path)).then(|| hasher.finish())
    }
}

/// This program: another one may generate something else.
fn program() -> Option<(PathBuf, u64, std::time::SystemTime)> {
    let path = std::env::current_exe().ok()?;
    let metadata = fs::metadata(&path).ok()?;
    Some((path, metadata.len(), metadata.modified().ok()?))
}

/// Every file below a folder.
fn files_below(folder: &Path) -> Option<Vec<PathBuf>> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).ok()? {
            let entry = entry.ok()?;
            if entry.file_type().ok()?.is_dir() { open.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    Some(files)
}

/// Writes the record. Half of one, after an interruption, is none.
fn write(path: &Path, text: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    fs::File::create(path)?.write_all(text)
}
