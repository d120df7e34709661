//! Where generated files belong, and what was found there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use oas_codegen::GeneratedFile;
use oas_codegen::files::{self, Freshness, Mode, OWNED};
use oas_codegen::generate::{self, Generated, Package};
use oas_document::{Diagnostic, Failure};

use super::generating::Times;
use super::people::{self, Kept};
use super::target::{Around, Target};
use super::{Done, Found, refused, shown};
use crate::embedded;

/// A folder with the files that belong in it.
struct Folder {
    root: PathBuf,
    /// The folder below it that codegen owns as a whole.
    owned: &'static str,
    files: Vec<GeneratedFile>,
    found: Vec<Found>,
}

/// Everything that a run may write.
pub(super) struct Places {
    folders: Vec<Folder>,
    kept: Vec<Kept>,
    /// What was found of files that belong to no document alone.
    pub(super) shared: Vec<Found>,
}

impl Places {
    /// Every file.
    pub(super) fn outputs(&self) -> BTreeSet<PathBuf> {
        let files = |folder: &Folder| -> Vec<PathBuf> {
            folder.files.iter().map(|file| folder.root.join(&file.path)).collect()
        };
        self.folders.iter().flat_map(files).chain(self.kept.iter().map(|kept| kept.path.clone())).collect()
    }

    /// The folders that hold nothing else.
    pub(super) fn owned(&self) -> Vec<PathBuf> {
        let folders = self.folders.iter().map(|folder| folder.root.join(folder.owned));
        folders.filter(|folder| folder.is_dir()).collect()
    }
}

/// What packages that are written by hand lack.
pub(super) fn lacking(target: &Target, generated: &Generated) -> Result<Vec<Diagnostic>, Failure> {
    let Around::ByHand = target.around else { return Ok(Vec::new()) };
    let each = generated.packages.iter().map(|package| people::lacking(package, generated, &target.root));
    each.filter_map(Result::transpose).collect()
}

/// Holds what was generated against what is there.
pub(super) fn look(targets: Vec<Target>, generated: Vec<(Generated, Times)>) -> Result<(Vec<Done>, Places), Failure> {
    let mut places = Places { folders: Vec::new(), kept: Vec::new(), shared: Vec::new() };
    let mut done = Vec::new();
    // Packages of the runtime, and members of the workspace, of all documents together.
    let mut runtimes: BTreeSet<PathBuf> = BTreeSet::new();
    let mut members: Vec<PathBuf> = Vec::new();
    for (target, (mut generated, times)) in targets.into_iter().zip(generated) {
        let (folders, mut kept, needed) = one(&target, &mut generated)?;
        let carried = match &target.embedded {
            Some(folder) => embedded::closure(needed.iter().map(String::as_str))?
                .into_iter()
                .map(|name| target.root.join(folder).join(name))
                .collect(),
            None => Vec::new(),
        };
        if let Around::Started(_) = target.around {
            members.extend(target.job.packages.iter().map(|(_, folder)| folder.clone()));
            members.extend(carried.iter().map(|path| shown(path)));
        }
        runtimes.extend(carried);
        let found = folders.iter().flat_map(|folder| &folder.found).cloned();
        let found = found.chain(kept.iter().map(Kept::found)).collect();
        places.folders.extend(folders);
        places.kept.append(&mut kept);
        done.push(Done { target, generated, times, found });
    }
    for path in runtimes {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = Folder::new(path, "src", embedded::files(&name)?)?;
        places.shared.extend(folder.found.iter().cloned());
        places.folders.push(folder);
    }
    if !members.is_empty() {
        let members: Vec<&Path> = members.iter().map(PathBuf::as_path).collect();
        let workspace = people::workspace(&members)?;
        places.shared.push(workspace.found());
        places.kept.push(workspace);
    }
    Ok((done, places))
}

/// Writes what is not as it should be.
pub(super) fn write(places: &Places) -> Result<(), Failure> {
    for folder in &places.folders {
        if folder.found.iter().any(|one| one.freshness != Freshness::Fresh) {
            files::apply_owning(folder.owned, &folder.files, &folder.root, Mode::Write)
                .map_err(|error| refused(&error))?;
        }
    }
    places.kept.iter().try_for_each(Kept::write)
}

/// What one target is: its folders, what people own around them, and the runtime crates that it depends on.
type One = (Vec<Folder>, Vec<Kept>, BTreeSet<String>);

/// The folders of one target: one per package, with the files that were generated for it, and one with the manifest;
/// what people own around them; and the runtime crates that they depend on.
fn one(target: &Target, generated: &mut Generated) -> Result<One, Failure> {
    let mut folders = Vec::new();
    let mut kept = Vec::new();
    let mut runtimes = BTreeSet::new();
    for mut package in std::mem::take(&mut generated.packages) {
        match &target.around {
            Around::ByHand => {}
            Around::Owned(options) => {
                let mut around = generate::surroundings(package.package, generated, options);
                around.retain_named(&package.files);
                let names = around.manifest.dependencies.iter().map(|dependency| dependency.name.clone());
                runtimes.extend(names.filter(|name| embedded::is_runtime(name)));
                package.files.extend(around.owned());
            }
            Around::Started(start) => {
                let (files, names) = people::package(&package, generated, start)?;
                kept.extend(files);
                runtimes.extend(names);
            }
        }
        folders.push(Folder::new(target.root.join(&package.folder), OWNED, package.files)?);
    }
    let mut files: Vec<GeneratedFile> =
        target.manifest.iter().map(|path| oas_codegen::manifest::file(&generated.manifest, path)).collect();
    files.push(generated.names.file(&target.names));
    if target.is_standalone() {
        // Packages of an earlier run stay members: they stand on this workspace.
        let is_member = |package: &Package| {
            let is_made = target.job.packages.iter().any(|(made, _)| made == package);
            is_made || target.root.join(package.name(&target.name)).join("Cargo.toml").is_file()
        };
        let members = Package::ALL.iter().filter(|one| is_member(one));
        let mut names: Vec<String> = members.map(|package| package.name(&target.name)).collect();
        if target.embedded.is_some() {
            let carried = embedded::closure(runtimes.iter().map(String::as_str))?;
            names.extend(carried.into_iter().map(ToOwned::to_owned));
        }
        let members: Vec<&str> = names.iter().map(String::as_str).collect();
        files.push(oas_codegen::package::workspace(&members));
    }
    folders.push(Folder::new(target.root.clone(), OWNED, files)?);
    Ok((folders, kept, runtimes))
}

impl Folder {
    /// A folder with what was found in it.
    fn new(root: PathBuf, owned: &'static str, files: Vec<GeneratedFile>) -> Result<Self, Failure> {
        let state = files::apply_owning(owned, &files, &root, Mode::Check).map_err(|error| refused(&error))?;
        let found = state.into_iter().map(|(path, freshness)| {
            let wanted = match freshness {
                Freshness::Stale(_) => files.iter().find(|file| file.path == path),
                Freshness::Fresh | Freshness::Missing | Freshness::Orphaned => None,
            };
            let wanted = wanted.map(|file| file.contents.clone()).unwrap_or_default();
            Found { path: shown(&root.join(path)), freshness, wanted }
        });
        let found = found.collect();
        Ok(Self { root, owned, files, found })
    }
}
