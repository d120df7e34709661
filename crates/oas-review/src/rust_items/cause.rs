//! Which changes of a document are the causes of a change in Rust.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use oas_document::{Location, Node, Pointer};

use super::item::RustItemChange;
use crate::change::Change;
use crate::rule::{Judgement, Trait, is};
use crate::side::Side;

/// Which components the parts of both documents refer to.
pub(super) struct Uses<'a> {
    sides: (Side<'a>, Side<'a>),
    known: HashMap<String, BTreeSet<String>>,
}

impl<'a> Uses<'a> {
    /// References that are followed from an item to a change.
    const DEEPEST: usize = 4;

    pub(super) fn new(sides: (Side<'a>, Side<'a>)) -> Self {
        Self { sides, known: HashMap::new() }
    }

    /// The change of the nearest component that an item uses; of several in one component, the one that matters most to
    /// types and stands outermost.
    pub(super) fn cause(&mut self, item: &RustItemChange, causes: &Causes) -> Option<usize> {
        let pointers = [&item.pointers.0, &item.pointers.1];
        let mut names: BTreeSet<String> = pointers.into_iter().flatten().flat_map(|one| self.referred(one)).collect();
        let mut seen = names.clone();
        for _ in 0..Self::DEEPEST {
            let near = names.iter().filter_map(|name| causes.of_component.get(name)).flatten();
            let best = near.copied().min_by_key(|index| (causes.all.get(*index).map(Cause::distance), *index));
            if best.is_some() {
                return best;
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
pub(super) struct Cause {
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

/// Where an item comes from, in the base and in the revision.
type Pointers = (Option<Pointer>, Option<Pointer>);

/// How near a change is to the place an item comes from: the length of the way that they share, whether they stand at
/// the same place, and whether it is of the kind that types show.
type Nearness = (usize, bool, bool);

impl Cause {
    pub(super) fn of(change: &Change, sides: (Side<'_>, Side<'_>)) -> Self {
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
        let is_security = change.rule.entry().has(Trait::Security);
        let secured = change.operations.iter().filter(|_| is_security).filter_map(|operation| {
            let method = operation.method.to_lowercase();
            Pointer::parse(&format!("/paths/{}/{method}", escaped(&operation.path)))
        });
        let secured = secured.collect();
        Self { is_possible, is_seen: !change.is_invisible_to_types(), places, components, secured }
    }

    /// A change of words alone, as a cause.
    pub(super) fn of_words(change: &Change) -> Self {
        let pointer = |place: &Option<Location>| place.as_ref()?.pointer.parent();
        let places = [pointer(&change.base), pointer(&change.revision)];
        let is_possible = change.rule == is::DOCUMENTATION_CHANGED;
        Self { is_possible, is_seen: false, places, components: HashSet::new(), secured: Vec::new() }
    }

    fn nearness(&self, pointers: &Pointers) -> Nearness {
        let near = |pointer: &Pointer, place: &Pointer| {
            let is_inside = pointer.starts_with(place) || place.starts_with(pointer);
            // One more, so that the document as a whole counts too.
            let common = pointer.tokens().zip(place.tokens()).take_while(|(one, other)| one == other).count();
            is_inside.then_some((common + 1, pointer == place, self.is_seen))
        };
        let pairs = [(&pointers.0, &self.places[0]), (&pointers.1, &self.places[1])];
        let direct = pairs.into_iter().filter_map(|(pointer, place)| near(pointer.as_ref()?, place.as_ref()?)).max();
        // A component that the change refers to is farther than anything that stands inside of it.
        direct.unwrap_or((1, false, self.is_seen))
    }

    /// Of several changes in one component, the one that matters most to types and stands outermost comes first.
    fn distance(&self) -> (bool, Option<usize>) {
        (!self.is_seen, self.places.iter().flatten().map(|one| one.tokens().count()).min())
    }
}

/// All causes, by what they have to do with.
pub(super) struct Causes {
    all: Vec<Cause>,
    /// By their places in the base and in the revision.
    by_place: [BTreeMap<String, Vec<usize>>; 2],
    /// By the components that they bring into use or take out of it.
    by_use: HashMap<String, Vec<usize>>,
    /// By the components that they stand in.
    of_component: HashMap<String, Vec<usize>>,
    /// By the operations that they ask credentials of.
    by_operation: HashMap<String, Vec<usize>>,
}

impl Causes {
    pub(super) fn new(all: Vec<Cause>) -> Self {
        let mut causes = Self {
            by_place: [BTreeMap::new(), BTreeMap::new()],
            by_use: HashMap::new(),
            of_component: HashMap::new(),
            by_operation: HashMap::new(),
            all: Vec::new(),
        };
        for (index, cause) in all.iter().enumerate().filter(|(_, cause)| cause.is_possible) {
            for (places, place) in causes.by_place.iter_mut().zip(&cause.places) {
                let Some(place) = place else { continue };
                places.entry(place.as_str().to_owned()).or_default().push(index);
                let component = component(place).into_iter();
                component.for_each(|name| causes.of_component.entry(name).or_default().push(index));
            }
            let used = cause.components.iter().collect::<BTreeSet<_>>().into_iter();
            used.for_each(|name| causes.by_use.entry(name.clone()).or_default().push(index));
            for operation in &cause.secured {
                causes.by_operation.entry(operation.as_str().to_owned()).or_default().push(index);
            }
        }
        causes.all = all;
        causes
    }

    /// The changes that are nearest to the place an item comes from, in their order; none when none has to do with it.
    pub(super) fn nearest(&self, item: &RustItemChange) -> Vec<usize> {
        let parsed = |pointer: &Option<String>| Pointer::parse(pointer.as_ref()?);
        let pointers = (parsed(&item.pointers.0), parsed(&item.pointers.1));
        let nearness: Vec<(Nearness, usize)> = (self.near(&pointers).into_iter())
            .filter_map(|index| Some((self.all.get(index)?.nearness(&pointers), index)))
            .collect();
        let nearest = nearness.iter().map(|(near, _)| *near).max();
        nearness.iter().filter(|(near, _)| Some(*near) == nearest).map(|(_, index)| *index).collect()
    }

    /// The changes that have something to do with a place.
    fn near(&self, pointers: &Pointers) -> BTreeSet<usize> {
        let mut near = BTreeSet::new();
        for (places, pointer) in self.by_place.iter().zip([&pointers.0, &pointers.1]) {
            let Some(pointer) = pointer else { continue };
            let text = pointer.as_str();
            // What stands around it, it itself, and what stands inside of it.
            let ends = text.match_indices('/').map(|(end, _)| end).chain([text.len()]);
            let around = ends.filter_map(|end| places.get(text.get(..end)?));
            near.extend(around.flatten());
            let start = format!("{text}/");
            let inside = places.range(start.clone()..).take_while(|(place, _)| place.starts_with(&start));
            near.extend(inside.flat_map(|(_, all)| all));
            near.extend(self.by_operation.get(text).into_iter().flatten());
            near.extend(component(pointer).and_then(|name| self.by_use.get(&name)).into_iter().flatten());
        }
        near
    }

    /// The only change that may be a cause, if there is just one.
    pub(super) fn only(&self) -> Option<usize> {
        let mut possible = self.all.iter().enumerate().filter(|(_, cause)| cause.is_possible);
        let (only, _) = possible.next()?;
        possible.next().is_none().then_some(only)
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
