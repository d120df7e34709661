//! Versions of the generated packages on both sides.

use std::path::{Path, PathBuf};

use oas_codegen::config::ApiConfig;
use oas_codegen::generate::Package;

use super::git::Repository;
use super::side::Origin;

/// A package with its version in the base and in the revision.
pub(crate) type Versions = Vec<(String, Option<String>, Option<String>)>;

/// Reads the versions from the manifests of cargo.
pub(crate) fn read(root: &Path, base: &Origin, revision: &Origin, api: &ApiConfig) -> Versions {
    let repository = Repository::around(root).ok();
    let folders = [
        (Package::Types, &api.types),
        (Package::Client, &api.client),
        (Package::Server, &api.server),
        (Package::Cli, &api.cli),
    ];
    let known = folders.into_iter().filter_map(|(package, folder)| Some((package.name(&api.name), folder.as_ref()?)));
    known
        .map(|(name, folder)| {
            let version = |origin: &Origin| version(root, repository.as_ref(), origin, folder);
            (name, version(base), version(revision))
        })
        .collect()
}

fn version(root: &Path, repository: Option<&Repository>, origin: &Origin, folder: &Path) -> Option<String> {
    let text = |path: PathBuf| match origin {
        Origin::File(_) | Origin::Kept { .. } => None,
        Origin::Tree(_) => std::fs::read_to_string(root.join(path)).ok(),
        Origin::Commit { commit, .. } => repository?.show(commit, &path),
    };
    let own: toml::Table = toml::from_str(&text(folder.join("Cargo.toml"))?).ok()?;
    let version = own.get("package")?.get("version")?;
    if let Some(version) = version.as_str() {
        return Some(version.to_owned());
    }
    let workspace: toml::Table = toml::from_str(&text(PathBuf::from("Cargo.toml"))?).ok()?;
    workspace.get("workspace")?.get("package")?.get("version")?.as_str().map(ToOwned::to_owned)
}
