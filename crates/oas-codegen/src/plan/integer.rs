//! Rust's integers, and the formats that ask for them. Everything that the generator knows of one is its entry here;
//! which numbers a format has, `oas-model` says.

use std::fmt;

use oas_model::integer_range;
use serde_json::Value;

/// One of Rust's integers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Integer(usize);

/// What is known of an integer.
struct Entry {
    /// Its name in Rust.
    ty: &'static str,
    /// The format that has the same numbers.
    format: &'static str,
    /// What `format` says elsewhere and means the same.
    also: Option<&'static str>,
}

/// The integers.
const ENTRIES: &[Entry] = &[
    Entry { ty: "i8", format: "int8", also: None },
    Entry { ty: "i16", format: "int16", also: None },
    Entry { ty: "i32", format: "int32", also: None },
    Entry { ty: "i64", format: "int64", also: None },
    Entry { ty: "u8", format: "uint8", also: None },
    Entry { ty: "u16", format: "uint16", also: None },
    Entry { ty: "u32", format: "uint32", also: None },
    Entry { ty: "u64", format: "uint64", also: Some("uint") },
];

impl Integer {
    /// What an integer is that the document says nothing more of.
    pub const I64: Self = Self(3);
    /// What an integer is that has bounds beyond `i64`.
    pub const U64: Self = Self(7);

    /// The integer of the format of this name, when it has one.
    pub fn named(name: &str) -> Option<Self> {
        ENTRIES.iter().position(|entry| entry.format == name || entry.also == Some(name)).map(Self)
    }

    fn entry(self) -> &'static Entry {
        &ENTRIES[self.0]
    }

    /// The name in Rust.
    pub fn type_name(self) -> &'static str {
        self.entry().ty
    }

    /// Whether a value is one of its numbers, so that a default may be written as one.
    pub fn has_value(self, value: &Value) -> bool {
        let number = value.as_number().and_then(serde_json::Number::as_i128);
        let range = integer_range(self.entry().format);
        number.zip(range).is_some_and(|(number, range)| range.contains(&number))
    }

    /// Whether it has numbers that no float of 64 bits has.
    pub fn is_wide(self) -> bool {
        matches!(self, Self::I64 | Self::U64)
    }
}

impl fmt::Debug for Integer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.type_name())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_integer_has_the_numbers_of_its_format() {
        for (at, entry) in ENTRIES.iter().enumerate() {
            let range = integer_range(entry.format).expect("a range");
            let integer = Integer(at);
            let names = [Some(entry.format), entry.also];
            assert!(names.into_iter().flatten().all(|name| Integer::named(name) == Some(integer)), "{integer:?}");
            let value = |number: i128| number.to_string().parse::<Value>().expect("a number");
            assert!(integer.has_value(&value(*range.start())) && integer.has_value(&value(*range.end())));
            assert!(!integer.has_value(&value(range.start() - 1)) && !integer.has_value(&value(range.end() + 1)));
        }
        assert_eq!((Integer::I64.type_name(), Integer::U64.type_name()), ("i64", "u64"));
        assert_eq!(Integer::named("double"), None);
        assert!(!Integer::I64.has_value(&json!(1.5)) && !Integer::I64.has_value(&json!("1")));
    }
}
