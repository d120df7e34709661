//! The coverage table: every member of every object of OpenAPI, and every edit of it, is told about or waived by name.
//!
//! `table.json` has a document, a row for each member with two values of it, and the waived members with reasons. A row
//! of a schema keyword is tried at every position that a schema can stand at.

use oas_model::vocabulary::ObjectKind;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::trial::changes;

/// The positions of schemas: a name, the pointer of the schema, and how a schema is put there.
const POSITIONS: [(&str, &str); 6] = [
    ("body", "/paths/~1things~1{id}/post/requestBody/content/application~1json/schema"),
    ("property", "/paths/~1things~1{id}/post/responses/200/content/application~1json/schema/properties/m"),
    ("item", "/paths/~1things~1{id}/post/requestBody/content/application~1json/schema/items"),
    ("map value", "/paths/~1things~1{id}/post/responses/200/content/application~1json/schema/additionalProperties"),
    ("parameter", "/paths/~1things~1{id}/post/parameters/1/schema"),
    ("header", "/paths/~1things~1{id}/post/responses/200/headers/X-A/schema"),
];

#[derive(Deserialize)]
struct Table {
    document: Value,
    waived: Vec<Waived>,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Waived {
    kind: String,
    member: String,
    reason: String,
}

#[derive(Deserialize)]
struct Row {
    kind: String,
    at: String,
    member: String,
    one: Value,
    other: Value,
    #[serde(default)]
    with: Map<String, Value>,
}

fn table() -> Table {
    serde_json::from_str(include_str!("table.json")).expect("the table is well-formed")
}

/// The object at `pointer`, made on the way where it is missing.
fn object_at<'v>(mut value: &'v mut Value, pointer: &str) -> &'v mut Value {
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        value = match value {
            Value::Array(items) => items.get_mut(token.parse::<usize>().expect("an index")).expect("an item"),
            other => {
                if !other.is_object() {
                    *other = json!({});
                }
                other.as_object_mut().expect("an object").entry(token).or_insert_with(|| json!({}))
            }
        };
    }
    value
}

/// The document of a row with a value of the member, or without it.
fn variant(table: &Table, row: &Row, at: &str, value: Option<&Value>) -> Value {
    let mut document = table.document.clone();
    for (pointer, with) in &row.with {
        let pointer = if pointer == "*" { at } else { pointer };
        *object_at(&mut document, pointer) = with.clone();
    }
    let object = object_at(&mut document, at);
    if row.at == "*" && !row.with.contains_key("*") {
        *object = json!({});
    }
    let members = object.as_object_mut().expect("an object");
    match value {
        Some(value) => drop(members.insert(row.member.clone(), value.clone())),
        None => drop(members.shift_remove(&row.member)),
    }
    document
}

/// Edits that leave a document that cannot be read: members that an object must have.
fn is_needed(row: &Row) -> bool {
    matches!(
        (row.kind.as_str(), row.member.as_str()),
        ("info object", "title" | "version")
            | ("server object" | "license object" | "external documentation object", "url" | "name")
            | ("server variable object", "default")
            | ("parameter", "name" | "in" | "schema" | "content")
            | ("header", "schema" | "content")
            | ("operation" | "path item", "parameters" | "responses")
            | ("tag", "name")
            | ("security scheme", "type" | "name" | "in" | "scheme" | "flows" | "openIdConnectUrl")
            | ("flow", "authorizationUrl" | "tokenUrl" | "deviceAuthorizationUrl" | "scopes")
            | ("discriminator", "propertyName")
            | ("link", "operationRef" | "operationId")
    )
}

/// Every edit of a schema keyword: what it is, and the schemas before and after.
pub(crate) fn schema_edits() -> Vec<(String, Value, Value)> {
    let table = table();
    let mut edits = Vec::new();
    for row in table.rows.iter().filter(|row| row.at == "*") {
        let schema = |value: Option<&Value>| {
            let mut schema = row.with.get("*").cloned().unwrap_or_else(|| json!({}));
            if let (Some(value), Some(members)) = (value, schema.as_object_mut()) {
                members.insert(row.member.clone(), value.clone());
            }
            schema
        };
        let (one, other, without) = (schema(Some(&row.one)), schema(Some(&row.other)), schema(None));
        edits.push((format!("`{}` changed", row.member), one.clone(), other.clone()));
        edits.push((format!("`{}` changed back", row.member), other, one.clone()));
        edits.push((format!("`{}` added", row.member), without.clone(), one.clone()));
        edits.push((format!("`{}` removed", row.member), one, without));
    }
    edits
}

#[test]
fn every_member_has_a_row_or_a_waiver() {
    let table = table();
    for kind in ObjectKind::ALL {
        for member in kind.members() {
            let is_row = |row: &Row| row.kind == kind.name() && row.member == member.name;
            let is_waived = |one: &Waived| one.kind == kind.name() && one.member == member.name;
            let (rows, waived) = (table.rows.iter().any(is_row), table.waived.iter().any(is_waived));
            assert!(rows != waived, "{kind} `{}` must have a row or a waiver, and not both", member.name);
        }
    }
    for one in &table.waived {
        let known = ObjectKind::ALL.iter().find(|kind| kind.name() == one.kind);
        assert!(
            known.is_some_and(|kind| kind.member(&one.member).is_some()),
            "{} `{}` is no member",
            one.kind,
            one.member
        );
        assert!(!one.reason.is_empty());
    }
}

#[test]
fn every_edit_of_every_member_is_told_about() {
    let table = table();
    let mut silent: Vec<String> = Vec::new();
    let mut count = 0;
    for row in &table.rows {
        let positions: Vec<(&str, &str)> =
            if row.at == "*" { POSITIONS.to_vec() } else { vec![("its place", row.at.as_str())] };
        for (position, at) in positions {
            let one = variant(&table, row, at, Some(&row.one));
            let other = variant(&table, row, at, Some(&row.other));
            let without = variant(&table, row, at, None);
            let mut edits = vec![("changed", &one, &other), ("changed back", &other, &one)];
            if !is_needed(row) {
                edits.extend([("added", &without, &one), ("removed", &one, &without)]);
            }
            for (edit, base, revision) in edits {
                count += 1;
                if changes(base, revision).is_empty() {
                    silent.push(format!("{} `{}` {edit} at {position}", row.kind, row.member));
                }
            }
        }
    }
    assert!(silent.is_empty(), "{} of {count} edits are not told about:\n{}", silent.len(), silent.join("\n"));
}
