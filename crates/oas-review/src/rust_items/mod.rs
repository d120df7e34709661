//! What changes in the generated packages, from their two manifests.

mod meaning;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use oas_document::{Location, Node, Pointer};
use oas_manifest::{Item, ItemKind, Manifest};
use serde::Serialize;

use crate::change::Change;
use crate::report::Party;
use crate::rule::{Judgement, is};
use crate::semver::Step;
use crate::side::Side;

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
    /// It looks as before, and stands for something else.
    Retargeted,
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
    /// The operation or component it comes from.
    pub(crate) fn owner(&self) -> Option<String> {
        let pointer = self.pointers.1.as_ref().or(self.pointers.0.as_ref())?;
        let end = pointer.match_indices('/').nth(3).map_or(pointer.len(), |(index, _)| index);
        pointer.get(..end).map(ToOwned::to_owned)
    }

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
    /// The names that stand for something else.
    pub(crate) meanings: Vec<Meaning>,
}

/// A name that stands for something else.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    pub(crate) item: RustItemChange,
    pub(crate) before: String,
    pub(crate) after: String,
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
        let causes: Vec<Cause> = changes.iter().map(|change| Cause::of(change, sides)).collect();
        let mut items = self.items.clone();
        leave_out_parts(&mut items);
        for item in items.iter().filter(|item| item.change != Happening::Retargeted) {
            let parsed = |pointer: &Option<String>| Pointer::parse(pointer.as_ref()?);
            let pointers = (parsed(&item.pointers.0), parsed(&item.pointers.1));
            let nearness: Vec<Nearness> = causes.iter().map(|cause| cause.nearness(&pointers)).collect();
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
        // What an item uses may have changed, and not the item itself.
        let mut uses = Uses::new(sides);
        untold.retain(|item| {
            let Some(index) = uses.cause(item, &causes) else { return true };
            if let Some(items) = assigned.get_mut(index) {
                items.push(item.clone());
            }
            false
        });
        // What nothing else explains may come of words: a title names an alternative.
        let words: Vec<Cause> = changes.iter().map(Cause::of_words).collect();
        untold.retain(|item| {
            let parsed = |pointer: &Option<String>| Pointer::parse(pointer.as_ref()?);
            let pointers = (parsed(&item.pointers.0), parsed(&item.pointers.1));
            let nearest = words.iter().map(|cause| cause.nearness(&pointers)).enumerate().max_by_key(|(_, near)| *near);
            let Some((index, _)) = nearest.filter(|(_, near)| *near != Nearness::default()) else { return true };
            if let Some(items) = assigned.get_mut(index) {
                items.push(item.clone());
            }
            false
        });
        // One change is the cause of everything.
        let alone: Vec<usize> = (0..causes.len()).filter(|index| causes[*index].is_possible).collect();
        if let ([only], false) = (alone.as_slice(), untold.is_empty())
            && let Some(items) = assigned.get_mut(*only)
        {
            items.append(&mut untold);
            items.sort();
        }
        (assigned, untold)
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

/// Which components the parts of both documents refer to.
struct Uses<'a> {
    sides: (Side<'a>, Side<'a>),
    known: HashMap<String, BTreeSet<String>>,
}

impl<'a> Uses<'a> {
    /// References that are followed from an item to a change.
    const DEEPEST: usize = 4;

    fn new(sides: (Side<'a>, Side<'a>)) -> Self {
        Self { sides, known: HashMap::new() }
    }

    /// The change of the nearest component that an item uses; of several in one component, the one that matters most to
    /// types and stands outermost.
    fn cause(&mut self, item: &RustItemChange, causes: &[Cause]) -> Option<usize> {
        let pointers = [&item.pointers.0, &item.pointers.1];
        let mut names: BTreeSet<String> = pointers.into_iter().flatten().flat_map(|one| self.referred(one)).collect();
        let mut seen = names.clone();
        for _ in 0..Self::DEEPEST {
            let is_near = |cause: &&(usize, &Cause)| {
                cause.1.is_possible
                    && cause.1.places.iter().flatten().filter_map(component).any(|one| names.contains(&one))
            };
            let length = |cause: &Cause| cause.places.iter().flatten().map(|one| one.tokens().count()).min();
            let near = causes.iter().enumerate().collect::<Vec<_>>();
            let best = near.iter().filter(is_near).min_by_key(|(_, cause)| (!cause.is_seen, length(cause)));
            if let Some((index, _)) = best {
                return Some(*index);
            }
            let further = names.iter().map(|name| format!("/components/schemas/{}", escaped(name))).collect::<Vec<_>>();
            names = further.iter().flat_map(|place| self.referred(place)).filter(|name| !seen.contains(name)).collect();
            seen.extend(names.iter().cloned());
        }
        None
    }

    /// The components that a place of either side refers to.
    fn referred(&mut self, place: &str) -> BTreeSet<String> {
        if let Some(known) = self.known.get(place) {
            return known.clone();
        }
        let mut names = HashSet::new();
        for side in [self.sides.0, self.sides.1] {
            let at = Pointer::parse(place).map(|pointer| Location { pointer, ..side.document.root_location() });
            if let Some(node) = at.and_then(|at| side.document.get(&at)) {
                referred(node, &mut names);
            }
        }
        let names: BTreeSet<String> = names.into_iter().collect();
        self.known.insert(place.to_owned(), names.clone());
        names
    }
}

/// A name as pointers write it.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A change, as a cause of changes in Rust.
struct Cause {
    /// Whether it shows in Rust at all.
    is_possible: bool,
    /// Whether it is of the kind that types show.
    is_seen: bool,
    places: [Option<Pointer>; 2],
    /// The components that it brings into use or takes out of it.
    components: HashSet<String>,
    /// The operations that it asks credentials of.
    secured: Vec<Pointer>,
}

/// How near a change is to the place an item comes from: the length of the way that they share, whether they stand at
/// the same place, and whether it is of the kind that types show. All zero when they have nothing to do with each other.
type Nearness = (usize, bool, bool);

impl Cause {
    fn of(change: &Change, sides: (Side<'_>, Side<'_>)) -> Self {
        let whole = [is::OPERATION_ID_CHANGED, is::OPERATION_TAGS_CHANGED, is::PATH_PARAMETER_RENAMED];
        let respelled = [is::TYPE_RESPELLED, is::SCHEMA_RESPELLED, is::COMPONENT_CHANGED];
        let is_about_code = whole.contains(&change.rule) || respelled.contains(&change.rule);
        let is_possible = change.rule.entry().judgement != Judgement::Cosmetic || is_about_code;
        // What an operation is called by is said in a member of it.
        let pointer = |place: &Option<Location>| {
            let pointer = place.as_ref()?.pointer.clone();
            let is_member = pointer.last().is_some_and(|last| last == "operationId" || last == "tags");
            if whole.contains(&change.rule) && is_member { pointer.parent() } else { Some(pointer) }
        };
        let mut components = HashSet::new();
        if is_possible {
            for (side, place) in [(sides.0, &change.base), (sides.1, &change.revision)] {
                let node = place.as_ref().and_then(|place| side.document.get(place));
                if let Some(node) = node {
                    referred(node, &mut components);
                }
            }
        }
        let places = [pointer(&change.base), pointer(&change.revision)];
        let is_security = change.rule.entry().name.starts_with("security-");
        let secured = change.operations.iter().filter(|_| is_security).filter_map(|operation| {
            let method = operation.method.to_lowercase();
            Pointer::parse(&format!("/paths/{}/{method}", escaped(&operation.path)))
        });
        let secured = secured.collect();
        Self { is_possible, is_seen: !change.is_invisible_to_types(), places, components, secured }
    }

    /// A change of words alone, as a cause.
    fn of_words(change: &Change) -> Self {
        let pointer = |place: &Option<Location>| place.as_ref()?.pointer.parent();
        let places = [pointer(&change.base), pointer(&change.revision)];
        let is_possible = change.rule == is::DOCUMENTATION_CHANGED;
        Self { is_possible, is_seen: false, places, components: HashSet::new(), secured: Vec::new() }
    }

    fn nearness(&self, pointers: &(Option<Pointer>, Option<Pointer>)) -> Nearness {
        if !self.is_possible {
            return Nearness::default();
        }
        let near = |pointer: &Pointer, place: &Pointer| {
            let is_inside = pointer.starts_with(place) || place.starts_with(pointer);
            // One more, so that the document as a whole counts too.
            let common = pointer.tokens().zip(place.tokens()).take_while(|(one, other)| one == other).count();
            is_inside.then_some((common + 1, pointer == place, self.is_seen))
        };
        let pairs = [(&pointers.0, &self.places[0]), (&pointers.1, &self.places[1])];
        let direct = pairs.into_iter().filter_map(|(pointer, place)| near(pointer.as_ref()?, place.as_ref()?)).max();
        direct.unwrap_or_else(|| {
            let is_used = |pointer: &Option<Pointer>| {
                pointer.as_ref().and_then(component).is_some_and(|name| self.components.contains(&name))
            };
            let is_secured = |pointer: &Option<Pointer>| pointer.as_ref().is_some_and(|one| self.secured.contains(one));
            if is_secured(&pointers.0) || is_secured(&pointers.1) {
                return (1, false, self.is_seen);
            }
            // A component that the change refers to is farther than anything that stands inside of it.
            if is_used(&pointers.0) || is_used(&pointers.1) { (1, false, self.is_seen) } else { Nearness::default() }
        })
    }
}

/// The component that a pointer is inside of.
fn component(pointer: &Pointer) -> Option<String> {
    let mut tokens = pointer.tokens();
    let is_schema = tokens.next()? == "components" && tokens.next()? == "schemas";
    tokens.next().filter(|_| is_schema).map(std::borrow::Cow::into_owned)
}

/// The components that a part of a document refers to.
pub(crate) fn referred(node: &Node, into: &mut HashSet<String>) {
    let text = node.as_str().and_then(|text| text.split_once("#/components/schemas/"));
    if let Some((_, name)) = text {
        into.insert(name.replace("~1", "/").replace("~0", "~"));
    }
    for item in node.as_array().into_iter().flatten() {
        referred(item, into);
    }
    for (_, member) in node.as_object().into_iter().flatten() {
        referred(&member.node, into);
    }
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
