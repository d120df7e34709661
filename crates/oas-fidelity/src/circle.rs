//! Schemas that are held against the same value again and again, which no validator ends with.
//!
//! A parent may list its children in `oneOf`, and each child extend the parent by `allOf`: what is meant is that a child
//! has what the parent describes, not that it is one of the children in turn. Whoever stands in such a circle for no
//! such reason is told.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The keywords that list branches.
const LISTS: [&str; 2] = ["oneOf", "anyOf"];

const DEFINITIONS: &str = "#/$defs/";

/// Gives the branches of each list a parent to extend that does not list them again.
pub(crate) fn part(definitions: &mut Map<String, Value>) {
    let names: Vec<String> = definitions.keys().cloned().collect();
    for parent in names {
        let Some(schema) = definitions.get(&parent) else { continue };
        let branches = LISTS.iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
        let branches: Vec<String> = branches.flat_map(extended).collect();
        let heirs = lineage(definitions, branches);
        if !heirs.contains(&parent) {
            continue;
        }
        let alone = format!("{parent}.alone");
        let (from, to) = (format!("{DEFINITIONS}{parent}"), format!("{DEFINITIONS}{alone}"));
        for (name, heir) in definitions.iter_mut().filter(|(name, _)| heirs.contains(*name)) {
            if *name == parent {
                for keyword in LISTS {
                    let branches = heir.get_mut(keyword).and_then(Value::as_array_mut);
                    branches.into_iter().flatten().for_each(|branch| extend(branch, &from, &to));
                }
            } else {
                extend(heir, &from, &to);
            }
        }
        if let Some(Value::Object(mut schema)) = definitions.get(&parent).cloned() {
            for keyword in LISTS {
                schema.remove(keyword);
            }
            definitions.insert(alone, Value::Object(schema));
        }
    }
}

/// Whether holding a value against a definition means to hold the same value against some definition twice.
pub(crate) fn is_endless(definitions: &Map<String, Value>, reference: &str) -> bool {
    let Some(start) = reference.strip_prefix(DEFINITIONS) else { return false };
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut way: Vec<(String, Vec<String>)> = vec![(start.to_owned(), targets(definitions, start))];
    while let Some((_, open)) = way.last_mut() {
        let Some(next) = open.pop() else {
            done.extend(way.pop().map(|(name, _)| name));
            continue;
        };
        if way.iter().any(|(name, _)| *name == next) {
            return true;
        }
        if !done.contains(&next) {
            let targets = targets(definitions, &next);
            way.push((next, targets));
        }
    }
    false
}

/// The definitions that a value is held against together with this one.
fn targets(definitions: &Map<String, Value>, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<&Value> = definitions.get(name).into_iter().collect();
    while let Some(schema) = open.pop() {
        let Value::Object(schema) = schema else { continue };
        for (keyword, value) in schema {
            match (keyword.as_str(), value) {
                ("$ref", Value::String(target)) => {
                    found.extend(target.strip_prefix(DEFINITIONS).map(str::to_owned));
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(all)) => open.extend(all),
                ("not" | "if" | "then" | "else", one) => open.push(one),
                ("dependentSchemas", Value::Object(all)) => open.extend(all.values()),
                _ => {}
            }
        }
    }
    found
}

/// What a schema extends: its references, in place or in `allOf`.
fn extended(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(DEFINITIONS));
        found.extend(target.map(str::to_owned));
        open.extend(schema.get("allOf").and_then(Value::as_array).into_iter().flatten());
    }
    found
}

/// These definitions with all that they extend.
fn lineage(definitions: &Map<String, Value>, mut open: Vec<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = definitions.get(&name).filter(|_| !found.contains(&name)) {
            open.extend(extended(schema));
            found.insert(name);
        }
    }
    found
}

/// Makes a schema extend `to` in place of `from`.
fn extend(schema: &mut Value, from: &str, to: &str) {
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        let Value::Object(schema) = schema else { continue };
        for (keyword, value) in schema.iter_mut() {
            match (keyword.as_str(), value) {
                ("$ref", Value::String(target)) if target == from => to.clone_into(target),
                ("allOf", Value::Array(all)) => open.extend(all),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parted(mut definitions: Value) -> Map<String, Value> {
        let definitions = definitions.as_object_mut().expect("an object");
        part(definitions);
        definitions.clone()
    }

    #[test]
    fn children_extend_a_parent_that_does_not_list_them() {
        let pet = json!({"properties": {"kind": {}}, "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Lion"}]});
        let definitions = parted(json!({
            "Pet": pet,
            "Cat": {"allOf": [{"$ref": "#/$defs/Pet"}, {"required": ["lives"]}]},
            "Lion": {"allOf": [{"$ref": "#/$defs/Cat"}]},
        }));
        assert_eq!(definitions["Cat"]["allOf"][0]["$ref"], "#/$defs/Pet.alone");
        assert_eq!(definitions["Pet.alone"], json!({"properties": {"kind": {}}}));
        assert_eq!(definitions["Pet"], pet);
        assert!(definitions.keys().all(|name| !is_endless(&definitions, &format!("#/$defs/{name}"))));
    }

    #[test]
    fn a_branch_that_stands_in_the_list_extends_it_too() {
        let definitions = parted(json!({"Pet": {"anyOf": [{"allOf": [{"$ref": "#/$defs/Pet"}]}, {"type": "null"}]}}));
        assert_eq!(definitions["Pet"]["anyOf"][0]["allOf"][0]["$ref"], "#/$defs/Pet.alone");
        assert!(!is_endless(&definitions, "#/$defs/Pet"));
    }

    #[test]
    fn a_circle_without_a_list_is_told_and_a_tree_is_none() {
        let definitions = parted(json!({
            "One": {"allOf": [{"$ref": "#/$defs/Two"}]}, "Two": {"not": {"$ref": "#/$defs/One"}},
            "Tree": {"properties": {"next": {"$ref": "#/$defs/Tree"}}},
        }));
        assert!(is_endless(&definitions, "#/$defs/One"));
        assert!(!is_endless(&definitions, "#/$defs/Tree"));
    }
}
