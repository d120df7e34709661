//! What discriminators ask of a value, in words that a validator of JSON Schema knows.
//!
//! OpenAPI 3.1.1, section 4.8.25: the discriminator says which schema a value is held against. Without it, a value is
//! held against the schema of the parent alone, and what the children require is never asked for.

use std::collections::{BTreeMap, BTreeSet};

use oas_model::{Api, Discriminator, SchemaId};
use serde_json::{Map, Value, json};

/// The schemas that have to be exported for the discriminators of `exported`, which has definitions of these names.
pub(super) fn needed(api: &Api, exported: &BTreeSet<SchemaId>, names: &BTreeSet<String>) -> BTreeSet<SchemaId> {
    let mut needed = BTreeSet::new();
    for (id, schema) in api.schemas.iter() {
        let Some(discriminator) = &schema.discriminator else { continue };
        if exported.contains(&id) || schema.component.as_ref().is_some_and(|name| names.contains(name)) {
            needed.insert(id);
            needed.extend(discriminator.mapping.values().map(|target| api.schemas.resolve(*target)));
        }
    }
    needed
}

/// Writes what discriminators ask for into the definitions of `document`; `references` names those that it may touch.
pub(super) fn enforce(api: &Api, document: &mut Value, references: &BTreeMap<SchemaId, String>) {
    let Some(Value::Object(definitions)) = document.get_mut("$defs") else { return };
    let name = |id: SchemaId| references.get(&api.schemas.resolve(id))?.strip_prefix("#/$defs/");
    let mut rules: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (id, schema) in api.schemas.iter() {
        let (Some(discriminator), Some(own)) = (&schema.discriminator, name(id)) else { continue };
        if schema.reference.is_some() || !definitions.contains_key(own) {
            continue;
        }
        let targets: Vec<(&String, &str)> =
            discriminator.mapping.iter().filter_map(|(value, target)| Some((value, name(*target)?))).collect();
        if schema.one_of.is_empty() && schema.any_of.is_empty() {
            part_with_parent(definitions, own, targets.iter().map(|(_, target)| *target));
        }
        let known = known_values(definitions, own, schema.component.as_deref(), discriminator);
        rules.insert(own.to_owned(), rules_of(discriminator, &targets, known));
    }
    for (own, rules) in &rules {
        if let Some(Value::Object(schema)) = definitions.get_mut(own) {
            demand(schema, rules);
        }
    }
    // A validator follows a schema that holds itself in place without end.
    while let Some(own) = rules.keys().find(|own| leads_to_itself(definitions, own)).cloned() {
        if let (Some(rules), Some(Value::Object(schema))) = (rules.remove(&own), definitions.get_mut(&own)) {
            take_back(schema, &rules);
        }
    }
}

/// What is asked of a value: to be what its branch describes, and to be of one of the branches.
fn rules_of(discriminator: &Discriminator, targets: &[(&String, &str)], known: Option<Vec<Value>>) -> Vec<Value> {
    let property = &discriminator.property;
    let when = |schema: Value| json!({ "type": "object", "required": [property], "properties": { property: schema } });
    let branch = |(value, target): &(&String, &str)| json!({ "if": when(json!({ "const": value })), "then": { "$ref": format!("#/$defs/{target}") } });
    let closed = known.map(|known| {
        json!({ "if": when(json!({ "type": "string" })), "then": { "properties": { property: { "enum": known } } } })
    });
    targets.iter().map(branch).chain(closed).collect()
}

/// The values that stand for something; `None` when any other one does too.
fn known_values(
    definitions: &Map<String, Value>,
    own: &str,
    component: Option<&str>,
    discriminator: &Discriminator,
) -> Option<Vec<Value>> {
    if discriminator.default.is_some() || discriminator.mapping.is_empty() {
        return None;
    }
    let mut known: Vec<Value> = discriminator.mapping.keys().map(|value| json!(value)).collect();
    known.extend(component.map(|name| json!(name)));
    let described = definitions.get(own)?.get("properties").and_then(|all| all.get(&discriminator.property));
    let listed = described.and_then(|schema| schema.get("enum")).and_then(Value::as_array);
    known.extend(listed.into_iter().flatten().chain(described.and_then(|schema| schema.get("const"))).cloned());
    let mut seen = BTreeSet::new();
    known.retain(|value| seen.insert(value.to_string()));
    Some(known)
}

/// Gives the children of `parent` a schema to extend that does not ask for the children again.
fn part_with_parent<'a>(definitions: &mut Map<String, Value>, parent: &str, children: impl Iterator<Item = &'a str>) {
    let alone = format!("{parent}.parent");
    let (from, to) = (format!("#/$defs/{parent}"), format!("#/$defs/{alone}"));
    let mut touched = false;
    for child in children.filter(|child| *child != parent) {
        if let Some(child) = definitions.get_mut(child) {
            touched |= extend(child, &from, &to);
        }
    }
    if touched && let Some(schema) = definitions.get(parent).cloned() {
        definitions.insert(alone, schema);
    }
}

/// Makes `schema` extend `to` in place of `from`; says whether it did.
fn extend(schema: &mut Value, from: &str, to: &str) -> bool {
    let mut touched = false;
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        let Value::Object(schema) = schema else { continue };
        for (keyword, value) in schema.iter_mut() {
            match (keyword.as_str(), value) {
                ("$ref", Value::String(target)) if target == from => {
                    to.clone_into(target);
                    touched = true;
                }
                ("allOf", Value::Array(all)) => open.extend(all),
                _ => {}
            }
        }
    }
    touched
}

fn demand(schema: &mut Map<String, Value>, rules: &[Value]) {
    match schema.get_mut("allOf") {
        Some(Value::Array(all)) => all.extend(rules.iter().cloned()),
        _ => {
            schema.insert("allOf".to_owned(), Value::Array(rules.to_vec()));
        }
    }
}

fn take_back(schema: &mut Map<String, Value>, rules: &[Value]) {
    if let Some(Value::Array(all)) = schema.get_mut("allOf") {
        all.retain(|one| !rules.contains(one));
    }
}

/// Whether holding a value against this definition means to hold the same value against it again.
fn leads_to_itself(definitions: &Map<String, Value>, name: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(next) = open.pop() {
        let Some(schema) = definitions.get(&next) else { continue };
        for target in in_place(schema) {
            if target == name {
                return true;
            }
            if seen.insert(target.clone()) {
                open.push(target);
            }
        }
    }
    false
}

/// The definitions that a value is held against together with `schema`.
fn in_place(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        let Value::Object(schema) = schema else { continue };
        for (keyword, value) in schema {
            match (keyword.as_str(), value) {
                ("$ref", Value::String(target)) => found.extend(target.strip_prefix("#/$defs/").map(str::to_owned)),
                ("allOf" | "anyOf" | "oneOf", Value::Array(all)) => open.extend(all),
                ("not" | "if" | "then" | "else", one) => open.push(one),
                ("dependentSchemas", Value::Object(named)) => open.extend(named.values()),
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_extend_a_parent_that_does_not_ask_for_them() {
        let mut definitions = json!({
            "Pet": {"type": "object"},
            "Cat": {"allOf": [{"$ref": "#/$defs/Pet"}, {"properties": {"friend": {"$ref": "#/$defs/Pet"}}}]}
        });
        let Value::Object(definitions) = &mut definitions else { panic!("an object") };
        part_with_parent(definitions, "Pet", ["Cat"].into_iter());
        assert_eq!(definitions["Cat"]["allOf"][0]["$ref"], "#/$defs/Pet.parent");
        assert_eq!(definitions["Cat"]["allOf"][1]["properties"]["friend"]["$ref"], "#/$defs/Pet");
        assert!(definitions.contains_key("Pet.parent"));
    }

    #[test]
    fn what_holds_itself_in_place_is_found() {
        let definitions = json!({
            "A": {"allOf": [{"if": {}, "then": {"$ref": "#/$defs/B"}}]},
            "B": {"anyOf": [{"$ref": "#/$defs/A"}]},
            "C": {"properties": {"c": {"$ref": "#/$defs/C"}}}
        });
        let definitions = definitions.as_object().expect("an object");
        assert!(leads_to_itself(definitions, "A") && leads_to_itself(definitions, "B"));
        assert!(!leads_to_itself(definitions, "C"));
    }
}
