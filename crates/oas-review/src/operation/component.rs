//! Components that nothing uses: what is used is told about where it is used.

use std::collections::HashSet;

use oas_document::Node;

use crate::comparison::{ChangeBuilder, Comparison};
use crate::rule::is;
use crate::side::Side;

/// Components that are compared wherever they are used or not.
const COMPARED: [&str; 2] = ["schemas", "securitySchemes"];

/// A component that stands in one of the documents, or in both with other words.
struct Candidate<'a> {
    kind: &'a str,
    name: &'a str,
    base: Option<&'a Node>,
    revision: Option<&'a Node>,
}

impl Comparison<'_> {
    /// Tells about unused components that came, went or changed.
    pub(crate) fn compare_unused_components(&mut self) {
        let candidates = candidates(self.base, self.revision);
        if candidates.is_empty() {
            return;
        }
        let (there, here) = (Used::of(self.base), Used::of(self.revision));
        for Candidate { kind, name, base, revision } in candidates {
            let is_used =
                base.is_some() && there.contains(kind, name) || revision.is_some() && here.contains(kind, name);
            if is_used {
                continue;
            }
            let rule = match (base, revision) {
                (None, _) => is::COMPONENT_ADDED,
                (_, None) => is::COMPONENT_REMOVED,
                _ => is::COMPONENT_CHANGED,
            };
            let place = |side: Side<'_>| side.document.root_location().child("components").child(kind).child(name);
            let (old, new) = (base.map(|_| place(self.base)), revision.map(|_| place(self.revision)));
            self.add(
                ChangeBuilder::new(rule, "the document")
                    .at(old.as_ref(), new.as_ref())
                    .name(format!("`{kind}/{name}`")),
            );
        }
    }
}

fn candidates<'a>(base: Side<'a>, revision: Side<'a>) -> Vec<Candidate<'a>> {
    let components = |side: Side<'a>| side.document.root().get("components").and_then(Node::as_object);
    let (old, new) = (components(base), components(revision));
    let kinds = old.into_iter().chain(new).flat_map(|all| all.keys()).filter(|kind| !kind.starts_with("x-"));
    let mut seen = HashSet::new();
    let mut candidates = Vec::new();
    for kind in kinds.filter(|kind| seen.insert(kind.as_str())) {
        let of = |all: Option<&'a oas_document::Object>| all?.get(kind.as_str())?.node.as_object();
        let (old, new) = (of(old), of(new));
        for (name, member) in old.into_iter().flatten() {
            let revision = new.and_then(|all| all.get(name)).map(|member| &member.node);
            let is_same = |other: &Node| COMPARED.contains(&kind.as_str()) || says_the_same(&member.node, other);
            if !revision.is_some_and(is_same) {
                candidates.push(Candidate { kind, name, base: Some(&member.node), revision });
            }
        }
        for (name, member) in new.into_iter().flatten() {
            if old.is_none_or(|all| !all.contains_key(name)) {
                candidates.push(Candidate { kind, name, base: None, revision: Some(&member.node) });
            }
        }
    }
    candidates
}

/// Whether two values are the same, wherever they stand.
fn says_the_same(one: &Node, other: &Node) -> bool {
    if let (Some(one), Some(other)) = (one.as_object(), other.as_object()) {
        let has = |(name, member): (&String, &oas_document::Member)| {
            other.get(name).is_some_and(|counterpart| says_the_same(&member.node, &counterpart.node))
        };
        return one.len() == other.len() && one.iter().all(has);
    }
    if let (Some(one), Some(other)) = (one.as_array(), other.as_array()) {
        return one.len() == other.len() && one.iter().zip(other).all(|(one, other)| says_the_same(one, other));
    }
    one.value == other.value
}

/// The components that paths, webhooks and the like use, directly or by way of others.
struct Used<'a> {
    components: HashSet<(String, String)>,
    side: Side<'a>,
    schemas: oas_model::ReachableSchemas,
}

impl<'a> Used<'a> {
    fn of(side: Side<'a>) -> Self {
        let mut used = Self { components: HashSet::new(), side, schemas: side.api.reachable() };
        let outside = side.document.root().as_object().into_iter().flatten();
        let mut open: Vec<(&str, &Node)> = outside
            .filter(|(name, _)| *name != "components")
            .map(|(name, member)| (name.as_str(), &member.node))
            .collect();
        while let Some((keyword, node)) = open.pop() {
            if let Some(object) = node.as_object() {
                open.extend(object.iter().map(|(name, member)| (name.as_str(), &member.node)));
            }
            if let (Some(requirements), "security") = (node.as_array(), keyword) {
                let names = requirements.iter().filter_map(Node::as_object).flat_map(|one| one.keys());
                names.for_each(|name| open.extend(used.take("securitySchemes", name)));
            }
            open.extend(node.as_array().into_iter().flatten().map(|item| (keyword, item)));
            // References, and what the mapping of a discriminator has for one.
            let pointer = node.as_str().and_then(|text| text.split_once("#/components/"));
            if let Some((kind, name)) = pointer.and_then(|(_, rest)| rest.split_once('/')) {
                let name = name.split('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
                open.extend(used.take(kind, &name));
            }
        }
        used
    }

    /// Notes that a component is used, and gives what it uses itself if that is news.
    fn take(&mut self, kind: &str, name: &str) -> Option<(&'a str, &'a Node)> {
        let is_new = self.components.insert((kind.to_owned(), name.to_owned()));
        let node = self.side.document.root().get("components")?.get(kind)?.get(name)?;
        is_new.then_some(("", node))
    }

    fn contains(&self, kind: &str, name: &str) -> bool {
        let schema = self.side.api.components.get(name).filter(|_| kind == "schemas");
        self.components.contains(&(kind.to_owned(), name.to_owned()))
            || schema.is_some_and(|id| self.schemas.contains(*id))
    }
}
