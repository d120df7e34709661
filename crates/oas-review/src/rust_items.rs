//! What changes in the generated packages, from their two manifests.

use std::collections::{BTreeMap, HashSet};

use oas_codegen::manifest::{Item, ItemKind, Manifest};
use oas_document::Pointer;
use serde::Serialize;

use crate::change::Change;
use crate::report::Party;
use crate::rule::{Judgement, is};
use crate::semver::Step;

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Happening {
    /// It is gone.
    Removed,
    /// It is another one.
    Changed,
    /// It is new.
    Added,
}

/// A change of a public item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RustItemChange {
    /// The package: `autoposting-types`.
    pub package: String,
    /// The path by which others name it.
    pub path: String,
    /// What it is.
    pub kind: ItemKind,
    /// What happened to it.
    pub change: Happening,
    /// Its signature in the base.
    pub before: Option<String>,
    /// Its signature in the revision.
    pub after: Option<String>,
    /// What it asks of the package's version.
    pub step: Step,
    /// Where it comes from in the base, and in the revision.
    #[serde(skip)]
    pub(crate) pointers: (Option<String>, Option<String>),
}

impl RustItemChange {
    /// Who does not compile any more.
    pub fn breaks(&self) -> Option<Party> {
        if self.step != Step::Major {
            return None;
        }
        // Packages of one API end in what they are.
        [("-types", Party::RustTypes), ("-client", Party::RustClient), ("-server", Party::RustServer)]
            .into_iter()
            .find_map(|(suffix, party)| self.package.ends_with(suffix).then_some(party))
    }
}

/// All changes of all packages.
#[derive(Debug, Clone, Default)]
pub struct RustChanges {
    /// Whether there were manifests to compare.
    pub(crate) is_known: bool,
    pub(crate) items: Vec<RustItemChange>,
    pub(crate) packages: Vec<String>,
}

impl RustChanges {
    /// Compares two manifests.
    pub fn between(base: &Manifest, revision: &Manifest) -> Self {
        let (old, new) = (index(base), index(revision));
        let mut items = Vec::new();
        for (key, was) in &old {
            match new.get(key) {
                None => items.push(gone(was)),
                Some(is) => items.extend(changed(was, is)),
            }
        }
        let owners = Owners::new(revision);
        let known: HashSet<(&str, &str)> = old.keys().map(|(package, path, _, _)| (*package, *path)).collect();
        items.extend(new.iter().filter(|(key, _)| !old.contains_key(*key)).map(|(_, is)| come(is, &known, &owners)));
        let mut packages: Vec<String> =
            base.items.iter().chain(&revision.items).map(|item| item.package.clone()).collect();
        packages.sort();
        packages.dedup();
        items.sort();
        // Without packages, nobody knows what compiles.
        Self { is_known: !packages.is_empty(), items, packages }
    }

    /// Every change, in the order of packages and paths.
    pub fn items(&self) -> &[RustItemChange] {
        &self.items
    }

    /// The items that each change touches, and those that no change explains.
    pub(crate) fn assign(&self, changes: &[Change]) -> (Vec<Vec<RustItemChange>>, Vec<RustItemChange>) {
        let mut assigned = vec![Vec::new(); changes.len()];
        let mut untold = Vec::new();
        for item in &self.items {
            let parsed = |pointer: &Option<String>| Pointer::parse(pointer.as_ref()?);
            let pointers = (parsed(&item.pointers.0), parsed(&item.pointers.1));
            let nearness: Vec<Nearness> = changes.iter().map(|change| nearness(&pointers, change)).collect();
            let nearest = nearness.iter().copied().max().unwrap_or_default();
            if nearest == Nearness::default() {
                untold.push(item.clone());
                continue;
            }
            for (index, near) in nearness.iter().enumerate() {
                if let Some(items) = assigned.get_mut(index).filter(|_| *near == nearest) {
                    items.push(item.clone());
                }
            }
        }
        (assigned, untold)
    }
}

/// How near a change is to the place an item comes from: the length of the way that they share, whether they stand at
/// the same place, and whether it is of the kind that types show. All zero when they have nothing to do with each other.
type Nearness = (usize, bool, bool);

fn nearness(pointers: &(Option<Pointer>, Option<Pointer>), change: &Change) -> Nearness {
    let is_about_code =
        [is::OPERATION_ID_CHANGED, is::OPERATION_TAGS_CHANGED, is::PATH_PARAMETER_RENAMED].contains(&change.rule);
    if change.rule.entry().judgement == Judgement::Cosmetic && !is_about_code {
        return Nearness::default();
    }
    let pairs = [(&pointers.0, &change.base), (&pointers.1, &change.revision)];
    let near = |pointer: &Pointer, place: &oas_document::Location| {
        let is_inside = pointer.starts_with(&place.pointer) || place.pointer.starts_with(pointer);
        // One more, so that the document as a whole counts too.
        let common = pointer.tokens().zip(place.pointer.tokens()).take_while(|(one, other)| one == other).count();
        is_inside.then_some((common + 1, *pointer == place.pointer, !change.is_invisible_to_types()))
    };
    pairs.into_iter().filter_map(|(pointer, place)| near(pointer.as_ref()?, place.as_ref()?)).max().unwrap_or_default()
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

fn gone(was: &Item) -> RustItemChange {
    change(was, Happening::Removed, Step::Major, (Some(was), None))
}

fn come(is: &Item, known: &HashSet<(&str, &str)>, owners: &Owners<'_>) -> RustItemChange {
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
    // Where the signature stays the same, the attributes tell the difference.
    let is_same = sides.0.map(|item| &item.signature) == sides.1.map(|item| &item.signature);
    let show = |side: Option<&Item>| {
        side.map(|item| {
            let attributes = item.attributes.iter().filter(|_| is_same).map(|one| format!("#[{one}] "));
            attributes.collect::<String>() + &item.signature
        })
    };
    let pointer = |side: Option<&Item>| side.and_then(|item| item.pointer.clone());
    RustItemChange {
        package: item.package.clone(),
        path: item.path.clone(),
        kind: item.kind,
        change: happening,
        before: show(sides.0),
        after: show(sides.1),
        step,
        pointers: (pointer(sides.0), pointer(sides.1)),
    }
}
