//! What discriminators ask of a value, in words that a validator of JSON Schema knows.
//!
//! OpenAPI 3.1.1, section 4.8.25: the discriminator says which schema a value is held against. Without it, a value is
//! held against the schema of the parent alone, and what the children require is never asked for.

use std::collections::{BTreeMap, BTreeSet};

use oas_model::json_schema::subschemas_mut;
use oas_model::{Api, Discriminator, Schema, SchemaId};
use serde_json::{Map, Value, json};

/// The keywords that list branches.
const LISTS: [&str; 2] = ["oneOf", "anyOf"];

/// The discriminators that are asked: of schemas that others extend, and of those that list their branches.
pub(super) fn of(api: &Api) -> BTreeMap<SchemaId, Discriminator> {
    let mut all = api.families();
    let lists = |(id, schema): (SchemaId, &Schema)| {
        let discriminator = schema.discriminator.as_ref()?;
        (!schema.one_of.is_empty() || !schema.any_of.is_empty()).then(|| (id, discriminator.clone()))
    };
    all.extend(api.schemas.iter().filter_map(lists));
    for (id, discriminator) in &mut all {
        api.name_itself(*id, discriminator);
    }
    all
}

/// Writes what each `discriminator` of a document asks for in its place.
pub(super) fn enforce(document: &mut Value) {
    let Some(Value::Object(definitions)) = document.get_mut("$defs") else { return };
    part_with_parents(definitions);
    let mut unasked = definitions.clone();
    unasked.values_mut().for_each(|schema| ask(schema, None, |_, _| {}));
    for (name, schema) in definitions.iter_mut() {
        ask(schema, Some(name), demand);
    }
    // A validator follows a schema that holds itself in place without end.
    while let Some(name) = unasked.keys().find(|name| leads_to_itself(definitions, name)).cloned() {
        if let Some(schema) = unasked.remove(&name) {
            definitions.insert(name, schema);
        }
    }
}

/// Takes the discriminators out of a definition, and tells what they ask of which schema.
fn ask(definition: &mut Value, name: Option<&str>, demand: fn(&mut Map<String, Value>, Vec<Value>)) {
    let mut open = vec![(definition, name)];
    while let Some((schema, name)) = open.pop() {
        let Value::Object(schema) = schema else { continue };
        if let Some(discriminator) = schema.remove("discriminator") {
            let rules = rules_of(schema, name, &discriminator);
            demand(schema, rules);
        }
        open.extend(subschemas_mut(schema).into_iter().map(|schema| (schema, None)));
    }
}

/// What is asked of a value: to be what its branch describes, and to be of one of the branches.
fn rules_of(schema: &Map<String, Value>, name: Option<&str>, discriminator: &Value) -> Vec<Value> {
    let property = discriminator.get("propertyName").and_then(Value::as_str).unwrap_or_default();
    let when = |schema: Value| json!({ "type": "object", "required": [property], "properties": { property: schema } });
    let own = name.map(reference_to);
    // A value that is the schema itself is held against it already.
    let others = targets(discriminator).filter(|(_, target)| own.as_deref() != Some(*target));
    let branch = |(value, target)| json!({ "if": when(json!({ "const": value })), "then": { "$ref": target } });
    let closed = known_values(schema, discriminator).map(|known| {
        json!({ "if": when(json!({ "type": "string" })), "then": { "properties": { property: { "enum": known } } } })
    });
    others.map(branch).chain(closed).collect()
}

/// The values that stand for something; `None` when any other one does too.
fn known_values(schema: &Map<String, Value>, discriminator: &Value) -> Option<Vec<Value>> {
    let mut known: Vec<Value> = targets(discriminator).map(|(value, _)| json!(value)).collect();
    if known.is_empty() || discriminator.get("defaultMapping").is_some() {
        return None;
    }
    let property = discriminator.get("propertyName").and_then(Value::as_str)?;
    let described = schema.get("properties").and_then(|all| all.get(property));
    let listed = described.and_then(|schema| schema.get("enum")).and_then(Value::as_array);
    known.extend(listed.into_iter().flatten().chain(described.and_then(|schema| schema.get("const"))).cloned());
    let mut seen = BTreeSet::new();
    known.retain(|value| seen.insert(value.to_string()));
    Some(known)
}

/// The values of a discriminator, each with the reference that it stands for.
fn targets(discriminator: &Value) -> impl Iterator<Item = (&str, &str)> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    mapping.filter_map(|(value, target)| Some((value.as_str(), target.as_str()?)))
}

fn reference_to(name: &str) -> String {
    format!("#/$defs/{name}")
}

/// Gives the children of each parent a schema to extend that does not ask for the children again, neither by its
/// discriminator nor by a list of them.
fn part_with_parents(definitions: &mut Map<String, Value>) {
    let children = |schema: &Value| -> Vec<String> {
        let named = schema.get("discriminator").into_iter().flat_map(targets).map(|(_, target)| target);
        let lists = LISTS.iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
        let listed = lists.filter_map(|branch| branch.get("$ref")?.as_str());
        named.chain(listed).map(str::to_owned).collect()
    };
    let parents = definitions.iter().map(|(name, schema)| (name.clone(), children(schema)));
    let parents: Vec<(String, Vec<String>)> = parents.filter(|(_, children)| !children.is_empty()).collect();
    let alone = |parent: &str| format!("{parent}.parent");
    let mut extended = Vec::new();
    for (parent, children) in parents {
        let (from, to) = (reference_to(&parent), reference_to(&alone(&parent)));
        let mut is_extended = false;
        for child in lineage(definitions, children).iter().filter(|child| **child != parent) {
            is_extended |= definitions.get_mut(child).is_some_and(|child| extend(child, &from, &to));
        }
        if is_extended {
            extended.push(parent);
        }
    }
    // By now each extends what its own parents are alone.
    for parent in extended {
        if let Some(Value::Object(mut schema)) = definitions.get(&parent).cloned() {
            schema.remove("discriminator");
            for keyword in LISTS {
                schema.remove(keyword);
            }
            definitions.insert(alone(&parent), Value::Object(schema));
        }
    }
}

/// The definitions behind references, with all that they extend.
fn lineage(definitions: &Map<String, Value>, mut open: Vec<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    while let Some(reference) = open.pop() {
        let Some(name) = reference.strip_prefix("#/$defs/").filter(|name| !found.contains(*name)) else { continue };
        let mut parts: Vec<&Value> = definitions.get(name).into_iter().collect();
        while let Some(part) = parts.pop() {
            open.extend(part.get("$ref").and_then(Value::as_str).map(str::to_owned));
            parts.extend(part.get("allOf").and_then(Value::as_array).into_iter().flatten());
        }
        found.insert(name.to_owned());
    }
    found
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

fn demand(schema: &mut Map<String, Value>, rules: Vec<Value>) {
    match schema.get_mut("allOf") {
        _ if rules.is_empty() => {}
        Some(Value::Array(all)) => all.extend(rules),
        _ => {
            schema.insert("allOf".to_owned(), Value::Array(rules));
        }
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

    fn definitions(all: Value) -> Map<String, Value> {
        let Value::Object(all) = all else { panic!("an object") };
        all
    }

    #[test]
    fn children_extend_a_parent_that_does_not_ask_for_them() {
        let mut definitions = definitions(json!({
            "Pet": {"type": "object", "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/$defs/Cat"}}},
            "Cat": {"allOf": [{"$ref": "#/$defs/Pet"}, {"properties": {"friend": {"$ref": "#/$defs/Pet"}}}]}
        }));
        part_with_parents(&mut definitions);
        assert_eq!(definitions["Cat"]["allOf"][0]["$ref"], "#/$defs/Pet.parent");
        assert_eq!(definitions["Cat"]["allOf"][1]["properties"]["friend"]["$ref"], "#/$defs/Pet");
        assert_eq!(definitions["Pet.parent"], json!({"type": "object"}));
    }

    #[test]
    fn children_of_a_list_extend_a_parent_that_does_not_list_them() {
        let mut document = json!({"$defs": {
            "Pet": {"properties": {"kind": {"type": "string"}}, "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]},
            "Cat": {"allOf": [{"$ref": "#/$defs/Pet"}, {"required": ["lives"]}]},
            "Dog": {"required": ["bark"]}
        }});
        enforce(&mut document);
        let definitions = document["$defs"].as_object().expect("definitions");
        assert_eq!(definitions["Cat"]["allOf"][0]["$ref"], "#/$defs/Pet.parent");
        assert_eq!(definitions["Pet.parent"], json!({"properties": {"kind": {"type": "string"}}}));
        assert!(definitions.keys().all(|name| !leads_to_itself(definitions, name)));
    }

    #[test]
    fn a_grandchild_extends_none_that_asks_again() {
        let cat = json!({"propertyName": "kind", "mapping": {"cat": "#/$defs/Cat"}});
        let mut definitions = definitions(json!({
            "Animal": {"type": "object", "discriminator": cat},
            "Mammal": {"allOf": [{"$ref": "#/$defs/Animal"}], "discriminator": cat},
            "Cat": {"allOf": [{"$ref": "#/$defs/Mammal"}]}
        }));
        part_with_parents(&mut definitions);
        assert_eq!(definitions["Cat"]["allOf"][0]["$ref"], "#/$defs/Mammal.parent");
        assert_eq!(definitions["Mammal.parent"]["allOf"][0]["$ref"], "#/$defs/Animal.parent");
        assert_eq!(definitions["Animal.parent"], json!({"type": "object"}));
    }

    #[test]
    fn a_discriminator_is_asked_wherever_it_stands_and_a_member_of_its_name_is_none() {
        let mut document = json!({"$defs": {
            "Cat": {"type": "object"},
            "Home": {"properties": {
                "discriminator": {"type": "string"},
                "pet": {"discriminator": {"propertyName": "kind", "mapping": {"cat": "#/$defs/Cat"}}}
            }}
        }});
        enforce(&mut document);
        let members = &document["$defs"]["Home"]["properties"];
        assert_eq!(members["discriminator"], json!({"type": "string"}));
        assert_eq!(members["pet"]["allOf"][0]["then"]["$ref"], "#/$defs/Cat");
        assert_eq!(members["pet"]["allOf"][1]["then"]["properties"]["kind"]["enum"], json!(["cat"]));
    }

    #[test]
    fn what_holds_itself_in_place_is_asked_for_nothing() {
        let mut document = json!({"$defs": {
            "A": {"discriminator": {"propertyName": "kind", "mapping": {"b": "#/$defs/B"}}, "oneOf": [true]},
            "B": {"anyOf": [{"$ref": "#/$defs/A"}]},
            "C": {"properties": {"c": {"$ref": "#/$defs/C"}}}
        }});
        let mut before = document.clone();
        enforce(&mut document);
        if let Some(Value::Object(a)) = before.pointer_mut("/$defs/A") {
            a.remove("discriminator");
        }
        assert_eq!(document, before);
    }
}
