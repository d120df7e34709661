//! Puts a tree together from the events of a parser, without recursion.

use indexmap::map::Entry;

use crate::{Diagnostic, Member, Node, Object, Place, Pointer, Severity, Span, Value};

/// How deep objects and arrays may nest. Documents that people write stay below 60; everything that walks a tree
/// recursively can rely on this bound.
pub(crate) const MAX_DEPTH: usize = 256;

/// How much is said about one text, at most.
const MOST_DIAGNOSTICS: usize = 100;

/// The containers that are open while a text is read, outermost first.
pub(super) struct TreeBuilder {
    open: Vec<Open>,
    root: Option<Node>,
    diagnostics: Vec<Diagnostic>,
}

/// A container that still grows.
enum Open {
    Array { start: Span, items: Vec<Node> },
    Object { start: Span, members: Object, key: Option<(String, Span)> },
}

impl TreeBuilder {
    pub(super) fn new() -> Self {
        Self { open: Vec::new(), root: None, diagnostics: Vec::new() }
    }

    /// How many containers are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether the innermost open container is an object; `None` outside of any.
    pub(super) fn in_object(&self) -> Option<bool> {
        self.open.last().map(|open| matches!(open, Open::Object { .. }))
    }

    /// Whether the next value becomes the name of a member.
    pub(super) fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open::Object { key: None, .. }))
    }

    /// Opens an array. The error is that of a text that nests too deep.
    pub(super) fn open_array(&mut self, start: Span) -> Result<(), Diagnostic> {
        self.check_depth(start)?;
        self.open.push(Open::Array { start, items: Vec::new() });
        Ok(())
    }

    /// Opens an object. The error is that of a text that nests too deep.
    pub(super) fn open_object(&mut self, start: Span) -> Result<(), Diagnostic> {
        self.check_depth(start)?;
        self.open.push(Open::Object { start, members: Object::new(), key: None });
        Ok(())
    }

    fn check_depth(&self, start: Span) -> Result<(), Diagnostic> {
        if self.open.len() < MAX_DEPTH { Ok(()) } else { Err(too_deep(self.place(start))) }
    }

    /// Names the next member of the open object.
    pub(super) fn key(&mut self, name: String, span: Span) {
        if let Some(Open::Object { key, .. }) = self.open.last_mut() {
            *key = Some((name, span));
        }
    }

    /// Adds a value to the open container; outside of any it becomes the root.
    pub(super) fn value(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Array { items, .. }) => items.push(node),
            Some(Open::Object { members, key, .. }) => {
                let Some((name, key)) = key.take() else { return };
                match members.entry(name) {
                    Entry::Vacant(entry) => {
                        entry.insert(Member { key, node });
                    }
                    // The last one counts, as in every reader that people use.
                    Entry::Occupied(mut entry) => {
                        let first = entry.insert(Member { key, node }).key;
                        let name = entry.key().clone();
                        // A text of nothing else would fill the memory with what is said about it.
                        if self.diagnostics.len() < MOST_DIAGNOSTICS {
                            let duplicate = self.duplicate_key(&name, first, key);
                            self.diagnostics.push(duplicate);
                        }
                    }
                }
            }
        }
    }

    /// Closes the innermost container, whose text ends at byte `end`; `None` stands for the end of its last value.
    pub(super) fn close(&mut self, end: Option<u32>) -> Option<Node> {
        let (start, last, value) = match self.open.pop()? {
            Open::Array { start, items } => (start, items.last().map(|node| node.span), Value::Array(items)),
            Open::Object { start, members, .. } => {
                // A member that stands twice has the place of the first among the others, and the end of the last.
                let last = members.values().map(|member| member.node.span).max_by_key(|span| span.end);
                (start, last, Value::Object(Box::new(members)))
            }
        };
        let last = last.filter(|span| span.file == start.file).map(|span| span.end);
        let end = end.or(last).unwrap_or(start.end).max(start.end);
        Some(Node { value, span: Span { end, ..start } })
    }

    /// The members read so far of the innermost container, when that is an object.
    pub(super) fn members_mut(&mut self) -> Option<&mut Object> {
        if let Some(Open::Object { members, .. }) = self.open.last_mut() { Some(members) } else { None }
    }

    /// Takes the name of the next member back, and says how many members stand before it.
    pub(super) fn forget_key(&mut self) -> usize {
        if let Some(Open::Object { members, key, .. }) = self.open.last_mut() {
            *key = None;
            return members.len();
        }
        0
    }

    /// The tree, and what was found while it was built.
    pub(super) fn finish(self) -> (Option<Node>, Vec<Diagnostic>) {
        (self.root, self.diagnostics)
    }

    /// Remembers a finding that does not end the reading.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error || self.diagnostics.len() < MOST_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The place `span`, with the pointer of the value that is being read.
    pub(super) fn place(&self, span: Span) -> Place {
        let pointer = self.open.iter().fold(Pointer::root(), |pointer, open| match open {
            Open::Array { items, .. } => pointer.item(items.len()),
            Open::Object { key: Some((name, _)), .. } => pointer.child(name),
            Open::Object { .. } => pointer,
        });
        Place { span, pointer }
    }

    fn duplicate_key(&self, name: &str, first: Span, second: Span) -> Diagnostic {
        let pointer = self.place(second).pointer.child(name);
        let message = format!("member {name:?} occurs twice in the same object; the last one counts");
        Diagnostic::slip("duplicate-key", message)
            .at(Place { span: second, pointer: pointer.clone() })
            .related(Place { span: first, pointer }, "it was given here first")
            .hint("remove one of the two, or rename it")
    }
}

/// What is said about a text that nests deeper than [`MAX_DEPTH`].
pub(super) fn too_deep(place: Place) -> Diagnostic {
    Diagnostic::error("too-deep", format!("values nest deeper than {MAX_DEPTH} levels"))
        .at(place)
        .hint("split the value with `$ref`; documents that people write nest less than 60 levels")
}

/// The number of values in `node`, and how many containers nest in it. The builder has bounded the nesting.
pub(crate) fn measure(node: &Node) -> (usize, usize) {
    let add = |(size, depth): (usize, usize), child: &Node| {
        let (more, deeper) = measure(child);
        (size + more, depth.max(deeper + 1))
    };
    match &node.value {
        Value::Array(items) => items.iter().fold((1, 1), add),
        Value::Object(members) => members.values().map(|member| &member.node).fold((1, 1), add),
        _ => (1, 0),
    }
}
