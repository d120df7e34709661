//! The files around generated code that belong to people: `Cargo.toml` and `lib.rs` of each package, and `Cargo.toml` of
//! the workspace. They are made once; what generated code needs later is added, and nothing is ever taken away.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use oas_codegen::GeneratedFile;
use oas_codegen::files::{self, Freshness};
use oas_codegen::generate::{self, Generated, PackageFiles};
use oas_codegen::package::{PackageOptions, RuntimeSource, Source};
use oas_document::{Diagnostic, Failure};

use super::target::{Start, relative};
use super::{Found, refused, shown};
use crate::{embedded, failure, manifest};

/// The code of what is said of features that a package by hand lacks.
pub(super) const MISSING_FEATURE: &str = "missing-feature";

/// What a new workspace says besides its members.
const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\n";

/// A file that belongs to people, as generated code needs it.
pub(super) struct Kept {
    pub(super) path: PathBuf,
    contents: String,
    found: Freshness,
}

impl Kept {
    /// What was found, for the report.
    pub(super) fn found(&self) -> Found {
        let wanted = if self.found == Freshness::Fresh { String::new() } else { self.contents.clone() };
        Found { path: shown(&self.path), freshness: self.found.clone(), wanted }
    }

    /// Writes it, unless it is as it should be.
    pub(super) fn write(&self) -> Result<(), Failure> {
        if self.found == Freshness::Fresh {
            return Ok(());
        }
        let file = GeneratedFile { path: self.path.clone(), contents: self.contents.clone() };
        files::replace_for_people(&file, Path::new("")).map_err(|error| refused(&error))
    }
}

/// The files of one package, and the runtime crates that it depends on.
pub(super) fn package(
    package: &PackageFiles,
    generated: &Generated,
    start: &Start,
) -> Result<(Vec<Kept>, Vec<String>), Failure> {
    let mut around = generate::surroundings(package.package, generated, &start.options(&package.folder));
    around.retain_named(&package.files);
    around.manifest.metadata = start.metadata.clone();
    for dependency in &mut around.manifest.dependencies {
        if let Some(folder) = start.folders.get(&dependency.name) {
            let version = start.metadata.version.clone().unwrap_or_else(|| around.manifest.version.clone());
            let folder = relative(&package.folder, folder);
            dependency.source = Source::Path { folder, version: Some(version) };
        }
    }
    let path = package.folder.join("Cargo.toml");
    let manifest = match read(&path)? {
        None => made(path, around.manifest.text()),
        Some(text) => {
            let needs = manifest::with_needs(&text, &path, &around.manifest)?;
            added(path, text, needs)
        }
    };
    let root = around.root_for_people();
    let path = package.folder.join(&root.path);
    let root = match read(&path)? {
        None => made(path, root.contents),
        Some(text) if has_generated(&text) => added(path, text, None),
        Some(_) => {
            let message = format!("`{}` does not bring in the generated code", path.display());
            let hint = "add the lines `#[rustfmt::skip]` and `mod generated;` to it, and `pub use generated::*;`";
            return Err(failure::plain("not-brought-in", message, hint));
        }
    };
    let runtimes = around.manifest.dependencies.into_iter().map(|dependency| dependency.name);
    Ok((vec![manifest, root], runtimes.filter(|name| embedded::is_runtime(name)).collect()))
}

/// Says which features the `Cargo.toml` of a package that is written by hand lacks: without them nobody compiles what
/// belongs to them.
pub(super) fn lacking(
    package: &PackageFiles,
    generated: &Generated,
    root: &Path,
) -> Result<Option<Diagnostic>, Failure> {
    let options = PackageOptions { version: String::new(), runtime: RuntimeSource::Version(String::new()) };
    let features = generate::surroundings(package.package, generated, &options).manifest.features;
    let default = features.iter().find(|(name, _)| name == "default").map(|(_, names)| names.as_slice());
    let is_asked_for = |name: &str| {
        let condition = format!("feature = {name:?}");
        package.files.iter().any(|file| file.contents.contains(&condition))
    };
    let asked: Vec<&str> =
        default.into_iter().flatten().map(String::as_str).filter(|name| is_asked_for(name)).collect();
    let path = package.folder.join("Cargo.toml");
    let Some(text) = read(&root.join(&path))? else { return Ok(None) };
    let missing = manifest::without_features(&text, &path, &asked)?;
    if missing.is_empty() {
        return Ok(None);
    }
    let names = |names: &[&str]| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let lines = features.iter().filter(|(name, _)| missing.contains(&name.as_str()));
    let lines: Vec<String> = lines
        .map(|(name, enables)| {
            let enables: Vec<&str> = enables.iter().map(String::as_str).collect();
            format!("`{name} = [{}]`", names(&enables))
        })
        .collect();
    let (noun, them) = if missing.len() == 1 { ("feature", "it") } else { ("features", "them") };
    let message = format!(
        "`{}` lacks the {noun} {}: what belongs to {them} is not compiled",
        path.display(),
        missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    );
    let hint = format!(
        "write {} below `[features]`, and {} into its list `default`; where the configuration has `[runtime]`, codegen does",
        lines.join(", "),
        names(&missing)
    );
    Ok(Some(Diagnostic::warning(MISSING_FEATURE, message).hint(hint)))
}

/// Whether a root brings in the generated code.
fn has_generated(text: &str) -> bool {
    text.split_whitespace().collect::<Vec<_>>().join(" ").contains("mod generated;")
        || text.contains("generated/mod.rs")
}

/// The manifest of the workspace, which has all of these as members.
pub(super) fn workspace(members: &[&Path]) -> Result<Kept, Failure> {
    let path = PathBuf::from("Cargo.toml");
    let text = read(&path)?;
    let start = text.clone().unwrap_or_else(|| WORKSPACE.to_owned());
    let with = manifest::with_members(&start, &path, members)?;
    Ok(match text {
        None => made(path, with.unwrap_or(start)),
        Some(text) => added(path, text, with),
    })
}

fn made(path: PathBuf, contents: String) -> Kept {
    Kept { path, contents, found: Freshness::Missing }
}

fn added(path: PathBuf, before: String, after: Option<String>) -> Kept {
    match after {
        Some(contents) => Kept { path, contents, found: Freshness::Stale(before.into_bytes()) },
        None => Kept { path, contents: before, found: Freshness::Fresh },
    }
}

/// The text of a file; `None` when it is not there.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let message = format!("cannot read `{}`: {error}", path.display());
            Err(failure::plain(
                "unreadable-file",
                message,
                "see that the package has a folder of its own with a `Cargo.toml` that can be read",
            ))
        }
    }
}
