//! Patterns that cannot be compiled: what they would judge is refused.

use serde_json::{Map, Value, json};

/// The format that no text has.
pub(crate) const UNKNOWABLE: &str = "unknowable-pattern";

/// Takes the patterns out of `schema` for which `compiles` does not hold, each with an error in the log, and refuses what
/// they would judge: a document that restricts a value is not to be read as one that takes any.
pub(crate) fn close(schema: &mut Value, compiles: impl Fn(&str) -> bool) {
    let compiles = |pattern: &str| {
        let works = compiles(pattern);
        if !works {
            tracing::error!(pattern, "this pattern cannot be compiled: what it would judge is refused");
        }
        works
    };
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                if object.get("pattern").and_then(Value::as_str).is_some_and(|pattern| !compiles(pattern)) {
                    object.remove("pattern");
                    demand(object, json!({ "format": UNKNOWABLE }));
                }
                close_members(object, &compiles);
                for (keyword, value) in object.iter_mut() {
                    match (keyword.as_str(), value) {
                        ("const" | "enum" | "default" | "examples", _) => {}
                        // Names of the document, which may be those of keywords.
                        ("properties" | "patternProperties" | "dependentSchemas" | "$defs", Value::Object(named)) => {
                            open.extend(named.values_mut());
                        }
                        (_, value) => open.push(value),
                    }
                }
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

/// Which members such a pattern means is not known, so that none but those that are described otherwise are taken.
fn close_members(object: &mut Map<String, Value>, compiles: &impl Fn(&str) -> bool) {
    let Some(Value::Object(patterns)) = object.get_mut("patternProperties") else { return };
    let before = patterns.len();
    patterns.retain(|pattern, _| compiles(pattern));
    if patterns.len() == before {
        return;
    }
    let known = |keyword: &str| object.get(keyword).cloned().unwrap_or_else(|| json!({}));
    let mut closed = json!({ "properties": {}, "patternProperties": {}, "additionalProperties": false });
    for keyword in ["properties", "patternProperties"] {
        if let (Value::Object(names), Some(Value::Object(members))) = (known(keyword), closed.get_mut(keyword)) {
            members.extend(names.into_iter().map(|(name, _)| (name, Value::Bool(true))));
        }
    }
    demand(object, closed);
}

/// Adds a schema that has to hold too.
fn demand(object: &mut Map<String, Value>, schema: Value) {
    match object.get_mut("allOf") {
        Some(Value::Array(all)) => all.push(schema),
        _ => {
            object.insert("allOf".to_owned(), json!([schema]));
        }
    }
}
