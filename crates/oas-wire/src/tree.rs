//! Values as text can carry them: numbers stay as they are written.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, de};
use serde_json::Value;
use serde_json::value::RawValue;

/// How deep a value nests at most.
const DEPTH: usize = 64;

/// A value whose numbers are the text that JSON has for them, so that none is changed on its way into a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// `null`, which is absent in a parameter.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as JSON writes it.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// The members of an object, in their order.
    Members(Vec<(String, Self)>),
}

impl Tree {
    /// A value by way of its JSON text, which keeps numbers as they print.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Self> {
        let mut json = serde_json::to_string(value)?;
        // Most values are one word: what stands between the quotes of a text without escapes is that text.
        Ok(match json.as_bytes() {
            b"true" => Self::Boolean(true),
            b"false" => Self::Boolean(false),
            [b'0'..=b'9' | b'-', ..] => Self::Number(json),
            [b'"', text @ .., b'"'] if !text.contains(&b'\\') => {
                json.pop();
                json.remove(0);
                Self::Text(json)
            }
            _ => return Self::parse(&json),
        })
    }

    /// The value of a JSON text.
    pub fn parse(json: &str) -> serde_json::Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let tree = Deep(DEPTH).deserialize(&mut deserializer)?;
        deserializer.end().map(|()| tree)
    }

    /// The value as JSON text.
    pub fn json(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        let quoted = |one: &str| Value::from(one).to_string();
        match self {
            Self::Null => text.push_str("null"),
            Self::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => text.push_str(number),
            Self::Text(one) => text.push_str(&quoted(one)),
            Self::List(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { "," });
                    item.write(text);
                }
                text.push(']');
            }
            Self::Members(members) => {
                text.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { "," });
                    text.push_str(&quoted(name));
                    text.push(':');
                    value.write(text);
                }
                text.push('}');
            }
        }
    }

    /// Whether it is absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it has parts.
    pub(crate) fn is_nested(&self) -> bool {
        matches!(self, Self::List(_) | Self::Members(_))
    }
}

/// Reads a tree so many levels deep.
#[derive(Clone, Copy)]
struct Deep(usize);

impl<'de> DeserializeSeed<'de> for Deep {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        // The text of a value, which its first character tells apart.
        let raw = <&RawValue as de::Deserialize>::deserialize(deserializer)?.get();
        let mut inner = serde_json::Deserializer::from_str(raw);
        let inside = |error: serde_json::Error| de::Error::custom(error);
        match raw.as_bytes().first() {
            Some(b'[' | b'{') if self.0 == 0 => Err(de::Error::custom("it nests too deep")),
            Some(b'[') => inner.deserialize_seq(self).map_err(inside),
            Some(b'{') => inner.deserialize_map(self).map_err(inside),
            Some(b'"') => serde_json::from_str(raw).map(Tree::Text).map_err(inside),
            Some(b'n') => Ok(Tree::Null),
            Some(b't' | b'f') => Ok(Tree::Boolean(raw == "true")),
            _ => Ok(Tree::Number(raw.to_owned())),
        }
    }
}

impl<'de> Visitor<'de> for Deep {
    type Value = Tree;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Self(self.0 - 1))? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = access.next_key()? {
            members.push((name, access.next_value_seed(Self(self.0 - 1))?));
        }
        Ok(Tree::Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_as_they_are_written() {
        let text =
            r#"{"a":[1.10,123456789012345678901234567890,1e400],"b":"\u00fc\"","c":{"d":null,"e":[true,false,[],{}]}}"#;
        let tree = Tree::parse(text).expect("JSON");
        assert_eq!(tree.json(), text.replace("\\u00fc", "\u{fc}"));
    }

    #[test]
    fn only_json_is_read_and_not_too_deep() {
        assert!(Tree::parse("[1,]").is_err() && Tree::parse("1 2").is_err() && Tree::parse("").is_err());
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Tree::parse(&deep(DEPTH)).is_ok());
        assert!(Tree::parse(&deep(DEPTH + 1)).expect_err("too deep").to_string().contains("nests too deep"));
    }
}
