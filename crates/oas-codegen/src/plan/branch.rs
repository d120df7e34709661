//! What the branches of a union are known by, and called after: whatever the document says of them, before what they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use oas_model::{Schema, SchemaId, Type, TypeSet};
use serde_json::Value;

use super::facets::{Facets, Part};
use super::key::{KeyPath, digest, unescaped};
use super::names;
use super::planner::Planner;
use super::union::Branch;

/// How a branch is told from the others.
#[derive(Debug, Clone)]
pub(super) struct BranchName {
    /// What it is known by, which no order and no other branch changes.
    pub(super) key: String,
    /// What it is called after.
    pub(super) word: String,
    /// The same in more words, of an object that the document has no name for. Another of the same name takes them.
    pub(super) longer: Option<String>,
}

/// How deep a branch is looked into to tell it from others.
const DEEPEST: usize = 8;

/// How long what a branch says may be to stand in a key as it is.
const LONGEST: usize = 80;

impl Planner<'_> {
    /// The names of the branches of the union at `path`, which may be the same for several.
    pub(super) fn branch_names(&self, branches: &[Branch<'_>], path: &KeyPath) -> Vec<BranchName> {
        let mut names = self.new_branch_names(branches);
        self.keep_known(branches, path, &mut names);
        names
    }

    /// Gives to branches the keys that they were known by before they gained a title, a value or a member: those that
    /// the lock has, and that no branch has any more.
    fn keep_known(&self, branches: &[Branch<'_>], path: &KeyPath, names: &mut [BranchName]) {
        let start = path.variant_key("");
        let of_lock = self.names.settings.lock.keys_below(start.as_str());
        let mut lost: BTreeSet<&str> = of_lock.filter(|key| !key[start.as_str().len()..].contains('/')).collect();
        for name in names.iter() {
            lost.remove(path.variant_key(&name.key).as_str());
        }
        if lost.is_empty() {
            return;
        }
        let is_new = |name: &BranchName| self.names.register.locked(&path.variant_key(&name.key)).is_none();
        let mut newcomers: Vec<usize> = (0..names.len()).filter(|index| is_new(&names[*index])).collect();
        // Whoever came says as much as what it was made from, or more.
        let said = |index: &usize| (branches[*index].facets.properties.len(), &names[*index].key);
        newcomers.sort_by(|one, other| said(one).cmp(&said(other)));
        // What a branch says now comes before what it may have said once.
        let exact = |branch: &Branch<'_>, key: &str| self.known_by(branch, branches).iter().any(|known| known == key);
        for was_known_by in [&exact as &dyn Fn(&Branch<'_>, &str) -> bool, &has_members] {
            newcomers.retain(|index| {
                let former = |key: &&&str| was_known_by(&branches[*index], &unescaped(&key[start.as_str().len()..]));
                // Of several it was the one that says most.
                let Some(key) = lost.iter().filter(former).max_by_key(|key| key.len()).copied() else { return true };
                lost.remove(key);
                names[*index].key = unescaped(&key[start.as_str().len()..]);
                false
            });
        }
    }

    /// The names of branches of which nobody knows what they were called before.
    fn new_branch_names(&self, branches: &[Branch<'_>]) -> Vec<BranchName> {
        let mut names: Vec<BranchName> = branches
            .iter()
            .map(|branch| {
                let explicit =
                    self.explicit_name(branch).map(|name| BranchName { key: name.clone(), word: name, longer: None });
                explicit.unwrap_or_else(|| self.described_name(branch, branches))
            })
            .collect();
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for name in &names {
            *count.entry(name.key.clone()).or_default() += 1;
        }
        // What is the same at first sight is known by all that it says.
        for (name, branch) in names.iter_mut().zip(branches) {
            if count.get(&name.key).is_some_and(|count| *count > 1) {
                name.key = self.told_apart(branch, &name.key);
            }
        }
        names
    }

    /// A key that several branches have, with a digest of all that one of them says.
    fn told_apart(&self, branch: &Branch<'_>, key: &str) -> String {
        let mut text = String::new();
        for id in branch.parts.iter().filter_map(|part| part.schema()) {
            self.describe(id, DEEPEST, &mut text);
        }
        format!("{key}({})", digest(&text))
    }

    /// Every key that a branch may have been known by, as it is.
    fn known_by(&self, branch: &Branch<'_>, branches: &[Branch<'_>]) -> Vec<String> {
        let mut keys = self.explicit_names(branch);
        keys.push(self.described_name(branch, branches).key);
        // Each of its values may have been its only one.
        keys.extend(branch.facets.values.iter().flatten().filter_map(value_text));
        keys.extend(branch.tags.iter().cloned());
        // A member may have told it apart before there was a branch without that member.
        let members = branch.facets.properties.values().flatten();
        keys.extend(members.filter_map(|id| only_text(&Facets::of(self.api, &[Part::Whole(*id)]))));
        let apart: Vec<String> = keys.iter().map(|key| self.told_apart(branch, key)).collect();
        keys.extend(apart);
        keys
    }

    /// Writes what a schema says of a value, in an order that is not the document's, and without its place.
    fn describe(&self, id: SchemaId, deeper: usize, text: &mut String) {
        let schema = &self.api.schemas[self.api.schemas.resolve(id)];
        let Some(deeper) = deeper.checked_sub(1).filter(|_| schema.component.is_none()) else {
            text.push_str(schema.component.as_deref().unwrap_or_default());
            return;
        };
        let mut values: Vec<String> = schema.enumeration.iter().flatten().map(ToString::to_string).collect();
        values.sort();
        let mut required = schema.required.clone();
        required.sort();
        let Schema { types, format, pattern, constant, title, minimum, maximum, .. } = schema;
        let _ = write!(text, "{types:?}{format:?}{pattern:?}{constant:?}{title:?}{minimum:?}{maximum:?}");
        let _ = write!(text, "{values:?}{required:?}{:?}{:?}", schema.min_length, schema.max_length);
        let mut properties: Vec<(&String, &SchemaId)> = schema.properties.iter().collect();
        properties.sort();
        for (name, id) in properties {
            let _ = write!(text, "{{{name:?}:");
            self.describe(*id, deeper, text);
            text.push('}');
        }
        let lists = schema.prefix_items.iter().chain(&schema.all_of).copied();
        let single = [schema.items.schema(), schema.additional_properties.schema(), schema.reference, schema.not];
        for id in single.into_iter().flatten().chain(lists) {
            text.push('[');
            self.describe(id, deeper, text);
            text.push(']');
        }
        let mut branches: Vec<String> = Vec::new();
        for id in schema.any_of.iter().chain(&schema.one_of) {
            let mut branch = String::new();
            self.describe(*id, deeper, &mut branch);
            branches.push(branch);
        }
        branches.sort();
        text.push_str(&branches.concat());
    }

    /// The name of a schema as a branch among others that are not known.
    pub(super) fn branch_alone(&self, id: SchemaId) -> BranchName {
        let parts = vec![Part::Whole(id)];
        let facets = Facets::of(self.api, &parts);
        let branch = Branch { parts: &parts, schema: id, facets, tags: Vec::new(), is_default: false };
        let explicit =
            self.explicit_name(&branch).map(|name| BranchName { key: name.clone(), word: name, longer: None });
        explicit.unwrap_or_else(|| self.described_name(&branch, &[]))
    }

    /// What the document calls a branch: its component, the value that stands for it, its title.
    fn explicit_name(&self, branch: &Branch<'_>) -> Option<String> {
        self.explicit_names(branch).into_iter().next()
    }

    /// Everything that the document calls a branch, the best first.
    fn explicit_names(&self, branch: &Branch<'_>) -> Vec<String> {
        // A branch that adds to a component is still that component to a reader.
        let component = match branch.parts.last() {
            Some(Part::Whole(id)) => self.api.schemas[*id].component.clone(),
            _ => None,
        };
        let title = || {
            let titles = branch.parts.iter().rev().filter_map(|part| part.schema());
            let mut titles = titles.filter_map(|id| self.api.schemas[id].title.as_deref());
            titles.find(|title| is_name(title)).map(str::to_owned)
        };
        let tag = branch.tags.iter().min().cloned();
        [component, tag, title(), only_text(&branch.facets)].into_iter().flatten().collect()
    }

    /// A name by what a branch is.
    fn described_name(&self, branch: &Branch<'_>, branches: &[Branch<'_>]) -> BranchName {
        let facets = &branch.facets;
        let kind = kind(facets);
        // Of a schema with several types there is one branch for each.
        let is_only = branch.parts.iter().any(|part| matches!(part, Part::Only(_)));
        let mut longer = None;
        let (key, word) = match kind {
            _ if is_only => (kind.to_lowercase(), kind.to_owned()),
            "Object" => {
                let members = described_members(facets);
                longer = members.first().map(|member| format!("object with {member}"));
                let word = apart(branch, branches).map_or_else(|| kind.to_owned(), |member| format!("with {member}"));
                let listed = members.join(",");
                let listed = if listed.len() > LONGEST { digests(&members) } else { listed };
                (format!("object({listed})"), word)
            }
            "List" => {
                let item = facets.items.first().map(|id| self.item_word(*id)).unwrap_or_default();
                (format!("list({item})"), format!("{item} List"))
            }
            "String" => {
                let format = facets.format.clone().unwrap_or_default();
                (format!("string({format})"), kind.to_owned())
            }
            _ => (kind.to_lowercase(), kind.to_owned()),
        };
        let is_long = key.len() > LONGEST && kind != "Object";
        let key = if is_long { format!("{}({})", kind.to_lowercase(), digest(&key)) } else { key };
        BranchName { key, word, longer }
    }

    /// What the items of a list are, in a word.
    fn item_word(&self, id: SchemaId) -> String {
        let target = self.api.schemas.resolve(id);
        if let Some(component) = &self.api.schemas[target].component {
            return component.clone();
        }
        let kind = kind(&Facets::of(self.api, &[Part::Whole(target)]));
        if kind == "Value" { String::new() } else { kind.to_owned() }
    }
}

/// Whether a branch is what a key of its kind lists, `object(a,b)`, perhaps with a digest behind it, and has gained
/// members or lost some.
fn has_members(branch: &Branch<'_>, key: &str) -> bool {
    let listed = key.strip_prefix("object(").and_then(|rest| rest.split_once(')')).map(|(listed, _)| listed);
    let Some(listed) = listed.filter(|listed| !listed.is_empty() && kind(&branch.facets) == "Object") else {
        return false;
    };
    let all = branch.facets.properties.keys().chain(&branch.facets.required).map(String::as_str);
    let described = described_members(&branch.facets).into_iter();
    let Some(digests) = listed.strip_prefix(DIGESTS) else {
        let (all, listed): (BTreeSet<&str>, BTreeSet<&str>) = (all.collect(), listed.split(',').collect());
        return is_part(&listed, &all) || is_part(&described.collect(), &listed);
    };
    let (all, described): (BTreeSet<String>, BTreeSet<String>) =
        (all.map(short_digest).collect(), described.map(short_digest).collect());
    let listed = (0..digests.len()).step_by(DIGITS).filter_map(|at| digests.get(at..at + DIGITS).map(str::to_owned));
    let listed = listed.collect();
    is_part(&listed, &all) || is_part(&described, &listed)
}

fn is_part<T: Ord>(some: &BTreeSet<T>, all: &BTreeSet<T>) -> bool {
    !some.is_empty() && some.is_subset(all)
}

/// The members that an object is known by: those that must be there, or else all.
fn described_members(facets: &Facets) -> Vec<&str> {
    if facets.required.is_empty() { sorted(facets.properties.keys()) } else { sorted(facets.required.iter()) }
}

/// What a list of members begins with that is too long to stand in a key as it is, and lists digests.
const DIGESTS: char = '#';

/// How many digits of the digest of a member stand in such a list: of many members at once no two lists have the same.
const DIGITS: usize = 3;

/// Members by digests, from which can be told whether a branch has all of them.
fn digests(members: &[&str]) -> String {
    let mut digests: Vec<String> = members.iter().copied().map(short_digest).collect();
    digests.sort();
    format!("{DIGESTS}{}", digests.concat())
}

fn short_digest(member: &str) -> String {
    digest(member)[..DIGITS].to_owned()
}

/// Whether a text is short enough to be a name.
fn is_name(text: &str) -> bool {
    text.split_whitespace().count() <= 5 && !names::is_sentence(text) && text.chars().any(char::is_alphanumeric)
}

/// The one value that a branch allows.
fn only_text(facets: &Facets) -> Option<String> {
    match facets.values.as_deref()? {
        [only] => value_text(only),
        _ => None,
    }
}

/// What a branch is called that allows this value alone.
fn value_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if is_name(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(format!("value {number}")),
        _ => None,
    }
}

/// A member that a branch requires, or at least has, and no other branch does: the first by name.
fn apart<'a>(branch: &'a Branch<'_>, branches: &[Branch<'_>]) -> Option<&'a str> {
    let others = || branches.iter().filter(|other| !std::ptr::eq(*other, branch));
    let others = || others().filter(|other| kind(&other.facets) == "Object");
    // An only object is called one.
    others().next()?;
    let required = branch.facets.required.iter();
    let required = required.filter(|member| others().all(|other| !other.facets.required.contains(*member)));
    let members = branch.facets.properties.keys();
    let members = members.filter(|member| others().all(|other| !other.facets.properties.contains_key(*member)));
    let short = |member: &&String| is_name(member);
    required.filter(short).min().or_else(|| members.filter(short).min()).map(String::as_str)
}

fn sorted<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// What kind of value satisfies a branch.
fn kind(facets: &Facets) -> &'static str {
    match facets.types.and_then(TypeSet::single) {
        Some(Type::String) => "String",
        Some(Type::Integer) => "Integer",
        Some(Type::Number) => "Number",
        Some(Type::Boolean) => "Boolean",
        Some(Type::Array) => "List",
        Some(Type::Object) => "Object",
        Some(Type::Null) => "Null",
        None if facets.describes_object() || !facets.required.is_empty() => "Object",
        None if facets.describes_array() => "List",
        None if facets.values.as_deref().is_some_and(|values| values.iter().all(Value::is_string)) => "String",
        None => "Value",
    }
}
