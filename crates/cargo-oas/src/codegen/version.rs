//! The version of the generator that a workspace was generated with.

use std::fs;
use std::path::{Path, PathBuf};

use oas_codegen::GeneratedFile;
use oas_codegen::config::Config;
use oas_codegen::files;
use oas_document::Failure;
use toml_edit::{DocumentMut, value};

use crate::{config, failure, program};

/// The version of this program.
pub const OWN: &str = env!("CARGO_PKG_VERSION");

/// Refuses to generate with another version than the recorded one: what comes out would differ from machine to machine.
pub(super) fn check(config: &Config) -> Result<(), Failure> {
    match &config.generator {
        Some(recorded) if recorded != OWN => {
            let message = format!("`{}` records cargo-oas {recorded}, and this is {OWN}", config::PATH);
            let hint = format!(
                "`cargo install cargo-oas@{recorded} --locked` to stay there, or `{} codegen --upgrade` to move on; \
                 the changelog of cargo-oas says what changes",
                program::running().name
            );
            Err(failure::plain("other-version", message, hint))
        }
        _ => Ok(()),
    }
}

/// Records the version of this program instead of another one.
pub(super) fn upgrade() -> Result<(), Failure> {
    let path = Path::new(config::PATH);
    let unreadable = |words: String| {
        let message = format!("cannot read `{}`: {words}", path.display());
        failure::plain("unreadable-configuration", message, "it lists the documents to generate from")
    };
    let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| unreadable(error.message().to_owned()))?;
    let recorded = document.get("generator").and_then(|item| item.as_str()).map(ToOwned::to_owned);
    document["generator"] = value(OWN);
    let requirement = document.get_mut("runtime").and_then(|runtime| runtime.get_mut("version"));
    if let (Some(item), Some(recorded)) = (requirement, recorded)
        && item.as_str().is_some_and(|requirement| requirement.trim_start_matches('=') == recorded)
    {
        *item = value(format!("={OWN}"));
    }
    let file = GeneratedFile { path: PathBuf::from(path), contents: document.to_string() };
    files::replace_for_people(&file, Path::new("")).map_err(|error| super::refused(&error))
}
