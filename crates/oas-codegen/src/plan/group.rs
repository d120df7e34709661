//! Groups of operations: one per tag.

use indexmap::IndexMap;
use oas_document::Location;

use super::key::{Key, KeyKind, KeyPath};
use super::names::{self, Kind};
use super::operation::Head;
use super::scope::{Request, Scope};
use super::settle::Planner;
use super::type_names::{Base, TypeRequest};
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
    let mut scope = Scope::with_reserved(Kind::Module, "modules", |ident| TAKEN.contains(&ident));
    let used: IndexMap<Option<&str>, Location> =
        planner.api.operations.iter().rev().map(|one| (one.tags.first().map(String::as_str), one.at.clone())).collect();
    let tags = planner.api.tags.iter().filter(|tag| used.contains_key(&Some(tag.name.as_str())));
    let mut groups: Vec<Group<'_>> = tags
        .map(|tag| Group {
            tag: Some(&tag.name),
            name: &tag.name,
            path: KeyPath::root("tags", &tag.name),
            at: &tag.at,
            doc: super::doc::of_tag(tag),
        })
        .collect();
    groups.extend(used.get(&None).map(|at| Group {
        tag: None,
        name: UNTAGGED,
        path: KeyPath::root("groups", UNTAGGED),
        at,
        doc: "Operations without a tag.".to_owned(),
    }));
    let request = |group: &Group<'_>| {
        let key = Key::new(KeyKind::Tag, &group.path);
        Request::named(Kind::Module, group.name, key, group.at)
            .or(Kind::Module, &format!("{} operations", group.name))
            .placed()
    };
    let modules = scope.settle(&mut planner.register, groups.iter().map(request).collect());
    groups.into_iter().zip(modules).map(|(group, module)| planner.group(group, module)).collect()
}

/// What operations without a tag are called.
const UNTAGGED: &str = "untagged";

/// A group before it has its names.
struct Group<'a> {
    tag: Option<&'a String>,
    name: &'a str,
    path: KeyPath,
    at: &'a Location,
    doc: String,
}

impl Planner<'_> {
    fn group(&mut self, group: Group<'_>, module: Ident) -> GroupItem {
        let Group { tag, name, path, at, doc } = group;
        let key = Key::new(KeyKind::Tag, &path);
        // The trait follows when somebody chose another name.
        let name = if self.register.is_pinned(&key, at) { module.as_str() } else { name };
        // Of a tag without a letter nothing but `Api` would be left, which generated code calls a type parameter.
        let spelled = names::ident(Kind::Type, name);
        let name = if name.chars().any(char::is_alphanumeric) { name } else { spelled.as_str() };
        let is_kept = self.register.is_kept(&key, &module);
        let trait_ident = self.type_names.ask(TypeRequest {
            key: Key::new(KeyKind::Trait, &path),
            base: Base::Settled { is_kept },
            words: format!("{name} Api"),
            longer: Some(format!("{name} Operations Api")),
            at: at.clone(),
            has_place: false,
        });
        GroupItem { tag: tag.cloned(), key: path, module, trait_ident, doc, operations: Vec::new() }
    }
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
