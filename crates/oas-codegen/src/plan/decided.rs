//! What was decided for conjunctions: the parts of one hold together, in whatever order they stand.

use std::collections::BTreeMap;

use super::RustType;
use super::facets::{Conjunction, Part};

/// The types of conjunctions.
#[derive(Debug, Default)]
pub(super) struct Decided(BTreeMap<Conjunction, RustType>);

impl Decided {
    /// The type of a conjunction, once it has one.
    pub(super) fn get(&self, parts: &[Part]) -> Option<&RustType> {
        match parts {
            [_] => self.0.get(parts),
            _ => self.0.get(&sorted(parts)),
        }
    }

    /// Decides for a conjunction.
    pub(super) fn insert(&mut self, parts: &[Part], ty: RustType) {
        self.0.insert(sorted(parts), ty);
    }
}

fn sorted(parts: &[Part]) -> Conjunction {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    parts
}
