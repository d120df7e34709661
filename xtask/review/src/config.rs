//! What a review needs to know of `openapi/codegen.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oas_document::Failure;
use serde::Deserialize;

use crate::failure;

/// Where it stands, below the root of the workspace.
pub(crate) const PATH: &str = "openapi/codegen.toml";

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Config {
    /// The documents.
    #[serde(rename = "api")]
    pub(crate) apis: Vec<ApiConfig>,
}

/// One `[[api]]`. Paths are relative to the root of the workspace.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ApiConfig {
    /// What its packages are called.
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
    pub(crate) types: Option<PathBuf>,
    /// The folder of the client package.
    pub(crate) client: Option<PathBuf>,
    /// The folder of the server package.
    pub(crate) server: Option<PathBuf>,
    /// The folder of the command line's package.
    pub(crate) cli: Option<PathBuf>,
    /// Whether schemas that no operation reaches are left out.
    #[serde(default = "yes")]
    pub(crate) prune: bool,
    /// Names pinned by hand.
    #[serde(default)]
    pub(crate) pins: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

/// Reads the text of the configuration.
pub(crate) fn parse(text: &str, whose: &str) -> Result<Config, Failure> {
    toml::from_str(text).map_err(|error| {
        let message = format!("`{PATH}` of {whose} cannot be read: {}", error.message());
        failure("invalid-configuration", message, "it lists the documents to review")
    })
}

/// The overlays that a list of files and folders below `root` stands for.
pub(crate) fn overlays(root: &Path, listed: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    for path in listed {
        let path = root.join(path);
        if !path.is_dir() {
            all.push(path);
            continue;
        }
        let entries = std::fs::read_dir(&path).map_err(|error| {
            let message = format!("cannot read the folder `{}`: {error}", path.display());
            failure("unreadable-overlays", message, "overlays are files, or folders of files")
        })?;
        let mut inside: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        inside.retain(|file| {
            let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default();
            ["yaml", "yml", "json"].contains(&end.to_ascii_lowercase().as_str())
        });
        inside.sort();
        all.extend(inside);
    }
    Ok(all)
}
