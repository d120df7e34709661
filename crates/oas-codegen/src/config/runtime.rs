//! `[runtime]`: where generated packages find the crates that they stand on.

use std::path::PathBuf;

use serde::Deserialize;

/// `[runtime]`, which has one of `version`, `git`, `path` and `embedded`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct RuntimeConfig {
    /// A version requirement in the registry.
    pub version: Option<String>,
    /// A git repository.
    pub git: Option<String>,
    /// The commit, branch or tag of `git`.
    pub rev: Option<String>,
    /// The folder that has them, relative to the root of the workspace.
    pub path: Option<PathBuf>,
    /// The folder of the workspace that they are generated into, as packages of their own.
    pub embedded: Option<PathBuf>,
}

/// What `[runtime]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runtime {
    /// They are in the registry.
    Version(String),
    /// They are in a git repository.
    Git {
        /// The repository.
        url: String,
        /// A commit, branch or tag.
        revision: String,
    },
    /// They are in a folder.
    Path(PathBuf),
    /// They are packages of the workspace, in this folder of it.
    Embedded(PathBuf),
}

impl RuntimeConfig {
    /// What it says.
    ///
    /// # Errors
    /// A message when it says nothing, or several things.
    pub fn runtime(&self) -> Result<Runtime, &'static str> {
        let Self { version, git, rev, path, embedded } = self.clone();
        match (version, git, rev, path, embedded) {
            (Some(version), None, None, None, None) => Ok(Runtime::Version(version)),
            (None, Some(url), Some(revision), None, None) => Ok(Runtime::Git { url, revision }),
            (None, Some(_), None, None, None) => Err("`git` has no `rev`, so that it may be another one tomorrow"),
            (None, None, None, Some(path), None) => Ok(Runtime::Path(path)),
            (None, None, None, None, Some(folder)) => Ok(Runtime::Embedded(folder)),
            (None, None, _, None, None) => Err("`[runtime]` does not say where the runtime crates are"),
            _ => Err("`[runtime]` says more than one thing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_one_thing() {
        let of = |text: &str| toml::from_str::<RuntimeConfig>(text).expect("it is read").runtime();
        assert_eq!(of("embedded = \"crates\""), Ok(Runtime::Embedded("crates".into())));
        assert_eq!(of("version = \"=0.1.0\""), Ok(Runtime::Version("=0.1.0".to_owned())));
        let git = Runtime::Git { url: "u".to_owned(), revision: "r".to_owned() };
        assert_eq!(of("git = \"u\"\nrev = \"r\""), Ok(git));
        assert!(of("git = \"u\"").is_err());
        assert!(of("").is_err());
        assert!(of("path = \"a\"\nembedded = \"b\"").is_err());
    }
}
