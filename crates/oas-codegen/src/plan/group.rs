//! Groups of operations: one per tag.

use indexmap::IndexMap;
use oas_document::Location;

use super::GroupItem;
use super::names::Kind;
use super::scope::Scope;
use super::settle::Planner;

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
