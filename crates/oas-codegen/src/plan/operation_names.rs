//! The names of operations.

use std::collections::BTreeMap;

use oas_document::Location;
use oas_model::{Api, Operation};

use super::group::{MOST_IN_A_FILE, own_module};
use super::key::{Key, KeyKind, KeyPath};
use super::names::{Kind, ident};
use super::naming::Names;
use super::request::Request;
use super::scope::Scope;
use super::{GroupId, GroupItem, Ident, ModelOperation};

/// What the types of an operation are named after.
#[derive(Debug)]
pub(super) struct OperationPlace {
    pub(super) path: KeyPath,
    pub(super) prefix: Ident,
    pub(super) is_kept: bool,
}

/// The names of an operation, which all that it becomes is named after.
pub(super) struct ReservedNames {
    /// What it is in the model.
    pub(super) operation: ModelOperation,
    pub(super) id: String,
    pub(super) path: KeyPath,
    /// Whether it has the name that it had before.
    pub(super) is_kept: bool,
    pub(super) method_ident: Ident,
    pub(super) type_prefix: Ident,
    pub(super) group: GroupId,
    pub(super) module: String,
}

/// Methods that a client has anyway, or that every value has.
const METHODS: [&str; 22] = [
    "api_version",
    "as_ref",
    "base_url",
    "baseurl",
    "borrow",
    "borrow_mut",
    "builder",
    "client",
    "clone",
    "clone_into",
    "default",
    "exec",
    "fmt",
    "from",
    "inner",
    "into",
    "new",
    "new_with_client",
    "post",
    "pre",
    "to_owned",
    "type_id",
];

/// The id of every operation, and what it is known by, in the order of the document.
pub(super) fn identify(operations: &[Operation]) -> Vec<(Id, KeyPath)> {
    let ids = ids(operations).into_iter();
    ids.zip(operations).map(|(id, operation)| (key_path(operation, &id), id)).map(|(path, id)| (id, path)).collect()
}

/// Settles the name of every operation, in the order of the document. `tags` has the one that each is grouped by.
pub(super) fn reserve(
    api: &Api,
    names: &mut Names<'_>,
    ids: Vec<(Id, KeyPath)>,
    groups: &[GroupItem],
    tags: &[Option<&str>],
) -> Vec<ReservedNames> {
    let mut scope = Scope::with_reserved(Kind::Method, "operations", |ident| METHODS.contains(&ident));
    let requests = api.operations.iter().zip(&ids).map(|(operation, (id, path))| {
        Request::named(Kind::Method, id.text(), Key::new(KeyKind::Operation, path), &operation.at)
            .or(Kind::Method, &format!("{} operation", id.text()))
            .placed()
    });
    let methods = scope.settle(&mut names.register, requests.collect());
    let with_methods = ids.into_iter().zip(methods);
    let mut heads: Vec<ReservedNames> = with_methods
        .enumerate()
        .map(|(index, ((id, path), method_ident))| {
            let group = groups.iter().position(|group| group.tag.as_deref() == tags[index]);
            let group = GroupId(group.expect("every tag of an operation has a group"));
            let is_kept = names.register.is_kept(&Key::new(KeyKind::Operation, &path), &method_ident);
            let type_prefix = Ident::new(ident(Kind::Type, method_ident.as_str()));
            let module = format!("operations/{}", groups[group.0].module.as_str());
            ReservedNames {
                operation: ModelOperation(index),
                id: id.into_text(),
                path,
                is_kept,
                method_ident,
                type_prefix,
                group,
                module,
            }
        })
        .collect();
    spread(&mut heads, groups.len());
    heads
}

/// The id of an operation.
pub(super) enum Id {
    /// Its own.
    Own(String),
    /// Made of method and path, for those that have none, or one that others have too.
    Made(String),
}

impl Id {
    fn text(&self) -> &str {
        match self {
            Self::Own(text) | Self::Made(text) => text,
        }
    }

    fn into_text(self) -> String {
        match self {
            Self::Own(text) | Self::Made(text) => text,
        }
    }
}

/// The ids of operations, no two of them the same. Those of one id are all treated as if they had none, and so are those
/// that stand under several paths.
fn ids(operations: &[Operation]) -> Vec<Id> {
    let mut own: BTreeMap<&str, usize> = BTreeMap::new();
    let mut places: BTreeMap<&Location, usize> = BTreeMap::new();
    for operation in operations {
        *places.entry(&operation.at).or_default() += 1;
        if let Some(id) = &operation.id {
            *own.entry(id).or_default() += 1;
        }
    }
    let is_own = |operation: &&Operation| {
        places.get(&operation.at) == Some(&1) && operation.id.as_deref().is_some_and(|id| own.get(id) == Some(&1))
    };
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    for operation in operations.iter().filter(|operation| !is_own(operation)) {
        *made.entry(id_of(operation)).or_default() += 1;
    }
    operations
        .iter()
        .map(|operation| match &operation.id {
            Some(id) if is_own(&operation) => Id::Own(id.clone()),
            _ => {
                let short = id_of(operation);
                let is_free = made.get(&short) == Some(&1) && !own.contains_key(short.as_str());
                Id::Made(if is_free { short } else { format!("{} {}", operation.method, operation.path) })
            }
        })
        .collect()
}

/// What an operation is known by: its id, or method and path.
fn key_path(operation: &Operation, id: &Id) -> KeyPath {
    match id {
        Id::Own(id) => KeyPath::root("operations", id),
        Id::Made(_) => KeyPath::root("operations", &format!("{} {}", operation.method, operation.path)),
    }
}

impl ReservedNames {
    /// What the types of the operation are named after.
    pub(super) fn place(&self) -> OperationPlace {
        OperationPlace { path: self.path.clone(), prefix: self.type_prefix.clone(), is_kept: self.is_kept }
    }
}

/// The id for an operation without one: `get_clips_by_id` for `GET /clips/{id}`.
fn id_of(operation: &Operation) -> String {
    let mut words = path_words(&operation.path);
    if words.iter().all(|word| word.trim().is_empty()) {
        words.push("root".to_owned());
    }
    words.insert(0, operation.method.as_str().to_ascii_lowercase());
    ident(Kind::Method, &words.join(" "))
}

/// The words of a path: `clips`, `by id` for `/clips/{id}`.
pub(super) fn path_words(path: &str) -> Vec<String> {
    let mut words = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            words.push(before.to_owned());
            words.push(format!("by {name}"));
            rest = behind;
        }
        words.push(rest.to_owned());
    }
    words
}

/// Gives the operations of large groups files of their own.
fn spread(heads: &mut [ReservedNames], groups: usize) {
    let mut counts = vec![0_usize; groups];
    for head in heads.iter() {
        counts[head.group.0] += 1;
    }
    for head in heads {
        if counts[head.group.0] > MOST_IN_A_FILE {
            head.module = format!("{}/{}", head.module, own_module(&head.method_ident).as_str());
        }
    }
}
