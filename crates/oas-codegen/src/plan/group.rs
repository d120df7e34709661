//! Groups of operations: one per tag.

use indexmap::IndexMap;
use oas_document::Location;

use super::names::Kind;
use super::operation::Head;
use super::scope::Scope;
use super::settle::Planner;
use super::{GroupItem, Ident, OperationItem};

/// Modules and features that the generated packages have anyway.
const TAKEN: [&str; 18] = [
    "authenticator",
    "builder",
    "client",
    "credentials",
    "error",
    "ext",
    "generated",
    "operations",
    "prelude",
    "router",
    "rustls",
    "schemars",
    "schemas",
    "str",
    "stream",
    "support",
    "types",
    "webhooks",
];

/// The groups that have operations, without these.
pub(super) fn settle(planner: &mut Planner<'_>) -> Vec<GroupItem> {
    let root = planner.api.operations.first().map(|operation| operation.at.clone());
    let Some(root) = root else { return Vec::new() };
    let mut scope = Scope::new(Kind::Module, "modules");
    for taken in TAKEN {
        scope.take_exactly(taken, &root);
    }
    let used: IndexMap<Option<&str>, Location> =
        planner.api.operations.iter().rev().map(|one| (one.tags.first().map(String::as_str), one.at.clone())).collect();
    let mut groups = Vec::new();
    let tags: Vec<_> = planner.api.tags.iter().filter(|tag| used.contains_key(&Some(tag.name.as_str()))).collect();
    for tag in tags {
        let module = scope.take_either(&tag.name, &format!("{} operations", tag.name), &tag.at);
        let trait_ident = planner.take_type(&format!("{} Api", tag.name), None, &tag.at);
        let doc = super::doc::of_tag(tag);
        groups.push(GroupItem { tag: Some(tag.name.clone()), module, trait_ident, doc, operations: Vec::new() });
    }
    if let Some(at) = used.get(&None) {
        let module = scope.take("untagged", at);
        let trait_ident = planner.take_type("UntaggedApi", None, at);
        let doc = "Operations without a tag.".to_owned();
        groups.push(GroupItem { tag: None, module, trait_ident, doc, operations: Vec::new() });
    }
    planner.diagnostics.extend(scope.into_collisions());
    groups
}

/// How many operations share a file at most. With more of them, each has a file of its own in a folder of the group:
/// editors open no file of a hundred thousand lines, and few people find anything in it.
const MOST_IN_A_FILE: usize = 16;

impl GroupItem {
    /// Whether each operation has a file of its own.
    pub fn is_split(&self) -> bool {
        self.operations.len() > MOST_IN_A_FILE
    }
}

impl OperationItem {
    /// The module that holds the operation alone, in a group that is [split](GroupItem::is_split).
    pub fn own_module(&self) -> Ident {
        own_module(&self.method_ident)
    }
}

/// The module of a method: its name, unless that is the name of the file that lists all modules.
fn own_module(method: &Ident) -> Ident {
    if method.as_str() == "mod" { Ident::new("mod_") } else { method.clone() }
}

/// Gives the operations of large groups files of their own.
pub(super) fn spread(heads: &mut [Head], groups: usize) {
    let mut counts = vec![0_usize; groups];
    for head in heads.iter() {
        if let Some(count) = counts.get_mut(head.group) {
            *count += 1;
        }
    }
    for head in heads {
        if counts.get(head.group).is_some_and(|count| *count > MOST_IN_A_FILE) {
            head.module = format!("{}/{}", head.module, own_module(&head.method_ident).as_str());
        }
    }
}
