//! Trees put together from parts of others.

use oas_document::{Member, Node, Object, Span, Value};

/// An object that is being put together.
#[derive(Default)]
pub(super) struct Draft {
    members: Object,
}

impl Draft {
    /// Adds a member whose name stands nowhere in the text: it has the place of its value.
    pub(super) fn put(&mut self, name: &str, node: Node) {
        self.members.insert(name.to_owned(), Member { key: node.span, node });
    }

    /// Adds a member in place of one of the text, whose name keeps its place.
    pub(super) fn keep(&mut self, name: &str, member: &Member, node: Node) {
        self.members.insert(name.to_owned(), Member { key: member.key, node });
    }

    /// Whether it has no member.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether it has a member.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The object, at a place of the text.
    pub(super) fn into_node(self, span: Span) -> Node {
        Node { value: Value::Object(Box::new(self.members)), span }
    }
}

/// A text.
pub(super) fn text(text: &str, span: Span) -> Node {
    Node { value: Value::String(text.to_owned()), span }
}

/// A truth value.
pub(super) fn flag(truth: bool, span: Span) -> Node {
    Node { value: Value::Bool(truth), span }
}

/// A list.
pub(super) fn list(items: Vec<Node>, span: Span) -> Node {
    Node { value: Value::Array(items), span }
}

/// An object of few members.
pub(super) fn object<const N: usize>(members: [(&str, Node); N], span: Span) -> Node {
    let mut draft = Draft::default();
    for (name, node) in members {
        draft.put(name, node);
    }
    draft.into_node(span)
}

/// The same object with every value replaced; anything else as it is.
pub(super) fn mapped<'d>(node: &'d Node, mut replace: impl FnMut(&'d str, &'d Node) -> Node) -> Node {
    let Some(members) = node.as_object() else { return node.clone() };
    let mut draft = Draft::default();
    for (name, member) in members {
        draft.keep(name, member, replace(name, &member.node));
    }
    draft.into_node(node.span)
}
