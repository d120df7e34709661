//! The files that types go to.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use oas_model::SchemaId;

use super::key::digest;
use super::names::{self, Kind};
use super::{Ident, type_names};

/// The file of a type, below `src/generated`, without `.rs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileRef {
    /// That of a component.
    Component(SchemaId),
    /// Another.
    Named(String),
}

/// The file of each component.
#[derive(Debug)]
pub(super) struct Files {
    components: BTreeMap<SchemaId, String>,
}

impl Files {
    /// The path of a file.
    pub(super) fn of(&self, file: &FileRef) -> String {
        match file {
            FileRef::Named(path) => path.clone(),
            FileRef::Component(id) => self.components.get(id).cloned().unwrap_or_else(|| "schemas/other".to_owned()),
        }
    }
}

/// Gives each component a file that is called like its type. Nobody outside of the package sees files, so that what
/// meets in ASCII is told apart by digits.
pub(super) fn settle(components: &IndexMap<SchemaId, Ident>, settled: &type_names::Settled) -> Files {
    let named: Vec<(SchemaId, Ident)> = components.iter().map(|(id, ident)| (*id, settled.of(ident))).collect();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (_, ident) in &named {
        *count.entry(names::ident(Kind::Module, ident.as_str())).or_default() += 1;
    }
    let path = |ident: &Ident| {
        let file = names::ident(Kind::Module, ident.as_str());
        let is_shared = count.get(&file).is_some_and(|count| *count > 1);
        let file = if is_shared { format!("{file}_x{}", digest(ident.as_str())) } else { file };
        format!("schemas/{file}")
    };
    Files { components: named.iter().map(|(id, ident)| (*id, path(ident))).collect() }
}
