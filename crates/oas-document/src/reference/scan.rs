//! Finds what refers to what, without mistaking data for references.

use crate::{Location, Node, Pointer, Value};

/// What the members of an object are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Context {
    /// Keywords: an OpenAPI object, or a schema.
    Keywords,
    /// Names that somebody chose, such as those of properties or of components.
    Names,
}

impl Context {
    /// What the members of `child` are, which is the member or item `token` of something in this context.
    pub(crate) fn below(self, token: &str, child: &Node) -> Self {
        let names = self == Self::Keywords && MAPS.contains(&token) && child.as_object().is_some();
        if names { Self::Names } else { Self::Keywords }
    }
}

/// A string that refers to something.
#[derive(Debug)]
pub(crate) struct Found<'d> {
    /// The reference as it was written.
    pub(crate) text: &'d str,
    /// The string.
    pub(crate) node: &'d Node,
    /// Where the string is.
    pub(crate) pointer: Pointer,
    /// What is expected at the other end.
    pub(crate) context: Context,
    /// Whether its file must exist; values of a discriminator's `mapping` may also be names of schemas.
    pub(crate) required: bool,
}

/// An object of a schema that has a name for references.
pub(crate) struct Named<'d> {
    pub(crate) pointer: Pointer,
    pub(crate) node: &'d Node,
}

/// What [`scan`] hands out.
pub(crate) struct Scan<'d> {
    /// References, in the order of the text.
    pub(crate) references: Vec<Found<'d>>,
    /// Objects with `$id`, `$anchor` or `$dynamicAnchor`, outermost first.
    pub(crate) named: Vec<Named<'d>>,
}

/// Keywords whose value maps names to things.
const MAPS: &[&str] = &[
    "$defs",
    "additionalOperations",
    "callbacks",
    "content",
    "definitions",
    "dependencies",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "mediaTypes",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
    "variables",
    "webhooks",
];

/// Keywords whose value is data of the described API, in which `$ref` has no meaning.
const DATA: &[&str] = &["const", "dataValue", "default", "enum", "example", "serializedValue", "value"];

/// Whether references inside of the member `name` of an object with keywords are not followed.
pub(crate) fn is_opaque(name: &str) -> bool {
    DATA.contains(&name) || name.starts_with("x-")
}

/// Looks through `node`, which is at `location`. The loader has bounded the nesting.
pub(crate) fn scan<'d>(node: &'d Node, location: &Location, context: Context) -> Scan<'d> {
    let mut walk =
        Walk { start: &location.pointer, path: Vec::new(), scan: Scan { references: Vec::new(), named: Vec::new() } };
    walk.visit(node, context);
    walk.scan
}

enum Step<'d> {
    Name(&'d str),
    Item(usize),
}

struct Walk<'d, 'p> {
    start: &'p Pointer,
    path: Vec<Step<'d>>,
    scan: Scan<'d>,
}

impl<'d> Walk<'d, '_> {
    fn visit(&mut self, node: &'d Node, context: Context) {
        match &node.value {
            Value::Object(members) => {
                let is_name = |name: &String| matches!(name.as_str(), "$id" | "$anchor" | "$dynamicAnchor");
                if context == Context::Keywords && members.keys().any(is_name) {
                    let pointer = self.pointer();
                    self.scan.named.push(Named { pointer, node });
                }
                for (name, member) in members.iter() {
                    self.path.push(Step::Name(name));
                    self.member(name, &member.node, context);
                    self.path.pop();
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.path.push(Step::Item(index));
                    self.visit(item, Context::Keywords);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, name: &'d str, node: &'d Node, context: Context) {
        match &node.value {
            Value::String(text) => self.string(name, text, node, context),
            Value::Object(_) | Value::Array(_) => self.container(name, node, context),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn string(&mut self, name: &str, text: &'d str, node: &'d Node, context: Context) {
        match (name, context) {
            ("$ref", _) | ("$dynamicRef", Context::Keywords) => self.found(text, node, context, true),
            // A link may lead to an operation of another API, which need not be at hand.
            ("operationRef", Context::Keywords) => self.found(text, node, context, false),
            _ => {}
        }
    }

    fn container(&mut self, name: &str, node: &'d Node, context: Context) {
        let is_list = node.as_array().is_some();
        if context == Context::Names {
            self.visit(node, Context::Keywords);
        } else if name == "discriminator" && !is_list {
            self.discriminator(node);
        } else if is_opaque(name) || (name == "examples" && is_list) {
            // Data of the described API; in a schema, `examples` is a list of values.
        } else if MAPS.contains(&name) {
            self.visit(node, Context::Names);
        } else {
            self.visit(node, Context::Keywords);
        }
    }

    fn discriminator(&mut self, node: &'d Node) {
        self.path.push(Step::Name("mapping"));
        let mapping = node.get("mapping").and_then(Node::as_object);
        for (name, member) in mapping.into_iter().flatten() {
            if let Some(text) = member.node.as_str().filter(|text| text.contains(['/', '#', '.'])) {
                self.path.push(Step::Name(name));
                self.found(text, &member.node, Context::Keywords, false);
                self.path.pop();
            }
        }
        self.path.pop();
    }

    fn found(&mut self, text: &'d str, node: &'d Node, context: Context, required: bool) {
        let pointer = self.pointer();
        self.scan.references.push(Found { text, node, pointer, context, required });
    }

    fn pointer(&self) -> Pointer {
        self.path.iter().fold(self.start.clone(), |pointer, step| match step {
            Step::Name(name) => pointer.child(name),
            Step::Item(index) => pointer.item(*index),
        })
    }
}
