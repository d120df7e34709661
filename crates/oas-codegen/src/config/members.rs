//! The members that the file can have, as its types state them, and the places of those that it has.

use std::ops::Range;

use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;
use toml::de::{DeTable, DeValue};

use crate::plan::{DeclaredPages, OperationSettings};

use super::{ApiConfig, Config, FidelityConfig, PackageConfig, RuntimeConfig};

/// The members of a section: of the file itself (the empty name), or of an `[[api]]`.
pub fn known(section: &str) -> &'static [&'static str] {
    match section {
        "" => fields::<Config>(),
        "api" => fields::<ApiConfig>(),
        "fidelity" => fields::<FidelityConfig>(),
        "package" => fields::<PackageConfig>(),
        "runtime" => fields::<RuntimeConfig>(),
        "api.operations" => fields::<OperationSettings>(),
        "api.operations.pages" => fields::<DeclaredPages>(),
        _ => &[],
    }
}

/// What is said of the member at a path such as `api.0.manifset`: a message and a way out.
pub(super) fn unknown(path: &str) -> (String, String) {
    let parts: Vec<&str> = parts(path).filter(|part| part.parse::<usize>().is_err()).collect();
    let (section, member) = match parts.as_slice() {
        // Sections of operations have their ids in between.
        ["api", "operations", _, section @ .., member] => {
            (["api", "operations"].iter().chain(section).copied().collect::<Vec<_>>().join("."), *member)
        }
        [section @ .., member] => (section.join("."), *member),
        [] => (String::new(), path),
    };
    let known = known(&section);
    let near = known.iter().map(|name| (strsim::jaro_winkler(name, member), *name));
    let near = near.filter(|(likeness, _)| *likeness > 0.8).max_by(|(one, _), (other, _)| one.total_cmp(other));
    let list = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let hint = match near {
        Some((_, name)) => format!("`{name}` is close to it; the members here are {list}"),
        None => format!("the members here are {list}"),
    };
    (format!("`{}` is no member that is known here", member.escape_debug()), hint)
}

/// The parts of such a path. What may be missing has a `?` of its own in it.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').filter(|part| *part != "?")
}

/// The range of bytes of the key at a path such as `api.0.manifset`; empty when it cannot be found.
pub(super) fn place(text: &str, path: &str) -> Range<usize> {
    let Ok(table) = DeTable::parse(text) else { return 0..0 };
    let mut place = 0..0;
    let mut table = table.get_ref();
    let mut parts = parts(path).peekable();
    while let Some(part) = parts.next() {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == part) else { break };
        place = key.span();
        let mut value = value.get_ref();
        if let DeValue::Array(items) = value
            && let Some(index) = parts.peek().and_then(|part| part.parse::<usize>().ok())
            && let Some(item) = items.get(index)
        {
            parts.next();
            value = item.get_ref();
        }
        let DeValue::Table(inner) = value else { break };
        table = inner;
    }
    place
}

/// Where `[api]` stands, when the file has one instead of `[[api]]`.
pub(super) fn single_api(text: &str) -> Option<Range<usize>> {
    let table = DeTable::parse(text).ok()?;
    let (key, value) = table.get_ref().iter().find(|(key, _)| key.get_ref() == "api")?;
    matches!(value.get_ref(), DeValue::Table(_)).then(|| key.span())
}

/// The names of a struct's fields, as serde knows them.
fn fields<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut found: &'static [&'static str] = &[];
    // It ends in an error by design: nothing is there to be read.
    let _ = T::deserialize(Ask { found: &mut found });
    found
}

/// A deserializer that only hears which fields are asked for.
struct Ask<'a> {
    found: &'a mut &'static [&'static str],
}

impl<'de> Deserializer<'de> for Ask<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("there is nothing to read"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.found = fields;
        Err(Error::custom("there is nothing to read"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_those_of_the_types() {
        assert!(known("").contains(&"api"));
        assert!(known("api").contains(&"document"));
        assert!(known("elsewhere").is_empty());
    }

    #[test]
    fn places_are_those_of_keys() {
        let text = "[[api]]\na = 1\n[[api]]\nb = { c = 2 }\n";
        assert_eq!(&text[place(text, "api.1.b")], "b");
        assert_eq!(&text[place(text, "api.1.b.c")], "c");
    }
}
