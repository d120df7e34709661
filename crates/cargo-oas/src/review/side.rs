//! Where the two sides come from: documents, git revisions, the working tree.

use std::path::{Path, PathBuf};

use oas_codegen::config::{ApiConfig, Config, Unknown};
use oas_codegen::generate::{self, Describe, Job, Package, PackageFiles};
use oas_codegen::manifest::Manifest;
use oas_codegen::plan::{NamesLock, Settings};
use oas_document::{Diagnostic, Document, Failure};
use oas_model::{Api, Built, Selection};
use tempfile::TempDir;

use super::cli::Cli;
use super::failure;
use super::git::Repository;
use crate::config;

/// Where documents are read from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// One document, on its own.
    File(PathBuf),
    /// One document of a commit, on its own; with its neighbours it was written into a temporary folder.
    Kept {
        /// The document.
        path: PathBuf,
        /// The workspace in the temporary folder.
        root: PathBuf,
        /// What to call it.
        name: String,
        /// Keeps the folder until the end.
        _folder: TempDir,
    },
    /// The working tree below a root.
    Tree(PathBuf),
    /// The files of a commit, written into a temporary folder.
    Commit {
        /// The commit.
        commit: String,
        /// What to call it.
        name: String,
        /// The workspace in the temporary folder.
        root: PathBuf,
        /// Keeps the folder until the end.
        _folder: TempDir,
    },
}

impl Origin {
    /// What to call it in the report.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Tree(_) => "working tree".to_owned(),
            Self::Commit { name, .. } | Self::Kept { name, .. } => name.clone(),
        }
    }

    /// Whether it is this document of the workspace, given as a file.
    pub(crate) fn is(&self, root: &Path, document: &Path) -> bool {
        let Self::File(path) = self else { return false };
        let same = |path: &Path| path.canonicalize().ok();
        same(path).is_some_and(|path| same(&root.join(document)) == Some(path))
    }

    /// The folder that files are shown relative to.
    pub(crate) fn root(&self) -> &Path {
        match self {
            Self::File(_) => Path::new(""),
            Self::Tree(root) | Self::Commit { root, .. } | Self::Kept { root, .. } => root,
        }
    }
}

/// Finds out what a flag means.
pub(crate) fn origin(root: &Path, flag: Option<&str>, is_base: bool) -> Result<Origin, Failure> {
    let file = flag.map(PathBuf::from).filter(|path| path.is_file());
    match (file, flag) {
        (Some(path), _) => Ok(Origin::File(path)),
        (None, None) if !is_base => Ok(Origin::Tree(root.to_owned())),
        (None, None) => {
            let repository = Repository::around(root)?;
            let (commit, name) = repository.merge_base()?;
            at_commit(&repository, commit, name)
        }
        (None, Some(name)) => {
            if name.contains('/') && Path::new(name).is_dir() {
                let hint = "give the document itself, or a git revision";
                return Err(failure("not-a-document", format!("`{name}` is a folder"), hint));
            }
            let repository = Repository::around(root)?;
            if let Some((revision, path)) = name.split_once(':').filter(|(_, path)| !path.is_empty()) {
                return kept(&repository, revision, Path::new(path));
            }
            let commit = repository.commit(name)?;
            at_commit(&repository, commit, name.to_owned())
        }
    }
}

/// What a range of commits stands for, `A..B` or `A..B:PATH`: the revisions at which documents changed, the oldest first.
/// `None` for anything else.
pub(crate) fn range(root: &Path, flag: &str) -> Result<Option<Vec<String>>, Failure> {
    if Path::new(flag).exists() {
        return Ok(None);
    }
    let (revisions, path) = match flag.split_once(':') {
        Some((revisions, path)) => (revisions, Some(path)),
        None => (flag, None),
    };
    let Some((from, to)) = revisions.split_once("..") else { return Ok(None) };
    let repository = Repository::around(root)?;
    let or_head = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
    let (from, to) = (or_head(from), or_head(to.trim_start_matches('.')));
    let paths = match path {
        Some(path) => vec![PathBuf::from(path)],
        None => {
            config::read(root)?.apis.into_iter().flat_map(|api| [vec![api.document], api.overlays].concat()).collect()
        }
    };
    let commits = repository.history(&from, &to, &paths)?;
    let named = |commit: &String| match path {
        Some(path) => format!("{}:{path}", repository.short(commit)),
        None => repository.short(commit),
    };
    Ok(Some(commits.iter().map(named).collect()))
}

/// One document of a commit.
fn kept(repository: &Repository, revision: &str, path: &Path) -> Result<Origin, Failure> {
    let commit = repository.commit(revision)?;
    let name = format!("{revision}:{}", path.display());
    if repository.show(&commit, path).is_none() {
        let message = format!("`{}` is not there at {revision}", path.display());
        return Err(failure("no-document", message, "paths are relative to the folder that the review runs in"));
    }
    let folder = TempDir::new().map_err(|error| no_folder(&error))?;
    // References stay below the folder of the document.
    let around = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let root = repository.materialise(&commit, &[around.to_owned()], folder.path())?;
    Ok(Origin::Kept { path: root.join(path), root, name, _folder: folder })
}

fn no_folder(error: &std::io::Error) -> Failure {
    let message = format!("cannot make a temporary folder: {error}");
    failure("no-temporary-folder", message, "files of a commit are written there to be read")
}

fn at_commit(repository: &Repository, commit: String, name: String) -> Result<Origin, Failure> {
    let Some(text) = repository.show(&commit, Path::new(config::PATH)) else {
        let message = format!("`{}` is not there at {name}", config::PATH);
        return Err(failure(
            "no-configuration",
            message,
            "only what git knows can be compared: is the file committed?",
        ));
    };
    let config = parse(&text, &name, Unknown::Ignore)?;
    let mut folders: Vec<PathBuf> = vec![PathBuf::from(config::PATH)];
    for api in &config.apis {
        // References stay below the folder of the document.
        folders.push(api.document.parent().unwrap_or(Path::new("")).to_owned());
        folders.extend(api.overlays.iter().cloned());
        folders.push(api.names.clone());
    }
    let folder = TempDir::new().map_err(|error| no_folder(&error))?;
    let root = repository.materialise(&commit, &folders, folder.path())?;
    Ok(Origin::Commit { commit, name, root, _folder: folder })
}

/// The configuration of a side; `None` for a document on its own.
pub(crate) fn configuration(origin: &Origin) -> Result<Option<Config>, Failure> {
    let (Origin::Tree(root) | Origin::Commit { root, .. }) = origin else { return Ok(None) };
    let text = std::fs::read_to_string(root.join(config::PATH)).map_err(|error| {
        let message = format!("cannot read `{}` of the {}: {error}", config::PATH, origin.name());
        failure("unreadable-configuration", message, "it lists the documents to review")
    })?;
    parse(&text, &origin.name(), Unknown::Refuse).map(Some)
}

/// Reads the text of a configuration; in messages it says whose it is.
fn parse(text: &str, whose: &str, unknown: Unknown) -> Result<Config, Failure> {
    let path = if unknown == Unknown::Refuse { config::PATH.to_owned() } else { format!("{whose}:{}", config::PATH) };
    oas_codegen::config::parse(text, Path::new(&path), unknown)
}

/// Reads the documents of both sides, beside each other.
pub(crate) fn read(base: &Job, revision: &Job) -> Result<[(Document, Built); 2], Failure> {
    let (there, here) = beside(|| generate::read(base, &mut |_| {}), || generate::read(revision, &mut |_| {}));
    Ok([there?, here?])
}

/// A document and its model.
pub(crate) type Read = (Document, Api);

/// What becomes of both documents in Rust, as far as they differ, and what was said about it. What the revision's own lock
/// does not name keeps the name that it has in the base.
pub(crate) fn in_rust(
    (base, revision): (&Job, &mut Job),
    (there, here): (&Read, &Read),
) -> Result<[(Manifest, Vec<Diagnostic>); 2], Failure> {
    let mut old = generate::settle(base, &there.1, there.0.sources())?;
    revision.settings.lock = std::mem::take(&mut revision.settings.lock).over(&old.names);
    let mut new = generate::settle(revision, &here.1, here.0.sources())?;
    oas_codegen::difference::keep((&there.1, &mut old.plan), (&here.1, &mut new.plan));
    let (base, revision) = beside(
        || generate::describe(base, &there.1, &old.plan, there.0.sources()),
        || generate::describe(revision, &here.1, &new.plan, here.0.sources()),
    );
    Ok([(base?, old.diagnostics), (revision?, new.diagnostics)])
}

/// Two pieces of work beside each other, both with a stack for documents that nest.
pub(crate) fn beside<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    const STACK: usize = 64 << 20;
    std::thread::scope(|scope| {
        let running = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, one);
        let other = other();
        let one = match running.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(one)) => one,
            Ok(Err(payload)) => std::panic::resume_unwind(payload),
            Err(error) => panic!("no thread could be started: {error}"),
        };
        (one, other)
    })
}

/// The packages that the document of a side becomes.
pub(crate) fn packages(job: &Job) -> Result<Vec<PackageFiles>, Failure> {
    Ok(generate::generate(&Job { describe: Describe::Nothing, ..job.clone() }, &mut |_| {})?.packages)
}

/// What to read for a side.
pub(crate) fn job(
    origin: &Origin,
    api: Option<&ApiConfig>,
    flags: &Cli,
    more_overlays: &[PathBuf],
) -> Result<Job, Failure> {
    let mut job = own_job(origin, api, flags)?;
    job.overlays.extend(more_overlays.iter().cloned());
    Ok(job)
}

fn own_job(origin: &Origin, api: Option<&ApiConfig>, flags: &Cli) -> Result<Job, Failure> {
    let (document, overlays, name) = match (origin, api) {
        (Origin::File(path) | Origin::Kept { path, .. }, _) => {
            let name = api.map_or_else(|| "api".to_owned(), |api| api.name.clone());
            (path.clone(), flags.overlay.clone(), name)
        }
        (Origin::Tree(root) | Origin::Commit { root, .. }, Some(api)) => {
            (root.join(&api.document), config::overlays(root, &api.overlays)?, api.name.clone())
        }
        (Origin::Tree(_) | Origin::Commit { .. }, None) => {
            let message = "a document on its own cannot be compared with a git revision";
            return Err(failure("no-counterpart", message, "give files on both sides, or revisions on both sides"));
        }
    };
    let folders = |package: Package| match (package, api) {
        (Package::Types, Some(api)) => api.types.clone(),
        (Package::Client, Some(api)) => api.client.clone(),
        (Package::Server, Some(api)) => api.server.clone(),
        (Package::Cli, Some(api)) => api.cli.clone(),
        (Package::Cli, None) => None,
        (_, None) => Some(PathBuf::new()),
    };
    let packages = Package::ALL.into_iter().filter_map(|package| Some((package, folders(package)?))).collect();
    let lock = match (origin, api) {
        (Origin::Tree(root) | Origin::Commit { root, .. }, Some(api)) => config::names(&root.join(&api.names))?,
        _ => NamesLock::default(),
    };
    let settings = Settings {
        name,
        lock,
        pins: api.map(|api| api.pins.clone()).unwrap_or_default(),
        prune: api.is_none_or(|api| api.prune),
        reading: api.map(|api| api.reading).unwrap_or_default(),
        unknown_members: api.map(|api| api.unknown_members).unwrap_or_default(),
        operations: api.map(|api| api.operations.clone()).unwrap_or_default(),
        envelope: api.and_then(|api| api.envelope.clone()),
    };
    let reference_root = match origin {
        Origin::File(_) => None,
        Origin::Kept { root, .. } => Some(root.clone()),
        Origin::Tree(root) | Origin::Commit { root, .. } => {
            api.and_then(|api| api.reference_root.as_ref()).map(|folder| root.join(folder))
        }
    };
    let selection = api.map(|api| Selection { include: api.include.clone(), exclude: api.exclude.clone() });
    Ok(Job {
        document,
        overlays,
        reference_root,
        selection: selection.unwrap_or_default(),
        settings,
        describe: Describe::Items,
        packages,
    })
}
