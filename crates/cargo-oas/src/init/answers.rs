//! What `init` does, from the flags and from what it finds.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use oas_codegen::config;
use oas_codegen::files::Freshness;
use oas_codegen::generate::Package;
use oas_document::Failure;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::document::Brought;
use super::files::{self, PlannedFile};
use super::{CRATES, below_openapi};
use crate::cli::{Init, RuntimeKind};
use crate::codegen::{self, VERSION};
use crate::failure;
use crate::manifest::slashes;

/// File names that say nothing about an API.
const GENERIC: [&str; 8] = ["openapi", "swagger", "api", "spec", "index", "schema", "document", "api-docs"];

/// What is to be made.
pub(super) struct Answers {
    /// What packages are called.
    pub(super) name: String,
    /// The packages, with their folders.
    pub(super) packages: Vec<(Package, PathBuf)>,
    /// The folder of overlays.
    pub(super) overlays: PathBuf,
    /// The lines of `[runtime]`.
    runtime: Vec<(&'static str, String)>,
    workflows: bool,
}

/// The root of the workspace: given, or the nearest one upwards, or the current folder.
pub(super) fn root(flags: &Init) -> Result<PathBuf, Failure> {
    if let Some(root) = &flags.root {
        return std::path::absolute(root).map_err(|error| {
            failure::plain("unreadable-folder", format!("`{}`: {error}", root.display()), "give another --root")
        });
    }
    let here = std::env::current_dir().map_err(|error| {
        let message = format!("cannot tell the current folder: {error}");
        failure::plain("unreadable-folder", message, "--root names the folder of the workspace")
    })?;
    let is_workspace = |folder: &&Path| {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        folder.join(config::PATH).is_file()
            || manifest.parse::<DocumentMut>().is_ok_and(|manifest| manifest.contains_key("workspace"))
    };
    Ok(here.ancestors().find(is_workspace).unwrap_or(&here).to_owned())
}

impl Answers {
    /// What the flags say, and otherwise what can be known.
    pub(super) fn new(flags: &Init, brought: &Brought) -> Result<Self, Failure> {
        let name = match &flags.name {
            Some(name) => codegen::valid_name(name)?,
            None => name(brought)?,
        };
        let wanted = |package: Package| flags.only.iter().any(|only| only.package() == package);
        let chosen = |package: &Package| {
            // The command line stands on the client, and everything on the types.
            let stands_below = match package {
                Package::Types => true,
                Package::Client => wanted(Package::Cli),
                Package::Server | Package::Cli => false,
            };
            flags.only.is_empty() || stands_below || wanted(*package)
        };
        let folder = |package: Package| Path::new(CRATES).join(package.name(&name));
        let packages = Package::ALL.into_iter().filter(chosen).map(|package| (package, folder(package))).collect();
        let runtime = runtime(flags)?;
        let overlays = below_openapi(&Path::new("overlays").join(&name));
        Ok(Self { name, packages, overlays, runtime, workflows: !flags.no_workflows })
    }

    /// Everything that people own from then on, with what is found in its place.
    pub(super) fn files(&self, brought: &Brought) -> Result<Vec<PlannedFile>, Failure> {
        let (config, is_new) = self.config(&brought.inside)?;
        let mut planned = Vec::new();
        if is_new {
            for file in &brought.files {
                planned.push(files::copy(&below_openapi(&file.path), &file.contents)?);
            }
            planned.push(files::new(self.overlays.join("01-example.yaml"), include_str!("templates/overlay.yaml"))?);
        }
        planned.push(config);
        planned.push(files::new(".gitignore", "/target\n")?);
        planned.push(files::new(".gitattributes", include_str!("templates/gitattributes"))?);
        if self.workflows {
            let workflow = |name: &str, text: &str| {
                let text = text.replace("VERSION", VERSION);
                files::new(Path::new(".github/workflows").join(name), text)
            };
            planned.push(workflow("openapi.yml", include_str!("templates/openapi.yml"))?);
            planned.push(workflow("openapi-comment.yml", include_str!("templates/openapi-comment.yml"))?);
        }
        Ok(planned)
    }

    /// The configuration with this API in it, and whether it was not there before.
    fn config(&self, document: &Path) -> Result<(PlannedFile, bool), Failure> {
        let path = Path::new(config::PATH);
        let Some(text) = files::text(path)? else {
            let text = self.new_config(document);
            return Ok((files::new(path, text)?, true));
        };
        let mut parsed: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
            let message = format!("`{}` is no TOML: {}", path.display(), error.message());
            failure::plain("invalid-configuration", message, "mend it by hand first")
        })?;
        let apis = parsed.entry("api").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
        let Some(apis) = apis.as_array_of_tables_mut() else {
            let message = format!("`api` of `{}` is no list of `[[api]]`", path.display());
            return Err(failure::plain("invalid-configuration", message, "mend it by hand first"));
        };
        let is_there = apis.iter().any(|api| api.get("name").and_then(Item::as_str) == Some(self.name.as_str()));
        if is_there {
            let planned = files::new(path, text)?;
            return Ok((planned, false));
        }
        let mut api = Table::new();
        for (member, item) in self.members(document) {
            api.insert(member, item);
        }
        apis.push(api);
        let mut planned = files::new(path, parsed.to_string())?;
        planned.found = Freshness::Stale(text.into_bytes());
        Ok((planned, true))
    }

    /// A whole configuration.
    fn new_config(&self, document: &Path) -> String {
        let mut text = include_str!("templates/codegen.toml").replace("VERSION", VERSION);
        text.push_str("\n[runtime]\n");
        let mut runtime = Table::new();
        for (member, words) in &self.runtime {
            runtime.insert(member, value(words.as_str()));
        }
        let mut api = Table::new();
        for (member, item) in self.members(document) {
            api.insert(member, item);
        }
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{runtime}\n[[api]]\n{api}");
        text
    }

    /// The members of `[[api]]`.
    fn members(&self, document: &Path) -> Vec<(&'static str, Item)> {
        let path = |path: &Path| value(slashes(path));
        let mut overlays = Array::new();
        overlays.push(slashes(&self.overlays));
        let mut members = vec![
            ("name", value(self.name.as_str())),
            ("document", path(&below_openapi(document))),
            ("overlays", value(overlays)),
        ];
        members.extend(self.packages.iter().map(|(package, folder)| (package.as_str(), path(folder))));
        members.push(("manifest", path(&below_openapi(Path::new(&format!("{}.manifest.json", self.name))))));
        members
    }
}

/// A name made from the document's file, or from its title when the file's name says nothing; `api` when neither does.
fn name(brought: &Brought) -> Result<String, Failure> {
    let file = &brought.inside;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    if !GENERIC.contains(&stem.as_str()) {
        return codegen::name_from(file);
    }
    let name = name_of_title(&brought.title());
    codegen::valid_name(&name).map_err(|_| {
        let message = format!("no package name can be made of `{}` or of its title", file.display());
        failure::plain("invalid-name", message, "choose one: --name NAME")
    })
}

/// The first words of a title that say what it is about. Versions say that of one revision alone.
fn name_of_title(title: &str) -> String {
    let mut spelled = String::new();
    for letter in title.to_lowercase().chars() {
        match unaccented(letter) {
            Some(letters) => spelled.push_str(letters),
            None if letter.is_ascii_alphanumeric() => spelled.push(letter),
            None => spelled.push(' '),
        }
    }
    let is_number = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let telling = |word: &&str| {
        let is_version = word.strip_prefix('v').is_some_and(|rest| rest.is_empty() || is_number(rest));
        !is_version && !matches!(*word, "api" | "apis" | "the" | "openapi" | "swagger" | "rest")
    };
    let words: Vec<&str> = spelled.split_whitespace().filter(telling).skip_while(|word| is_number(word)).collect();
    let words: Vec<&str> = words.into_iter().take_while(|word| !is_number(word)).take(3).collect();
    if words.is_empty() { "api".to_owned() } else { words.join("-") }
}

/// The letters that stand for one with an accent in names of packages.
fn unaccented(letter: char) -> Option<&'static str> {
    const LETTERS: [(&str, &str); 20] = [
        ("àáâãäåāăą", "a"),
        ("æ", "ae"),
        ("çćč", "c"),
        ("ďđð", "d"),
        ("èéêëēęě", "e"),
        ("ğ", "g"),
        ("ìíîïīı", "i"),
        ("ł", "l"),
        ("ñńň", "n"),
        ("òóôõöøōő", "o"),
        ("œ", "oe"),
        ("ř", "r"),
        ("śšş", "s"),
        ("ß", "ss"),
        ("ťţ", "t"),
        ("þ", "th"),
        ("ùúûüūůű", "u"),
        ("ýÿ", "y"),
        ("źżž", "z"),
        // What `to_lowercase` makes of a Turkish capital has a dot of its own.
        ("\u{307}", ""),
    ];
    LETTERS.iter().find(|(accented, _)| accented.contains(letter)).map(|(_, plain)| *plain)
}

/// What `[runtime]` says.
fn runtime(flags: &Init) -> Result<Vec<(&'static str, String)>, Failure> {
    let given = flags.runtime_source.clone();
    Ok(match flags.runtime.unwrap_or(RuntimeKind::Embedded) {
        RuntimeKind::Embedded => vec![("embedded", given.unwrap_or_else(|| CRATES.to_owned()))],
        RuntimeKind::Version => vec![("version", given.unwrap_or_else(|| format!("={VERSION}")))],
        RuntimeKind::Path => {
            let folder = given.ok_or_else(|| {
                let hint = "--runtime-source DIR names it, relative to the root of the workspace";
                failure::plain("no-runtime", "--runtime path needs the folder of the runtime crates", hint)
            })?;
            codegen::refuse_missing_runtimes(Path::new(&folder))?;
            vec![("path", folder.replace('\\', "/"))]
        }
        RuntimeKind::Git => {
            let url = given.unwrap_or_else(|| env!("CARGO_PKG_REPOSITORY").to_owned());
            let revision = flags.runtime_rev.clone().ok_or_else(|| {
                let hint = "--runtime-rev COMMIT names it: a branch would be another one tomorrow";
                failure::plain("no-runtime", "--runtime git needs a revision", hint)
            })?;
            vec![("git", url), ("rev", revision)]
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_names() {
        for (title, name) in [
            ("The Pet Shop API", "pet-shop"),
            ("Ünïcode – API v2 (beta)", "unicode-beta"),
            ("3D Printing 2.0", "printing"),
            ("Straßenbahn", "strassenbahn"),
            ("İstanbul", "istanbul"),
            ("API", "api"),
            ("🐾🐾", "api"),
            ("", "api"),
            ("One two three four", "one-two-three"),
        ] {
            assert_eq!(name_of_title(title), name, "{title}");
        }
    }
}
