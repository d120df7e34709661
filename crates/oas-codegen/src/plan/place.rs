//! Names of schemas that stand elsewhere than where they are used, by the way to them.

use oas_document::{Location, Pointer};
use oas_model::SchemaId;

use super::key::KeyPath;
use super::planner::Planner;

/// The name that a place gives to a schema: in words, and as a key.
pub(super) struct PlaceName {
    pub(super) words: String,
    pub(super) path: KeyPath,
    /// Whether what gave the name has the one it had before.
    pub(super) is_kept: bool,
}

impl Planner<'_> {
    /// The name for the schema at `at`, when it is the part of a component, a definition or an operation: `TreeNode` for
    /// `#/components/schemas/Tree/$defs/Node`.
    pub(super) fn name_of_place(&self, at: &Location) -> Option<PlaceName> {
        let tokens: Vec<String> = at.pointer.tokens().map(std::borrow::Cow::into_owned).collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let way = |length: usize| {
            let start = Location { file: at.file, pointer: Pointer::default() };
            let place = tokens.iter().take(length).fold(start, |place, token| place.child(token));
            (place, tokens.get(length..).unwrap_or_default())
        };
        match tokens.as_slice() {
            ["paths", _path, _method, ..] => {
                let (place, rest) = way(3);
                self.name_in_operation(&place, rest)
            }
            ["paths" | "webhooks", ..] | [] => None,
            ["components", section, name, ..] => {
                let suffix = section_suffix(section);
                let has_suffix = name.to_lowercase().ends_with(&suffix.to_lowercase());
                let words = if has_suffix { (*name).to_owned() } else { format!("{name} {suffix}") };
                let (place, rest) = way(3);
                Some(self.name_inside(place, words, KeyPath::root(section, name), rest))
            }
            ["$defs" | "definitions", name, ..] => {
                let (place, rest) = way(2);
                Some(self.name_inside(place, (*name).to_owned(), KeyPath::root("definitions", name), rest))
            }
            [name, ..] => {
                let (place, rest) = way(1);
                Some(self.name_inside(place, (*name).to_owned(), KeyPath::root("files", name), rest))
            }
        }
    }

    /// The name of what stands in a body of an operation that another refers to.
    fn name_in_operation(&self, operation: &Location, rest: &[&str]) -> Option<PlaceName> {
        let named = self.operation_places.get(operation)?;
        let (words, path, taken) = match rest {
            ["requestBody", ..] => ("Body".to_owned(), named.path.child("body"), 1),
            ["responses", status, ..] => {
                let path = named.path.inside("responses", status).child("body");
                (format!("Status {status} Body"), path, 2)
            }
            _ => return None,
        };
        let place = rest.iter().take(taken).fold(operation.clone(), |place, token| place.child(token));
        let words = format!("{} {words}", named.prefix.as_str());
        let name = self.name_inside(place, words, path, rest.get(taken..)?);
        Some(PlaceName { is_kept: named.is_kept, ..name })
    }

    /// The name of what stands some tokens inside of what has a name.
    fn name_inside(&self, mut place: Location, words: String, mut path: KeyPath, rest: &[&str]) -> PlaceName {
        let mut words = vec![words];
        let mut tokens = rest.iter().copied();
        while let Some(token) = tokens.next() {
            place = place.child(token);
            // What follows some of them is a name that a person gave, or a number.
            let takes_next = matches!(
                token,
                "properties"
                    | "$defs"
                    | "definitions"
                    | "patternProperties"
                    | "prefixItems"
                    | "allOf"
                    | "anyOf"
                    | "oneOf"
                    | "content"
            );
            let next = if takes_next { tokens.next().unwrap_or_default() } else { "" };
            if takes_next {
                place = place.child(next);
            }
            match token {
                "properties" | "$defs" | "definitions" | "patternProperties" => {
                    path = path.inside(if token == "definitions" { "$defs" } else { token }, next);
                    words.push(next.to_owned());
                }
                "prefixItems" => {
                    path = path.inside(token, next);
                    words.push(format!("item {next}"));
                }
                "anyOf" | "oneOf" => {
                    if let Some(name) = self.schema_at(&place).map(|id| self.branch_alone(id)) {
                        path = path.inside("oneOf", &name.key);
                        words.push(name.word);
                    }
                }
                // All branches hold together, so that none has a name of its own; a body has one schema.
                "allOf" | "content" | "schema" | "schemas" => {}
                "items" => {
                    path = path.child(token);
                    words.push("item".to_owned());
                }
                "additionalProperties" => {
                    path = path.child(token);
                    words.push("value".to_owned());
                }
                other => {
                    path = path.child(other);
                    words.push(other.to_owned());
                }
            }
        }
        PlaceName { words: words.join(" "), path, is_kept: true }
    }

    /// The schema that stands at a place.
    fn schema_at(&self, place: &Location) -> Option<SchemaId> {
        let all = || self.api.schemas.iter().map(|(id, schema)| (&schema.at, id)).collect();
        self.schemas_by_place.get_or_init(all).get(place).copied()
    }
}

/// What the name of an inline schema of a component ends in.
fn section_suffix(section: &str) -> &'static str {
    match section {
        "parameters" => "Parameter",
        "headers" => "Header",
        "responses" | "requestBodies" => "Body",
        _ => "",
    }
}
