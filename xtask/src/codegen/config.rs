//! `openapi/codegen.toml`: the documents of a workspace, and what each becomes. `ARCHITECTURE.md` explains its members.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use oas_document::Failure;
use serde::Deserialize;

use crate::failure;

/// Where it stands, below the root of the workspace.
pub(crate) const PATH: &str = "openapi/codegen.toml";

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The documents.
    #[serde(rename = "api")]
    pub(crate) apis: Vec<ApiConfig>,
}

/// One `[[api]]`. Paths are relative to the root of the workspace.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiConfig {
    /// What its packages are called: `autoposting` for `autoposting-types` and so on.
    pub(crate) name: String,
    /// The document.
    pub(crate) document: PathBuf,
    /// Overlays, in order; a folder stands for the files in it, by name.
    #[serde(default)]
    pub(crate) overlays: Vec<PathBuf>,
    /// The folder that references to other files stay below; the git repository without.
    #[serde(rename = "reference-root")]
    pub(crate) reference_root: Option<PathBuf>,
    /// The folder of the types package.
    pub(crate) types: PathBuf,
    /// The folder of the client package; no client without.
    pub(crate) client: Option<PathBuf>,
    /// The folder of the server package; no server without.
    pub(crate) server: Option<PathBuf>,
    /// The folder of the command line's package; no command line without.
    pub(crate) cli: Option<PathBuf>,
    /// The manifest.
    pub(crate) manifest: PathBuf,
    /// Whether schemas that no operation reaches are left out.
    #[serde(default = "yes")]
    pub(crate) prune: bool,
    /// Names pinned by hand: the JSON Pointer of a schema or operation, and its name in Rust.
    #[serde(default)]
    pub(crate) pins: BTreeMap<String, String>,
}

/// Schemas that nothing reaches are left out unless told otherwise.
fn yes() -> bool {
    true
}

/// Reads the configuration below `root`.
pub(crate) fn read(root: &Path) -> Result<Config, Failure> {
    let path = root.join(PATH);
    let text = fs::read_to_string(&path).map_err(|error| {
        let message = format!("cannot read `{}`: {error}", path.display());
        failure::plain("unreadable-configuration", message, "it lists the documents to generate from")
    })?;
    let config: Config = toml::from_str(&text)
        .map_err(|error| failure::within(error.message(), Path::new(PATH), &text, error.span()))?;
    if config.apis.is_empty() {
        let hint = "add an `[[api]]` with `name`, `document`, `types` and `manifest`";
        return Err(failure::plain("invalid-configuration", format!("`{PATH}` lists no document"), hint));
    }
    Ok(config)
}

/// The overlays that a list of files and folders stands for.
pub(crate) fn overlays(listed: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    for path in listed {
        if !path.is_dir() {
            all.push(path.clone());
            continue;
        }
        let entries = fs::read_dir(path).map_err(|error| {
            let message = format!("cannot read the folder `{}`: {error}", path.display());
            failure::plain("unreadable-overlays", message, "overlays are files, or folders of files")
        })?;
        let mut inside: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        inside.retain(|file| {
            file.extension()
                .is_some_and(|end| ["yaml", "yml", "json"].iter().any(|known| end.eq_ignore_ascii_case(known)))
        });
        inside.sort();
        all.extend(inside);
    }
    Ok(all)
}
