//! Members that only answers have (OpenAPI 3.1.1, section 4.8.24.6: `readOnly`). A caller that sends them is not told
//! off, since many send back what they got; what they say never reaches a handler, so nobody becomes an administrator by
//! writing `"role": "admin"`.

use serde_json::{Map, Value};

use oas_wire::resolve;

/// How deep values are searched; the reader of JSON takes none that are deeper.
const DEPTH: usize = 128;

/// How many schemas are followed for one value: more of them say nothing new, or lead back to themselves.
const TURNS: usize = 12;

/// Whether a schema has such members.
pub(crate) fn is_in(schema: &Value) -> bool {
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) if object.get("readOnly") == Some(&Value::Bool(true)) => return true,
            Value::Object(object) => open.extend(object.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    false
}

/// Takes them out of `value`, which is what `schema`, a part of `document`, describes.
pub(crate) fn take_out(document: &Value, schema: &Value, value: &mut Value) {
    take(document, schema, value, DEPTH, TURNS);
}

fn take(document: &Value, schema: &Value, value: &mut Value, depth: usize, turns: usize) {
    let (Some(turns), Value::Object(schema)) = (turns.checked_sub(1), schema) else { return };
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|reference| resolve(document, reference));
    let all = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    for part in target.into_iter().chain(all) {
        take(document, part, value, depth, turns);
    }
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Object(members) => take_members(document, schema, members, depth),
        Value::Array(items) => {
            let first = schema.get("prefixItems").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let rest = schema.get("items");
            for (index, item) in items.iter_mut().enumerate() {
                if let Some(described) = first.get(index).or(rest) {
                    take(document, described, item, depth, TURNS);
                }
            }
        }
        _ => {}
    }
}

fn take_members(document: &Value, schema: &Map<String, Value>, members: &mut Map<String, Value>, depth: usize) {
    let described = schema.get("properties").and_then(Value::as_object);
    members.retain(|name, value| {
        let own = described.and_then(|described| described.get(name));
        let Some(member) = own.or_else(|| schema.get("additionalProperties")) else { return true };
        if own.is_some() && member.get("readOnly") == Some(&Value::Bool(true)) {
            return false;
        }
        take(document, member, value, depth, TURNS);
        true
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_of_answers_are_taken_out_wherever_they_are() {
        let schema = json!({
            "$ref": "#/$defs/User",
            "$defs": { "User": {
                "allOf": [{ "properties": { "id": { "readOnly": true } } }],
                "properties": {
                    "name": {},
                    "role": { "type": "string", "readOnly": true },
                    "friends": { "items": { "$ref": "#/$defs/User" } },
                    "readOnly": { "type": "boolean" }
                },
                "additionalProperties": { "properties": { "seen": { "readOnly": true } } }
            } }
        });
        assert!(is_in(&schema) && !is_in(&json!({ "properties": { "readOnly": { "type": "boolean" } } })));
        let mut value = json!({
            "id": 1, "name": "a", "role": "admin", "readOnly": true,
            "friends": [{ "id": 2, "name": "b" }], "more": { "seen": 1, "kept": 2 }
        });
        take_out(&schema, &schema, &mut value);
        let kept = json!({ "name": "a", "readOnly": true, "friends": [{ "name": "b" }], "more": { "kept": 2 } });
        assert_eq!(value, kept);
    }
}
