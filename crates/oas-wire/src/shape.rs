//! What a text can stand for, by its schema: parameters and forms carry text alone, schemas speak of JSON.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::integer;

/// How many schemas deep a shape is read; texts do not nest deeper.
const DEPTH: usize = 12;

/// What values of a schema can look like, as far as reading a text needs it. Several at once for unions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of JSON's types say it")]
#[expect(clippy::struct_excessive_bools, reason = "a set of JSON types, each of which is asked for by name")]
pub struct Shape {
    pub boolean: bool,
    pub integer: bool,
    pub number: bool,
    pub string: bool,
    /// The strings that the schema lists.
    pub texts: BTreeSet<String>,
    /// The schema says that its string is bytes (`format: binary`, or another media type in it).
    pub bytes: bool,
    /// The items, when it can be an array.
    pub items: Option<Box<Shape>>,
    /// The members, when it can be an object.
    pub members: Option<Members>,
}

/// The members of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    named: BTreeMap<String, Shape>,
    /// Any other member; `None` when the schema allows none, or says nothing.
    other: Option<Box<Shape>>,
}

impl Members {
    /// Whether a member of this name is described.
    pub fn knows(&self, name: &str) -> bool {
        self.named.contains_key(name)
    }

    /// Whether members without a description of their own are described.
    pub fn is_open(&self) -> bool {
        self.other.is_some()
    }

    /// The shape of the member `name`; a plain text when nothing is known of it.
    pub fn shape(&self, name: &str) -> Shape {
        self.named.get(name).or(self.other.as_deref()).cloned().unwrap_or_default()
    }

    /// The names that are described.
    pub fn names(&self) -> impl Iterator<Item = (&str, &Shape)> {
        self.named.iter().map(|(name, shape)| (name.as_str(), shape))
    }
}

impl Shape {
    /// The shape of `schema`, a part of `document`.
    pub fn of(document: &Value, schema: &Value) -> Self {
        let mut shape = Self::default();
        shape.absorb(document, schema, DEPTH);
        shape
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a single text can be a value of it.
    pub fn is_scalar(&self) -> bool {
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
        let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
        self.texts.extend(listed.filter_map(Value::as_str).map(str::to_owned));
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
    pub fn value(&self, text: String) -> Value {
        if self.texts.contains(&text) {
            return Value::String(text);
        }
        if self.boolean && (text == "true" || text == "false") {
            return Value::Bool(text == "true");
        }
        match self.number_of(&text).or_else(|| self.nested(&text)) {
            Some(value) => value,
            None => Value::String(text),
        }
    }

    /// The number that `text` stands for. Where texts are allowed as well, only what a client writes for a number is one.
    fn number_of(&self, text: &str) -> Option<Value> {
        let begins = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let ends = text.ends_with(|last: char| last.is_ascii_digit());
        if !(self.number || self.integer) || !begins || !ends {
            return None;
        }
        let plain = integer::plain(text);
        if self.string && plain != text {
            return None;
        }
        let is_integer = plain.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
        // The grammar of JSON numbers, which has neither `NaN` nor leading zeros.
        let number: serde_json::Number = serde_json::from_str(text).ok()?;
        if is_integer {
            serde_json::from_str(&plain).ok().map(Value::Number)
        } else {
            self.number.then_some(Value::Number(number))
        }
    }

    /// The list or object that `text` stands for, where there is no style any more and no text is allowed.
    fn nested(&self, text: &str) -> Option<Value> {
        let is_expected = match text.as_bytes().first()? {
            b'[' => self.items.is_some(),
            b'{' => self.members.is_some(),
            _ => false,
        };
        if is_expected && !self.string { serde_json::from_str(text).ok() } else { None }
    }

    /// The same where a text stays a text wherever texts are allowed; `None` when that is no other shape. What is no
    /// value of a union when it is read as a number may be one when it is not.
    pub fn as_text(&self) -> Option<Self> {
        let mut shape = self.clone();
        shape.prefer_texts();
        (shape != *self).then_some(shape)
    }

    /// The JSON of `value`, a value of this shape, whose numbers are as they were written: `read` reads the same in
    /// another shape. `None` when every number is exact as it is, or there is no such text.
    pub fn exact(&self, value: &Value, read: impl FnOnce(&Self) -> Option<Value>) -> Option<String> {
        if !has_fractions(value) {
            return None;
        }
        let mut texts = self.clone();
        texts.take_texts_for_numbers();
        let mut json = String::new();
        write_exactly(value, &read(&texts)?, &mut json)?;
        Some(json)
    }

    fn take_texts_for_numbers(&mut self) {
        if self.integer || self.number {
            (self.boolean, self.integer, self.number, self.string) = (false, false, false, true);
        }
        self.items.iter_mut().for_each(|items| items.take_texts_for_numbers());
        let members = self.members.iter_mut();
        members.for_each(|members| {
            members.named.values_mut().chain(members.other.as_deref_mut()).for_each(Self::take_texts_for_numbers);
        });
    }

    fn prefer_texts(&mut self) {
        if self.string {
            (self.boolean, self.integer, self.number) = (false, false, false);
        }
        self.items.iter_mut().for_each(|items| items.prefer_texts());
        let members = self.members.iter_mut();
        members.for_each(|members| {
            members.named.values_mut().chain(members.other.as_deref_mut()).for_each(Self::prefer_texts);
        });
    }
}

/// Whether there is a number that may have lost digits.
fn has_fractions(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_fractions),
        Value::Object(members) => members.values().any(has_fractions),
        _ => false,
    }
}

/// Writes a value whose numbers are what stands in their place in `texts`; `None` when the two differ in more.
fn write_exactly(value: &Value, texts: &Value, json: &mut String) -> Option<()> {
    match (value, texts) {
        (Value::Number(number), Value::String(text)) if number.is_f64() => {
            serde_json::from_str::<serde_json::Number>(text).ok()?;
            json.push_str(&integer::plain(text));
        }
        (Value::Array(items), Value::Array(texts)) if items.len() == texts.len() => {
            json.push('[');
            for (index, (item, text)) in items.iter().zip(texts).enumerate() {
                json.push_str(if index == 0 { "" } else { "," });
                write_exactly(item, text, json)?;
            }
            json.push(']');
        }
        (Value::Object(members), Value::Object(texts)) => {
            json.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                json.push_str(if index == 0 { "" } else { "," });
                json.push_str(&Value::from(name.as_str()).to_string());
                json.push(':');
                write_exactly(member, texts.get(name)?, json)?;
            }
            json.push('}');
        }
        (value, _) => json.push_str(&value.to_string()),
    }
    Some(())
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
pub fn resolve<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = crate::percent::decode(reference.strip_prefix('#')?)?;
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
    fn numbers_keep_their_digits() {
        let exact = |schema: Value, text: &str| {
            let shape = Shape::of(&schema, &schema);
            shape.exact(&shape.value(text.to_owned()), |shape| Some(shape.value(text.to_owned())))
        };
        let number = json!({"type": "number"});
        assert_eq!(exact(number.clone(), "0.10000000000000000000001").as_deref(), Some("0.10000000000000000000001"));
        assert_eq!(exact(number.clone(), "1.10").as_deref(), Some("1.10"));
        assert_eq!(exact(number, "7"), None, "an integer is exact as it is");
        let list = json!({"type": "array", "items": {"type": ["number", "boolean"]}});
        let shape = Shape::of(&list, &list);
        let texts = json!(["1.10", "true", "12345678901234567890123"]);
        let read = |shape: &Shape| {
            let item = shape.items.as_deref()?;
            let texts = texts.as_array()?.iter().filter_map(Value::as_str);
            Some(texts.map(|text| item.value(text.to_owned())).collect::<Value>())
        };
        let value = read(&shape).expect("a list");
        assert_eq!(shape.exact(&value, read).as_deref(), Some("[1.10,true,12345678901234567890123]"));
    }

    #[test]
    fn texts_become_what_their_schema_allows() {
        let integer = json!({"type": "integer"});
        for (text, expected) in [("-42", -42), ("1e3", 1000), ("1.0", 1), ("-0", 0)] {
            assert_eq!(value(&integer, text), json!(expected));
        }
        for text in ["4.5", " 1", "+1", "007", "", "0x1", "NaN", "1_000", "1.", "01.0"] {
            assert_eq!(value(&integer, text), json!(text));
        }
        let number = json!({"type": ["number", "null"]});
        assert_eq!(value(&number, "1e3"), json!(1000));
        assert_eq!(value(&number, "1.5"), json!(1.5));
        assert_eq!(value(&number, "Infinity"), json!("Infinity"));
        assert_eq!(value(&json!({"type": "string"}), "42"), json!("42"));
        assert_eq!(value(&json!({"type": "boolean"}), "True"), json!("True"));
        assert_eq!(value(&json!({"enum": [1, "one"]}), "1"), json!(1));
        assert_eq!(value(&json!({"anyOf": [{"type": "integer"}, {"type": "string"}]}), "x"), json!("x"));
    }

    #[test]
    fn a_text_that_is_listed_is_no_number() {
        let either = json!({"oneOf": [{"type": "string", "enum": ["10", "20"]}, {"type": "integer", "maximum": 5}]});
        assert_eq!(value(&either, "10"), json!("10"));
        assert_eq!(value(&either, "3"), json!(3));
        assert_eq!(value(&either, "3.0"), json!("3.0"));
        let shape = Shape::of(&either, &either);
        assert_eq!(shape.as_text().expect("another shape").value("3".to_owned()), json!("3"));
        let list = json!({"items": {"type": ["string", "boolean"]}});
        let texts = Shape::of(&list, &list).as_text().expect("another shape");
        assert!(!texts.items.expect("items").boolean);
        assert_eq!(Shape::of(&json!({}), &json!({"type": "integer"})).as_text(), None);
    }

    #[test]
    fn what_is_nested_is_json_text() {
        let list = json!({"type": "array", "items": {"type": "integer"}});
        assert_eq!(value(&list, "[1,2]"), json!([1, 2]));
        assert_eq!(value(&list, "{}"), json!("{}"));
        assert_eq!(value(&json!({"type": ["string", "array"]}), "[1]"), json!("[1]"));
    }

    #[test]
    fn a_cycle_of_references_ends() {
        let schema = json!({
            "$ref": "#/$defs/A",
            "$defs": {"A": {"allOf": [{"$ref": "#/$defs/A"}], "items": {"$ref": "#/$defs/A"}}}
        });
        assert!(Shape::of(&schema, &schema).items.is_some());
    }
}
