//! Scopes: no two items of one scope have one name.
//!
//! Names are settled as a set, so that nothing depends on the order of the document or on who asks first. What is
//! pinned has its pin, what is locked keeps its name, and where several of the rest would share one, each of them takes
//! a longer form that says what it is.

use std::collections::{BTreeMap, BTreeSet};

use oas_document::{Diagnostic, Location, Place};

use super::Ident;
use super::lock::Standing;
use super::names::{self, Kind};
use super::register::Register;
use super::request::{Request, tell_repeated_apart};

/// How many digests are tried for one name; nobody has seen the second.
const DIGESTS: usize = 4;

/// The names that are taken in one place, and by what.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) kind: Kind,
    /// What the scope is, for messages: `types`, `fields of Clip`.
    words: String,
    /// Whether generated code needs a name for itself.
    is_reserved: fn(&str) -> bool,
    taken: BTreeMap<String, Location>,
    /// The names that the lock has for what is gone.
    lost: BTreeSet<String>,
    /// Whether nothing is said of names that meet: where the longer form is as good.
    is_silent: bool,
}

impl Scope {
    /// An empty scope.
    pub(super) fn new(kind: Kind, words: impl Into<String>) -> Self {
        let (taken, lost) = (BTreeMap::new(), BTreeSet::new());
        Self { kind, words: words.into(), is_reserved: |_| false, taken, lost, is_silent: false }
    }

    /// The same, which says nothing of names that meet.
    #[must_use]
    pub(super) fn silent(mut self) -> Self {
        self.is_silent = true;
        self
    }

    /// An empty scope in which generated code needs some names for itself.
    pub(super) fn with_reserved(kind: Kind, words: impl Into<String>, is_reserved: fn(&str) -> bool) -> Self {
        Self { is_reserved, ..Self::new(kind, words) }
    }

    /// Idents that differ in case alone are told apart by the compiler, but not by every file system or reader of
    /// documentation: rustdoc has a file per type. What is written in both cases must not differ in `_` alone.
    fn fold(&self, ident: &str) -> String {
        let folded = ident.to_lowercase();
        match self.kind {
            Kind::Method => folded.replace('_', ""),
            // How it is typed.
            Kind::Flag => folded.trim_matches('_').to_owned(),
            _ => folded,
        }
    }

    fn is_free(&self, ident: &str) -> bool {
        !(self.is_reserved)(ident) && !self.taken.contains_key(&self.fold(ident))
    }

    fn take(&mut self, ident: &str, at: &Location) {
        self.taken.insert(self.fold(ident), at.clone());
    }

    /// Gives names to a set of requests, in a scope that may have others already. The names are in the order of the
    /// requests, and do not depend on it.
    pub(super) fn settle(&mut self, register: &mut Register<'_>, mut requests: Vec<Request>) -> Vec<Ident> {
        tell_repeated_apart(&mut requests);
        if requests.iter().any(|request| request.is_vague) {
            self.lost = register.lost(&requests).map(|ident| self.fold(ident.as_str())).collect();
        }
        let mut names = self.take_given(register, &requests);
        self.take_followers(register, &requests, &mut names);
        let highest = requests.iter().map(|request| request.level).max().unwrap_or_default();
        for level in 0..=highest {
            let of_level: Vec<(usize, &Request)> =
                requests.iter().enumerate().filter(|(_, request)| request.level == level).collect();
            self.take_rest(register, &of_level, &mut names);
        }
        names.into_iter().flatten().collect()
    }

    /// The names of what was there before under its first form, which is why the lock does not say it.
    fn take_followers(&mut self, register: &mut Register<'_>, requests: &[Request], names: &mut [Option<Ident>]) {
        let was_there = |request: &Request| request.follows.as_ref().is_some_and(|key| register.locked(key).is_some());
        let mut order: Vec<usize> =
            (0..requests.len()).filter(|index| names[*index].is_none() && was_there(&requests[*index])).collect();
        order.sort_by_key(|index| (requests[*index].level, &requests[*index].key));
        for index in order {
            let request = &requests[index];
            let first = self.form(request, 0);
            if self.is_free(&first) {
                self.take(&first, &request.at);
                let ident = Ident::new(first);
                register.note(request, &ident);
                names[index] = Some(ident);
            }
        }
    }

    /// The names that are pinned or locked, for each request that has one.
    pub(super) fn take_given(&mut self, register: &mut Register<'_>, requests: &[Request]) -> Vec<Option<Ident>> {
        let mut names: Vec<Option<Ident>> = vec![None; requests.len()];
        let mut order: Vec<usize> = (0..requests.len()).collect();
        order.sort_by(|one, other| requests[*one].key.cmp(&requests[*other].key));
        for index in &order {
            let request = &requests[*index];
            let Some(pinned) = register.pin(self.kind, request) else { continue };
            if self.is_free(pinned.as_str()) {
                self.take(pinned.as_str(), &request.at);
                register.note(request, &pinned);
                names[*index] = Some(pinned);
            } else {
                let message = format!("`{pinned}`, pinned for `{}`, is already one of the {}", request.key, self.words);
                register
                    .say(Diagnostic::error("taken-pin", message).at(Place::of(&request.at)).hint("pin another name"));
            }
        }
        for standing in [Standing::Own, Standing::Base] {
            for index in &order {
                let request = &requests[*index];
                let locked = register.locked(&request.key).filter(|(_, from)| *from == standing && request.keeps);
                let Some((ident, _)) = locked.filter(|_| names[*index].is_none()) else { continue };
                if self.is_free(ident.as_str()) && names::is_fit(self.kind, ident.as_str()) {
                    let ident = ident.clone();
                    self.take(ident.as_str(), &request.at);
                    register.note(request, &ident);
                    names[*index] = Some(ident);
                }
            }
        }
        names
    }

    /// Names for those of `requests` that have none yet: in rounds, in each of which everything that would share a name
    /// goes on to its next form.
    pub(super) fn take_rest(
        &mut self,
        register: &mut Register<'_>,
        requests: &[(usize, &Request)],
        names: &mut [Option<Ident>],
    ) {
        let mut open: Vec<(usize, &Request, usize)> = requests
            .iter()
            .filter(|(index, _)| names[*index].is_none())
            .map(|(index, one)| (*index, *one, 0))
            .collect();
        loop {
            let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
            for (_, request, number) in &open {
                *wanted.entry(self.fold(&self.form(request, *number))).or_default() += 1;
            }
            let mut has_moved = false;
            for (_, request, number) in &mut open {
                let form = self.form(request, *number);
                let is_shared = wanted.get(&self.fold(&form)).is_some_and(|count| *count > 1);
                let is_other = *number == 0 && self.is_of_another(request);
                if (is_shared || is_other || !self.is_free(&form)) && *number < request.forms.len() + DIGESTS {
                    *number += 1;
                    has_moved = true;
                }
            }
            if !has_moved {
                break;
            }
        }
        let settled: Vec<_> =
            open.into_iter().map(|(index, request, number)| (index, request, self.form(request, number))).collect();
        for (index, request, ident) in settled {
            self.report(register, request, &ident);
            self.take(&ident, &request.at);
            let ident = Ident::new(ident);
            register.note(request, &ident);
            names[index] = Some(ident);
        }
    }

    /// Whether the first form of a name was that of something that is gone and was written with other symbols. What is
    /// merely spelled in another way is taken for the same: `userId` that has become `user_id`.
    fn is_of_another(&self, request: &Request) -> bool {
        request.is_vague && self.lost.contains(&self.fold(&self.form(request, 0)))
    }

    /// A form of a name: behind those of the request the first with a digest of the key, and then with one more.
    fn form(&self, request: &Request, number: usize) -> String {
        let first = request.forms.first().map(String::as_str).unwrap_or_default();
        match request.forms.get(number) {
            Some(form) => form.clone(),
            None => names::with_digest(
                self.kind,
                first,
                &format!("{}{}", request.key, "~".repeat(number - request.forms.len())),
            ),
        }
    }

    /// Says that a name became longer, with the place of what has the short one.
    fn report(&self, register: &mut Register<'_>, request: &Request, ident: &str) {
        let Some(first) = request.forms.first().filter(|first| *first != ident && !self.is_silent) else { return };
        let (first, ident) = (Ident::new(first.as_str()), Ident::new(ident));
        let why = if (self.is_reserved)(first.as_str()) {
            format!("`{first}` is a name that generated code needs among the {}", self.words)
        } else if self.is_of_another(request) {
            format!("`{first}` was something else among the {} before", self.words)
        } else {
            format!("several of the {} would be `{first}`", self.words)
        };
        let message = format!("{why}, so this became `{ident}`");
        let hint = format!("pin a name of your own in codegen.toml: \"{}\" = \"{}\"", request.key, ident.as_str());
        let mut note = Diagnostic::note("name-collision", message).at(Place::of(&request.at)).hint(hint);
        if let Some(other) = self.taken.get(&self.fold(first.as_str())) {
            note = note.related(Place::of(other), format!("this is `{first}`"));
        }
        register.say(note);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::key::KeyPath;
    use super::super::{NamesLock, Settings};
    use super::*;

    /// The names of a set of fields, by what the document calls them.
    fn settled(names: &[String], lock: NamesLock) -> (BTreeMap<String, String>, NamesLock) {
        let settings = Settings { lock, ..Settings::new("test") };
        let mut register = Register::new(&settings);
        let (path, at) = (KeyPath::root("schemas", "Pet"), location());
        let requests = names.iter().map(|name| Request::named(Kind::Field, name, path.field_key(name), &at));
        let idents = Scope::new(Kind::Field, "fields").settle(&mut register, requests.collect());
        let idents = idents.iter().map(ToString::to_string);
        (names.iter().cloned().zip(idents).collect(), register.finish().0)
    }

    fn location() -> Location {
        Location { file: oas_document::FileId::DOCUMENT, pointer: oas_document::Pointer::default() }
    }

    /// Names of which many fold to the same.
    fn some_names() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::btree_set("[abAB_. $-]{0,4}", 0..12).prop_map(|names| names.into_iter().collect())
    }

    proptest! {
        #[test]
        fn the_order_of_requests_means_nothing(names in some_names().prop_shuffle()) {
            let mut sorted = names.clone();
            sorted.sort();
            let (one, _) = settled(&names, NamesLock::default());
            prop_assert_eq!(&one, &settled(&sorted, NamesLock::default()).0);
            let distinct: std::collections::BTreeSet<String> = one.values().map(|ident| ident.to_lowercase()).collect();
            prop_assert_eq!(distinct.len(), one.len());
        }

        #[test]
        fn no_name_passes_on_to_what_has_other_symbols(old in some_names(), new in some_names()) {
            let (before, lock) = settled(&old, NamesLock::default());
            let (after, _) = settled(&new, lock);
            let symbols = |name: &str| name.chars().filter(|one| "$#+<".contains(*one)).collect::<String>();
            for (name, ident) in &after {
                let other = before.iter().find(|(other, had)| *had == ident && other != &name);
                prop_assert!(
                    other.is_none_or(|(other, _)| symbols(other) == symbols(name) || symbols(name).is_empty()),
                    "{:?} was {:?}", name, other
                );
            }
        }

        #[test]
        fn with_a_lock_additions_change_no_name(names in some_names(), more in some_names()) {
            let (old, lock) = settled(&names, NamesLock::default());
            let all: std::collections::BTreeSet<String> = names.iter().chain(&more).cloned().collect();
            let (new, _) = settled(&all.into_iter().collect::<Vec<_>>(), lock);
            for (name, ident) in &old {
                prop_assert_eq!(new.get(name), Some(ident));
            }
        }
    }

    #[test]
    fn a_name_does_not_pass_on_to_something_else() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let (_, lock) = settled(&names(&["created_at", "userId"]), NamesLock::default());
        let (after, _) = settled(&names(&["-created_at", "user_id"]), lock);
        assert_eq!(after["-created_at"], "minus_created_at");
        // Spelled in another way, and the same.
        assert_eq!(after["user_id"], "user_id");
    }
}
