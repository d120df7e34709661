//! Where an inline type gets its name and file from.

use oas_document::Location;

use super::file::FileRef;
use super::key::KeyPath;
use super::type_names::Base;

/// Where an inline type gets its name and file from.
#[derive(Debug, Clone)]
pub(super) struct Hint {
    /// What it is named after.
    pub(super) base: Base,
    /// The name, or the way from the type around it, in words.
    pub(super) words: String,
    /// The same in more words.
    pub(super) longer: Option<String>,
    /// Its place, without positions.
    pub(super) path: KeyPath,
    /// The file it goes to.
    pub(super) file: FileRef,
    /// How many inline types are around it.
    pub(super) depth: usize,
    /// Where the thing stands that gave the name; what stands elsewhere has a name of its own.
    /// What is made of several schemas stands nowhere.
    pub(super) context: Option<Location>,
}

impl Hint {
    /// The hint for a member of this.
    pub(super) fn member(&self, wire: &str) -> Self {
        let hint = self.inside(wire, self.path.inside("properties", wire));
        Self { longer: Some(format!("{} property", hint.words)), ..hint }
    }

    /// The hint for the items of this.
    pub(super) fn item(&self) -> Self {
        self.inside("item", self.path.child("items"))
    }

    /// The hint for one of the first items of this, which are known by where they stand.
    pub(super) fn prefix_item(&self, index: usize) -> Self {
        self.inside(&format!("item {}", index + 1), self.path.inside("prefixItems", &index.to_string()))
    }

    /// The hint for the values of members without a property of their own.
    pub(super) fn value(&self) -> Self {
        self.inside("value", self.path.child("additionalProperties"))
    }

    /// The hint for something inside of this.
    pub(super) fn inside(&self, words: &str, path: KeyPath) -> Self {
        let words = if self.words.is_empty() { words.to_owned() } else { format!("{} {words}", self.words) };
        Self { words, longer: None, path, depth: self.depth + 1, ..self.clone() }
    }
}
