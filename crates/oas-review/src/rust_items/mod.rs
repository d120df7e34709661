//! What changes in the generated packages, from their two manifests.

mod cause;
mod item;
mod meaning;

use std::collections::{BTreeMap, HashSet};

use crate::change::Change;
use crate::semver::{CrateStep, Step};
use crate::side::Side;
use oas_manifest::{Item, ItemKind, Manifest};

pub(crate) use cause::referred;
use cause::{Cause, Causes, Uses};
pub(crate) use item::Meaning;
pub use item::{Happening, RustItemChange};

/// All changes of all packages.
#[derive(Debug, Clone, Default)]
pub struct RustChanges {
    /// Whether there were manifests to compare.
    pub(crate) is_known: bool,
    pub(crate) items: Vec<RustItemChange>,
    pub(crate) packages: Vec<String>,
    /// The names that stand for something else.
    pub(crate) meanings: Vec<Meaning>,
}

impl RustChanges {
    /// Compares two manifests.
    pub fn between(base: &Manifest, revision: &Manifest) -> Self {
        let (old, new) = (index(base), index(revision));
        let mut items = Vec::new();
        for (key, was) in &old {
            match new.get(key) {
                None => items.push(removed(was)),
                Some(is) => items.extend(changed(was, is)),
            }
        }
        let owners = Owners::new(revision);
        let known: HashSet<(&str, &str)> = old.keys().map(|(package, path, _, _)| (*package, *path)).collect();
        items.extend(new.iter().filter(|(key, _)| !old.contains_key(*key)).map(|(_, is)| added(is, &known, &owners)));
        let mut packages: Vec<String> =
            base.items.iter().chain(&revision.items).map(|item| item.package.clone()).collect();
        packages.sort();
        packages.dedup();
        items.sort();
        // Without packages, nobody knows what compiles.
        Self { is_known: !packages.is_empty(), items, packages, meanings: Vec::new() }
    }

    /// Looks for names that look as before and stand for something else in the documents.
    #[must_use]
    pub fn with_meanings(mut self, base: (&Manifest, Side<'_>), revision: (&Manifest, Side<'_>)) -> Self {
        self.meanings = meaning::changed(base, revision);
        let items = self.meanings.iter().map(|one| one.item.clone());
        self.items.extend(items);
        self
    }

    /// The step of each package, in the order of their names.
    pub fn steps(&self) -> Vec<CrateStep> {
        let step = |package: &String| {
            let own = self.items.iter().filter(|item| item.package == *package);
            let step = own.map(|item| item.step).max().unwrap_or(Step::Patch);
            CrateStep {
                package: package.clone(),
                step,
                base: None,
                revision: None,
                min_version: None,
                is_sufficient: true,
            }
        };
        self.packages.iter().map(step).collect()
    }

    /// Every change, in the order of packages and paths.
    pub fn items(&self) -> &[RustItemChange] {
        &self.items
    }

    /// The items that each change touches, and those that no change explains.
    pub(crate) fn assign(
        &self,
        changes: &[Change],
        sides: (Side<'_>, Side<'_>),
    ) -> (Vec<Vec<RustItemChange>>, Vec<RustItemChange>) {
        let mut assigned = vec![Vec::new(); changes.len()];
        let mut untold = Vec::new();
        let causes = Causes::new(changes.iter().map(|change| Cause::of(change, sides)).collect());
        let mut items = self.items.clone();
        leave_out_parts(&mut items);
        for item in items.iter().filter(|item| item.change != Happening::Retargeted) {
            let nearest = causes.nearest(item);
            if nearest.is_empty() {
                untold.push(item.clone());
            }
            for index in nearest {
                give(&mut assigned, index, item);
            }
        }
        // What an item uses may have changed, and not the item itself.
        let mut uses = Uses::new(sides);
        untold.retain(|item| {
            let cause = uses.cause(item, &causes);
            cause.map(|index| give(&mut assigned, index, item)).is_none()
        });
        // What nothing else explains may come of words: a title names an alternative.
        let words = Causes::new(changes.iter().map(Cause::of_words).collect());
        untold.retain(|item| {
            let last = words.nearest(item).last().copied();
            last.map(|index| give(&mut assigned, index, item)).is_none()
        });
        // One change is the cause of everything.
        if let (Some(only), false) = (causes.only(), untold.is_empty())
            && let Some(items) = assigned.get_mut(only)
        {
            items.append(&mut untold);
            items.sort();
        }
        (assigned, untold)
    }
}

/// Gives an item to a change.
fn give(assigned: &mut [Vec<RustItemChange>], index: usize, item: &RustItemChange) {
    if let Some(items) = assigned.get_mut(index) {
        items.push(item.clone());
    }
}

/// Leaves out what goes or comes with the item that has it: fields, methods, implementations.
fn leave_out_parts(items: &mut Vec<RustItemChange>) {
    let is_whole = |item: &RustItemChange| {
        matches!(item.kind, ItemKind::Struct | ItemKind::Enum | ItemKind::Trait | ItemKind::Module)
            && item.change != Happening::Changed
    };
    let owners: HashSet<(String, String, Happening)> = items
        .iter()
        .filter(|item| is_whole(item))
        .map(|item| (item.package.clone(), item.path.clone(), item.change))
        .collect();
    items.retain(|item| {
        let has = |path: &str| owners.contains(&(item.package.clone(), path.to_owned(), item.change));
        let mut owner = item.path.as_str();
        let mut is_part = item.kind == ItemKind::Impl && has(owner);
        while let Some((outer, _)) = owner.rsplit_once("::") {
            is_part |= has(outer);
            owner = outer;
        }
        !is_part
    });
}

/// What an item is recognised by; implementations have no path of their own.
type Key<'m> = (&'m str, &'m str, ItemKind, &'m str);

fn index(manifest: &Manifest) -> BTreeMap<Key<'_>, &Item> {
    manifest
        .items
        .iter()
        .map(|item| {
            let signature = if item.kind == ItemKind::Impl { item.signature.as_str() } else { "" };
            ((item.package.as_str(), item.path.as_str(), item.kind, signature), item)
        })
        .collect()
}

/// The items that have fields, variants and methods, by path.
struct Owners<'m> {
    attributes: BTreeMap<(&'m str, &'m str), &'m [String]>,
}

impl<'m> Owners<'m> {
    fn new(manifest: &'m Manifest) -> Self {
        let owners = manifest.items.iter().filter(|item| matches!(item.kind, ItemKind::Struct | ItemKind::Enum));
        let attributes =
            owners.map(|item| ((item.package.as_str(), item.path.as_str()), item.attributes.as_slice())).collect();
        Self { attributes }
    }

    /// Whether code outside of the package has to reckon with more fields or variants.
    fn is_open(&self, item: &Item) -> bool {
        let owner = item.path.rsplit_once("::").map_or("", |(owner, _)| owner);
        let attributes = self.attributes.get(&(item.package.as_str(), owner));
        attributes.is_some_and(|all| all.iter().any(|attribute| attribute == "non_exhaustive"))
    }
}

fn removed(was: &Item) -> RustItemChange {
    change(was, Happening::Removed, Step::Major, (Some(was), None))
}

fn added(is: &Item, known: &HashSet<(&str, &str)>, owners: &Owners<'_>) -> RustItemChange {
    let owner = is.path.rsplit_once("::").map_or("", |(owner, _)| owner);
    let had_owner = known.contains(&(is.package.as_str(), owner));
    let step = match is.kind {
        _ if !had_owner => Step::Minor,
        ItemKind::Field | ItemKind::Variant if !owners.is_open(is) => Step::Major,
        // Whoever implements the trait has to add it.
        ItemKind::TraitItem => Step::Major,
        _ => Step::Minor,
    };
    change(is, Happening::Added, step, (None, Some(is)))
}

fn changed(was: &Item, is: &Item) -> Option<RustItemChange> {
    let lost = was.attributes.iter().any(|attribute| is_lost(attribute, &is.attributes));
    let closed = |item: &Item| item.attributes.iter().any(|attribute| attribute == "non_exhaustive");
    let step = if was.signature != is.signature || lost || (closed(is) && !closed(was)) {
        Step::Major
    } else if was.attributes == is.attributes {
        return None;
    } else {
        Step::Minor
    };
    Some(change(is, Happening::Changed, step, (Some(was), Some(is))))
}

/// Whether consumers can miss an attribute: a derived trait that is derived no more.
fn is_lost(attribute: &str, now: &[String]) -> bool {
    let Some(traits) = attribute.strip_prefix("derive(").and_then(|rest| rest.strip_suffix(')')) else { return false };
    let derived: Vec<&str> = now
        .iter()
        .filter_map(|other| other.strip_prefix("derive(")?.strip_suffix(')'))
        .flat_map(|list| list.split(',').map(str::trim))
        .collect();
    traits.split(',').map(str::trim).any(|one| !derived.contains(&one))
}

fn change(item: &Item, happening: Happening, step: Step, sides: (Option<&Item>, Option<&Item>)) -> RustItemChange {
    // Where the signature stays the same, the attributes that differ tell the difference.
    let is_same = sides.0.map(|item| &item.signature) == sides.1.map(|item| &item.signature);
    let words = |item: Option<&Item>| item.map(attributes).unwrap_or_default();
    let (before, after) = (words(sides.0), words(sides.1));
    let show = |side: Option<&Item>, own: &[String], others: &[String]| {
        side.map(|item| {
            let more: Vec<&str> =
                own.iter().filter(|one| is_same && !others.contains(one)).map(String::as_str).collect();
            let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
            format!("{}{more}", item.signature)
        })
    };
    let pointer = |side: Option<&Item>| side.and_then(|item| item.pointer.clone());
    RustItemChange {
        package: item.package.clone(),
        path: item.path.clone(),
        kind: item.kind,
        change: happening,
        before: show(sides.0, &before, &after),
        after: show(sides.1, &after, &before),
        step,
        pointers: (pointer(sides.0), pointer(sides.1)),
    }
}

/// The attributes of an item, derived traits one by one.
fn attributes(item: &Item) -> Vec<String> {
    let mut all = Vec::new();
    for attribute in &item.attributes {
        match attribute.strip_prefix("derive(").and_then(|rest| rest.strip_suffix(')')) {
            Some(traits) => all.extend(traits.split(',').map(|one| one.trim().to_owned())),
            None => all.push(attribute.clone()),
        }
    }
    all
}
