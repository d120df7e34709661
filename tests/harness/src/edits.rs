//! Edits of documents: what changes nothing on the wire, and what adds to it.

use serde_json::{Map, Value, json};

/// Numbers that are the same in every run.
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    /// A number below `bound`, or zero.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound.max(1)
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for index in (1..list.len()).rev() {
            list.swap(index, self.below(index + 1));
        }
    }
}

/// Puts everything whose order means nothing on the wire in another order.
pub fn reorder(value: &mut Value, tags: Tags, random: &mut Random) {
    reorder_inside(value, "", tags, random);
}

/// Whether the tags of operations are put in another order. The first is the one that an operation is grouped by, until
/// the lock remembers which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tags {
    /// They stay in their order.
    Stay,
    /// They move like the rest.
    Move,
}

fn reorder_inside(value: &mut Value, name: &str, tags: Tags, random: &mut Random) {
    match value {
        Value::Object(members) => {
            let mut entries: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            random.shuffle(&mut entries);
            for (name, value) in &mut entries {
                if !matches!(name.as_str(), "example" | "examples" | "default" | "const") {
                    reorder_inside(value, name, tags, random);
                }
            }
            members.extend(entries);
        }
        Value::Array(items) => {
            for item in items.iter_mut() {
                reorder_inside(item, "", tags, random);
            }
            let is_tags = name == "tags" && (tags == Tags::Move || items.iter().all(Value::is_object));
            if matches!(name, "enum" | "required" | "parameters" | "oneOf" | "anyOf") || is_tags {
                random.shuffle(items);
            }
        }
        _ => {}
    }
}

/// Adds something to a document whose name comes close to one that is there.
pub fn add(document: &mut Value, random: &mut Random) {
    match random.below(5) {
        0 => {
            add_named(document, "/components/schemas", random, &json!({ "type": "object", "properties": { "a": {} } }));
        }
        1 => add_operation(document, random),
        2 => visit(document, random, &mut |object, random| {
            let Some(Value::Object(properties)) = object.get_mut("properties") else { return false };
            add_member(properties, random, &json!({ "type": "string", "enum": ["new"] }))
        }),
        3 => visit(document, random, &mut |object, random| {
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
        }),
        _ => visit(document, random, &mut |object, random| {
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
        }),
    }
}

/// A name that folds to nearly the same ident as another.
fn near(name: &str) -> String {
    match name.find(|one: char| !one.is_alphanumeric()) {
        Some(at) => format!("{}-{}", &name[..at], name[at..].trim_start_matches(|one: char| !one.is_alphanumeric())),
        None => format!("-{name}"),
    }
}

/// Adds a member called nearly like one that is there.
fn add_member(members: &mut Map<String, Value>, random: &mut Random, value: &Value) -> bool {
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

fn add_named(document: &mut Value, pointer: &str, random: &mut Random, value: &Value) {
    if let Some(Value::Object(members)) = document.pointer_mut(pointer) {
        add_member(members, random, value);
    }
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
