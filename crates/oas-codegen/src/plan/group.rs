//! Groups of operations: one per tag.

use indexmap::IndexMap;
use oas_document::Location;
use oas_model::Api;

use super::key::{Key, KeyKind, KeyPath};
use super::names::{Kind, ident};
use super::naming::Names;
use super::request::Request;
use super::scope::Scope;
use super::type_names::{Base, TypeRequest};
use super::{GroupItem, Ident, OperationItem};

/// Modules and features that the generated packages have anyway.
const RESERVED: [&str; 23] = [
    "authenticator",
    "brotli",
    "builder",
    "client",
    "credentials",
    "error",
    "ext",
    "generated",
    "gzip",
    "not_implemented",
    "prelude",
    "refused",
    "router",
    "rustls",
    "schemars",
    "schemas",
    "str",
    "stream",
    "support",
    "tracing",
    "types",
    "webhooks",
    "zstd",
];

/// The tag that each operation is grouped by: that which was chosen, or else that which it was grouped by before, or else
/// its first. In which order tags stand means nothing on the wire, and neither does one more of them, so that the lock
/// remembers the tag of each operation.
pub(super) fn choose<'a>(api: &'a Api, names: &mut Names<'_>, paths: &[KeyPath]) -> Vec<Option<&'a str>> {
    let operations = &api.operations;
    let tags = operations.iter().zip(paths).map(|(operation, path)| {
        let first = operation.tags.first()?;
        let key = Key::new(KeyKind::Group, path);
        let request = Request::named(Kind::Module, first, key.clone(), &operation.at);
        let before = names.register.locked(&key).map(|(ident, _)| ident.clone());
        let wanted = names.register.pin(Kind::Module, &request).or(before);
        let known = |tag: &&String| wanted.as_ref().is_some_and(|wanted| names.is_module_of(tag, wanted));
        let tag = operation.tags.iter().find(known).unwrap_or(first);
        let module = wanted.filter(|wanted| names.is_module_of(tag, wanted));
        let module = module.unwrap_or_else(|| Ident::new(ident(Kind::Module, tag)));
        names.register.note_choice(&key, &module);
        Some(tag.as_str())
    });
    tags.collect()
}

/// The groups that have operations, without these. `chosen` has the tag of each operation.
pub(super) fn settle(api: &Api, names: &mut Names<'_>, chosen: &[Option<&str>]) -> Vec<GroupItem> {
    let mut scope = Scope::with_reserved(Kind::Module, "modules", |ident| RESERVED.contains(&ident));
    let used: IndexMap<Option<&str>, Location> =
        api.operations.iter().zip(chosen).rev().map(|(one, tag)| (*tag, one.at.clone())).collect();
    let tags = api.tags.iter().filter(|tag| used.contains_key(&Some(tag.name.as_str())));
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
    let modules = scope.settle(&mut names.register, groups.iter().map(request).collect());
    groups.into_iter().zip(modules).map(|(group, module)| names.group(group, module)).collect()
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

impl Names<'_> {
    /// Whether a module is, or was, that of a tag.
    fn is_module_of(&self, tag: &str, module: &Ident) -> bool {
        let key = Key::new(KeyKind::Tag, &KeyPath::root("tags", tag));
        let locked = self.register.locked(&key).is_some_and(|(locked, _)| locked == module);
        let pinned = self.settings.pins.get(key.as_str()).is_some_and(|pinned| *module == **pinned);
        locked || pinned || *module == *ident(Kind::Module, tag)
    }

    fn group(&mut self, group: Group<'_>, module: Ident) -> GroupItem {
        let Group { tag, name, path, at, doc } = group;
        let key = Key::new(KeyKind::Tag, &path);
        // The trait follows when somebody chose another name.
        let name = if self.register.is_pinned(&key, at) { module.as_str() } else { name };
        // Of a tag without a letter nothing but `Api` would be left, which generated code calls a type parameter.
        let spelled = ident(Kind::Type, name);
        let name = if name.chars().any(char::is_alphanumeric) { name } else { spelled.as_str() };
        let is_kept = self.register.is_kept(&key, &module);
        let trait_ident = self.types.ask(TypeRequest {
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
pub(super) const MOST_IN_A_FILE: usize = 16;

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
pub(super) fn own_module(method: &Ident) -> Ident {
    if method.as_str() == "mod" { Ident::new("mod_") } else { method.clone() }
}
