//! Members that only answers have (OpenAPI 3.1.1, section 4.8.24.6: `readOnly`). A caller that sends them is not told
//! off, since many send back what they got; what they say never reaches a handler, so nobody becomes an administrator by
//! writing `"role": "admin"`.

use std::collections::BTreeMap;

use oas_types_runtime::{Reader, Reading};
use oas_wire::resolve;
use serde_json::{Map, Value};

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

/// Members to take out: by name, or by index, what to take out of the value there; `None` where that goes as a whole.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Taken(BTreeMap<String, Option<Taken>>);

impl Taken {
    /// Whether there is nothing to take out.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes them out of the value that they were found in.
    pub(crate) fn take_out(&self, value: &mut Value) {
        match value {
            Value::Object(members) => members.retain(|name, value| match self.0.get(name) {
                Some(None) => false,
                Some(Some(inside)) => {
                    inside.take_out(value);
                    true
                }
                None => true,
            }),
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    if let Some(Some(inside)) = self.0.get(&index.to_string()) {
                        inside.take_out(item);
                    }
                }
            }
            _ => {}
        }
    }

    /// Takes them out of the text of that value, of which everything else stays as it is written.
    pub(crate) fn take_out_of_text(&self, text: &str) -> Result<String, oas_types_runtime::Error> {
        let mut kept = String::with_capacity(text.len());
        self.copy(&mut Reader::new(text, Reading::Lenient), &mut kept)?;
        Ok(kept)
    }

    fn copy(&self, reader: &mut Reader<'_>, kept: &mut String) -> Result<(), oas_types_runtime::Error> {
        let is_list = reader.peek() == Some(b'[');
        if self.is_empty() || !is_list && reader.peek() != Some(b'{') {
            kept.push_str(reader.raw()?);
            return Ok(());
        }
        let mut is_first = true;
        let mut begin = |kept: &mut String| {
            if !std::mem::replace(&mut is_first, false) {
                kept.push(',');
            }
        };
        let nothing = Self::default();
        if is_list {
            kept.push('[');
            reader.list(|reader, index| {
                begin(kept);
                let inside = self.0.get(&index.to_string()).and_then(Option::as_ref);
                inside.unwrap_or(&nothing).copy(reader, kept)
            })?;
            kept.push(']');
            return Ok(());
        }
        kept.push('{');
        reader.members(|reader, name| {
            let inside = match self.0.get(&name) {
                Some(None) => return reader.raw().map(|_| ()),
                Some(Some(inside)) => inside,
                None => &nothing,
            };
            begin(kept);
            kept.push_str(&Value::from(name).to_string());
            kept.push(':');
            inside.copy(reader, kept)
        })?;
        kept.push('}');
        Ok(())
    }
}

/// Finds them in `value`, which is what `schema`, a part of `document`, describes.
pub(crate) fn find(document: &Value, schema: &Value, value: &Value) -> Taken {
    let mut taken = Taken::default();
    search(document, schema, value, (DEPTH, TURNS), &mut taken);
    taken
}

fn search(document: &Value, schema: &Value, value: &Value, (depth, turns): (usize, usize), taken: &mut Taken) {
    let (Some(turns), Value::Object(schema)) = (turns.checked_sub(1), schema) else { return };
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|reference| resolve(document, reference));
    let all = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    for part in target.into_iter().chain(all) {
        search(document, part, value, (depth, turns), taken);
    }
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Object(members) => search_members(document, schema, members, depth, taken),
        Value::Array(items) => {
            let first = schema.get("prefixItems").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let rest = schema.get("items");
            for (index, item) in items.iter().enumerate() {
                if let Some(described) = first.get(index).or(rest) {
                    search_inside(document, described, (&index.to_string(), item), depth, taken);
                }
            }
        }
        _ => {}
    }
}

fn search_members(
    document: &Value,
    schema: &Map<String, Value>,
    members: &Map<String, Value>,
    depth: usize,
    taken: &mut Taken,
) {
    let described = schema.get("properties").and_then(Value::as_object);
    for (name, value) in members {
        let own = described.and_then(|described| described.get(name));
        let Some(member) = own.or_else(|| schema.get("additionalProperties")) else { continue };
        if own.is_some() && member.get("readOnly") == Some(&Value::Bool(true)) {
            taken.0.insert(name.clone(), None);
        } else {
            search_inside(document, member, (name, value), depth, taken);
        }
    }
}

/// Finds them in the value of a member or an item.
fn search_inside(document: &Value, schema: &Value, (name, value): (&str, &Value), depth: usize, taken: &mut Taken) {
    let mut inside = match taken.0.get_mut(name) {
        Some(None) => return,
        Some(Some(known)) => std::mem::take(known),
        None => Taken::default(),
    };
    search(document, schema, value, (depth, TURNS), &mut inside);
    if !inside.is_empty() {
        taken.0.insert(name.to_owned(), Some(inside));
    }
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
        let text = value.to_string().replace("\"kept\":2", "\"kept\": 2.50");
        let taken = find(&schema, &schema, &value);
        taken.take_out(&mut value);
        let kept = json!({ "name": "a", "readOnly": true, "friends": [{ "name": "b" }], "more": { "kept": 2 } });
        assert_eq!(value, kept);
        // Of the text everything else stays, digit by digit.
        let kept = r#"{"name":"a","readOnly":true,"friends":[{"name":"b"}],"more":{"kept":2.50}}"#;
        assert_eq!(taken.take_out_of_text(&text).ok().as_deref(), Some(kept));
        assert_eq!(taken.take_out_of_text("[{\"id\": 1}, 2]").ok().as_deref(), Some("[{\"id\": 1},2]"));
    }
}
