//! What makes a folder of generated files a package of its own: `Cargo.toml` and a root, and the workspace around several.
//!
//! With `--document FILE --out DIR` codegen owns them; in a workspace that has a configuration they are a start, which
//! belongs to people from then on.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use oas_model::Api;
use proc_macro2::TokenStream;
use quote::quote;

use crate::config::PackageConfig;
use crate::plan::Plan;
use crate::toml_text::{key, list, quoted};
use crate::{GeneratedFile, HEADER, docs};

/// Where generated packages find the runtime crates: `oas-client-runtime` and its like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuntimeSource {
    /// In folders below this one, named like the crates; as it shall be written, relative to the package or absolute.
    Path(PathBuf),
    /// In such folders too, and the same as a version in the registry: what depends on them can be published.
    Embedded {
        /// The folder.
        folder: PathBuf,
        /// The version.
        version: String,
    },
    /// In a git repository.
    Git {
        /// The repository.
        url: String,
        /// A commit, branch or tag; the default branch without.
        revision: Option<String>,
    },
    /// In the registry, by a version requirement.
    Version(String),
}

/// What a package outside of the workspace needs to know besides the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageOptions {
    /// The version of the package.
    pub version: String,
    /// Where the runtime crates are.
    pub runtime: RuntimeSource,
}

impl PackageOptions {
    /// The dependency on the runtime crate `name`.
    pub fn runtime(&self, name: &str) -> Dependency {
        let source = match &self.runtime {
            RuntimeSource::Path(folder) => Source::Path { folder: folder.join(name), version: None },
            RuntimeSource::Embedded { folder, version } => {
                Source::Path { folder: folder.join(name), version: Some(version.clone()) }
            }
            RuntimeSource::Git { url, revision } => Source::Git { url: url.clone(), revision: revision.clone() },
            RuntimeSource::Version(requirement) => Source::Version(requirement.clone()),
        };
        Dependency { source, ..Dependency::version(name, "") }
    }
}

/// Where a dependency comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The registry, by a version requirement.
    Version(String),
    /// A folder.
    Path {
        /// The folder.
        folder: PathBuf,
        /// The version that it has in the registry, without which nothing that depends on it can be published.
        version: Option<String>,
    },
    /// A git repository.
    Git {
        /// The repository.
        url: String,
        /// A commit, branch or tag.
        revision: Option<String>,
    },
}

/// A line of `[dependencies]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
    /// Whether its default features are on.
    pub default_features: bool,
    /// More features.
    pub features: Vec<String>,
    /// Whether it is there only with a feature that names it.
    pub optional: bool,
}

impl Dependency {
    /// A dependency from the registry, with its default features.
    pub fn version(name: &str, requirement: &str) -> Self {
        Self {
            name: name.to_owned(),
            source: Source::Version(requirement.to_owned()),
            default_features: true,
            features: Vec::new(),
            optional: false,
        }
    }

    /// A dependency on the package in the folder `path`.
    pub fn path(name: &str, path: impl Into<PathBuf>) -> Self {
        Self { source: Source::Path { folder: path.into(), version: None }, ..Self::version(name, "") }
    }

    /// The same dependency without default features.
    #[must_use]
    pub fn no_default_features(mut self) -> Self {
        self.default_features = false;
        self
    }

    /// The same dependency with these features.
    #[must_use]
    pub fn features(mut self, features: &[&str]) -> Self {
        self.features.extend(features.iter().map(|feature| (*feature).to_owned()));
        self
    }

    /// The same dependency, only there with a feature that names it.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The name that code has for it.
    pub fn ident(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The dependency as a value of TOML: a version requirement, or an inline table.
    pub fn table(&self) -> String {
        let mut parts = match &self.source {
            Source::Version(requirement) => vec![format!("version = {}", quoted(requirement))],
            Source::Path { folder, version } => std::iter::once(format!("path = {}", quoted(&forward_slashes(folder))))
                .chain(version.iter().map(|version| format!("version = {}", quoted(version))))
                .collect(),
            Source::Git { url, revision } => std::iter::once(format!("git = {}", quoted(url)))
                .chain(revision.iter().map(|revision| format!("rev = {}", quoted(revision))))
                .collect(),
        };
        if !self.default_features {
            parts.push("default-features = false".to_owned());
        }
        if !self.features.is_empty() {
            parts.push(format!("features = {}", list(&self.features)));
        }
        if self.optional {
            parts.push("optional = true".to_owned());
        }
        match (&self.source, parts.len()) {
            (Source::Version(requirement), 1) => quoted(requirement),
            _ => format!("{{ {} }}", parts.join(", ")),
        }
    }
}

/// All that `Cargo.toml` of a generated package says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CargoManifest {
    /// The package's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One sentence on what it is.
    pub description: String,
    /// The program that it is; `None` for a library, and for a program with the package's name.
    pub program: Option<Program>,
    /// Its dependencies, in the order in which they shall stand.
    pub dependencies: Vec<Dependency>,
    /// Its features and what each turns on, in the order in which they shall stand.
    pub features: Vec<(String, Vec<String>)>,
    /// What registries want to know.
    pub metadata: PackageConfig,
}

/// The dependency on the types package beside this one. Its features for groups of operations come from
/// [`group_features`].
pub fn types_dependency(plan: &Plan) -> Dependency {
    let types = &plan.packages.types;
    let dependency = Dependency::path(types, format!("../{types}"));
    if plan.group_features().next().is_some() { dependency.no_default_features() } else { dependency }
}

/// The features that turn on the groups of operations in a package over the types, each with that of the types.
pub fn group_features(plan: &Plan) -> impl Iterator<Item = (String, Vec<String>)> {
    let types = &plan.packages.types;
    plan.group_features().map(move |group| (group.to_owned(), vec![format!("{types}/{group}")]))
}

/// What makes generated code a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// `Cargo.toml`.
    pub manifest: CargoManifest,
    /// `src/lib.rs` or `src/main.rs`, with a [`HEADER`].
    pub root: GeneratedFile,
}

impl Surroundings {
    /// Leaves out the dependencies that neither `files`, the generated code, nor a feature names.
    pub fn retain_named(&mut self, files: &[GeneratedFile]) {
        let root = &self.root;
        let features: Vec<&String> = self.manifest.features.iter().flat_map(|(_, enables)| enables).collect();
        self.manifest.dependencies.retain(|dependency| {
            let (ident, feature) = (dependency.ident(), format!("{}/", dependency.name));
            let is_turned_on = features.iter().any(|enabled| enabled.starts_with(&feature));
            dependency.optional || is_turned_on || files.iter().chain([root]).any(|file| names(&file.contents, &ident))
        });
    }

    /// Both files as codegen owns them.
    pub fn owned(self) -> Vec<GeneratedFile> {
        vec![self.manifest.file(), self.root]
    }

    /// The root without the header: as people get it.
    pub fn root_for_people(&self) -> GeneratedFile {
        let header = format!("// {HEADER}\n");
        let text = self.root.contents.strip_prefix(&header).unwrap_or(&self.root.contents);
        GeneratedFile { path: self.root.path.clone(), contents: text.trim_start_matches('\n').to_owned() }
    }
}

/// `[[bin]]` of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// What people type.
    pub name: String,
    /// Its file.
    pub path: String,
}

impl CargoManifest {
    /// The file, as codegen owns it.
    pub fn file(&self) -> GeneratedFile {
        GeneratedFile { path: PathBuf::from("Cargo.toml"), contents: format!("# {HEADER}\n\n{}", self.text()) }
    }

    /// The text of the file without a header; nothing of it can leave its TOML string.
    pub fn text(&self) -> String {
        let Self { name, version, description, program, dependencies, features, metadata } = self;
        let version = metadata.version.as_ref().unwrap_or(version);
        let mut text = format!(
            "[package]\nname = {}\nversion = {}\nedition = \"2024\"\nrust-version = \"1.88\"\ndescription = {}\n",
            quoted(name),
            quoted(version),
            quoted(description)
        );
        for (member, value) in metadata.members() {
            let _ = writeln!(text, "{member} = {value}");
        }
        if metadata.is_for_others() {
            text.push_str("\n[package.metadata.docs.rs]\nall-features = true\n");
        }
        if let Some(Program { name, path }) = program {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "\n[[bin]]\nname = {}\npath = {}\n", quoted(name), quoted(path));
        }
        if !dependencies.is_empty() {
            text.push_str("\n[dependencies]\n");
            for dependency in dependencies {
                let _ = writeln!(text, "{} = {}", dependency.name, dependency.table());
            }
        }
        if !features.is_empty() {
            text.push_str("\n[features]\n");
            for (feature, enables) in features {
                let _ = writeln!(text, "{} = {}", key(feature), list(enables));
            }
        }
        text
    }
}

/// Whether code names the crate `ident`.
fn names(code: &str, ident: &str) -> bool {
    let part = |one: char| one.is_alphanumeric() || one == '_';
    code.match_indices(ident).any(|(at, _)| {
        let before = code.get(..at).unwrap_or_default();
        let after = code.get(at + ident.len()..).unwrap_or_default();
        let used = before.ends_with("use ") || before.ends_with("use ::");
        !before.ends_with(part) && (after.starts_with("::") || used && !after.starts_with(part))
    })
}

/// The title of an API, in one line. Cargo hands descriptions to compilers in their environment, where no text may have
/// a zero in it.
pub fn title(api: &Api) -> String {
    let visible = docs::visible(&api.info.title);
    let title: String = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let title: String = title.chars().take(80).collect();
    if title.is_empty() { "API".to_owned() } else { title }
}

/// The inner attributes of `src/lib.rs` of a generated package: its documentation, with lines of our own behind, and how
/// far rustc follows types that hold each other. Documents chain hundreds of schemas; a limit that is not reached costs nothing.
pub fn crate_attributes(doc: &str, ours: &[String]) -> TokenStream {
    let doc = docs::inner(doc);
    let ours = ours.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    let limit = RECURSION_LIMIT.to_string();
    quote!(#doc #(#![doc = #ours])* #![recursion_limit = #limit])
}

/// How far rustc follows types that hold each other in generated packages.
pub const RECURSION_LIMIT: u16 = 4096;

/// The virtual workspace around packages in folders named like them.
pub fn workspace(members: &[&str]) -> GeneratedFile {
    let members: Vec<String> = members.iter().map(|member| (*member).to_owned()).collect();
    let contents = format!("# {HEADER}\n\n[workspace]\nresolver = \"3\"\nmembers = {}\n", list(&members));
    GeneratedFile { path: PathBuf::from("Cargo.toml"), contents }
}

/// A path as `Cargo.toml` has it on every system.
fn forward_slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_document_stays_inside_of_its_string() {
        let manifest = CargoManifest {
            name: "a-types".to_owned(),
            version: "0.1.0".to_owned(),
            description: "x\"\n[dependencies]\nevil = \"1\"".to_owned(),
            program: None,
            dependencies: vec![Dependency::version("serde", "1").features(&["derive"])],
            features: Vec::new(),
            metadata: PackageConfig::default(),
        };
        let text = manifest.text();
        assert!(text.contains(r#"description = "x\"\u000A[dependencies]\u000Aevil = \"1\"""#), "{text}");
        assert!(text.contains("serde = { version = \"1\", features = [\"derive\"] }\n"), "{text}");
    }

    #[test]
    fn crates_are_named_by_paths_and_uses() {
        assert!(names("pub use ::pets_types as types;", "pets_types"));
        assert!(names("fn at() -> ::chrono::NaiveDate", "chrono"));
        assert!(!names("/// The uuid of it.\nmod uuid_of;", "uuid"));
        assert!(!names("mychrono::Date", "chrono"));
    }

    #[test]
    fn each_runtime_source_has_its_own_table() {
        let options =
            |runtime| PackageOptions { version: "0.1.0".to_owned(), runtime }.runtime("oas-client-runtime").table();
        assert_eq!(options(RuntimeSource::Version("0.1".to_owned())), "\"0.1\"");
        assert_eq!(options(RuntimeSource::Path("../crates".into())), "{ path = \"../crates/oas-client-runtime\" }");
        let embedded = RuntimeSource::Embedded { folder: "..".into(), version: "=0.1.0".to_owned() };
        assert_eq!(options(embedded), "{ path = \"../oas-client-runtime\", version = \"=0.1.0\" }");
        let git = RuntimeSource::Git { url: "file:///a".to_owned(), revision: Some("main".to_owned()) };
        assert_eq!(options(git), "{ git = \"file:///a\", rev = \"main\" }");
    }
}
