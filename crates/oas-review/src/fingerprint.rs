//! Fingerprints: what a finding is recognised by when its words change.

use std::fmt;

use oas_document::{Location, Node};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::change::Change;
use crate::side::Side;

/// A hash over rule, pointer and arguments of a change; never over its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of a change.
    pub fn of(change: &Change) -> Self {
        let mut hash = Fnv::default();
        hash.text(&change.rule_id());
        for place in [&change.base, &change.revision] {
            hash.text(place.as_ref().map_or("none", |place: &Location| place.pointer.as_str()));
        }
        hash.text(change.name.as_deref().unwrap_or_default());
        for value in [&change.before, &change.after] {
            hash.text(&value.as_ref().map(Value::to_string).unwrap_or_default());
        }
        if change.covered != 0 {
            hash.text(&change.covered.to_string());
        }
        Self(hash.0)
    }

    /// Reads the form that [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What stands at the places of a change, as a number: whoever accepts the change accepts that. Words for people do not
/// count.
pub(crate) fn covered(
    base: Side<'_>,
    there: Option<&Location>,
    revision: Side<'_>,
    here: Option<&Location>,
    more: &[String],
) -> u64 {
    let mut hash = Fnv::default();
    for (side, place) in [(base, there), (revision, here)] {
        match place.and_then(|place| around(side, place)) {
            Some(node) => hash.node(node),
            None => hash.text("none"),
        }
    }
    for text in more {
        hash.text(text);
    }
    hash.0
}

/// The object or list at a place; a keyword without parts stands for the object that has it.
fn around<'d>(side: Side<'d>, place: &Location) -> Option<&'d Node> {
    let node = side.document.get(place)?;
    if node.as_object().is_some() || node.as_array().is_some() {
        return Some(node);
    }
    let parent = Location { pointer: place.pointer.parent()?, ..place.clone() };
    side.document.get(&parent)
}

/// FNV-1a, 64 bits: stable across versions of Rust, which the standard hashers do not promise.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

/// Members that only people read.
const WORDS: [&str; 6] = ["summary", "description", "title", "externalDocs", "example", "examples"];

impl Fnv {
    /// A value, in whatever order its members stand.
    fn node(&mut self, node: &Node) {
        match &node.value {
            oas_document::Value::Object(members) => {
                let mut names: Vec<&String> =
                    members.keys().filter(|name| !name.starts_with("x-") && !WORDS.contains(&name.as_str())).collect();
                names.sort();
                self.text("{");
                for name in names {
                    self.text(name);
                    if let Some(member) = members.get(name) {
                        self.node(&member.node);
                    }
                }
                self.text("}");
            }
            oas_document::Value::Array(items) => {
                self.text("[");
                for item in items {
                    self.node(item);
                }
                self.text("]");
            }
            _ => self.text(&node.to_json().to_string()),
        }
    }

    /// Texts are told apart by a byte that no UTF-8 text has.
    fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0xFF]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
