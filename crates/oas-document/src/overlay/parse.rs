//! From the text of an overlay to its actions.

use super::target::Target;
use crate::reference::nearest::nearest;
use crate::{Diagnostic, Member, Node, Object, Place, Pointer, Value};

/// The version of the specification an overlay is written for; patch versions make no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V1_0,
    V1_1,
}

/// An overlay document.
#[derive(Debug)]
pub(super) struct Overlay {
    pub(super) version: Version,
    /// The document it was made for: a string.
    pub(super) extends: Option<Node>,
    pub(super) actions: Vec<Action>,
}

/// One change of an overlay.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) target: Target,
    pub(super) modifier: Modifier,
    /// Where the value that the modifier brings in stands.
    pub(super) place: Place,
}

/// What happens to the values that an action selects.
#[derive(Debug)]
pub(super) enum Modifier {
    /// They are merged with this value, or get it as an item, or are replaced with it.
    Update(Node),
    /// The same, with a value of the document.
    Copy(Target),
    /// They are removed.
    Remove,
}

/// Reads the tree of an overlay. No overlay without an error among the diagnostics.
pub(super) fn parse(tree: &Node) -> (Option<Overlay>, Vec<Diagnostic>) {
    let mut parser = Parser { diagnostics: Vec::new() };
    let overlay = parser.overlay(tree);
    (overlay, parser.diagnostics)
}

struct Parser {
    diagnostics: Vec<Diagnostic>,
}

impl Parser {
    fn overlay(&mut self, tree: &Node) -> Option<Overlay> {
        let root = Pointer::root();
        let Some(members) = tree.as_object() else {
            self.error(
                tree,
                &root,
                format!("an overlay is an object, this is of type {}", tree.kind()),
                "begin with `overlay: 1.1.0`",
            );
            return None;
        };
        if members.contains_key("openapi") && !members.contains_key("overlay") {
            let hint = "an overlay starts with `overlay: 1.0.0`; is this the document itself?";
            self.error(tree, &root, "this is an OpenAPI document, not an overlay".to_owned(), hint);
            return None;
        }
        let version = self.version(tree, &root)?;
        self.check_members(members, &root, &["overlay", "info", "extends", "actions"]);
        self.info(tree, version);
        let extends = members.get("extends").map(|member| &member.node);
        if let Some(extends) = extends {
            self.string(extends, &root.child("extends"));
        }
        let actions = self.required(tree, &root, "actions")?;
        let pointer = root.child("actions");
        let Some(items) = actions.as_array().filter(|items| !items.is_empty()) else {
            let message = "`actions` is a list of at least one action".to_owned();
            self.error(actions, &pointer, message, "write `actions:` and a list of objects with `target`");
            return None;
        };
        let actions = items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| self.action(item, &pointer.item(index), version))
            .collect();
        Some(Overlay { version, extends: extends.cloned(), actions })
    }

    fn version(&mut self, tree: &Node, root: &Pointer) -> Option<Version> {
        let node = self.required(tree, root, "overlay")?;
        let pointer = root.child("overlay");
        let text = match &node.value {
            Value::String(text) => text.clone(),
            // `overlay: 1.0` without quotes is a number in YAML.
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let mut parts = text.split('.');
        let version = match (parts.next(), parts.next()) {
            (Some("1"), Some("0")) => Some(Version::V1_0),
            (Some("1"), Some("1")) => Some(Version::V1_1),
            _ => None,
        };
        if version.is_none() {
            let message = format!("version {text:?} of the Overlay Specification is not known");
            self.error(node, &pointer, message, "known are 1.0.0 and 1.1.0");
        }
        version
    }

    fn info(&mut self, tree: &Node, version: Version) {
        let root = Pointer::root();
        let Some(info) = self.required(tree, &root, "info") else { return };
        let pointer = root.child("info");
        let Some(members) = info.as_object() else {
            self.error(
                info,
                &pointer,
                "`info` is an object with `title` and `version`".to_owned(),
                "say what the overlay is for: `info: {title: ..., version: ...}`",
            );
            return;
        };
        let known: &[&str] =
            if version == Version::V1_0 { &["title", "version"] } else { &["title", "version", "description"] };
        self.check_members(members, &pointer, known);
        for name in ["title", "version"] {
            // A version such as 1.0 is a number in YAML, which does no harm here.
            if let Some(node) = self.required(info, &pointer, name)
                && !matches!(node.value, Value::Number(_))
            {
                self.string(node, &pointer.child(name));
            }
        }
    }

    fn action(&mut self, node: &Node, pointer: &Pointer, version: Version) -> Option<Action> {
        let Some(members) = node.as_object() else {
            self.error(
                node,
                pointer,
                format!("an action is an object, this is of type {}", node.kind()),
                "write `- target: ...` and what is to be done with it",
            );
            return None;
        };
        let known: &[&str] = match version {
            Version::V1_0 => &["target", "description", "update", "remove"],
            Version::V1_1 => &["target", "description", "update", "remove", "copy"],
        };
        self.check_members(members, pointer, known);
        if let Some(description) = node.get("description") {
            self.string(description, &pointer.child("description"));
        }
        let target = self.required(node, pointer, "target");
        let target = target.and_then(|target| self.path(target, &pointer.child("target")));
        let (modifier, place) = self.modifier(node, members, pointer)?;
        Some(Action { target: target?, modifier, place })
    }

    fn modifier(&mut self, node: &Node, members: &Object, pointer: &Pointer) -> Option<(Modifier, Place)> {
        let place = |name: &str, member: &Member| Place { span: member.node.span, pointer: pointer.child(name) };
        let remove = match members.get("remove") {
            Some(member) => {
                let Some(remove) = member.node.as_bool() else {
                    self.error(
                        &member.node,
                        &pointer.child("remove"),
                        "`remove` is `true` or `false`".to_owned(),
                        "write it without quotes",
                    );
                    return None;
                };
                remove.then(|| (Modifier::Remove, place("remove", member)))
            }
            None => None,
        };
        let update =
            members.get("update").map(|member| (Modifier::Update(member.node.clone()), place("update", member)));
        let copy = match members.get("copy") {
            Some(member) => {
                let path = self.path(&member.node, &pointer.child("copy"))?;
                Some((Modifier::Copy(path), place("copy", member)))
            }
            None => None,
        };
        let given: Vec<&str> = [("remove", &remove), ("update", &update), ("copy", &copy)]
            .into_iter()
            .filter(|(_, modifier)| modifier.is_some())
            .map(|(name, _)| name)
            .collect();
        if given.len() > 1 {
            let message = format!("an action does one thing, this one has `{}`", given.join("` and `"));
            self.error(node, pointer, message, "make an action of each");
            return None;
        }
        let modifier = remove.or(update).or(copy);
        if modifier.is_none() {
            let message = "an action that does nothing".to_owned();
            self.error(node, pointer, message, "give it `update`, `remove: true`, or since 1.1 `copy`");
        }
        modifier
    }

    /// Reads a JSONPath.
    fn path(&mut self, node: &Node, pointer: &Pointer) -> Option<Target> {
        let text = self.string(node, pointer)?;
        let place = Place { span: node.span, pointer: pointer.clone() };
        match Target::parse(text, place.clone()) {
            Ok(target) => Some(target),
            Err(message) => {
                let hint =
                    "names of more than letters, digits and `_` are written like `$.paths['/clips']` and `@['x-note']`";
                let message = format!("`{text}` is not a JSONPath: {message}");
                self.diagnostics.push(Diagnostic::error("overlay-path", message).at(place).hint(hint));
                None
            }
        }
    }

    fn string<'n>(&mut self, node: &'n Node, pointer: &Pointer) -> Option<&'n str> {
        let text = node.as_str();
        if text.is_none() {
            let name = pointer.last().unwrap_or_default();
            self.error(
                node,
                pointer,
                format!("`{name}` is a string, this is of type {}", node.kind()),
                "put it into quotes",
            );
        }
        text
    }

    fn required<'n>(&mut self, node: &'n Node, pointer: &Pointer, name: &str) -> Option<&'n Node> {
        let found = node.get(name);
        if found.is_none() {
            self.error(node, pointer, format!("member `{name}` is missing"), "add it: an overlay cannot do without");
        }
        found
    }

    fn check_members(&mut self, members: &Object, pointer: &Pointer, known: &[&str]) {
        for (name, member) in members {
            if name.starts_with("x-") || known.contains(&name.as_str()) {
                continue;
            }
            let hint = match (name.as_str(), nearest(name, known.iter().copied())) {
                ("copy" | "description", _) => "it exists since version 1.1: write `overlay: 1.1.0`".to_owned(),
                (_, Some(near)) => format!("did you mean `{near}`?"),
                (_, None) => format!("known are `{}`, and names that start with `x-`", known.join("`, `")),
            };
            self.diagnostics.push(
                Diagnostic::error("invalid-overlay", format!("member `{name}` is not known here"))
                    .at(Place { span: member.key, pointer: pointer.child(name) })
                    .hint(hint),
            );
        }
    }

    fn error(&mut self, node: &Node, pointer: &Pointer, message: String, hint: &str) {
        let place = Place { span: node.span, pointer: pointer.clone() };
        self.diagnostics.push(Diagnostic::error("invalid-overlay", message).at(place).hint(hint));
    }
}
