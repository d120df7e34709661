//! Scopes: no two items of one scope have one name.

use std::collections::BTreeMap;

use oas_document::{Diagnostic, Location, Place};

use super::Ident;
use super::names::{self, Kind};

/// The names that are taken in one place, and by what.
#[derive(Debug)]
pub(super) struct Scope {
    kind: Kind,
    /// What the scope is, for messages: `types`, `fields of Clip`.
    words: String,
    taken: BTreeMap<String, Location>,
    /// For each name that was taken when it was asked for, the number to try next.
    next: BTreeMap<String, u32>,
    collisions: Vec<Diagnostic>,
}

impl Scope {
    /// An empty scope.
    pub(super) fn new(kind: Kind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into(), taken: BTreeMap::new(), next: BTreeMap::new(), collisions: Vec::new() }
    }

    /// Takes the ident of a name of the document that stands at `at`.
    pub(super) fn take(&mut self, name: &str, at: &Location) -> Ident {
        let ident = names::ident(self.kind, name);
        if !self.is_taken(&ident) {
            return self.insert(ident, at);
        }
        let detailed = names::detailed_ident(self.kind, name);
        self.take_other(&ident, &detailed, at)
    }

    /// Takes the ident of `name`, or when it is taken that of `second`, which our own naming prefers to a number.
    pub(super) fn take_either(&mut self, name: &str, second: &str, at: &Location) -> Ident {
        let ident = names::ident(self.kind, name);
        if !self.is_taken(&ident) {
            return self.insert(ident, at);
        }
        let second = names::ident(self.kind, second);
        self.take_other(&ident, &second, at)
    }

    /// Takes exactly this ident, when it is free.
    pub(super) fn take_exactly(&mut self, ident: &str, at: &Location) -> bool {
        let free = !self.is_taken(ident);
        if free {
            self.insert(ident.to_owned(), at);
        }
        free
    }

    /// The collisions that were resolved, each as a note with both places.
    pub(super) fn into_collisions(self) -> Vec<Diagnostic> {
        self.collisions
    }

    /// Takes what is free of: `second`, and `ident` with numbers.
    fn take_other(&mut self, ident: &str, second: &str, at: &Location) -> Ident {
        let chosen = if self.is_taken(second) { self.numbered(ident) } else { second.to_owned() };
        let (spelled, became) = (Ident::new(ident), Ident::new(chosen.as_str()));
        let mut note = Diagnostic::note(
            "name-collision",
            format!("`{spelled}` is already taken among the {}, so this became `{became}`", self.words),
        )
        .at(Place::of(at))
        .hint("pin a name of your own in codegen.toml");
        if let Some(first) = self.taken.get(&key(ident)) {
            note = note.related(Place::of(first), format!("this is `{spelled}`"));
        }
        self.collisions.push(note);
        self.insert(chosen, at)
    }

    /// `ident` with the first number that makes it free. A number never touches a digit of the name itself.
    fn numbered(&mut self, ident: &str) -> String {
        let joint = match self.kind {
            Kind::Type | Kind::Variant if !ident.ends_with(|last: char| last.is_numeric()) => "",
            _ if ident.ends_with('_') => "",
            _ => "_",
        };
        let mut number = self.next.get(ident).copied().unwrap_or(2);
        let mut chosen = format!("{ident}{joint}{number}");
        while self.is_taken(&chosen) {
            number = number.saturating_add(1);
            chosen = format!("{ident}{joint}{number}");
        }
        self.next.insert(ident.to_owned(), number.saturating_add(1));
        chosen
    }

    fn is_taken(&self, ident: &str) -> bool {
        self.taken.contains_key(&key(ident))
    }

    fn insert(&mut self, ident: String, at: &Location) -> Ident {
        self.taken.insert(key(&ident), at.clone());
        Ident::new(ident)
    }
}

/// Idents that differ in case alone are told apart by the compiler, but not by every file system or reader of
/// documentation: rustdoc has a file per type.
fn key(ident: &str) -> String {
    ident.to_lowercase()
}
