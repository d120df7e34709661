//! Lists what a document became: every public item of a generated package, with the place that it stands for. The form is
//! that of [`oas_manifest`].

mod modules;
mod places;
mod scan;
mod signatures;
#[cfg(test)]
mod tests;
mod text;

use std::path::{Path, PathBuf};

use oas_document::{Diagnostic, Sources};
pub use oas_manifest::{FORMAT, Item, ItemKind, Manifest};
use oas_model::Api;

use crate::GeneratedFile;
use crate::output::{INTERNAL_ERROR, PackageFiles};
use crate::plan::Plan;

/// Lists the public items of a package, with the places of the document that they stand for.
///
/// # Errors
/// When a generated file is not Rust, which is a fault of the generator.
pub fn describe(
    api: &Api,
    plan: &Plan,
    sources: &Sources,
    package: &PackageFiles,
) -> Result<Vec<Item>, Box<Diagnostic>> {
    let scanned = scan::package(package).map_err(|error| {
        let message = format!("`{}` of {} is not Rust: {}", error.file.display(), package.name, error.error);
        let hint = "this is a fault of the generator: please report it with the document";
        Box::new(Diagnostic::error(INTERNAL_ERROR, message).hint(hint))
    })?;
    let places = places::places(api, plan, package.package);
    // Items come file by file.
    let mut last = (PathBuf::new(), String::new());
    let item = |found: scan::Found| {
        if found.file != last.0 {
            let shown = forward_slashes(&package.folder.join(&found.file));
            last = (found.file, shown);
        }
        let place = places.of(&found.owner, &found.name, found.kind);
        let (document, pointer) = place.map_or((None, None), |location| shown(location, api, sources));
        Item {
            document,
            pointer,
            package: package.name.clone(),
            path: found.path,
            kind: found.kind,
            signature: found.signature,
            attributes: found.attributes,
            file: last.1.clone(),
            line: found.line,
        }
    };
    Ok(scanned.into_iter().map(item).collect())
}

/// A location as the manifest has it.
fn shown(location: &oas_document::Location, api: &Api, sources: &Sources) -> (Option<String>, Option<String>) {
    let own = api.servers.first().map(|server| server.at.file);
    let document = sources
        .get(location.file)
        .filter(|_| own.is_some_and(|own| own != location.file))
        .map(|source| forward_slashes(source.path()));
    (document, Some(location.pointer.as_str().to_owned()))
}

/// A manifest as a file at `path`.
pub fn file(manifest: &Manifest, path: &Path) -> GeneratedFile {
    GeneratedFile { path: path.to_owned(), contents: manifest.to_json() }
}

/// A path as it is written on every system.
fn forward_slashes(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
