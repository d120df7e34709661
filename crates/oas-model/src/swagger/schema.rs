//! Schemas, and the keywords of one that Swagger 2.0 puts into parameters and headers.

use oas_document::{Node, Value};

use super::members;
use super::tree::{Draft, list, mapped, object, text};

/// The sections that references of Swagger 2.0 lead to, and where they are now.
const SECTIONS: [(&str, &str); 3] = [
    ("#/definitions/", "#/components/schemas/"),
    ("#/parameters/", "#/components/parameters/"),
    ("#/responses/", "#/components/responses/"),
];

/// The keywords of a parameter or header that belong to its schema.
const KEYWORDS: [&str; 18] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
    "example",
];

/// A reference as it is written now.
pub(super) fn reference(written: &str) -> String {
    let section = SECTIONS.iter().find_map(|(old, new)| written.strip_prefix(old).map(|rest| format!("{new}{rest}")));
    section.unwrap_or_else(|| written.to_owned())
}

/// A schema.
pub(super) fn raise(schema: &Node) -> Node {
    if schema.as_object().is_none() {
        return schema.clone();
    }
    let mut draft = Draft::default();
    let is_file = schema.get("type").and_then(Node::as_str) == Some("file");
    for (name, member) in members(schema) {
        let node = &member.node;
        match (name.as_str(), &node.value) {
            ("$ref", Value::String(written)) => draft.keep(name, member, text(&reference(written), node.span)),
            ("type", _) if is_file => {
                draft.keep(name, member, text("string", node.span));
                draft.put("format", text("binary", node.span));
            }
            ("format", _) if is_file => {}
            ("discriminator", Value::String(property)) => {
                draft.keep(name, member, object([("propertyName", text(property, node.span))], node.span));
            }
            ("x-nullable", _) => draft.keep("nullable", member, node.clone()),
            // How the items of a list are put into one text is said where the list is.
            ("collectionFormat", _) => {}
            ("properties" | "patternProperties" | "definitions", _) => {
                draft.keep(name, member, mapped(node, |_, one| raise(one)));
            }
            ("items" | "additionalProperties" | "not", Value::Object(_)) => draft.keep(name, member, raise(node)),
            ("allOf" | "anyOf" | "oneOf" | "items", Value::Array(items)) => {
                draft.keep(name, member, list(items.iter().map(raise).collect(), node.span));
            }
            _ => draft.keep(name, member, node.clone()),
        }
    }
    draft.into_node(schema.span)
}

/// Whether a member of a parameter or header belongs to its schema.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// The schema that the keywords of a parameter or header make.
pub(super) fn of_keywords(parameter: &Node) -> Node {
    let mut draft = Draft::default();
    for (name, member) in members(parameter).filter(|(name, _)| is_keyword(name)) {
        draft.keep(name, member, member.node.clone());
    }
    raise(&draft.into_node(parameter.span))
}
