//! Names of schemas that stand where nobody gave them one, by the way to them.

use oas_document::Location;

/// The name for the schema at `at`, when it is the part of a component or a definition: `TreeNode` for
/// `#/components/schemas/Tree/$defs/Node`. Schemas below paths are named by those who use them.
pub(super) fn name_of(at: &Location) -> Option<String> {
    let tokens: Vec<String> = at.pointer.tokens().map(std::borrow::Cow::into_owned).collect();
    let (suffix, start) = match tokens.first()?.as_str() {
        "components" => (section_suffix(tokens.get(1)?), 2),
        "paths" | "webhooks" => return None,
        "$defs" | "definitions" => ("", 1),
        _ => ("", 0),
    };
    let mut words: Vec<&str> = vec![tokens.get(start)?];
    let mut rest = tokens.iter().skip(start + 1).map(String::as_str);
    while let Some(token) = rest.next() {
        match token {
            // What follows is a name that a person gave, or the number of a branch.
            "properties" | "$defs" | "definitions" | "patternProperties" | "allOf" | "anyOf" | "oneOf"
            | "prefixItems" => {
                words.extend(rest.next());
            }
            "content" => {
                rest.next();
            }
            "schema" | "schemas" => {}
            "items" => words.push("Item"),
            "additionalProperties" => words.push("Value"),
            other => words.push(other),
        }
    }
    let has_suffix = words.first().is_some_and(|name| name.to_lowercase().ends_with(&suffix.to_lowercase()));
    if !has_suffix {
        words.insert(1, suffix);
    }
    Some(words.join(" "))
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
