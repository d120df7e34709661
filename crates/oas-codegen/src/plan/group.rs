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
    "prelude",
    "refused",
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

/// The tag that each operation is grouped by: its first, when nothing was chosen and nothing else was before. Which tag
/// is the first means nothing on the wire, so that the lock remembers it where there are several.
pub(super) fn choose<'a>(planner: &mut Planner<'a>) -> Vec<Option<&'a str>> {
    let operations = &planner.api.operations;
    let paths = super::operation::key_paths(operations);
    let tags = operations.iter().zip(&paths).map(|(operation, path)| match operation.tags.as_slice() {
        [] => None,
        [only] => Some(only.as_str()),
        [first, ..] => {
            let key = Key::new(KeyKind::Group, path);
            let request = Request::named(Kind::Module, first, key.clone(), &operation.at);
            let before = planner.register.locked(&key).map(|(ident, _)| ident.clone());
            let wanted = planner.register.pin(Kind::Module, &request).or(before);
            let known = |tag: &&String| wanted.as_ref().is_some_and(|wanted| planner.is_module_of(tag, wanted));
            let tag = operation.tags.iter().find(known).unwrap_or(first);
            let ident = wanted.filter(|wanted| planner.is_module_of(tag, wanted));
            let ident = ident.unwrap_or_else(|| Ident::new(names::ident(Kind::Module, tag)));
            planner.register.note_choice(&key, &ident);
            Some(tag.as_str())
        }
    });
    tags.collect()
}

/// The groups that have operations, without these. `chosen` has the tag of each operation.
pub(super) fn settle(planner: &mut Planner<'_>, chosen: &[Option<&str>]) -> Vec<GroupItem> {
    let mut scope = Scope::with_reserved(Kind::Module, "modules", |ident| TAKEN.contains(&ident));
    let used: IndexMap<Option<&str>, Location> =
        planner.api.operations.iter().zip(chosen).rev().map(|(one, tag)| (*tag, one.at.clone())).collect();
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
    /// Whether a module is, or was, that of a tag.
    fn is_module_of(&self, tag: &str, module: &Ident) -> bool {
        let key = Key::new(KeyKind::Tag, &KeyPath::root("tags", tag));
        let locked = self.register.locked(&key).is_some_and(|(locked, _)| locked == module);
        let pinned = self.settings.pins.get(key.as_str()).is_some_and(|pinned| *module == **pinned);
        locked || pinned || *module == *names::ident(Kind::Module, tag)
    }

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
        GroupItem {
            tag: tag.cloned(),
            key: path,
            command: Ident::open(),
            module,
            trait_ident,
            doc,
            operations: Vec::new(),
        }
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
