//! What definitions are called.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{Api, SchemaId};

/// The names given so far. The same requests in the same order give the same names.
#[derive(Default)]
pub(super) struct Names {
    by_id: BTreeMap<SchemaId, String>,
    taken: BTreeSet<String>,
    new: VecDeque<SchemaId>,
}

impl Names {
    /// A reference to the definition of a schema.
    pub(super) fn reference(&mut self, api: &Api, id: SchemaId) -> String {
        if let Some(name) = self.by_id.get(&id) {
            return format!("#/$defs/{name}");
        }
        let name = self.free(&plain(api, id));
        let reference = format!("#/$defs/{name}");
        self.by_id.insert(id, name);
        self.new.push_back(id);
        reference
    }

    /// A schema that has a name and was not handed out yet.
    pub(super) fn take_new(&mut self) -> Option<(SchemaId, String)> {
        let id = self.new.pop_front()?;
        Some((id, self.by_id.get(&id)?.clone()))
    }

    /// The name, with a number when it is taken.
    fn free(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        let mut number = 2_usize;
        while !self.taken.insert(free.clone()) {
            free = format!("{name}_{number}");
            number += 1;
        }
        free
    }
}

/// The component's name, or the pointer, in characters that need no escape in a reference.
fn plain(api: &Api, id: SchemaId) -> String {
    let schema = &api.schemas[id];
    let pointer = || schema.at.pointer.tokens().collect::<Vec<_>>().join(".");
    let name = schema.component.clone().unwrap_or_else(pointer);
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    let name: String = name.chars().map(|character| if is_plain(character) { character } else { '_' }).collect();
    if name.is_empty() { "schema".to_owned() } else { name }
}
