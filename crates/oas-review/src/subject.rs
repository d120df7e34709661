//! What a place of the document is called in a sentence.

use std::fmt::Write as _;

use oas_document::Location;

use crate::one_file;
use crate::side::Side;

/// The kinds of position a schema can stand at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// The whole body of a message.
    Body,
    /// A member of an object.
    Property,
    /// An item of an array.
    Item,
    /// A member whose name the document does not know.
    MapValue,
    /// A parameter.
    Parameter,
    /// A header.
    Header,
    /// A named schema.
    Schema,
    /// Part of a schema that is no part of a value: `not`, `if` and the like.
    Part,
}

impl Position {
    /// The word for it in the id of a rule.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Property => "property",
            Self::Item => "item",
            Self::MapValue => "map-value",
            Self::Parameter => "parameter",
            Self::Header => "header",
            Self::Schema => "schema",
            Self::Part => "part",
        }
    }
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// In words: `` `parts[].eTag` in the body of `POST /clips` ``.
    pub text: String,
    /// Where it stands.
    pub position: Position,
}

impl Subject {
    /// A subject that is no schema.
    pub(crate) fn named(text: impl Into<String>) -> Self {
        Self { text: text.into(), position: Position::Part }
    }
}

impl Subject {
    /// The member `name` of this object.
    pub(crate) fn member(self, name: &str) -> Self {
        let inside = self.text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
        let text = match inside.filter(|path| !path.contains('`')) {
            Some(path) if !path.contains(' ') => format!("`{path}.{name}`"),
            _ => format!("`{name}` in {}", self.text),
        };
        Self { text, position: Position::Property }
    }
}

/// What to call a schema that stands at `location`.
pub(crate) fn schema_subject(side: Side<'_>, location: &Location) -> Subject {
    let tokens = one_file::tokens(side, location);
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let (root, position, rest) = root(side, location, &tokens);
    let (path, inner) = path(rest);
    let position = inner.unwrap_or(position);
    let text = match (path.is_empty(), position_is_named(&root)) {
        (true, _) => root,
        (false, Some(name)) => format!("`{name}{}{path}`", if path.starts_with(['[', '{']) { "" } else { "." }),
        (false, None) => format!("`{path}` in {root}"),
    };
    Subject { text, position }
}

/// The name of a component, out of its backquotes.
fn position_is_named(root: &str) -> Option<&str> {
    root.strip_prefix('`')?.strip_suffix('`').filter(|name| !name.contains(' '))
}

/// The outermost schema around a place, and what is left of the way to the place.
fn root<'t>(side: Side<'_>, location: &Location, tokens: &'t [&'t str]) -> (String, Position, &'t [&'t str]) {
    if let ["components", "schemas" | "headers" | "parameters" | "responses" | "requestBodies", name, ..] = tokens {
        let position = match tokens.get(1).copied() {
            Some("headers") => Position::Header,
            Some("parameters") => Position::Parameter,
            Some("schemas") => Position::Schema,
            _ => Position::Body,
        };
        return (format!("`{name}`"), position, after_schema(tokens, 3, tokens.get(1) == Some(&"schemas")));
    }
    let operation = match tokens {
        ["paths", path, method, ..] => format!("`{} {path}`", method.to_uppercase()),
        ["webhooks", name, ..] => format!("the webhook `{name}`"),
        _ => return (format!("`{}`", location.pointer), Position::Part, &[]),
    };
    let at = |word: &str| tokens.iter().rposition(|token| *token == word);
    // The last of these words before the first `schema` tells what kind of place it is.
    let schema = tokens.iter().position(|token| *token == "schema" || *token == "itemSchema").unwrap_or(tokens.len());
    let before = tokens.get(..schema).unwrap_or_default();
    let rest = tokens.get(schema + 1..).unwrap_or_default();
    let word = |index: usize| tokens.get(index).copied().unwrap_or_default();
    if let Some(index) = before.iter().rposition(|token| *token == "headers") {
        return (format!("the header `{}` of {operation}", word(index + 1)), Position::Header, rest);
    }
    if before.contains(&"parameters") {
        let name = parameter_name(side, location);
        return (format!("the parameter `{name}` of {operation}"), Position::Parameter, rest);
    }
    if let Some(index) = before.iter().rposition(|token| *token == "responses") {
        return (format!("the {} response of {operation}", word(index + 1)), Position::Body, rest);
    }
    if at("requestBody").is_some() {
        return (format!("the body of {operation}"), Position::Body, rest);
    }
    (operation, Position::Part, &[])
}

/// The name of the parameter around a place.
fn parameter_name(side: Side<'_>, location: &Location) -> String {
    let mut place = location.clone();
    loop {
        let node = side.document.get(&place).filter(|node| node.get("in").is_some());
        if let Some(name) = node.and_then(|node| node.get("name")?.as_str()) {
            return name.to_owned();
        }
        let Some(parent) = place.pointer.parent() else { return "?".to_owned() };
        place.pointer = parent;
    }
}

/// What follows the schema keyword of a component, or the component itself when it is a schema.
fn after_schema<'t>(tokens: &'t [&'t str], from: usize, is_schema: bool) -> &'t [&'t str] {
    let rest = tokens.get(from..).unwrap_or_default();
    if is_schema {
        return rest;
    }
    let schema = rest.iter().position(|token| *token == "schema");
    schema.and_then(|index| rest.get(index + 1..)).unwrap_or_default()
}

/// The way from a schema to a part of the value, and the kind of place at its end.
fn path(tokens: &[&str]) -> (String, Option<Position>) {
    let mut text = String::new();
    let mut position = None;
    let mut rest = tokens;
    loop {
        rest = match rest {
            ["properties", name, rest @ ..] => {
                let dot = if text.is_empty() { "" } else { "." };
                let _ = write!(text, "{dot}{name}");
                position = Some(Position::Property);
                rest
            }
            ["items" | "contains" | "unevaluatedItems", rest @ ..] => {
                text.push_str("[]");
                position = Some(Position::Item);
                rest
            }
            ["prefixItems", index, rest @ ..] => {
                let _ = write!(text, "[{index}]");
                position = Some(Position::Item);
                rest
            }
            ["additionalProperties" | "unevaluatedProperties", rest @ ..] => {
                text.push_str("{}");
                position = Some(Position::MapValue);
                rest
            }
            ["patternProperties", pattern, rest @ ..] => {
                let _ = write!(text, "{{{pattern}}}");
                position = Some(Position::MapValue);
                rest
            }
            ["allOf" | "anyOf" | "oneOf" | "dependentSchemas" | "$defs" | "definitions", _, rest @ ..]
            | ["then" | "else", rest @ ..] => rest,
            ["not" | "if" | "propertyNames", ..] => return (text, Some(Position::Part)),
            _ => return (text, position),
        }
    }
}
