//! Where the two sides come from: documents, git revisions, the working tree.

use std::path::{Path, PathBuf};

use oas_codegen::config::{ApiConfig, Config, Unknown};
use oas_codegen::generate::{self, Describe, Job, Package, PackageFiles};
use oas_codegen::manifest::Manifest;
use oas_codegen::plan::{NamesLock, Settings};
use oas_document::{Document, Failure};
use oas_model::{Api, Selection};
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
            Self::Commit { name, .. } => name.clone(),
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
            Self::Tree(root) | Self::Commit { root, .. } => root,
        }
    }
}

/// One document of one side, read to the end.
pub(crate) struct Read {
    pub(crate) document: Document,
    pub(crate) api: Api,
    pub(crate) manifest: Option<Manifest>,
    /// Its names, when it was planned.
    pub(crate) names: Option<NamesLock>,
    pub(crate) packages: Vec<PackageFiles>,
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
            let commit = repository.commit(name)?;
            at_commit(&repository, commit, name.to_owned())
        }
    }
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
    let folder = TempDir::new().map_err(|error| {
        let message = format!("cannot make a temporary folder: {error}");
        failure("no-temporary-folder", message, "files of a commit are written there to be read")
    })?;
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

/// Reads one document of a side; with what becomes of it in Rust when there are names, perhaps none, that it keeps where
/// its own lock has none.
pub(crate) fn read(
    origin: &Origin,
    api: Option<&ApiConfig>,
    flags: &Cli,
    more_overlays: &[PathBuf],
    names: Option<&NamesLock>,
) -> Result<Read, Failure> {
    let mut job = job(origin, api, flags)?;
    job.overlays.extend(more_overlays.iter().cloned());
    if let Some(names) = names {
        job.settings.lock = std::mem::take(&mut job.settings.lock).over(names);
        let generated = generate::generate(&job, &mut |_| {})?;
        return Ok(Read {
            document: generated.document,
            api: generated.api,
            manifest: Some(generated.manifest),
            names: Some(generated.names),
            packages: generated.packages,
        });
    }
    let (document, built) = generate::read(&job, &mut |_| {})?;
    Ok(Read { document, api: built.api, manifest: None, names: None, packages: Vec::new() })
}

fn job(origin: &Origin, api: Option<&ApiConfig>, flags: &Cli) -> Result<Job, Failure> {
    let (document, overlays, name) = match (origin, api) {
        (Origin::File(path), _) => {
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
        operations: api.map(|api| api.operations.clone()).unwrap_or_default(),
        envelope: api.and_then(|api| api.envelope.clone()),
    };
    let reference_root = match origin {
        Origin::File(_) => None,
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
