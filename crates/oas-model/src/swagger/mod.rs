//! Swagger 2.0 as OpenAPI 3.0: the tree of a document is rewritten before a model is built from it.
//!
//! Every value keeps its place in the text, so that what is said about it points where it was written. Pointers are
//! those of the rewritten tree: `/components/schemas/Pet` for `/definitions/Pet`. Files that the document refers to are
//! left as they are; a schema of Swagger 2.0 is one of OpenAPI 3.0 but for small things, which the model forgives.

mod operation;
mod schema;
mod security;
mod tree;

use oas_document::{Diagnostic, Document, Node, Object, Place, Pointer};

use tree::{Draft, list, object, text};

/// The document as one of OpenAPI 3.0 when it is one of Swagger 2.0, and as it is otherwise.
pub fn from_swagger(document: Document) -> Document {
    let Some(version) = document.root().get("swagger").filter(|version| is_2_0(version)) else { return document };
    let mut raiser = Raiser { root: document.root(), diagnostics: Vec::new() };
    let root = raiser.document(version);
    let diagnostics = raiser.diagnostics;
    document.rewritten(root, diagnostics)
}

/// Whether a version is 2.0, which in YAML is often a number.
fn is_2_0(version: &Node) -> bool {
    version.as_str().map(str::trim) == Some("2.0") || version.as_number().is_some_and(|it| it.as_f64() == Some(2.0))
}

/// A rewriting in progress.
struct Raiser<'d> {
    /// The document as it was written.
    root: &'d Node,
    /// What could not be kept.
    diagnostics: Vec<Diagnostic>,
}

impl<'d> Raiser<'d> {
    /// The document.
    fn document(&mut self, version: &Node) -> Node {
        let root = self.root;
        let mut draft = Draft::default();
        let mut components = Draft::default();
        draft.put("openapi", text("3.0.4", version.span));
        for (name, member) in root.as_object().into_iter().flatten() {
            let node = &member.node;
            match name.as_str() {
                "swagger" | "host" | "basePath" | "schemes" | "consumes" | "produces" => {}
                "paths" => draft.keep(name, member, self.paths(node)),
                "definitions" => components.keep("schemas", member, tree::mapped(node, |_, one| schema::raise(one))),
                "parameters" => {
                    let plain = component_parameters(node);
                    components.keep("parameters", member, plain);
                }
                "responses" => {
                    let responses = tree::mapped(node, |_, one| self.response(one, root));
                    components.keep("responses", member, responses);
                }
                "securityDefinitions" => {
                    components.keep("securitySchemes", member, tree::mapped(node, |_, one| security::scheme(one)));
                }
                _ => draft.keep(name, member, node.clone()),
            }
        }
        if let Some(servers) = self.servers() {
            draft.put("servers", servers);
        }
        if !components.is_empty() {
            draft.put("components", components.into_node(root.span));
        }
        draft.into_node(root.span)
    }

    /// The servers that host, base path and schemes stand for.
    fn servers(&self) -> Option<Node> {
        let member = |name: &str| self.root.get(name);
        let path = member("basePath").and_then(Node::as_str).unwrap_or_default();
        let path = if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let path = path.trim_end_matches('/');
        let host = member("host");
        let span = host.or(member("basePath"))?.span;
        let Some(host) = host.and_then(Node::as_str).filter(|host| !host.is_empty()) else {
            let path = if path.is_empty() { "/" } else { path };
            return Some(list(vec![object([("url", text(path, span))], span)], span));
        };
        let schemes = member("schemes").and_then(Node::as_array).unwrap_or_default();
        let mut schemes: Vec<&str> = schemes.iter().filter_map(Node::as_str).collect();
        // A document that states none is reached as it was itself, which nobody should do in the open.
        if schemes.is_empty() {
            schemes.push("https");
        }
        // The first server is the one that a client takes.
        schemes.sort_by_key(|scheme| *scheme != "https");
        let urls = schemes.iter().map(|scheme| text(&format!("{scheme}://{host}{path}"), span));
        Some(list(urls.map(|url| object([("url", url)], span)).collect(), span))
    }

    /// The path items.
    fn paths(&mut self, paths: &'d Node) -> Node {
        tree::mapped(paths, |path, item| if path.starts_with("x-") { item.clone() } else { self.path_item(item) })
    }

    /// Says that something of the document has no place in OpenAPI 3.
    fn leave_out(&mut self, what: &str, node: &Node, hint: &str) {
        let place = Place { span: node.span, pointer: Pointer::root() };
        let message = format!("{what}, which OpenAPI 3 does not have, is left out");
        self.diagnostics.push(Diagnostic::warning("swagger-only", message).at(place).hint(hint));
    }
}

/// The parameters that are no part of a body; those that are stand in the operations that have them.
fn component_parameters(parameters: &Node) -> Node {
    let mut draft = Draft::default();
    for (name, member) in parameters.as_object().into_iter().flatten() {
        if let Some(parameter) = operation::plain_parameter(&member.node) {
            draft.keep(name, member, parameter);
        }
    }
    draft.into_node(parameters.span)
}

/// The members of an object; none for anything else.
fn members(node: &Node) -> impl Iterator<Item = (&String, &oas_document::Member)> {
    node.as_object().into_iter().flat_map(Object::iter)
}
