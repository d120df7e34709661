//! The lock of names: which name each key was given, so that it keeps it whatever is added to the document.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::ident::{Ident, is_ident};
use super::key::Key;
use crate::GeneratedFile;

/// What the file says of itself behind the line that all generated files have.
const ABOUT: &str =
    "# The names that were given, which stay: commit this file. To change one, pin its key in codegen.toml.";

/// Where a name comes from that was given before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// From the lock beside the document.
    Own,
    /// From another revision, whose names are kept where the document's own lock has none.
    Base,
}

/// The names that keys were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamesLock {
    names: BTreeMap<String, (Ident, Standing)>,
}

/// A line of a lock that says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidLine {
    /// Its number, from one.
    pub line: usize,
    /// Its text.
    pub text: String,
}

impl fmt::Display for InvalidLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {} is no `key = name`: `{}`", self.line, self.text.escape_debug())
    }
}

impl std::error::Error for InvalidLine {}

impl NamesLock {
    /// Reads a lock.
    ///
    /// # Errors
    /// When a line is neither empty, nor a comment, nor an entry.
    pub fn parse(text: &str) -> Result<Self, InvalidLine> {
        let mut names = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let invalid = || InvalidLine { line: index + 1, text: line.to_owned() };
            let (key, name) = line.rsplit_once(" = ").ok_or_else(invalid)?;
            let name = name.trim_end();
            if !is_ident(name) || names.insert(key.to_owned(), (Ident::new(name), Standing::Own)).is_some() {
                return Err(invalid());
            }
        }
        Ok(Self { names })
    }

    /// The name of a key, and where it comes from.
    pub fn get(&self, key: &Key) -> Option<(&Ident, Standing)> {
        self.names.get(key.as_str()).map(|(ident, standing)| (ident, *standing))
    }

    /// The lock as a file.
    pub fn file(&self, path: &Path) -> GeneratedFile {
        GeneratedFile { path: path.to_owned(), contents: self.to_string() }
    }

    /// Whether it has no names.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Every key with its name, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Ident)> {
        self.names.iter().map(|(key, (ident, _))| (key.as_str(), ident))
    }

    /// These names, and for keys without one those of `base`: how a revision is planned that is held against a base.
    #[must_use]
    pub fn over(mut self, base: &Self) -> Self {
        for (key, (ident, _)) in &base.names {
            self.names.entry(key.clone()).or_insert_with(|| (ident.clone(), Standing::Base));
        }
        self
    }

    /// The keys that start like this, in their order.
    pub(super) fn keys_below<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        self.entries_below(start).map(|(key, _)| key)
    }

    /// The keys that start like this, in their order, each with its name.
    pub(super) fn entries_below<'l, 's>(
        &'l self,
        start: &'s str,
    ) -> impl Iterator<Item = (&'l str, &'l Ident)> + use<'l, 's> {
        let from = (std::ops::Bound::Included(start), std::ops::Bound::Unbounded);
        let entries = self.names.range::<str, _>(from).map(|(key, (ident, _))| (key.as_str(), ident));
        entries.take_while(move |(key, _)| key.starts_with(start))
    }

    /// Takes the name of a key out.
    pub(super) fn remove(&mut self, key: &Key) -> Option<Ident> {
        self.names.remove(key.as_str()).map(|(ident, _)| ident)
    }

    /// Notes the name of a key.
    pub(super) fn insert(&mut self, key: &Key, ident: Ident) {
        self.names.insert(key.as_str().to_owned(), (ident, Standing::Own));
    }
}

impl fmt::Display for NamesLock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "# {}\n{ABOUT}", crate::HEADER)?;
        for (key, (ident, _)) in &self.names {
            writeln!(formatter, "{key} = {}", ident.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> String {
        NamesLock::default().to_string()
    }

    #[test]
    fn a_lock_is_read_as_it_is_written() {
        let text = format!("{}field schemas/Pet/a = b = a_equals_b\ntype schemas/Pet = Pet\n", header());
        let lock = NamesLock::parse(&text).expect("a lock");
        assert_eq!(lock.to_string(), text);
        assert_eq!(lock.iter().map(|(_, ident)| ident.as_str()).collect::<Vec<_>>(), ["a_equals_b", "Pet"]);
    }

    #[test]
    fn what_is_no_entry_is_shown() {
        for (text, expected) in [
            ("<<<<<<< ours", "line 1 is no `key = name`: `<<<<<<< ours`"),
            ("\ntype schemas/Pet = a b", "line 2 is no `key = name`: `type schemas/Pet = a b`"),
            ("type a = A\ntype a = B", "line 2 is no `key = name`: `type a = B`"),
        ] {
            assert_eq!(NamesLock::parse(text).expect_err("no lock").to_string(), expected);
        }
    }

    #[test]
    fn own_names_win_over_those_of_a_base() {
        let lock = |text| NamesLock::parse(text).expect("a lock");
        let both = lock("type a = A\n").over(&lock("type a = Old\ntype b = B\n"));
        assert_eq!(both.to_string(), format!("{}type a = A\ntype b = B\n", header()));
    }
}
