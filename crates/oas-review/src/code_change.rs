//! Changes of generated code that no change of the document explains.

use std::collections::BTreeMap;

use oas_document::Location;

use crate::change::{Change, Evidence};
use crate::effect::{Effect, Reach};
use crate::rule::is;
use crate::rust_items::{Happening, Meaning, RustChanges, RustItemChange, referred};
use crate::side::Side;
use crate::subject::Subject;

/// One change for each operation or component whose Rust items changed for no reason that was found; one for all of them
/// where there are other changes, which some of it comes of.
pub(crate) fn untold_changes(
    untold: Vec<RustItemChange>,
    (base, revision): (Side<'_>, Side<'_>),
    is_alone: bool,
) -> Vec<(Change, Vec<RustItemChange>)> {
    let mut groups: BTreeMap<Option<String>, Vec<RustItemChange>> = BTreeMap::new();
    for item in untold {
        groups.entry(item.owner().filter(|_| is_alone)).or_default().push(item);
    }
    // A component that came into being or went out of it is told about with what refers to it.
    let uses = |owner: &str, name: &str| {
        let pointer = oas_document::Pointer::parse(owner);
        [base, revision].into_iter().any(|side| {
            let at = pointer.clone().map(|pointer| Location { pointer, ..side.document.root_location() });
            let mut names = std::collections::HashSet::new();
            if let Some(node) = at.and_then(|at| side.document.get(&at)) {
                referred(node, &mut names);
            }
            names.contains(name)
        })
    };
    let owners: Vec<String> = groups.keys().flatten().cloned().collect();
    for owner in &owners {
        let Some(name) = owner.strip_prefix("/components/schemas/") else { continue };
        let is_one_sided = groups.get(&Some(owner.clone())).is_some_and(|items| {
            let first = items.first().map(|item| item.change);
            first != Some(Happening::Changed) && items.iter().all(|item| Some(item.change) == first)
        });
        let name = name.replace("~1", "/").replace("~0", "~");
        let user = owners
            .iter()
            .find(|other| *other != owner && groups.contains_key(&Some((*other).clone())) && uses(other, &name));
        if let (true, Some(user)) = (is_one_sided, user) {
            let items = groups.remove(&Some(owner.clone())).unwrap_or_default();
            groups.entry(Some(user.clone())).or_default().extend(items);
        }
    }
    let pointers = |items: &[RustItemChange]| {
        let first = |side: fn(&RustItemChange) -> Option<String>| items.iter().find_map(side);
        (first(|item| item.pointers.0.clone()), first(|item| item.pointers.1.clone()))
    };
    groups.into_values().map(|items| (of_code(pointers(&items), &items), items)).collect()
}

/// One change for each name that stands for something else.
pub(crate) fn other_meanings(rust: &RustChanges) -> Vec<(Change, Vec<RustItemChange>)> {
    let mut groups: BTreeMap<(&str, &str), Vec<&Meaning>> = BTreeMap::new();
    for one in &rust.meanings {
        groups.entry((&one.before, &one.after)).or_default().push(one);
    }
    let told = groups.into_values().filter_map(|group| Some((of_meaning(group.first()?), group)));
    told.map(|(change, group)| (change, group.into_iter().map(|one| one.item.clone()).collect())).collect()
}

/// A change of generated code that nothing else explains.
fn of_code(pointers: (Option<String>, Option<String>), items: &[RustItemChange]) -> Change {
    let location = |pointer: Option<String>| {
        let pointer = oas_document::Pointer::parse(&pointer?)?;
        Some(Location { file: oas_document::FileId::DOCUMENT, pointer })
    };
    let names: Vec<&str> = items.iter().take(3).map(|item| item.path.as_str()).collect();
    let more = items.len() - names.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let first = items.first();
    let show = |signature: Option<&String>| Some(signature.map_or("nothing", String::as_str).into());
    Change {
        rule: is::RUST_CHANGED,
        effect: Effect::None,
        reach: Reach::default(),
        base: location(pointers.0),
        revision: location(pointers.1),
        subject: Subject::named("generated code"),
        limit: None,
        name: Some(format!("`{}`{more}", names.join("`, `"))),
        about: None,
        before: show(first.and_then(|item| item.before.as_ref())),
        after: show(first.and_then(|item| item.after.as_ref())),
        operations: Vec::new(),
        evidence: Evidence::None("it is on no wire"),
        is_proven: true,
        parts: Vec::new(),
        covered: 0,
        is_meaning: false,
        pair: None,
        calls: Vec::new(),
    }
}

/// A name of generated code that stands for something else.
fn of_meaning(meaning: &Meaning) -> Change {
    let Meaning { item, before, after } = meaning;
    let mut change = of_code(item.pointers.clone(), std::slice::from_ref(item));
    change.rule = is::RUST_MEANING_CHANGED;
    change.before = Some(before.as_str().into());
    change.after = Some(after.as_str().into());
    change.evidence = Evidence::None("it is about what code says, not about what is valid");
    change
}
