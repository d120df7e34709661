//! `[package]`: what registries want to know of generated packages.

use serde::Deserialize;

use crate::toml_text::{list, quoted};

/// `[package]`. Its members are those of cargo, and stand in the `Cargo.toml` of every package that codegen starts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PackageConfig {
    /// The version of every package; 0.1.0 without.
    pub version: Option<String>,
    /// The licence, as an SPDX expression.
    pub license: Option<String>,
    /// The file that the licence is in.
    pub license_file: Option<String>,
    /// Where the sources are.
    pub repository: Option<String>,
    /// A page about the packages.
    pub homepage: Option<String>,
    /// Where the documentation is, if not at docs.rs.
    pub documentation: Option<String>,
    /// The file that registries show, relative to each package.
    pub readme: Option<String>,
    /// Who wrote it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// Words that people search for.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Categories of the registry.
    #[serde(default)]
    pub categories: Vec<String>,
    /// `false` keeps cargo from publishing them.
    pub publish: Option<bool>,
}

impl PackageConfig {
    /// The members with their values in TOML, without the version.
    pub fn members(&self) -> Vec<(&'static str, String)> {
        let Self {
            version: _,
            license,
            license_file,
            repository,
            homepage,
            documentation,
            readme,
            authors,
            keywords,
            categories,
            publish,
        } = self;
        let texts = [
            ("license", license),
            ("license-file", license_file),
            ("repository", repository),
            ("homepage", homepage),
            ("documentation", documentation),
            ("readme", readme),
        ];
        let texts = texts.into_iter().filter_map(|(name, value)| Some((name, quoted(value.as_ref()?))));
        let lists = [("authors", authors), ("keywords", keywords), ("categories", categories)];
        let lists = lists.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, list(value)));
        texts.chain(lists).chain(publish.map(|publish| ("publish", publish.to_string()))).collect()
    }

    /// Whether the packages are meant for a registry.
    pub fn is_for_others(&self) -> bool {
        self.publish != Some(false) && (self.license.is_some() || self.license_file.is_some())
    }
}
