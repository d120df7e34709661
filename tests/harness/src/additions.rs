//! Additions to documents: something new whose name comes close to one that is there, or that is a copy of it.

use serde_json::{Map, Value, json};

use crate::edits::Random;

/// Adds something to a document, unless what it is added to is not there.
pub fn add(document: &mut Value, random: &mut Random) {
    let additions: [fn(&mut Value, &mut Random); 13] = [
        add_schema,
        add_operation,
        add_member,
        add_copy,
        add_value,
        add_parameter,
        add_branch,
        add_tag,
        add_status,
        add_header,
        add_webhook,
        add_callback,
        add_scheme,
    ];
    additions[random.below(additions.len())](document, random);
}

/// A name that folds to nearly the same ident as another.
fn near(name: &str) -> String {
    match name.find(|one: char| !one.is_alphanumeric()) {
        Some(at) => format!("{}-{}", &name[..at], name[at..].trim_start_matches(|one: char| !one.is_alphanumeric())),
        None => format!("-{name}"),
    }
}

/// Adds a member called nearly like one that is there.
fn add_near(members: &mut Map<String, Value>, random: &mut Random, value: &Value) -> bool {
    let names: Vec<&String> = members.keys().collect();
    if names.is_empty() {
        return false;
    }
    let name = near(names[random.below(names.len())]);
    if members.contains_key(&name) {
        return false;
    }
    members.insert(name, value.clone());
    true
}

/// The same for the members of the object at a pointer.
fn add_near_at(document: &mut Value, pointer: &str, random: &mut Random, value: &Value) {
    if let Some(Value::Object(members)) = document.pointer_mut(pointer) {
        add_near(members, random, value);
    }
}

fn add_schema(document: &mut Value, random: &mut Random) {
    let schema = json!({ "type": "object", "properties": { "a": {} } });
    add_near_at(document, "/components/schemas", random, &schema);
}

/// Adds an operation whose id is nearly that of another, and which uses a new schema.
fn add_operation(document: &mut Value, random: &mut Random) {
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    let ids: Vec<String> = paths
        .values()
        .filter_map(Value::as_object)
        .flat_map(Map::values)
        .filter_map(|one| one.get("operationId")?.as_str().map(near))
        .collect();
    if ids.is_empty() {
        return;
    }
    let id = &ids[random.below(ids.len())];
    let body =
        json!({ "application/json": { "schema": { "type": "object", "properties": { "new": { "enum": ["a"] } } } } });
    let operation = json!({ "operationId": id, "responses": { "200": { "description": "New.", "content": body } } });
    paths.insert(format!("/new-{}", random.below(1000)), json!({ "get": operation }));
}

fn add_member(document: &mut Value, random: &mut Random) {
    visit(document, random, &mut |object, random| {
        let Some(Value::Object(properties)) = object.get_mut("properties") else { return false };
        add_near(properties, random, &json!({ "type": "string", "enum": ["new"] }))
    });
}

/// Adds a member whose schema is a copy of another's.
fn add_copy(document: &mut Value, random: &mut Random) {
    visit(document, random, &mut |object, random| {
        let Some(Value::Object(properties)) = object.get_mut("properties") else { return false };
        let mut schemas: Vec<Value> =
            properties.values().filter(|one| one.get("properties").or(one.get("enum")).is_some()).cloned().collect();
        random.shuffle(&mut schemas);
        schemas.pop().is_some_and(|copy| add_near(properties, random, &copy))
    });
}

fn add_value(document: &mut Value, random: &mut Random) {
    visit(document, random, &mut |object, random| {
        let Some(Value::Array(values)) = object.get_mut("enum") else { return false };
        let texts: Vec<String> = values.iter().filter_map(Value::as_str).map(near).collect();
        if texts.len() < values.len() || texts.is_empty() {
            return false;
        }
        let text = &texts[random.below(texts.len())];
        if values.iter().any(|value| value.as_str() == Some(text)) {
            return false;
        }
        values.insert(random.below(values.len() + 1), Value::from(text.as_str()));
        true
    });
}

fn add_parameter(document: &mut Value, random: &mut Random) {
    visit(document, random, &mut |object, random| {
        let Some(Value::Array(parameters)) = object.get_mut("parameters") else { return false };
        let names: Vec<&str> = parameters.iter().filter_map(|one| one.get("name")?.as_str()).collect();
        if names.is_empty() {
            return false;
        }
        let name = near(names[random.below(names.len())]);
        if names.contains(&name.as_str()) {
            return false;
        }
        parameters.insert(0, json!({ "name": name, "in": "query", "schema": { "type": "string" } }));
        true
    });
}

/// Adds a branch to a union of objects: one of its own, or one that another branch is the start of.
fn add_branch(document: &mut Value, random: &mut Random) {
    let is_object = |branch: &Value| branch.get("$ref").is_some() || branch.get("properties").is_some();
    visit(document, random, &mut |object, random| {
        let is_union = |name: &&str| {
            let branches = object.get(*name).and_then(Value::as_array);
            branches.is_some_and(|one| one.len() > 1 && one.iter().all(is_object))
        };
        let Some(name) = ["oneOf", "anyOf"].into_iter().find(is_union) else { return false };
        let Some(Value::Array(branches)) = object.get_mut(name) else { return false };
        let mut branch = branches[random.below(branches.len())].clone();
        let added = json!({ "type": "array", "items": { "type": "boolean" } });
        if let Some(Value::Object(properties)) = branch.get_mut("properties") {
            properties.insert("addedMember".to_owned(), added);
            branch["required"] = json!(["addedMember"]);
        } else {
            branch = json!({ "type": "object", "properties": { "addedMember": added }, "required": ["addedMember"] });
        }
        if branches.contains(&branch) {
            return false;
        }
        branches.insert(random.below(branches.len() + 1), branch);
        true
    });
}

/// Adds a tag before those that an operation has.
fn add_tag(document: &mut Value, random: &mut Random) {
    let added = json!(["added", "Added", "untagged"][random.below(3)]);
    visit(document, random, &mut |object, _| {
        let is_operation = object.contains_key("responses");
        let Some(Value::Array(tags)) = object.get_mut("tags").filter(|_| is_operation) else { return false };
        if tags.is_empty() || tags.contains(&added) {
            return false;
        }
        tags.insert(0, added.clone());
        true
    });
}

/// Adds an error that an operation may answer with.
fn add_status(document: &mut Value, random: &mut Random) {
    visit(document, random, &mut |object, _| {
        let Some(Value::Object(responses)) = object.get_mut("responses") else { return false };
        let error = json!({ "type": "object", "properties": { "reason": { "enum": ["teapot"] } } });
        let error = json!({ "description": "Added.", "content": { "application/json": { "schema": error } } });
        responses.keys().all(|status| status.parse::<u16>().is_ok())
            && responses.insert("418".to_owned(), error).is_none()
    });
}

fn add_header(document: &mut Value, random: &mut Random) {
    visit(document, random, &mut |object, random| {
        let is_response = object.contains_key("description");
        let Some(Value::Object(headers)) = object.get_mut("headers").filter(|_| is_response) else { return false };
        add_near(headers, random, &json!({ "schema": { "type": "string" } }))
    });
}

fn add_webhook(document: &mut Value, random: &mut Random) {
    let sent = json!({ "type": "object", "properties": { "event": { "enum": ["added"] } } });
    let body = json!({ "content": { "application/json": { "schema": sent } } });
    let operation = json!({ "requestBody": body, "responses": { "204": { "description": "Heard." } } });
    add_near_at(document, "/webhooks", random, &json!({ "post": operation }));
}

fn add_callback(document: &mut Value, random: &mut Random) {
    let sent = json!({ "type": "object", "properties": { "event": { "enum": ["added"] } } });
    let body = json!({ "content": { "application/json": { "schema": sent } } });
    let operation = json!({ "requestBody": body, "responses": { "204": { "description": "Heard." } } });
    let callback = json!({ "{$request.body#/added}": { "post": operation } });
    visit(document, random, &mut |object, random| {
        let Some(Value::Object(callbacks)) = object.get_mut("callbacks") else { return false };
        add_near(callbacks, random, &callback)
    });
}

/// Adds a scheme, and an operation that needs it.
fn add_scheme(document: &mut Value, random: &mut Random) {
    let Some(Value::Object(schemes)) = document.pointer_mut("/components/securitySchemes") else { return };
    let before = schemes.len();
    add_near(schemes, random, &json!({ "type": "http", "scheme": "bearer" }));
    let Some((name, _)) = schemes.iter().next_back().filter(|_| schemes.len() > before) else { return };
    let security = json!([{ name.as_str(): [] }]);
    let operation = json!({ "security": security, "responses": { "204": { "description": "Done." } } });
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        paths.insert(format!("/secured-{}", random.below(1000)), json!({ "get": operation }));
    }
}

/// Changes the object at a pointer; `false` when it does not fit, and is as it was.
type Edit<'e> = dyn FnMut(&mut Map<String, Value>, &mut Random) -> bool + 'e;

/// Edits one of the objects that an edit fits.
fn visit(document: &mut Value, random: &mut Random, edit: &mut Edit<'_>) {
    let mut pointers = Vec::new();
    objects(document, String::new(), &mut pointers);
    random.shuffle(&mut pointers);
    for pointer in pointers {
        if let Some(Value::Object(object)) = document.pointer_mut(&pointer)
            && edit(object, random)
        {
            return;
        }
    }
}

fn objects(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => return,
    };
    for (name, value) in members {
        if !matches!(name.as_str(), "example" | "examples" | "default" | "const") {
            objects(value, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), pointers);
        }
    }
    if value.is_object() {
        pointers.push(pointer);
    }
}
