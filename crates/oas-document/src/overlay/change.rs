//! Changes the tree of a document as actions say.

use std::cmp::Ordering;

use indexmap::map::Entry;

use super::parse::{Action, Version};
use crate::load::{MAX_DEPTH, measure};
use crate::{Diagnostic, Document, Node, Object, Place, Pointer, Value};

/// How many values an action may bring in; copies of copies grow without bounds otherwise.
const MAX_INSERTED: usize = 1_000_000;

/// A document that is being changed.
pub(super) struct Changes<'d> {
    pub(super) version: Version,
    pub(super) document: &'d mut Document,
}

/// What a value is to an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Array,
    Primitive,
}

impl Kind {
    fn of(node: &Node) -> Self {
        match node.value {
            Value::Object(_) => Self::Object,
            Value::Array(_) => Self::Array,
            _ => Self::Primitive,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::Primitive => "a primitive value",
        }
    }
}

impl Changes<'_> {
    /// Merges `update` into each of the selected values.
    pub(super) fn update(
        &mut self,
        selected: &[Pointer],
        update: &Node,
        action: &Action,
    ) -> Result<(), Vec<Diagnostic>> {
        self.check_kinds(selected, update, action)?;
        let mut diagnostics = Vec::new();
        for pointer in selected {
            let Some(target) = at_mut(self.document.root_mut(), pointer) else { continue };
            let mut merge = Merge { version: self.version, action, diagnostics: &mut diagnostics };
            match &mut target.value {
                Value::Object(members) => {
                    if let Value::Object(update) = &update.value {
                        merge.objects(members, update, &action.place.pointer, pointer);
                    }
                }
                Value::Array(items) => match &update.value {
                    // 1.0 appends a list as one item; 1.1 appends its items.
                    Value::Array(more) if self.version >= Version::V1_1 => items.extend(more.iter().cloned()),
                    _ => items.push(update.clone()),
                },
                _ => *target = update.clone(),
            }
        }
        if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
    }

    /// What is selected must be of one kind, and fit the update.
    fn check_kinds(&self, selected: &[Pointer], update: &Node, action: &Action) -> Result<(), Vec<Diagnostic>> {
        let root = self.document.root();
        let error = |place: &Place, message: String| Diagnostic::error("overlay-update", message).at(place.clone());
        let mut kinds =
            selected.iter().filter_map(|pointer| root.at(pointer).map(|node| (pointer, node, Kind::of(node))));
        let Some((first, node, kind)) = kinds.next() else { return Ok(()) };
        let here = |node: &Node, pointer: &Pointer| Place { span: node.span, pointer: pointer.clone() };
        if let Some((second, other, found)) = kinds.find(|(_, _, other)| *other != kind) {
            let message = format!("the target selects {} and {}", kind.words(), found.words());
            return Err(vec![
                error(&action.target.place, message)
                    .related(here(node, first), format!("{} is selected here", kind.words()))
                    .related(here(other, second), format!("{} is selected here", found.words()))
                    .hint("write one action for each kind of value"),
            ]);
        }
        if kind == Kind::Primitive && self.version == Version::V1_0 {
            return Err(vec![
                error(
                    &action.target.place,
                    "the target selects a primitive value, which Overlay 1.0 cannot update".to_owned(),
                )
                .related(here(node, first), "it is selected here")
                .hint("write `overlay: 1.1.0`, or select the object around it"),
            ]);
        }
        let given = Kind::of(update);
        let fits = match kind {
            Kind::Array => true,
            kind => kind == given,
        };
        if fits {
            return Ok(());
        }
        let message = format!("the target selects {}, but the update is {}", kind.words(), given.words());
        Err(vec![
            error(&action.place, message)
                .related(here(node, first), "this is selected")
                .hint("write an update of the same kind, or select another value"),
        ])
    }

    /// Removes the selected values from the objects and arrays that hold them.
    pub(super) fn remove(&mut self, mut selected: Vec<Pointer>, action: &Action) -> Result<(), Vec<Diagnostic>> {
        if selected.iter().any(|pointer| pointer.parent().is_none()) {
            return Err(vec![
                Diagnostic::error("overlay-remove", "the target selects the whole document, which cannot be removed")
                    .at(action.target.place.clone())
                    .hint("select what is in it: `$.*`"),
            ]);
        }
        // From the end, so that the indices of what is still to be removed stay right.
        selected.sort_by(|one, other| order(other, one));
        for pointer in &selected {
            let (Some(parent), Some(token)) = (pointer.parent(), pointer.last()) else { continue };
            match at_mut(self.document.root_mut(), &parent).map(|parent| &mut parent.value) {
                Some(Value::Object(members)) => {
                    members.shift_remove(token.as_ref());
                }
                Some(Value::Array(items)) => {
                    if let Some(index) = token.parse().ok().filter(|index| *index < items.len()) {
                        items.remove(index);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Bounds how deep and how large the document becomes.
pub(super) fn check_size(selected: &[Pointer], update: &Node, action: &Action) -> Result<(), Vec<Diagnostic>> {
    let (size, depth) = measure(update);
    let deepest = selected.iter().map(|pointer| pointer.tokens().count() + 1).max().unwrap_or_default();
    let message = if depth + deepest > MAX_DEPTH {
        format!("values would nest deeper than {MAX_DEPTH} levels")
    } else if size.saturating_mul(selected.len()) > MAX_INSERTED {
        format!("the action brings in more than {MAX_INSERTED} values")
    } else {
        return Ok(());
    };
    Err(vec![
        Diagnostic::error("overlay-too-large", message)
            .at(action.place.clone())
            .hint("put the value under `components`, and refer to it where it is wanted"),
    ])
}

/// A merge of one update.
struct Merge<'m> {
    version: Version,
    action: &'m Action,
    diagnostics: &'m mut Vec<Diagnostic>,
}

impl Merge<'_> {
    /// Merges member by member, as Overlay 1.1, section 4.4.3 says; 1.0 says the same in fewer words. The loader has
    /// bounded the nesting.
    fn objects(&mut self, target: &mut Object, update: &Object, from: &Pointer, to: &Pointer) {
        for (name, member) in update {
            let (from, to) = (from.child(name), to.child(name));
            match target.entry(name.clone()) {
                Entry::Vacant(entry) => {
                    entry.insert(member.clone());
                }
                Entry::Occupied(mut entry) => match (&mut entry.get_mut().node.value, &member.node.value) {
                    (Value::Object(target), Value::Object(update)) => self.objects(target, update, &from, &to),
                    (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
                    // The examples of 1.0 leave members empty where nothing is to change.
                    (Value::Object(_) | Value::Array(_), Value::Null) if self.version == Version::V1_0 => {}
                    (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => {
                        let conflict = self.conflict(&entry.get().node, &member.node, from, to);
                        self.diagnostics.push(conflict);
                    }
                    _ => {
                        entry.insert(member.clone());
                    }
                },
            }
        }
    }

    fn conflict(&self, target: &Node, update: &Node, from: Pointer, to: Pointer) -> Diagnostic {
        let (existing, given) = (Kind::of(target).words(), Kind::of(update).words());
        // A copied value stands in the document, not in the overlay.
        let place = if update.span.file == self.action.place.span.file {
            Place { span: update.span, pointer: from }
        } else {
            self.action.place.clone()
        };
        Diagnostic::error("overlay-update", format!("{given} cannot be merged with {existing}"))
            .at(place)
            .related(Place { span: target.span, pointer: to }, format!("{existing} is here"))
            .hint("remove the existing value with an action before")
    }
}

fn at_mut<'n>(root: &'n mut Node, pointer: &Pointer) -> Option<&'n mut Node> {
    pointer.tokens().try_fold(root, |node, token| node.child_mut(&token))
}

/// A value comes before what it holds, items of an array by index, members by name.
fn order(one: &Pointer, other: &Pointer) -> Ordering {
    let mut others = other.tokens();
    for token in one.tokens() {
        let Some(other) = others.next() else { return Ordering::Greater };
        let ordering = match (token.parse::<usize>(), other.parse::<usize>()) {
            (Ok(one), Ok(other)) => one.cmp(&other),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => token.cmp(&other),
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    if others.next().is_some() { Ordering::Less } else { Ordering::Equal }
}
