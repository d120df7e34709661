//! What two plans do not share: all that a review has to print of them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::{Debug, Write as _};
use std::hash::{DefaultHasher, Hash, Hasher};

use oas_model::Api;

use crate::plan::{BodyContent, GroupId, ModelOperation, OperationId, OperationItem, Plan, SuccessItem, TypeItem};

/// Leaves in both plans only what the other does not have word for word, so that the packages that are printed of them
/// differ in what those of the whole plans differ in. Names stay as they were settled.
pub fn keep((api, base): (&Api, &mut Plan), (new_api, revision): (&Api, &mut Plan)) {
    let (old, new) = (Marks::new(api, base), Marks::new(new_api, revision));
    let (mut there, mut here) = (old.only(&new), new.only(&old));
    share_operations((base, &mut there), (revision, &mut here), (&old, &new));
    there.apply(base);
    here.apply(revision);
}

/// Types and operations, by their places in a plan.
#[derive(Default)]
struct Part {
    types: BTreeSet<usize>,
    operations: BTreeSet<usize>,
}

impl Part {
    /// Leaves nothing else in the plan; types stay to be referred to, and are not printed.
    fn apply(&self, plan: &mut Plan) {
        let mut places = HashMap::new();
        let all = std::mem::take(&mut plan.operations);
        for (index, item) in all.into_iter().enumerate().filter(|(index, _)| self.operations.contains(index)) {
            places.insert(index, plan.operations.len());
            plan.operations.push(item);
        }
        for group in &mut plan.groups {
            group.operations =
                group.operations.iter().filter_map(|id| places.get(&id.0).copied().map(OperationId)).collect();
        }
        // A group without operations is no trait and no module.
        let mut left = Vec::new();
        let groups = std::mem::take(&mut plan.groups);
        for (index, group) in groups.into_iter().enumerate().filter(|(_, group)| !group.operations.is_empty()) {
            left.push(index);
            plan.groups.push(group);
        }
        for item in &mut plan.operations {
            let group = left.iter().position(|index| *index == item.group.0);
            item.group = GroupId(group.expect("a group that has this operation"));
        }
        plan.printed = Some(self.types.clone());
    }
}

/// What the items of a plan amount to, as numbers that do not depend on where they stand.
struct Marks {
    types: Vec<u64>,
    operations: Vec<u64>,
    keys: Vec<String>,
}

impl Marks {
    fn new(api: &Api, plan: &Plan) -> Self {
        let schemas: Vec<&str> = api.schemas.iter().map(|(_, schema)| schema.at.pointer.as_str()).collect();
        let mut writer = Writer { api, plan, schemas: &schemas, text: String::new(), out: String::new() };
        let own: Vec<Mark> = plan.types.iter().map(|item| writer.of_type(item)).collect();
        // What an item refers to may matter to it: whether it can be copied, or made of nothing.
        let with_uses = |mark: &Mark| {
            let mut hasher = DefaultHasher::new();
            mark.own.hash(&mut hasher);
            mark.uses.iter().for_each(|index| own[*index].own.hash(&mut hasher));
            hasher.finish()
        };
        let types = own.iter().map(with_uses).collect();
        let operations = plan.operations.iter().map(|item| with_uses(&writer.of_operation(item))).collect();
        let keys = plan.operations.iter().map(|item| format!("{:?}", item.key)).collect();
        Self { types, operations, keys }
    }

    /// What another plan does not have.
    fn only(&self, other: &Self) -> Part {
        let absent = |own: &[u64], theirs: &[u64]| {
            let theirs: HashSet<&u64> = theirs.iter().collect();
            own.iter().enumerate().filter(|(_, mark)| !theirs.contains(mark)).map(|(index, _)| index).collect()
        };
        Part { types: absent(&self.types, &other.types), operations: absent(&self.operations, &other.operations) }
    }
}

/// What an item amounts to on its own, and the types that it names.
struct Mark {
    own: u64,
    uses: Vec<usize>,
}

/// Writes items down for comparison.
struct Writer<'a> {
    api: &'a Api,
    plan: &'a Plan,
    /// Where schemas stand.
    schemas: &'a [&'a str],
    text: String,
    out: String,
}

impl Writer<'_> {
    fn of_type(&mut self, item: &TypeItem) -> Mark {
        let schema = &self.api.schemas[item.schema];
        self.mark(&(item, schema))
    }

    fn of_operation(&mut self, item: &OperationItem) -> Mark {
        let mut own = item.clone();
        // Where things stand in lists of the plan is nothing that anybody sees.
        let group = &self.plan[std::mem::replace(&mut own.group, GroupId(0))];
        let credentials = own.credentials.take().map(|id| &self.plan[id]);
        let in_model = &self.api[std::mem::replace(&mut own.operation, ModelOperation(0))];
        let group = (&group.key, &group.module, &group.trait_ident);
        self.mark(&(own, group, credentials, in_model))
    }

    fn mark(&mut self, value: &impl Debug) -> Mark {
        let mut uses = Vec::new();
        self.text.clear();
        self.out.clear();
        // Writing into a text does not fail.
        let _ = write!(self.text, "{value:?}");
        let mut rest = self.text.as_str();
        while let Some((before, index, after)) = next_index(rest) {
            self.out.push_str(before);
            match index {
                Index::Type(index) => {
                    let name = &self.plan.types[index].name;
                    let _ = write!(self.out, "type {name}");
                    uses.push(index);
                }
                Index::Schema(index) => {
                    let _ = write!(self.out, "schema {}", self.schemas.get(index).copied().unwrap_or_default());
                }
            }
            rest = after;
        }
        self.out.push_str(rest);
        let mut hasher = DefaultHasher::new();
        self.out.hash(&mut hasher);
        Mark { own: hasher.finish(), uses }
    }
}

/// A place in a list, which is another one in the other plan.
enum Index {
    Type(usize),
    Schema(usize),
}

/// The next place that a text names, with what stands before and after it.
fn next_index(text: &str) -> Option<(&str, Index, &str)> {
    const TYPE: &str = "TypeIndex(";
    const SCHEMA: &str = "SchemaId(";
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('(').map(|at| from + at + 1) {
        from = at;
        let before = text.get(..at)?;
        let is_type = before.ends_with(TYPE);
        if !is_type && !before.ends_with(SCHEMA) {
            continue;
        }
        let (number, after) = text.get(at..)?.split_once(')')?;
        let Ok(number) = number.parse() else { continue };
        let start = at - if is_type { TYPE.len() } else { SCHEMA.len() };
        let index = if is_type { Index::Type(number) } else { Index::Schema(number) };
        return Some((text.get(..start)?, index, after));
    }
    None
}

/// Adds operations that both sides have: one of each group, and one of each kind. What a package has because of them, a
/// trait or what reads streams, neither comes nor goes with the operations that differ.
fn share_operations(
    (base, there): (&Plan, &mut Part),
    (revision, here): (&Plan, &mut Part),
    (old, new): (&Marks, &Marks),
) {
    if there.operations.is_empty() && here.operations.is_empty() {
        return;
    }
    let places: HashMap<&String, usize> = new.keys.iter().enumerate().map(|(index, key)| (key, index)).collect();
    let mut shared = HashSet::new();
    for (was, item) in base.operations.iter().enumerate() {
        // What is only in the base has no counterpart.
        let Some(is) = places.get(&old.keys[was]).copied() else { continue };
        let counterpart = &revision.operations[is];
        let group = |plan: &Plan, item: &OperationItem| plan[item.group].key.clone();
        let mut kinds = kinds(item);
        let others = self::kinds(counterpart);
        kinds.retain(|kind| others.contains(kind));
        let own = Some(group(base, item)).filter(|key| group(revision, counterpart) == *key);
        kinds.extend(own.map(|key| format!("group {key:?}")));
        let before = shared.len();
        shared.extend(kinds);
        if shared.len() > before {
            there.operations.insert(was);
            here.operations.insert(is);
        }
    }
}

/// What a package has to have for an operation, in words.
fn kinds(item: &OperationItem) -> Vec<String> {
    let bodies = item.body.iter().map(|body| &body.content);
    let answers = item.responses.iter().filter_map(|response| response.body.as_ref());
    let formats = |content: &BodyContent| -> Vec<String> {
        content.items().into_iter().map(|one| format!("{:?}", one.format)).collect()
    };
    let requests = bodies.flat_map(formats).map(|format| format!("request {format}"));
    let responses = answers.flat_map(formats).map(|format| format!("response {format}"));
    let success = match item.success {
        SuccessItem::Single(_) => "one success",
        SuccessItem::Several { .. } => "several successes",
        SuccessItem::Undocumented => "no success",
    };
    requests.chain(responses).chain([success.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_lists_are_found_in_what_is_written_down() {
        let (before, index, after) = next_index("Named(TypeIndex(12)), x").expect("an index");
        assert_eq!((before, after), ("Named(", "), x"));
        assert!(matches!(index, Index::Type(12)));
        assert!(matches!(next_index("SchemaId(3)"), Some(("", Index::Schema(3), ""))));
        assert!(next_index("Named(String), TypeIndex(x)").is_none());
    }
}
