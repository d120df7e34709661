//! `openapi/codegen.toml`: the documents of a workspace, and what each becomes.
//!
//! The one parser of that file. It takes text and returns values, so that a review can read the file of another commit.
//! A member that nobody knows is refused with its place, unless it is a file of another time.

mod fidelity;
mod members;
mod package;
mod runtime;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use oas_document::{Diagnostic, Failure, Place, Pointer, Sources, Span};
use oas_model::Selector;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::plan::{OperationSettings, Reading, UnknownMembers};

pub use fidelity::FidelityConfig;
pub use members::known;
pub use package::PackageConfig;
pub use runtime::{Runtime, RuntimeConfig};

/// Where it stands, below the root of the workspace.
pub const PATH: &str = "openapi/codegen.toml";

/// The whole file.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Config {
    /// The version of `cargo-oas` that the generated code comes from; any without.
    pub generator: Option<String>,
    /// Where generated packages find the runtime crates. With it codegen starts the packages, and adds to their
    /// `Cargo.toml` what generated code needs; without, they are written by hand.
    pub runtime: Option<RuntimeConfig>,
    /// What registries want to know of the packages.
    #[serde(default)]
    pub package: PackageConfig,
    /// How much of the values that are sent through generated code has to survive.
    #[serde(default)]
    pub fidelity: FidelityConfig,
    /// The documents.
    #[serde(rename = "api", default)]
    pub apis: Vec<ApiConfig>,
}

/// One `[[api]]`. Paths are relative to the root of the workspace.
#[derive(Debug, Clone, Deserialize)]
pub struct ApiConfig {
    /// What its packages are called: `autoposting` for `autoposting-types` and so on.
    pub name: String,
    /// The document.
    pub document: PathBuf,
    /// Overlays, in order; a folder stands for the files in it, by name.
    #[serde(default)]
    pub overlays: Vec<PathBuf>,
    /// The folder that references to other files stay below; the git repository without, or else the document's folder.
    #[serde(rename = "reference-root")]
    pub reference_root: Option<PathBuf>,
    /// The folder of the types package, which the others stand on; a review can do without.
    pub types: Option<PathBuf>,
    /// The folder of the client package; no client without.
    pub client: Option<PathBuf>,
    /// The folder of the server package; no server without.
    pub server: Option<PathBuf>,
    /// The folder of the command line's package; no command line without.
    pub cli: Option<PathBuf>,
    /// The manifest; not written without.
    pub manifest: Option<PathBuf>,
    /// The operations and webhooks that are wanted: `tag:NAME`, `webhook:NAME`, an operation id or `METHOD /path/*`;
    /// all without.
    #[serde(default, deserialize_with = "selectors")]
    pub include: Vec<Selector>,
    /// Those that are not wanted, written likewise.
    #[serde(default, deserialize_with = "selectors")]
    pub exclude: Vec<Selector>,
    /// How strictly a client reads answers.
    #[serde(default)]
    pub reading: Reading,
    /// What becomes of members that the document does not describe.
    #[serde(rename = "unknown-members", default)]
    pub unknown_members: UnknownMembers,
    /// Whether schemas that no operation reaches are left out.
    #[serde(default = "yes")]
    pub prune: bool,
    /// The lock of names; without, `names.lock` beside the document, or `NAME.names.lock` where several documents share
    /// a folder.
    #[serde(default)]
    pub names: PathBuf,
    /// Names pinned by hand: a key as the lock of names has it, or the JSON Pointer of a schema or operation, and the
    /// name in Rust.
    #[serde(default)]
    pub pins: BTreeMap<String, String>,
    /// What is said of single operations, by their ids.
    #[serde(default)]
    pub operations: BTreeMap<String, OperationSettings>,
    /// Where answers have what they are about, a JSON Pointer, when they are envelopes: what the command line shows.
    pub envelope: Option<String>,
}

/// Reads selectors from the texts that stand for them.
fn selectors<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Selector>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}

/// What a lock of names is called.
pub const LOCK: &str = "names.lock";

impl Config {
    /// Gives the documents their locks of names that have none of their own.
    fn settle_locks(&mut self) {
        let folders: Vec<Option<PathBuf>> =
            self.apis.iter().map(|api| api.document.parent().map(Path::to_owned)).collect();
        for (index, api) in self.apis.iter_mut().enumerate().filter(|(_, api)| api.names.as_os_str().is_empty()) {
            let is_shared = folders.iter().filter(|folder| **folder == folders[index]).count() > 1;
            let name = if is_shared { format!("{}.{LOCK}", api.name) } else { LOCK.to_owned() };
            api.names = api.document.with_file_name(name);
        }
    }
}

/// Schemas that nothing reaches are left out unless told otherwise.
fn yes() -> bool {
    true
}

/// What to do about members that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Each is an error.
    Refuse,
    /// They are left out: the file is one of another time, and was checked then.
    Ignore,
}

/// Reads the text of the file, which messages call `path`.
///
/// # Errors
/// When it is no TOML, a member is missing, unknown or not what it should be, or it lists no document.
pub fn parse(text: &str, path: &Path, unknown: Unknown) -> Result<Config, Failure> {
    let file = File { text, path };
    if let Some(at) = members::single_api(text) {
        let hint = "write `[[api]]` with two brackets: it is a list, which has one entry for each document";
        return Err(file.failure(vec![file.error("`[api]` is a table of its own", at, hint)]));
    }
    let mut strangers = Vec::new();
    let read: Result<Config, _> = toml::Deserializer::parse(text)
        .and_then(|deserializer| serde_ignored::deserialize(deserializer, |path| strangers.push(path.to_string())));
    let mut errors = Vec::new();
    if unknown == Unknown::Refuse {
        // What is missing may be there under a name with a slip in it.
        errors.extend(strangers.iter().map(|path| {
            let (message, hint) = members::unknown(path);
            file.error(&message, members::place(text, path), &hint)
        }));
    }
    let mut config = match read {
        Ok(config) if errors.is_empty() => config,
        Ok(_) => return Err(file.failure(errors)),
        Err(error) => {
            errors.push(file.invalid(&error));
            return Err(file.failure(errors));
        }
    };
    if config.apis.is_empty() {
        let hint = "add an `[[api]]` with `name`, `document` and `types`";
        return Err(file.failure(vec![file.error("it lists no document", 0..0, hint)]));
    }
    config.settle_locks();
    Ok(config)
}

/// The text with what messages call it.
struct File<'a> {
    text: &'a str,
    path: &'a Path,
}

impl File<'_> {
    /// An error of the parser.
    fn invalid(&self, error: &toml::de::Error) -> Diagnostic {
        let message = error.message().trim_end().replace("missing field", "missing member");
        let hint = match message.strip_prefix("missing member `").and_then(|rest| rest.split('`').next()) {
            Some(member) => format!("add `{member} = \"...\"` to it"),
            None => way_out(&message).to_owned(),
        };
        self.error(&message, error.span().unwrap_or(0..0), &hint)
    }

    fn error(&self, message: &str, range: Range<usize>, hint: &str) -> Diagnostic {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        // The only file of these sources.
        let mut sources = Sources::default();
        let file = sources.add(self.path, self.text);
        let span = Span { file, start: offset(range.start), end: offset(range.end) };
        Diagnostic::error("invalid-configuration", message).at(Place { span, pointer: Pointer::root() }).hint(hint)
    }

    fn failure(&self, diagnostics: Vec<Diagnostic>) -> Failure {
        let mut sources = Sources::default();
        sources.add(self.path, self.text);
        Failure { sources, diagnostics }
    }
}

/// What to do about a value that the parser does not take.
fn way_out(message: &str) -> &'static str {
    let expected = message.rsplit_once("expected ").map_or("", |(_, expected)| expected);
    match expected {
        "path string" | "a string" => "write a text in quotes",
        "a boolean" => "write `true` or `false`, without quotes",
        "a sequence" => "write a list in brackets",
        "a map" => "write a table: `name = \"...\"` on lines of its own",
        _ => concat!("see ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/book/src/configuration.md"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message that a text gets.
    fn refused(text: &str) -> String {
        let failure = parse(text, Path::new(PATH), Unknown::Refuse).map(drop).expect_err("it is refused");
        failure.to_string()
    }

    #[test]
    fn unknown_members_are_refused_with_their_places_all_at_once() {
        let text = "runtme = 1\n[[api]]\nname = \"a\"\ndocument = \"a.json\"\nmanifset = \"m\"\nxyz = 1\n";
        insta::assert_snapshot!(refused(text));
    }

    #[test]
    fn a_file_of_another_time_may_have_members_of_its_own() {
        let text = "[[api]]\nname = \"a\"\ndocument = \"a.json\"\nmanifset = \"m\"\n";
        let config = parse(text, Path::new(PATH), Unknown::Ignore).expect("it is read");
        assert_eq!(config.apis.len(), 1);
    }

    #[test]
    fn one_bracket_too_few_is_named() {
        insta::assert_snapshot!(refused("# the API\n[api]\nname = \"a\"\ndocument = \"a.json\"\n"));
    }

    #[test]
    fn nothing_is_not_enough() {
        insta::assert_snapshot!(refused(""));
    }

    #[test]
    fn a_missing_member_is_named() {
        insta::assert_snapshot!(refused("[[api]]\nname = \"a\"\n"));
    }

    #[test]
    fn a_value_of_another_type_is_shown() {
        insta::assert_snapshot!(refused("[[api]]\nname = \"a\"\ndocument = \"a.json\"\nprune = \"no\"\n"));
    }

    #[test]
    fn a_slip_in_the_name_of_a_member_that_must_be_there_is_shown() {
        insta::assert_snapshot!(refused("[[api]]\nname = \"a\"\ndocumet = \"a.json\"\n"));
        insta::assert_snapshot!(refused("[runtime]\nembeded = \"c\"\n[[api]]\nname = \"a\"\ndocument = \"a.json\"\n"));
    }

    #[test]
    fn text_that_is_no_toml_is_shown() {
        insta::assert_snapshot!(refused("[[api]\n"));
    }
}
