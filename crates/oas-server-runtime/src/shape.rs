//! What a text can stand for, by its schema: parameters and forms carry text alone, schemas speak of JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// How many schemas deep a shape is read; texts do not nest deeper.
const DEPTH: usize = 12;

/// What values of a schema can look like, as far as reading a text needs it. Several at once for unions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of JSON types, each of which is asked for by name")]
pub(crate) struct Shape {
    pub(crate) boolean: bool,
    pub(crate) integer: bool,
    pub(crate) number: bool,
    pub(crate) string: bool,
    /// The schema says that its string is bytes (`format: binary`, or another media type in it).
    pub(crate) bytes: bool,
    /// The items, when it can be an array.
    pub(crate) items: Option<Box<Shape>>,
    /// The members, when it can be an object.
    pub(crate) members: Option<Members>,
}

/// The members of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Members {
    named: BTreeMap<String, Shape>,
    /// Any other member; `None` when the schema allows none, or says nothing.
    other: Option<Box<Shape>>,
}

impl Members {
    /// Whether a member of this name is described.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.named.contains_key(name)
    }

    /// Whether members without a description of their own are described.
    pub(crate) fn is_open(&self) -> bool {
        self.other.is_some()
    }

    /// The shape of the member `name`; a plain text when nothing is known of it.
    pub(crate) fn shape(&self, name: &str) -> Shape {
        self.named.get(name).or(self.other.as_deref()).cloned().unwrap_or_default()
    }

    /// The names that are described.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &Shape)> {
        self.named.iter().map(|(name, shape)| (name.as_str(), shape))
    }
}

impl Shape {
    /// The shape of `schema`, a part of `document`.
    pub(crate) fn of(document: &Value, schema: &Value) -> Self {
        let mut shape = Self::default();
        shape.absorb(document, schema, DEPTH);
        shape
    }

    /// Whether nothing is known.
    pub(crate) fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a single text can be a value of it.
    pub(crate) fn is_scalar(&self) -> bool {
        self.boolean || self.integer || self.number || self.string || self.is_unknown()
    }

    fn absorb(&mut self, document: &Value, schema: &Value, depth: usize) {
        let (Some(depth), Some(schema)) = (depth.checked_sub(1), schema.as_object()) else { return };
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|text| resolve(document, text)) {
            self.absorb(document, target, depth);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for branch in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                self.absorb(document, branch, depth);
            }
        }
        self.absorb_types(schema);
        self.bytes |= is_binary(schema);
        self.absorb_items(document, schema, depth);
        self.absorb_members(document, schema, depth);
    }

    fn absorb_types(&mut self, schema: &Map<String, Value>) {
        let mut note = |name: &str| match name {
            "boolean" => self.boolean = true,
            "integer" => self.integer = true,
            "number" => self.number = true,
            "string" => self.string = true,
            "array" => {
                self.items.get_or_insert_default();
            }
            "object" => {
                self.members.get_or_insert_default();
            }
            _ => {}
        };
        match schema.get("type") {
            Some(Value::String(name)) => note(name),
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).for_each(note),
            _ => {
                let values = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
                values.chain(schema.get("const")).for_each(|value| {
                    note(match value {
                        Value::Bool(_) => "boolean",
                        Value::Number(number) if number.is_f64() => "number",
                        Value::Number(_) => "integer",
                        Value::String(_) => "string",
                        _ => "",
                    });
                });
            }
        }
    }

    fn absorb_items(&mut self, document: &Value, schema: &Map<String, Value>, depth: usize) {
        let items = schema.get("items").filter(|items| items.is_object());
        let prefix = schema.get("prefixItems").and_then(Value::as_array).into_iter().flatten();
        for one in items.into_iter().chain(prefix) {
            self.items.get_or_insert_default().absorb(document, one, depth);
        }
    }

    fn absorb_members(&mut self, document: &Value, schema: &Map<String, Value>, depth: usize) {
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let members = self.members.get_or_insert_default();
            members.named.entry(name.clone()).or_default().absorb(document, member, depth);
        }
        let others = schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
        let other = schema.get("additionalProperties").filter(|value| **value != Value::Bool(false));
        for one in other.into_iter().chain(others.map(|(_, value)| value)) {
            let members = self.members.get_or_insert_default();
            members.other.get_or_insert_default().absorb(document, one, depth);
        }
    }

    /// The JSON value that `text` stands for. A text that fits no type stays a string, for validation to refuse.
    pub(crate) fn value(&self, text: String) -> Value {
        if self.boolean && (text == "true" || text == "false") {
            return Value::Bool(text == "true");
        }
        let numeric = text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
            && text.ends_with(|last: char| last.is_ascii_digit());
        if numeric
            && (self.number || self.integer && text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()))
        {
            // The grammar of JSON numbers, which has neither `NaN` nor leading zeros.
            if let Ok(number) = serde_json::from_str(&text) {
                return Value::Number(number);
            }
        }
        Value::String(text)
    }
}

/// Whether the schema's strings are bytes, in the words of OpenAPI 3.0 or 3.1.
fn is_binary(schema: &Map<String, Value>) -> bool {
    let word = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
    let is_text = |name: &str| name.starts_with("text/") || name.ends_with("json") || name.ends_with("xml");
    let by_media_type = word("contentEncoding").is_none_or(|encoding| encoding == "binary")
        && word("contentMediaType").is_some_and(|name| !is_text(name));
    word("format") == Some("binary") || by_media_type
}

/// What a `$ref` inside of the document names.
pub(crate) fn resolve<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = crate::text::decode(reference.strip_prefix('#')?)?;
    document.pointer(&pointer)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(schema: &Value, text: &str) -> Value {
        Shape::of(schema, schema).value(text.to_owned())
    }

    #[test]
    fn texts_become_what_their_schema_allows() {
        let integer = json!({"type": "integer"});
        assert_eq!(value(&integer, "-42"), json!(-42));
        for text in ["4.5", "1e3", " 1", "+1", "007", "", "0x1", "NaN", "1_000"] {
            assert_eq!(value(&integer, text), json!(text));
        }
        let number = json!({"type": ["number", "null"]});
        assert_eq!(value(&number, "1e3"), json!(1000.0));
        assert_eq!(value(&number, "Infinity"), json!("Infinity"));
        assert_eq!(value(&json!({"type": "string"}), "42"), json!("42"));
        assert_eq!(value(&json!({"type": "boolean"}), "True"), json!("True"));
        assert_eq!(value(&json!({"enum": [1, "one"]}), "1"), json!(1));
        assert_eq!(value(&json!({"anyOf": [{"type": "integer"}, {"type": "string"}]}), "x"), json!("x"));
    }

    #[test]
    fn a_cycle_of_references_ends() {
        let schema = json!({"$ref": "#/$defs/A", "$defs": {"A": {"allOf": [{"$ref": "#/$defs/A"}], "items": {"$ref": "#/$defs/A"}}}});
        assert!(Shape::of(&schema, &schema).items.is_some());
    }
}
