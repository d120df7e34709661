//! Values that JSON cannot carry whole: forms with bytes in them.

use bytes::Bytes;
use oas_wire::percent::{self, Pair};
use oas_wire::{Members, Shape, Spelling, Unreadable, integer};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use crate::{Encoding, Style};

/// A value whose parts can be bytes.
#[derive(Debug, Clone)]
pub(crate) enum Field {
    /// No bytes in it.
    Json(Value),
    /// Bytes, as they came.
    Bytes(Bytes),
    /// Values of one name.
    List(Vec<Field>),
    /// A form.
    Form(Vec<(String, Field)>),
}

impl Field {
    /// The value as its schema sees it, in which bytes are an empty string.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::Bytes(_) => Value::String(String::new()),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Form(members) => members.iter().map(|(name, field)| (name.clone(), field.to_json())).collect(),
        }
    }

    /// Writes integers without a fraction or an exponent, which types do not take.
    pub(crate) fn write_integers(&mut self) {
        match self {
            Self::Json(value) => {
                integer::rewrite(value);
            }
            Self::Bytes(_) => {}
            Self::List(items) => items.iter_mut().for_each(Self::write_integers),
            Self::Form(members) => members.iter_mut().for_each(|(_, field)| field.write_integers()),
        }
    }
}

impl<'de> Deserializer<'de> for Field {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Json(value) => value.deserialize_any(visitor),
            Self::Bytes(bytes) => visitor.visit_byte_buf(bytes.into()),
            Self::List(items) => SeqDeserializer::new(items.into_iter()).deserialize_any(visitor),
            Self::Form(members) => MapDeserializer::new(members.into_iter()).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Json(Value::Null) => visitor.visit_none(),
            other => visitor.visit_some(other),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self {
            Self::Json(value) => value.deserialize_newtype_struct(name, visitor),
            other => visitor.visit_newtype_struct(other),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self {
            Self::Json(value) => value.deserialize_enum(name, variants, visitor),
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Self::Bytes(bytes) => SeqDeserializer::new(bytes.into_iter()).deserialize_any(visitor),
            // A part that looked like text, for a member that holds bytes.
            Self::Json(Value::String(text)) => {
                SeqDeserializer::new(text.into_bytes().into_iter()).deserialize_any(visitor)
            }
            other => other.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, serde_json::Error> for Field {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Reads an `application/x-www-form-urlencoded` body. The error names the member at fault.
pub(crate) fn urlencoded(body: &str, shape: &Shape, encoding: &[Encoding]) -> Result<Value, (String, Unreadable)> {
    let pairs = percent::pairs(body);
    let none = Members::default();
    let members = shape.members.as_ref().unwrap_or(&none);
    let mut object = Map::new();
    for (name, shape) in members.names() {
        let encoding = encoding.iter().find(|encoding| encoding.name == name);
        let value = member(&pairs, name, shape, encoding, members).map_err(|fault| (name.to_owned(), fault))?;
        if let Some(value) = value {
            object.insert(name.to_owned(), value);
        }
    }
    for pair in &pairs {
        let stem = pair.name.split('[').next().unwrap_or_default();
        if members.knows(&pair.name) || members.knows(stem) {
            continue;
        }
        let value = percent::decode_form(pair.value).ok_or_else(|| (pair.name.to_string(), Unreadable::Encoding))?;
        object.insert(pair.name.to_string(), members.shape(&pair.name).value(value));
    }
    Ok(Value::Object(object))
}

/// A member of a form: in the style the document states, otherwise objects as JSON and the rest as the query does.
fn member(
    pairs: &[Pair<'_>],
    name: &str,
    shape: &Shape,
    encoding: Option<&Encoding>,
    members: &Members,
) -> Result<Option<Value>, Unreadable> {
    let taken = |name: &str| members.knows(name);
    if let Some(Encoding { content_type: None, style, explode, .. }) = encoding {
        return Spelling::new(name, *style).explode(*explode).read_pairs(pairs, shape, &taken);
    }
    let json = encoding.is_some_and(|encoding| encoding.content_type.is_some_and(oas_wire::is_json));
    if json || shape.members.is_some() && !shape.is_scalar() {
        let Some(pair) = pairs.iter().find(|pair| pair.name == name) else {
            return Spelling::new(name, Style::DeepObject).read_pairs(pairs, shape, &taken);
        };
        let text = percent::decode_form(pair.value).ok_or(Unreadable::Encoding)?;
        return serde_json::from_str(&text).map(Some).map_err(|_| Unreadable::Syntax);
    }
    Spelling::new(name, Style::Form).read_pairs(pairs, shape, &taken)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[test]
    fn forms_become_objects() {
        let schema = json!({"type": "object", "properties": {
            "title": {"type": "string"},
            "count": {"type": "integer"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "meta": {"type": "object", "properties": {"deep": {"type": "boolean"}}}
        }});
        let shape = Shape::of(&schema, &schema);
        let read = |text| urlencoded(text, &shape, &[]);
        let whole = json!({"title": "a b", "count": 2, "tags": ["x", "y"], "meta": {"deep": true}, "other": "1"});
        for text in [
            "title=a+b&count=2&tags=x&tags=y&meta=%7B%22deep%22%3Atrue%7D&other=1",
            "title=a%20b&count=2&tags=x&tags=y&meta[deep]=true&other=1",
        ] {
            assert_eq!(read(text), Ok(whole.clone()));
        }
        assert_eq!(read("count=1&count=2"), Err(("count".into(), Unreadable::Repeated)));
        assert_eq!(read("meta=nonsense"), Err(("meta".into(), Unreadable::Syntax)));
    }

    #[test]
    fn bytes_survive() {
        #[derive(Debug, Deserialize, PartialEq)]
        struct Upload {
            title: String,
            file: Bytes,
            more: Option<Vec<Bytes>>,
            raw: Vec<u8>,
            none: Option<Bytes>,
        }
        let bytes = || Bytes::from_static(&[0, 159, 146, 150]);
        let field = Field::Form(vec![
            ("title".into(), Field::Json(json!("x"))),
            ("file".into(), Field::Bytes(bytes())),
            ("more".into(), Field::List(vec![Field::Bytes(bytes())])),
            ("raw".into(), Field::Bytes(bytes())),
        ]);
        let upload = Upload::deserialize(field).expect("it has every member");
        assert_eq!((upload.file, upload.more, upload.none), (bytes(), Some(vec![bytes()]), None));
        assert_eq!(upload.raw, bytes());
    }
}
