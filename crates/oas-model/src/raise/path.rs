//! Paths, path items and webhooks.

use std::collections::HashMap;

use oas_document::{Diagnostic, Location};

use super::Builder;
use super::reading::{At, Fields};
use super::template;
use crate::vocabulary::ObjectKind;
use crate::{Method, Operation, Parameter, Server, Webhook};

/// What a path item describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Requests to the API; the path is a template.
    Path,
    /// Requests that the API sends; the path is a name or an expression.
    Outgoing,
}

/// What the operations of a path item have in common.
pub(super) struct PathItem {
    /// The path, the name of the webhook, or the expression of the callback.
    pub(super) path: String,
    /// Where the path item stands.
    pub(super) at: Location,
    /// What it describes.
    pub(super) role: Role,
    /// The parameters of every operation.
    pub(super) parameters: Vec<Parameter>,
    /// The servers of every operation that states none.
    pub(super) servers: Vec<Server>,
    /// The summary of every operation that has none.
    pub(super) summary: Option<String>,
    /// The description of every operation that has none.
    pub(super) description: Option<String>,
}

/// The members of a path item that hold operations, in the order of [`Method`].
const METHODS: [(&str, Method); 9] = [
    ("get", Method::Get),
    ("put", Method::Put),
    ("post", Method::Post),
    ("delete", Method::Delete),
    ("options", Method::Options),
    ("head", Method::Head),
    ("patch", Method::Patch),
    ("trace", Method::Trace),
    ("query", Method::Query),
];

impl<'d> Builder<'d> {
    /// The document's `paths`.
    pub(super) fn paths(&mut self, root: &Fields<'d>) -> Vec<Operation> {
        let mut operations = Vec::new();
        let mut shapes: HashMap<String, Location> = HashMap::new();
        for (path, at) in self.extensible_map(root, "paths", ObjectKind::Paths) {
            let path = self.checked_path(path, &at.location);
            if let Some(first) = shapes.get(&template::shape(&path)) {
                let message = format!("path `{path}` differs from an earlier one in the names of its parameters alone");
                let finding = Diagnostic::warning("identical-paths", message)
                    .hint("no request tells them apart: join the two, or give one a segment of its own");
                let finding = self.relate(finding, &first.clone(), "the earlier one");
                self.report(finding, &at.location);
            } else {
                shapes.insert(template::shape(&path), at.location.clone());
            }
            operations.extend(self.path_item(at, path, Role::Path));
        }
        operations
    }

    /// The path, with what it lacks; odd ones are reported.
    fn checked_path(&mut self, path: &str, at: &Location) -> String {
        if !template::is_balanced(path) {
            let finding = Diagnostic::warning("odd-path", format!("the braces of path `{path}` do not match"))
                .hint("a parameter is written `{name}`");
            self.report(finding, at);
        }
        if path.contains(['?', '#']) {
            let finding = Diagnostic::warning("odd-path", format!("path `{path}` has a query or fragment"))
                .hint("describe the query by parameters; paths that differ in it alone are one path to a server");
            self.report(finding, at);
        }
        if path.starts_with('/') {
            return path.to_owned();
        }
        let message = format!("path `{path}` does not start with `/`; it is taken as `/{path}`");
        self.report(Diagnostic::warning("odd-path", message).hint(format!("write `/{path}`")), at);
        format!("/{path}")
    }

    /// The document's `webhooks`.
    pub(super) fn webhooks(&mut self, root: &Fields<'d>) -> Vec<Webhook> {
        let mut webhooks = Vec::new();
        for (name, at) in self.map(root, "webhooks") {
            let location = at.location.clone();
            let operations = self.path_item(at, name.to_owned(), Role::Outgoing);
            webhooks.push(Webhook { at: location, name: name.to_owned(), operations });
        }
        webhooks
    }

    /// The operations of a Path Item Object, which may stand elsewhere in whole or in part.
    pub(super) fn path_item(&mut self, at: At<'d>, path: String, role: Role) -> Vec<Operation> {
        let location = at.location.clone();
        let layers = self.layers(at);
        let first = |name: &'static str| layers.iter().find(|layer| layer.get(name).is_some());
        let item = PathItem {
            path,
            at: location,
            role,
            parameters: first("parameters").map(|layer| self.parameters(layer)).unwrap_or_default(),
            servers: first("servers").map(|layer| self.servers(layer)).unwrap_or_default(),
            summary: first("summary").and_then(|layer| self.text(layer, "summary")),
            description: first("description").and_then(|layer| self.text(layer, "description")),
        };
        let mut operations = Vec::new();
        for (name, method) in METHODS {
            if let Some(spot) = first(name).and_then(|layer| layer.get(name)) {
                operations.extend(self.operation(spot.at(), method, &item));
            }
        }
        if let Some(layer) = first("additionalOperations") {
            for (name, at) in self.map(layer, "additionalOperations") {
                let method = self.other_method(name, &at.location);
                operations.extend(self.operation(at, method, &item));
            }
        }
        operations
    }

    /// A method under `additionalOperations` (OpenAPI 3.2).
    fn other_method(&mut self, name: &str, at: &Location) -> Method {
        let standard = METHODS.into_iter().find(|(_, method)| method.as_str() == name);
        let Some((member, method)) = standard else { return Method::Other(name.to_owned()) };
        let message = format!("`{name}` is no additional operation; it is taken as `{member}` of the path item");
        let finding = Diagnostic::warning("odd-method", message)
            .hint(format!("move it out of `additionalOperations`, and call it `{member}`"));
        self.report(finding, at);
        method
    }

    /// The path item and those that its `$ref`s name, the nearest first.
    fn layers(&mut self, at: At<'d>) -> Vec<Fields<'d>> {
        let mut layers: Vec<Fields<'d>> = Vec::new();
        let mut chain: Vec<Location> = Vec::new();
        let mut next = Some(at);
        while let Some(at) = next.take() {
            if self.is_endless(&chain, &at.location) {
                break;
            }
            chain.push(at.location.clone());
            let Some(fields) = self.fields(at, ObjectKind::PathItem) else { break };
            if let Some(spot) = fields.get("$ref") {
                let target = self.read_text(spot).and_then(|text| self.resolve(spot, &text, ObjectKind::PathItem));
                next = target.filter(|target| self.check_section(&target.location, ObjectKind::PathItem, spot));
            }
            layers.push(fields);
        }
        self.report_doubles(&layers);
        layers
    }

    /// Reports what stands both beside a `$ref` and where it leads, which the specification leaves undefined.
    fn report_doubles(&mut self, layers: &[Fields<'d>]) {
        for (index, layer) in layers.iter().enumerate() {
            for (name, spot) in layer.at.members().filter(|(name, _)| *name != "$ref") {
                let behind = layers.iter().skip(index + 1).find_map(|other| other.at.node.get(name).map(|_| other));
                if let Some(other) = behind {
                    let message =
                        format!("`{name}` stands both beside the `$ref` and where it leads; this one is taken");
                    let finding = Diagnostic::warning("ambiguous-path-item", message).hint("remove one of the two");
                    let finding = self.relate(finding, &other.at.location.child(name), "the other one");
                    self.report(finding, &spot.location());
                }
            }
        }
    }
}
