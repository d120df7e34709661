//! Fingerprints: what a finding is recognised by when its words change.

use std::fmt;

use oas_document::Location;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::change::Change;

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

/// FNV-1a, 64 bits: stable across versions of Rust, which the standard hashers do not promise.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Texts are told apart by a byte that no UTF-8 text has.
    fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0xFF]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
