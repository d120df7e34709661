//! Reading and writing the types of the standard library, and JSON values.

use std::collections::BTreeMap;

use crate::choice::{Fit, Kind, Raw};
use crate::error::Place;
use crate::{Error, FromJson, Reader, ToJson, Writer, number};

impl FromJson for String {
    #[inline]
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.string().map(std::borrow::Cow::into_owned)
    }

    fn fit(value: &Raw<'_>) -> Fit {
        Fit::of(value.kind() == Kind::Text)
    }
}

impl ToJson for String {
    #[inline]
    fn to_json(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl ToJson for str {
    #[inline]
    fn to_json(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl FromJson for bool {
    #[inline]
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        if reader.word("true") {
            Ok(true)
        } else if reader.word("false") {
            Ok(false)
        } else {
            Err(reader.unexpected("a boolean"))
        }
    }

    fn fit(value: &Raw<'_>) -> Fit {
        Fit::of(value.kind() == Kind::Boolean)
    }
}

impl ToJson for bool {
    #[inline]
    fn to_json(&self, writer: &mut Writer) {
        writer.plain(if *self { "true" } else { "false" });
    }
}

impl FromJson for () {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        if reader.word("null") { Ok(()) } else { Err(reader.unexpected("null")) }
    }

    fn fit(value: &Raw<'_>) -> Fit {
        Fit::of(value.kind() == Kind::Null)
    }
}

impl ToJson for () {
    fn to_json(&self, writer: &mut Writer) {
        writer.null();
    }
}

impl<T: FromJson> FromJson for Option<T> {
    #[inline]
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        if reader.peek() == Some(b'n') && reader.word("null") { Ok(None) } else { T::from_json(reader).map(Some) }
    }

    fn fit(value: &Raw<'_>) -> Fit {
        if value.kind() == Kind::Null { Fit::of(true) } else { T::fit(value) }
    }
}

impl<T: ToJson> ToJson for Option<T> {
    #[inline]
    fn to_json(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.to_json(writer),
            None => writer.null(),
        }
    }
}

impl<T: FromJson> FromJson for Box<T> {
    #[inline]
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        T::from_json(reader).map(Self::new)
    }

    fn fit(value: &Raw<'_>) -> Fit {
        T::fit(value)
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    #[inline]
    fn to_json(&self, writer: &mut Writer) {
        (**self).to_json(writer);
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    #[inline]
    fn to_json(&self, writer: &mut Writer) {
        (**self).to_json(writer);
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        if reader.peek() == Some(b'"')
            && let Some(items) = T::list_of_text("")
        {
            let text = reader.string()?;
            return Ok(T::list_of_text(&text).unwrap_or(items));
        }
        reader.list(|reader, _| T::from_json(reader))
    }

    fn fit(value: &Raw<'_>) -> Fit {
        if value.kind() != Kind::List {
            return Fit::OTHER;
        }
        // What the first items look like is enough to tell lists apart; whether all fit is found out by reading.
        Fit::all(value.items().iter().take(16).map(T::fit))
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self, writer: &mut Writer) {
        writer.list(self);
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self, writer: &mut Writer) {
        writer.list(self);
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn to_json(&self, writer: &mut Writer) {
        writer.list(self);
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut map = Self::new();
        reader.members(|reader, name| {
            map.insert(name, T::from_json(reader)?);
            Ok(())
        })?;
        Ok(map)
    }

    fn fit(value: &Raw<'_>) -> Fit {
        if value.kind() != Kind::Object {
            return Fit::OTHER;
        }
        let all = Fit::all(value.entries().take(16).map(|(_, value)| T::fit(&value)));
        // A map knows no member by its name.
        Fit::of(!all.is_other)
    }
}

impl<T: ToJson> ToJson for BTreeMap<String, T> {
    fn to_json(&self, writer: &mut Writer) {
        writer.begin_object();
        writer.rest(self);
        writer.end_object();
    }
}

impl FromJson for serde_json::Value {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let value = match reader.peek() {
            Some(b'{') => Self::Object(reader.read()?),
            Some(b'[') => Self::Array(reader.read()?),
            Some(b'"') => Self::String(reader.read()?),
            Some(b't' | b'f') => Self::Bool(reader.read()?),
            Some(b'n') => {
                reader.read::<()>()?;
                Self::Null
            }
            _ => Self::Number(read_number(reader)?),
        };
        Ok(value)
    }
}

/// A number as integers of 64 bits and floats say it; one that neither can say is an error, and no other number.
fn read_number(reader: &mut Reader<'_>) -> Result<serde_json::Number, Error> {
    const EXPECTED: &str = "a number that 64 bits can say";
    let Some(text) = reader.number() else { return Err(reader.unexpected("a value")) };
    let number: Option<serde_json::Number> = serde_json::from_str(text).ok();
    let number =
        number.filter(|number| !number.is_f64() || number.as_f64().is_some_and(|float| number::is_near(text, float)));
    number.ok_or_else(|| reader.misfit(text, EXPECTED))
}

impl ToJson for serde_json::Value {
    fn to_json(&self, writer: &mut Writer) {
        writer.plain(&self.to_string());
    }
}

impl FromJson for serde_json::Map<String, serde_json::Value> {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut map = Self::new();
        reader.members(|reader, name| {
            map.insert(name, reader.read()?);
            Ok(())
        })?;
        Ok(map)
    }

    fn fit(value: &Raw<'_>) -> Fit {
        Fit::of(value.kind() == Kind::Object)
    }
}

impl ToJson for serde_json::Map<String, serde_json::Value> {
    fn to_json(&self, writer: &mut Writer) {
        writer.begin_object();
        writer.rest(self);
        writer.end_object();
    }
}

macro_rules! tuples {
    ($($count:literal ($($name:ident $at:tt)*))*) => {$(
        impl<$($name: FromJson),*> FromJson for ($($name,)*) {
            fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
                const EXPECTED: &str = concat!("an array of ", $count);
                let mut first = reader.enter(b'[', EXPECTED)?;
                let tuple = ($({
                    if !reader.has_next(&mut first, b']')? {
                        return Err(reader.error(EXPECTED, "a shorter one"));
                    }
                    $name::from_json(reader).map_err(|error| error.inside(Place::Item($at)))?
                },)*);
                if reader.has_next(&mut first, b']')? {
                    return Err(reader.error(EXPECTED, "a longer one"));
                }
                Ok(tuple)
            }

            fn fit(value: &Raw<'_>) -> Fit {
                if value.kind() != Kind::List {
                    return Fit::OTHER;
                }
                let items = value.items();
                if items.len() != $count {
                    return Fit::OTHER;
                }
                Fit::all([$(items.get($at).map_or(Fit::OTHER, $name::fit)),*])
            }
        }

        impl<$($name: ToJson),*> ToJson for ($($name,)*) {
            fn to_json(&self, writer: &mut Writer) {
                writer.items(&[$(&self.$at),*]);
            }
        }
    )*};
}
tuples! {
    1 (A 0)
    2 (A 0 B 1)
    3 (A 0 B 1 C 2)
    4 (A 0 B 1 C 2 D 3)
    5 (A 0 B 1 C 2 D 3 E 4)
    6 (A 0 B 1 C 2 D 3 E 4 F 5)
    7 (A 0 B 1 C 2 D 3 E 4 F 5 G 6)
    8 (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
    9 (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8)
    10 (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9)
    11 (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10)
    12 (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11)
}
