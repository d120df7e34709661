//! The parts of a document that must not be dropped in silence, as they stand in its tree.

use std::collections::BTreeMap;

use oas_document::{Document, Location, Node};
use oas_model::Api;
use oas_model::vocabulary::ObjectKind;

/// A part of a document.
pub(crate) struct Part {
    /// What it is.
    pub(crate) what: String,
    /// Where it stands: its own place, and the one that a reference leads to.
    pub(crate) pointers: Vec<String>,
    /// The codes of diagnostics that are counted when there are many, and may speak of it.
    pub(crate) codes: Vec<&'static str>,
}

/// Keywords of former drafts, which are understood and belong to no version of OpenAPI.
const FORMER: [&str; 5] = ["$recursiveAnchor", "$recursiveRef", "additionalItems", "definitions", "dependencies"];

const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Every part of the document.
pub(crate) fn parts(document: &Document, api: &Api) -> Vec<Part> {
    let mut walk = Walk { document, parts: Vec::new(), requirements: BTreeMap::new() };
    walk.security(&document.root_location(), false);
    let paths = document.root_location().child("paths");
    for (path, item) in members(document, &paths).filter(|(path, _)| !path.starts_with("x-")) {
        walk.path_item(&paths.child(path), item);
    }
    // Only what requests and responses reach is made for sure; the rest is when it is named.
    for (name, id) in &api.components {
        let schema = &api.schemas[*id];
        let target = walk.followed(&schema.at);
        // What is nothing but another name of a part without a name is written as that part is.
        let is_other_name = schema.reference.is_some_and(|target| api.schemas[target].component.is_none());
        if !is_other_name {
            walk.part(format!("component {name}"), &[&schema.at, &target], &["unreached-components"]);
        }
        if let Some(node) = document.get(&schema.at) {
            walk.keywords(&schema.at, node);
        }
    }
    // What several operations ask of a caller alike is one type, which stands where the first of them says it.
    for same in walk.requirements.into_values() {
        let pointers: Vec<String> = same.iter().flat_map(|one| one.pointers.clone()).collect();
        for part in same.iter().filter_map(|one| one.part) {
            walk.parts[part].pointers.clone_from(&pointers);
        }
    }
    walk.parts
}

struct Walk<'d> {
    document: &'d Document,
    parts: Vec<Part>,
    /// The security requirements by the schemes that they name.
    requirements: BTreeMap<Vec<String>, Vec<Requirement>>,
}

/// A security requirement.
struct Requirement {
    /// Where it stands.
    pointers: [String; 2],
    /// Its index among the parts; none when it belongs to the document as a whole.
    part: Option<usize>,
}

impl Walk<'_> {
    fn part(&mut self, what: String, places: &[&Location], codes: &[&'static str]) {
        let pointers = places.iter().map(|at| at.pointer.as_str().to_owned()).collect();
        self.parts.push(Part { what, pointers, codes: codes.to_vec() });
    }

    /// Where a value stands, and where the reference that it is leads.
    fn followed(&self, at: &Location) -> Location {
        let mut at = at.clone();
        for _ in 0..16 {
            let reference = self.document.get(&at).and_then(|node| node.get("$ref")).and_then(Node::as_str);
            let Some(Ok(next)) = reference.map(|text| self.document.resolve_at(&at, text)) else { break };
            at = next;
        }
        at
    }

    fn path_item(&mut self, at: &Location, item: &Node) {
        for method in METHODS.into_iter().filter(|method| item.get(method).is_some_and(|one| one.as_object().is_some()))
        {
            self.operation(&at.child(method));
        }
    }

    fn operation(&mut self, at: &Location) {
        self.part("operation".to_owned(), &[at], &["left-out"]);
        let document = self.document;
        let Some(operation) = document.get(at) else { return };
        let parameters = at.child("parameters");
        for index in 0..operation.get("parameters").and_then(Node::as_array).map_or(0, <[Node]>::len) {
            let own = parameters.item(index);
            let target = self.followed(&own);
            let codes = ["ignored-header", "duplicate-parameter", "unresolved-reference"];
            self.part("parameter".to_owned(), &[&own, &target], &codes);
        }
        if operation.get("requestBody").is_some() {
            let body = self.followed(&at.child("requestBody"));
            self.contents(&body, &at.child("requestBody"));
        }
        let responses = at.child("responses");
        for (status, _) in members(document, &responses).filter(|(status, _)| !status.starts_with("x-")) {
            let own = responses.child(status);
            let target = self.followed(&own);
            self.part(format!("response {status}"), &[&own, &target], &["odd-status", "unresolved-reference"]);
            self.contents(&target, &own);
            for (name, _) in members(document, &target.child("headers")) {
                let header = target.child("headers").child(name);
                let behind = self.followed(&header);
                self.part(format!("header {name}"), &[&header, &behind], &["ignored-header"]);
            }
        }
        self.security(at, true);
    }

    /// The security requirements of an operation, or of all that have none of their own.
    fn security(&mut self, at: &Location, is_part: bool) {
        let (document, list) = (self.document, at.child("security"));
        for index in 0..document.get(&list).and_then(Node::as_array).map_or(0, <[Node]>::len) {
            let requirement = list.item(index);
            let mut schemes: Vec<String> = members(document, &requirement).map(|(name, _)| name.to_owned()).collect();
            schemes.sort_unstable();
            if schemes.is_empty() {
                continue;
            }
            let pointers = [&requirement, &list].map(|at| at.pointer.as_str().to_owned());
            let part = is_part.then_some(self.parts.len());
            if is_part {
                self.part("security requirement".to_owned(), &[&requirement, &list], &[]);
            }
            self.requirements.entry(schemes).or_default().push(Requirement { pointers, part });
        }
    }

    /// The media types of a body or response: one by itself is what that is made of.
    fn contents(&mut self, at: &Location, owner: &Location) {
        let content = at.child("content");
        let document = self.document;
        let count = members(document, &content).count();
        for (name, media_type) in members(document, &content) {
            let own = content.child(name);
            let schema = own.child("schema");
            let target = self.followed(&schema);
            let operation = owner.pointer.parent();
            let alone = if count == 1 { vec![owner.clone(), at.clone()] } else { Vec::new() };
            let mut places: Vec<&Location> = vec![&own, &schema, &target];
            places.extend(&alone);
            let mut pointers: Vec<String> = places.iter().map(|at| at.pointer.as_str().to_owned()).collect();
            // A body of one media type is an argument of its operation.
            pointers.extend(operation.filter(|_| count == 1).map(|pointer| pointer.as_str().to_owned()));
            // A body of a type that Rust has anyway is nothing by itself.
            let is_plain = media_type.get("schema").is_none_or(|schema| schema.get("properties").is_none());
            if count == 1 || !is_plain {
                self.parts.push(Part { what: format!("media type {name}"), pointers, codes: Vec::new() });
            }
        }
    }

    /// The keywords of a schema: known ones are in the model, others in a diagnostic.
    fn keywords(&mut self, at: &Location, node: &Node) {
        for (name, _) in node.as_object().into_iter().flatten() {
            let is_known = ObjectKind::Schema.member(name).is_some() || FORMER.contains(&name.as_str());
            if !is_known && !name.starts_with("x-") {
                self.part(format!("keyword {name}"), &[&at.child(name)], &["unknown-keyword"]);
            }
        }
    }
}

/// The members of the object at a place.
fn members<'d>(document: &'d Document, at: &Location) -> impl Iterator<Item = (&'d str, &'d Node)> {
    let object = document.get(at).and_then(Node::as_object);
    object.into_iter().flatten().map(|(name, member)| (name.as_str(), &member.node))
}
