//! Names that documents give to their parts: `$self`, `$id`, `$anchor`, `$dynamicAnchor`.

use std::collections::BTreeMap;

use super::scan::{Context, scan};
use super::uri;
use crate::{Document, FileId, Location, Node, Pointer};

/// Every name, collected when the first one is looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// Schemas with an `$id` and files with a `$self`, by absolute URI as far as that is known.
    resources: BTreeMap<String, Location>,
    /// Schemas with an anchor, by the resource that they are in.
    anchors: BTreeMap<(Location, String), Location>,
    /// Schemas with a `$dynamicAnchor`, by the resource that they are in, in the order of the document.
    dynamic: BTreeMap<Location, Vec<(String, Location)>>,
}

impl Names {
    pub(crate) fn collect(document: &Document) -> Self {
        let mut names = Self::default();
        for (file, tree) in document.files() {
            if let Some(own) = self_uri(tree) {
                names.resources.entry(own.to_owned()).or_insert(Location { file, pointer: Pointer::root() });
            }
            if has_identifiers(document, file) {
                names.collect_file(document, file, tree);
            }
        }
        names
    }

    fn collect_file(&mut self, document: &Document, file: FileId, tree: &Node) {
        let root = Location { file, pointer: Pointer::root() };
        for named in scan(tree, &root, Context::Keywords).named {
            let location = Location { file, pointer: named.pointer };
            let member = |name: &str| named.node.get(name).and_then(Node::as_str);
            if let Some(id) = member("$id").filter(|id| !id.starts_with('#')) {
                let parent = location
                    .pointer
                    .parent()
                    .map_or_else(String::new, |pointer| document.base(&Location { file, pointer }).uri);
                let id = uri::join(&parent, uri::split(id).0);
                self.resources.entry(id).or_insert_with(|| location.clone());
            }
            let old = member("$id").and_then(|id| id.strip_prefix('#'));
            for anchor in [member("$anchor"), member("$dynamicAnchor"), old].into_iter().flatten() {
                let resource = document.base(&location).resource;
                self.anchors.entry((resource, anchor.to_owned())).or_insert_with(|| location.clone());
            }
            if let Some(anchor) = member("$dynamicAnchor") {
                let resource = document.base(&location).resource;
                self.dynamic.entry(resource).or_default().push((anchor.to_owned(), location.clone()));
            }
        }
    }

    /// The file or schema that calls itself `uri`.
    pub(crate) fn resource(&self, uri: &str) -> Option<&Location> {
        self.resources.get(uri)
    }

    /// The schema with an anchor in a resource.
    pub(crate) fn anchor(&self, resource: &Location, anchor: &str) -> Option<&Location> {
        self.anchors.get(&(resource.clone(), anchor.to_owned()))
    }

    /// The anchors of a resource, in the order of the alphabet.
    pub(crate) fn anchors_of<'n>(&'n self, resource: &'n Location) -> impl Iterator<Item = &'n str> {
        self.anchors.keys().filter(move |(owner, _)| owner == resource).map(|(_, anchor)| anchor.as_str())
    }
}

impl Document {
    /// The resource that a place is in: the innermost schema around it with an `$id`, or the file.
    pub fn resource_at(&self, location: &Location) -> Location {
        self.base(location).resource
    }

    /// The schemas of a resource with a `$dynamicAnchor`, by its name, in the order of the document.
    pub fn dynamic_anchors(&self, resource: &Location) -> impl Iterator<Item = (&str, &Location)> {
        let anchors = self.names().dynamic.get(resource);
        anchors.into_iter().flatten().map(|(name, location)| (name.as_str(), location))
    }
}

/// What relative references at some place count from.
pub(crate) struct Base {
    /// The file or the schema with an `$id`.
    pub(crate) resource: Location,
    /// Its URI; empty when nothing is known but the path of the file.
    pub(crate) uri: String,
}

impl Document {
    /// What relative references at `location` count from: the innermost schema around it with an `$id`, or the file.
    pub(crate) fn base(&self, location: &Location) -> Base {
        let resource = Location { file: location.file, pointer: Pointer::root() };
        let Some(tree) = self.tree(location.file) else { return Base { resource, uri: String::new() } };
        let mut base = Base { resource, uri: self_uri(tree).unwrap_or_default().to_owned() };
        if !has_identifiers(self, location.file) {
            return base;
        }
        let (mut node, mut context) = (tree, Context::Keywords);
        let (mut depth, mut resource_depth) = (0, 0);
        let mut tokens = location.pointer.tokens();
        loop {
            let id = node.get("$id").and_then(Node::as_str).filter(|id| !id.starts_with('#'));
            if let Some(id) = id.filter(|_| context == Context::Keywords) {
                base.uri = uri::join(&base.uri, uri::split(id).0);
                resource_depth = depth;
            }
            let Some((token, child)) = tokens.next().and_then(|token| node.child(&token).map(|child| (token, child)))
            else {
                break;
            };
            context = context.below(&token, child);
            node = child;
            depth += 1;
        }
        for token in location.pointer.tokens().take(resource_depth) {
            base.resource.pointer = base.resource.pointer.child(&token);
        }
        base
    }
}

/// Whether `$id` has a meaning in a file: OpenAPI 3.0 does not know it.
fn has_identifiers(document: &Document, file: FileId) -> bool {
    let version = |file| document.tree(file)?.get("openapi")?.as_str();
    version(file).or_else(|| version(FileId::DOCUMENT)).is_none_or(|version| !version.starts_with("3.0"))
}

/// The `$self` of an OpenAPI 3.2 document, without fragment.
fn self_uri(tree: &Node) -> Option<&str> {
    tree.get("openapi")?;
    tree.get("$self")?.as_str().map(|own| uri::split(own).0)
}
