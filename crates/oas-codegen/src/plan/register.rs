//! What names are settled by: pins and the lock; and what comes of it: every name, and what is to be said.

use std::collections::BTreeSet;

use oas_document::{Diagnostic, Location};

use super::key::Key;
use super::lock::{NamesLock, Standing};
use super::names::{self, Kind};
use super::request::Request;
use super::{Ident, Settings};

/// What a type was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Former {
    /// A type of its own.
    Type,
    /// An alias of another.
    Alias,
    /// Nothing: its place is new.
    Nothing,
}

/// The names of a plan while they are settled.
#[derive(Debug)]
pub(super) struct Register<'a> {
    settings: &'a Settings,
    used_pins: BTreeSet<&'a str>,
    names: NamesLock,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Register<'a> {
    /// A register without names.
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, used_pins: BTreeSet::new(), names: NamesLock::default(), diagnostics: Vec::new() }
    }

    /// The name pinned for a request.
    pub(super) fn pin(&mut self, kind: Kind, request: &Request) -> Option<Ident> {
        let pins = &self.settings.pins;
        let as_alias = request.key.as_alias();
        let by_key = pins.get_key_value(request.key.as_str());
        if let Some((key, name)) = by_key.or_else(|| pins.get_key_value(as_alias.as_ref()?.as_str())) {
            self.used_pins.insert(key);
            if names::is_fit(kind, name) {
                return Some(Ident::new(name.as_str()));
            }
            let message = format!("`{}`, pinned for `{}`, is no name for it", name.escape_debug(), request.key);
            self.say(Diagnostic::error("invalid-pin", message).hint(style_hint(kind)));
            return None;
        }
        let (pointer, name) = pins.get_key_value(request.at.pointer.as_str()).filter(|_| request.has_place)?;
        let name = match kind {
            // An operation is pinned as its method or as its types are written.
            Kind::Method if names::is_fit(Kind::Type, name) => names::ident(Kind::Method, name),
            _ => name.clone(),
        };
        if !names::is_fit(kind, &name) {
            return None;
        }
        if self.used_pins.insert(pointer) {
            let message = format!("`{name}` is pinned by the place `#{pointer}`, which changes when the document does");
            let hint = format!("pin it by its key: \"{}\" = \"{name}\"", request.key);
            self.say(Diagnostic::note("pin-by-place", message).hint(hint));
        }
        Some(Ident::new(name))
    }

    /// Whether a key is pinned, by itself or by its place.
    pub(super) fn is_pinned(&self, key: &Key, at: &Location) -> bool {
        let pins = &self.settings.pins;
        pins.contains_key(key.as_str()) || pins.contains_key(at.pointer.as_str())
    }

    /// The name pinned for a request, for those who only want to know.
    pub(super) fn pinned(&self, kind: Kind, request: &Request) -> Option<Ident> {
        let pins = &self.settings.pins;
        let by_place = || pins.get(request.at.pointer.as_str()).filter(|_| request.has_place);
        let name = pins.get(request.key.as_str()).or_else(by_place)?;
        names::is_fit(kind, name).then(|| Ident::new(name.as_str()))
    }

    /// The name that a key was given before; that of a type perhaps as an alias of another.
    pub(super) fn locked(&self, key: &Key) -> Option<(&'a Ident, Standing)> {
        self.settings.lock.get(key).or_else(|| self.settings.lock.get(&key.as_alias()?))
    }

    /// The names that the lock has for what stood beside these requests and is not among them.
    pub(super) fn lost<'r>(&'r self, requests: &'r [Request]) -> impl Iterator<Item = &'a Ident> + 'r {
        let lock = &self.settings.lock;
        let own: BTreeSet<&str> = requests.iter().map(|request| request.key.as_str()).collect();
        let around: BTreeSet<&str> = own.iter().filter_map(|key| Some(&key[..=key.rfind('/')?])).collect();
        let beside = around
            .into_iter()
            .flat_map(move |start| lock.entries_below(start).filter(move |(key, _)| !key[start.len()..].contains('/')));
        beside.filter(move |(key, _)| !own.contains(key)).map(|(_, ident)| ident)
    }

    /// What a type was before: one of its own, an alias of another, or not there yet.
    pub(super) fn former(&self, key: &Key) -> Former {
        let is_locked = |key: &Key| self.settings.lock.get(key).is_some();
        match key.as_alias() {
            _ if is_locked(key) => Former::Type,
            Some(alias) if is_locked(&alias) => Former::Alias,
            _ => Former::Nothing,
        }
    }

    /// Notes that a type is an alias of another.
    pub(super) fn note_alias(&mut self, key: &Key) {
        if let Some(alias) = key.as_alias()
            && let Some(name) = self.names.remove(key)
        {
            self.names.insert(&alias, name);
        }
    }

    /// Whether a key has the name that it was given before; what is named after it keeps its own then.
    pub(super) fn is_kept(&self, key: &Key, ident: &Ident) -> bool {
        self.locked(key).is_none_or(|(locked, _)| locked == ident)
    }

    /// Notes the name that a request was given, unless it is clear from what it follows.
    pub(super) fn note(&mut self, request: &Request, ident: &Ident) {
        let is_clear = request.follows.is_some() && request.forms.first().is_some_and(|first| *ident == **first);
        if !is_clear {
            self.names.insert(&request.key, ident.clone());
        }
    }

    /// Notes which of several things something belongs to, by the name of that.
    pub(super) fn note_choice(&mut self, key: &Key, ident: &Ident) {
        self.names.insert(key, ident.clone());
    }

    /// Notes something to be said.
    pub(super) fn say(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Every name, and what is to be said, of pins that nothing asked for too.
    pub(super) fn finish(mut self) -> (NamesLock, Vec<Diagnostic>) {
        for (key, name) in &self.settings.pins {
            if self.used_pins.contains(key.as_str()) {
                continue;
            }
            let is_a_name = [Kind::Type, Kind::Parameter].iter().any(|kind| names::is_fit(*kind, name));
            let (key, name) = (key.escape_debug(), name.escape_debug());
            self.diagnostics.push(if is_a_name {
                let message = format!("`{name}` is pinned for `{key}`, where nothing has a name of that kind");
                let hint =
                    "the keys of all names are in names.lock; remove the pin from codegen.toml, or correct its key";
                Diagnostic::warning("unused-pin", message).hint(hint)
            } else {
                let message = format!("`{name}`, pinned for `{key}`, is neither the name of a type nor of a field");
                Diagnostic::error("invalid-pin", message)
                    .hint("write types like `PetOwner` and fields like `pet_owner`, without keywords and prelude names")
            });
        }
        (self.names, self.diagnostics)
    }
}

/// How a name of a kind is written.
const fn style_hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Type | Kind::Variant => "write it like `PetOwner`, and not like a name of the prelude",
        Kind::Field | Kind::Method | Kind::Parameter => "write it like `pet_owner`",
        Kind::Flag => "write it like `pet_owner`; it is typed as `--pet-owner`",
        Kind::Module => "write it like `pet_owners`, in ASCII, and not like a keyword",
    }
}
