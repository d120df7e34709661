//! Whether two JSON texts are the same value.

use std::collections::BTreeMap;

use crate::{Error, Reader, Reading, decimal};

/// A value as it is compared.
enum Value<'a> {
    Word(&'a str),
    Number(&'a str),
    Text(String),
    List(Vec<Value<'a>>),
    Object(BTreeMap<String, Value<'a>>),
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Word(one), Self::Word(two)) => one == two,
            (Self::Number(one), Self::Number(two)) => decimal::are_equal(one, two),
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::List(one), Self::List(two)) => one == two,
            (Self::Object(one), Self::Object(two)) => one == two,
            _ => false,
        }
    }
}

/// Whether two JSON texts are the same value, exactly, whatever the order of members and the spelling of numbers.
pub(crate) fn are_equal(one: &str, two: &str) -> bool {
    one == two || matches!((parse(one), parse(two)), (Ok(one), Ok(two)) if one == two)
}

fn parse(text: &str) -> Result<Value<'_>, Error> {
    value(&mut Reader::new(text, Reading::Exact))
}

fn value<'a>(reader: &mut Reader<'a>) -> Result<Value<'a>, Error> {
    match reader.peek() {
        Some(b'"') => Ok(Value::Text(reader.string()?.into_owned())),
        Some(b'[') => reader.list(|reader, _| value(reader)).map(Value::List),
        Some(b'{') => {
            let mut members = BTreeMap::new();
            reader.members(|reader, name| {
                members.insert(name, value(reader)?);
                Ok(())
            })?;
            Ok(Value::Object(members))
        }
        Some(b'-' | b'0'..=b'9') => reader.number().map(Value::Number).ok_or_else(|| reader.unexpected("a number")),
        _ => reader.raw().map(Value::Word),
    }
}

#[cfg(test)]
mod tests {
    use super::are_equal;

    #[test]
    fn values_are_compared_and_not_texts() {
        assert!(are_equal(r#"{"a": 1, "b": [1.0, "é"]}"#, r#"{"b":[1,"\u00e9"],"a":1e0}"#));
        assert!(are_equal("123456789012345678901234567890", "1.2345678901234567890123456789e29"));
        assert!(!are_equal("123456789012345678901234567890", "123456789012345678901234567891"));
        assert!(!are_equal("[1,2]", "[2,1]"));
        assert!(!are_equal("null", "false"));
        assert!(are_equal("-0", "0.0"));
    }
}
