//! What one run generates: each document with the packages it becomes, from flags or from the configuration.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use oas_codegen::config::{ApiConfig, Config, PackageConfig, Runtime, RuntimeConfig};
use oas_codegen::generate::{Describe, Job, Package};
use oas_codegen::package::{PackageOptions, RuntimeSource};
use oas_codegen::plan::Settings;
use oas_document::Failure;
use oas_model::Selection;

use super::version;
use crate::cli::{Codegen, RuntimeKind};
use crate::{config, embedded, failure, program};

/// A document and what becomes of it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// What its packages are called.
    pub(crate) name: String,
    /// What to generate. The folders of its packages are relative to [`root`](Self::root).
    pub(crate) job: Job,
    /// Where everything is written.
    pub(crate) root: PathBuf,
    /// The manifest, relative to the root; `None` when only some packages are generated, and it would lack the others.
    pub(crate) manifest: Option<PathBuf>,
    /// The lock of names, relative to the root.
    pub(crate) names: PathBuf,
    /// What makes packages of the generated code.
    pub(crate) around: Around,
    /// The folder, relative to the root, that gets the runtime crates as packages; `None` when they are elsewhere.
    pub(crate) embedded: Option<PathBuf>,
}

impl Target {
    /// Whether it was named by flags, and has a workspace of its own.
    pub(crate) fn is_standalone(&self) -> bool {
        matches!(self.around, Around::Owned(_))
    }
}

/// What makes packages of generated code: `Cargo.toml` and a root.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one for each document")]
pub(crate) enum Around {
    /// They are written by hand.
    ByHand,
    /// They belong to codegen.
    Owned(PackageOptions),
    /// Codegen makes a start; from then on they belong to people.
    Started(Start),
}

/// What a start of packages is made of.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    /// Where the runtime crates are.
    runtime: Runtime,
    /// What registries want to know.
    pub(crate) metadata: PackageConfig,
    /// The folders of the packages of this document, by their names.
    pub(crate) folders: BTreeMap<String, PathBuf>,
}

impl Start {
    /// The options of a package in `folder`.
    pub(crate) fn options(&self, folder: &Path) -> PackageOptions {
        let runtime = match &self.runtime {
            Runtime::Version(requirement) => RuntimeSource::Version(requirement.clone()),
            Runtime::Git { url, revision } => RuntimeSource::Git { url: url.clone(), revision: Some(revision.clone()) },
            Runtime::Path(path) => RuntimeSource::Path(relative(folder, path)),
            Runtime::Embedded(path) => carried(relative(folder, path)),
        };
        PackageOptions { version: VERSION.to_owned(), runtime }
    }
}

/// The version of packages that say nothing else.
const VERSION: &str = "0.1.0";

/// What the flags ask for: the one document they name, or all that are configured.
pub(crate) fn targets(flags: &Codegen) -> Result<Vec<Target>, Failure> {
    if let (Some(document), Some(out)) = (&flags.document, &flags.out) {
        return Ok(vec![standalone(flags, document, out)?]);
    }
    let config = config::read(Path::new(""))?;
    version::check(&config)?;
    listed(flags, &config)
}

/// The documents that a configuration lists.
pub(crate) fn listed(flags: &Codegen, config: &Config) -> Result<Vec<Target>, Failure> {
    let runtime = config.runtime.as_ref().map(RuntimeConfig::runtime).transpose().map_err(|message| {
        let hint = "write one of `embedded = \"crates\"`, `version`, `path`, or `git` with `rev` below `[runtime]`";
        failure::plain("invalid-configuration", format!("{message} in `{}`", config::PATH), hint)
    })?;
    if let Some(Runtime::Path(folder)) = &runtime {
        refuse_missing_runtimes(folder)?;
    }
    let one = |api| configured(flags, config, runtime.as_ref(), api);
    let targets = config.apis.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    refuse_shared_folders(&targets)?;
    Ok(targets)
}

/// A document of the configuration.
fn configured(flags: &Codegen, config: &Config, runtime: Option<&Runtime>, api: &ApiConfig) -> Result<Target, Failure> {
    let name = valid_name(&api.name)?;
    if api.types.is_none() {
        let message = format!("the `[[api]]` called `{name}` has no `types`, on which all other packages stand");
        let hint = format!("add `types = \"crates/{name}-types\"` to it in `{}`", config::PATH);
        return Err(failure::plain("invalid-configuration", message, hint));
    }
    let folders = [
        (Package::Types, api.types.as_ref()),
        (Package::Client, api.client.as_ref()),
        (Package::Server, api.server.as_ref()),
        (Package::Cli, api.cli.as_ref()),
    ];
    let all = folders.into_iter().filter_map(|(package, folder)| Some((package, folder?.clone())));
    let packages = all.clone().filter(|(package, _)| wanted(flags, *package)).collect();
    let names = api.names.clone();
    let settings = Settings {
        pins: api.pins.clone(),
        lock: crate::config::names(&names)?,
        prune: api.prune && !flags.no_prune,
        reading: api.reading,
        unknown_members: api.unknown_members,
        operations: api.operations.clone(),
        envelope: api.envelope.clone(),
        ..Settings::new(name.clone())
    };
    let overlays = crate::config::overlays(Path::new(""), &api.overlays)?;
    let manifest = api.manifest.clone().filter(|_| flags.only.is_empty());
    let reference_root = api.reference_root.clone();
    let describe = if manifest.is_some() { Describe::Items } else { Describe::Nothing };
    let selection = Selection { include: api.include.clone(), exclude: api.exclude.clone() };
    let job = Job { document: api.document.clone(), overlays, reference_root, selection, settings, describe, packages };
    let around = runtime.map_or(Around::ByHand, |runtime| {
        let folders = all.map(|(package, folder)| (package.name(&name), folder)).collect();
        Around::Started(Start { runtime: runtime.clone(), metadata: config.package.clone(), folders })
    });
    let embedded = match runtime {
        Some(Runtime::Embedded(folder)) => Some(folder.clone()),
        _ => None,
    };
    Ok(Target { name, job, root: PathBuf::from("."), manifest, names, around, embedded })
}

/// The document that the flags name.
fn standalone(flags: &Codegen, document: &Path, out: &Path) -> Result<Target, Failure> {
    let name = match &flags.name {
        Some(name) => valid_name(name)?,
        None => name_from(document)?,
    };
    let packages = Package::ALL
        .into_iter()
        .filter(|package| wanted(flags, *package))
        .map(|package| (package, PathBuf::from(format!("{name}-{package}"))))
        .collect();
    refuse_missing_packages(flags, out, &name)?;
    let names = PathBuf::from("names.lock");
    let lock = crate::config::names(&out.join(&names))?;
    let settings = Settings { lock, prune: !flags.no_prune, ..Settings::new(name.clone()) };
    let job = Job {
        document: document.to_owned(),
        overlays: flags.overlay.clone(),
        reference_root: flags.reference_root.clone(),
        selection: Selection { include: flags.include.clone(), exclude: flags.exclude.clone() },
        settings,
        describe: if flags.manifest { Describe::Items } else { Describe::Nothing },
        packages,
    };
    let (runtime, embedded) = runtime(flags, out)?;
    let around = Around::Owned(PackageOptions { version: VERSION.to_owned(), runtime });
    let manifest = flags.manifest.then(|| PathBuf::from("manifest.json"));
    Ok(Target { name, job, root: out.to_owned(), manifest, names, around, embedded })
}

/// Refuses packages that stand on others which are neither asked for nor there: they would not compile.
fn refuse_missing_packages(flags: &Codegen, out: &Path, name: &str) -> Result<(), Failure> {
    let stands_on: fn(Package) -> &'static [Package] = |package| match package {
        Package::Types => &[],
        Package::Client | Package::Server => &[Package::Types],
        Package::Cli => &[Package::Types, Package::Client],
    };
    let is_there = |package: Package| out.join(package.name(name)).join("Cargo.toml").is_file();
    for package in Package::ALL.into_iter().filter(|package| wanted(flags, *package)) {
        let missing = stands_on(package).iter().find(|one| !wanted(flags, **one) && !is_there(**one));
        if let Some(missing) = missing {
            let message = format!("{} stands on {}, which is not there", package.name(name), missing.name(name));
            let all: Vec<&str> = stands_on(package).iter().chain([&package]).map(|one| one.as_str()).collect();
            return Err(failure::plain("missing-package", message, format!("generate both: --only {}", all.join(","))));
        }
    }
    Ok(())
}

/// Whether a package was asked for.
fn wanted(flags: &Codegen, package: Package) -> bool {
    flags.only.is_empty() || flags.only.iter().any(|only| only.package() == package)
}

/// A name that packages can have.
pub(crate) fn valid_name(name: &str) -> Result<String, Failure> {
    let words = name
        .split('-')
        .all(|word| !word.is_empty() && word.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit()));
    if words && name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Ok(name.to_owned());
    }
    let hint = "a name is words of lower-case letters and digits with `-` between them, and starts with a letter";
    Err(failure::plain("invalid-name", format!("`{}` cannot name a package", name.escape_debug()), hint))
}

/// A name made from that of the document's file.
pub(crate) fn name_from(document: &Path) -> Result<String, Failure> {
    let stem = document.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let spelled: String = stem.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
    let words: Vec<&str> = spelled.split('-').filter(|word| !word.is_empty()).collect();
    valid_name(&words.join("-")).map_err(|_| {
        let message = format!("no package name can be made of `{}`", document.display());
        failure::plain("invalid-name", message, "choose one: --name NAME")
    })
}

/// Where standalone packages find the runtime crates, and the folder below `out` that gets them: by default they are
/// beside a program that only ever runs beside them, or come along with the packages.
fn runtime(flags: &Codegen, out: &Path) -> Result<(RuntimeSource, Option<PathBuf>), Failure> {
    let given = flags.runtime_source.clone();
    let beside = program::running().runtimes.clone();
    let default = if beside.is_some() { RuntimeKind::Path } else { RuntimeKind::Embedded };
    let source = match flags.runtime.unwrap_or(default) {
        RuntimeKind::Embedded => {
            if let Some(given) = given {
                let message = format!("embedded runtime crates come along with the packages, and are not in `{given}`");
                let hint = format!("say what that is, `--runtime path --runtime-source {given}`, or leave it out");
                return Err(failure::plain("no-runtime", message, hint));
            }
            return Ok((carried(PathBuf::from("..")), Some(PathBuf::new())));
        }
        RuntimeKind::Path => {
            let folder = given.map(PathBuf::from).or(beside).unwrap_or_default();
            refuse_missing_runtimes(&folder)?;
            RuntimeSource::Path(seen_from_package(&folder, out))
        }
        RuntimeKind::Git => {
            let url = given.unwrap_or_else(|| env!("CARGO_PKG_REPOSITORY").to_owned());
            RuntimeSource::Git { url, revision: flags.runtime_rev.clone() }
        }
        RuntimeKind::Version => RuntimeSource::Version(given.unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())),
    };
    Ok((source, None))
}

/// Refuses a folder that does not have the runtime crates: what stands on them would not compile.
pub(crate) fn refuse_missing_runtimes(folder: &Path) -> Result<(), Failure> {
    let missing = embedded::RUNTIMES.iter().find(|name| !folder.join(name).join("Cargo.toml").is_file());
    missing.map_or(Ok(()), |name| {
        let message = format!("there is no runtime crate `{name}` in `{}`", folder.display());
        let hint = "name the folder that has them all, `crates` of a clone of this generator; or let them come along: \
                    embedded";
        Err(failure::plain("no-runtime", message, hint))
    })
}

/// The runtime crates that this program carries, in a folder of the workspace.
fn carried(folder: PathBuf) -> RuntimeSource {
    RuntimeSource::Embedded { folder, version: format!("={}", env!("CARGO_PKG_VERSION")) }
}

/// The path from one folder of a workspace to another.
pub(crate) fn relative(from: &Path, to: &Path) -> PathBuf {
    if to.is_absolute() {
        return to.to_owned();
    }
    let parts = |path: &Path| -> Vec<PathBuf> {
        path.components().filter(|part| *part != Component::CurDir).map(|part| part.as_os_str().into()).collect()
    };
    let (from, to) = (parts(from), parts(to));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    std::iter::repeat_n(PathBuf::from(".."), from.len() - shared).chain(to.into_iter().skip(shared)).collect()
}

/// The path from a package below `out` to `folder`: relative when they share more than the file system's root, so that
/// both can move together.
fn seen_from_package(folder: &Path, out: &Path) -> PathBuf {
    let absolute =
        |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned());
    let (folder, out) = (absolute(folder), absolute(out));
    let shared = folder.components().zip(out.components()).take_while(|(one, other)| one == other).count();
    if shared < 2 {
        return folder;
    }
    // One step more than below `out`: each package has a folder of its own there.
    let up = out.components().count() - shared + 1;
    std::iter::repeat_n(Path::new(".."), up)
        .chain(folder.components().skip(shared).map(|part| Path::new(part.as_os_str())))
        .collect()
}

/// Two documents must not write to one folder.
fn refuse_shared_folders(targets: &[Target]) -> Result<(), Failure> {
    let mut owners: BTreeMap<&Path, &str> = BTreeMap::new();
    for target in targets {
        let folders = target.job.packages.iter().map(|(_, folder)| folder);
        let folders = folders.chain(&target.manifest).chain([&target.names]);
        for path in folders {
            if let Some(other) = owners.insert(path, &target.name) {
                let message = format!("`{}` is claimed twice: by `{other}` and by `{}`", path.display(), target.name);
                return Err(failure::plain("shared-folder", message, "give each package a folder of its own"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runtime_is_relative_when_it_moves_along() {
        assert_eq!(
            seen_from_package(Path::new("/nowhere/w/crates"), Path::new("/nowhere/w/out")),
            Path::new("../../crates")
        );
        assert_eq!(
            seen_from_package(Path::new("/nowhere/crates"), Path::new("/elsewhere")),
            Path::new("/nowhere/crates")
        );
    }

    #[test]
    fn paths_lead_from_one_package_to_another() {
        let of = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(of("crates/a-client", "crates/a-types"), Path::new("../a-types"));
        assert_eq!(of("client", "crates"), Path::new("../crates"));
        assert_eq!(of("./crates/a", "../elsewhere"), Path::new("../../../elsewhere"));
        assert_eq!(of("a", "/elsewhere"), Path::new("/elsewhere"));
    }

    #[test]
    fn names_come_from_files() {
        assert_eq!(name_from(Path::new("a/Pet Store.v3.yaml")).expect("a name"), "pet-store-v3");
        assert!(name_from(Path::new("3.yaml")).is_err());
        assert!(valid_name("a\"b").is_err());
    }
}
