//! Settling a plan: four passes, each a function from one type to the next.

use std::collections::BTreeMap;

use oas_document::Diagnostic;
use oas_model::Api;

use super::lock::NamesLock;
use super::{OperationSettings, Packages, Plan, Reading, UnknownMembers, finish, reserve, shapes};

/// How a plan is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What the names of the packages start with: `autoposting`.
    pub name: String,
    /// Names chosen by hand, by key as the lock writes it (`type schemas/Pet`), or by JSON Pointer
    /// (`/components/schemas/Pet`). By a pointer, a name in upper camel case is that of the type that stands there, one
    /// in snake case that of the field or parameter.
    pub pins: BTreeMap<String, String>,
    /// The names that were given before.
    pub lock: NamesLock,
    /// Whether components that no operation, webhook or callback reaches are left out.
    pub prune: bool,
    /// How strictly a client reads answers.
    pub reading: Reading,
    /// What becomes of members that the document does not describe.
    pub unknown_members: UnknownMembers,
    /// What is said of single operations, by their ids.
    pub operations: BTreeMap<String, OperationSettings>,
    /// Where answers have what they are about, a JSON Pointer, when they are envelopes.
    pub envelope: Option<String>,
}

impl Settings {
    /// The settings of an API of this name that nobody has chosen anything for: no pins, no names from before, and only
    /// what operations reach.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            pins: BTreeMap::new(),
            operations: BTreeMap::new(),
            envelope: None,
            lock: NamesLock::default(),
            prune: true,
            reading: Reading::default(),
            unknown_members: UnknownMembers::default(),
        }
    }
}

/// A plan, and what was worth saying while it was settled. Places are still to be
/// [located](oas_document::Document::locate).
#[derive(Debug, Clone)]
pub struct Settled {
    /// The plan.
    pub plan: Plan,
    /// Every name, by its key: the lock of the next run.
    pub names: NamesLock,
    /// Errors, warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Decides which Rust items an API becomes, and what they are called.
///
/// Nothing depends on the order in which the document says things: what is named is visited in the order of its keys,
/// and put back into the order of the document at the end.
pub fn settle(api: &Api, settings: &Settings) -> Settled {
    let reserved = reserve::reserve(api, settings);
    let shapes = shapes::shape(api, reserved);
    let named = finish::name(api, packages(&settings.name), shapes);
    finish::finish(api, settings, named)
}

/// The packages of an API of this name.
fn packages(name: &str) -> Packages {
    let name = package_prefix(name);
    Packages { types: format!("{name}-types"), client: format!("{name}-client"), server: format!("{name}-server") }
}

/// A package name: what Cargo allows, in lower case.
fn package_prefix(name: &str) -> String {
    let kept: String =
        name.chars().map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '-' }).collect();
    let kept = kept.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    match kept.chars().next() {
        None => "api".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api-{kept}"),
        Some(_) => kept,
    }
}
