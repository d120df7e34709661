//! serde's traits, by way of JSON text: generated types are read and written by one code, whatever asks for it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};

use crate::{Error, FromJson, Reader, Reading, ToJson, Writer, decimal};

/// Under this name `serde_json` hands over the text of a value as it stands. A format that does not know it hands over
/// the value.
const RAW: &str = "$serde_json::private::RawValue";

/// Reads a value from any format that describes itself.
pub fn deserialize<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserialize_as(deserializer, Reading::Lenient)
}

/// As [`deserialize`], of an API whose configuration says `reading = "exact"`.
pub fn deserialize_exactly<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserialize_as(deserializer, Reading::Exact)
}

fn deserialize_as<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D, reading: Reading) -> Result<T, D::Error> {
    let text = deserializer.deserialize_newtype_struct(RAW, ToText)?;
    Reader::new(&text, reading).whole().map_err(D::Error::custom)
}

/// Makes JSON text of a value.
struct ToText;

/// JSON text of a value inside of others.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ToText).map(|text| Self(text.into_owned()))
    }
}

fn text_of<T: ToJson + ?Sized, E: serde::de::Error>(value: &T) -> Result<Cow<'static, str>, E> {
    crate::to_string(value).map(Cow::Owned).map_err(E::custom)
}

impl<'de> Visitor<'de> for ToText {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Self::Value, E> {
        text_of(&value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Self::Value, E> {
        text_of(&value)
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Self::Value, E> {
        text_of(&value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Self::Value, E> {
        text_of(&value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Self::Value, E> {
        text_of(&value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Self::Value, E> {
        text_of(value)
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        match std::str::from_utf8(bytes) {
            Ok(text) => text_of(text),
            Err(_) => text_of(bytes),
        }
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed("null"))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed("null"))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut text = String::from("[");
        while let Some(Text(item)) = items.next_element()? {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&item);
        }
        text.push(']');
        Ok(Cow::Owned(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut writer = Writer::default();
        writer.begin_object();
        while let Some(name) = members.next_key::<String>()? {
            if name == RAW {
                return members.next_value_seed(Whole);
            }
            let Text(value) = members.next_value()?;
            writer.key(&name);
            writer.plain(&value);
        }
        writer.end_object();
        let json = writer.finish().map_err(A::Error::custom)?;
        String::from_utf8(json).map(Cow::Owned).map_err(A::Error::custom)
    }
}

/// The text that `serde_json` hands over, without a copy where it can be lent.
struct Whole;

impl<'de> DeserializeSeed<'de> for Whole {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Whole {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the text of a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }
}

/// Writes a value in any format.
pub fn serialize<T: ToJson, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let text = crate::to_string(value).map_err(S::Error::custom)?;
    Next(&RefCell::new(Reader::new(&text, Reading::Exact))).serialize(serializer)
}

/// The value at which a reader stands.
struct Next<'c, 'a>(&'c RefCell<Reader<'a>>);

impl Next<'_, '_> {
    /// Reads a value.
    fn read<T: FromJson, E: serde::ser::Error>(&self) -> Result<T, E> {
        T::from_json(&mut self.0.borrow_mut()).map_err(E::custom)
    }

    fn step<T, E: serde::ser::Error>(&self, step: impl FnOnce(&mut Reader<'_>) -> Result<T, Error>) -> Result<T, E> {
        step(&mut self.0.borrow_mut()).map_err(E::custom)
    }
}

impl Serialize for Next<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let next = self.0.borrow_mut().peek();
        match next {
            Some(b'{') => {
                let mut first = self.step(|reader| reader.enter(b'{', "an object"))?;
                let mut map = serializer.serialize_map(None)?;
                while self.step(|reader| reader.has_next(&mut first, b'}'))? {
                    let name = self.step(|reader| reader.key().map(Cow::into_owned))?;
                    map.serialize_entry(&name, self)?;
                }
                map.end()
            }
            Some(b'[') => {
                let mut first = self.step(|reader| reader.enter(b'[', "an array"))?;
                let mut list = serializer.serialize_seq(None)?;
                while self.step(|reader| reader.has_next(&mut first, b']'))? {
                    list.serialize_element(self)?;
                }
                list.end()
            }
            Some(b'"') => {
                let text = self.step(|reader| reader.string().map(Cow::into_owned))?;
                serializer.serialize_str(&text)
            }
            Some(b't' | b'f') => serializer.serialize_bool(self.read()?),
            Some(b'n') => {
                self.read::<(), _>()?;
                serializer.serialize_none()
            }
            _ => {
                let text = self.step(|reader| reader.raw().map(str::to_owned))?;
                serialize_number(&text, serializer)
            }
        }
    }
}

/// Writes a number exactly: as an integer or float that is the same, or else as the text that it is.
fn serialize_number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(integer) = text.parse() {
        return serializer.serialize_i64(integer);
    }
    if let Ok(integer) = text.parse() {
        return serializer.serialize_u64(integer);
    }
    if let Ok(float) = text.parse::<f64>()
        && serde_json::to_string(&float).is_ok_and(|printed| decimal::are_equal(&printed, text))
    {
        return serializer.serialize_f64(float);
    }
    #[allow(clippy::map_err_ignore, reason = "a number is JSON")]
    let raw = serde_json::value::RawValue::from_string(text.to_owned()).map_err(|_| S::Error::custom("no number"))?;
    raw.serialize(serializer)
}

/// Implements serde's traits for types that are read and written by this crate.
#[macro_export]
macro_rules! serde_traits {
    ($($name:ident)*) => {$(
        $crate::serde_traits!(@ $name deserialize);
    )*};
    (exact: $($name:ident)*) => {$(
        $crate::serde_traits!(@ $name deserialize_exactly);
    )*};
    (@ $name:ident $deserialize:ident) => {
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serialize(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $crate::$deserialize(deserializer)
            }
        }
    };
}

/// Implements what every object has, for types that are a [`Record`](crate::Record).
#[macro_export]
macro_rules! records {
    ($($name:ident)*) => {$(
        $crate::records!(@ $name);
        $crate::serde_traits!($name);
    )*};
    (exact: $($name:ident)*) => {$(
        $crate::records!(@ $name);
        $crate::serde_traits!(exact: $name);
    )*};
    (@ $name:ident) => {
        impl $crate::FromJson for $name {
            fn from_json(reader: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Error> {
                $crate::read_record(reader)
            }

            fn fit(value: &$crate::Raw<'_>) -> $crate::Fit {
                $crate::fit_record::<Self>(value)
            }
        }

        impl $crate::ToJson for $name {
            fn to_json(&self, writer: &mut $crate::Writer) {
                $crate::write_record(self, writer);
            }
        }
    };
}

/// Implements what every newtype has: it is read and written as what it holds.
#[macro_export]
macro_rules! newtypes {
    ($($name:ident)*) => {$(
        $crate::newtypes!(@ $name);
        $crate::serde_traits!($name);
    )*};
    (exact: $($name:ident)*) => {$(
        $crate::newtypes!(@ $name);
        $crate::serde_traits!(exact: $name);
    )*};
    (@ $name:ident) => {
        impl $crate::FromJson for $name {
            fn from_json(reader: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Error> {
                reader.read().map(Self)
            }

            fn fit(value: &$crate::Raw<'_>) -> $crate::Fit {
                $crate::fit_of(|inner| Self(inner), value)
            }
        }

        impl $crate::ToJson for $name {
            fn to_json(&self, writer: &mut $crate::Writer) {
                $crate::ToJson::to_json(&self.0, writer);
            }
        }
    };
}

/// Implements what every open enum of texts has.
#[macro_export]
macro_rules! text_enums {
    ($($name:ident)*) => {$(
        $crate::text_enums!(@ $name);
        $crate::serde_traits!($name);
    )*};
    (exact: $($name:ident)*) => {$(
        $crate::text_enums!(@ $name);
        $crate::serde_traits!(exact: $name);
    )*};
    (@ $name:ident) => {
        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                $crate::TextEnum::from_text(text)
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                $crate::TextEnum::from_text(&text)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok($crate::TextEnum::from_text(text))
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.pad($crate::TextEnum::text(self))
            }
        }

        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::TextEnum::text(self) == $crate::TextEnum::text(other)
            }
        }

        impl ::core::cmp::Eq for $name {}

        impl ::core::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
            }
        }

        impl ::core::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                $crate::TextEnum::text(self).cmp($crate::TextEnum::text(other))
            }
        }

        impl ::core::hash::Hash for $name {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                $crate::TextEnum::text(self).hash(state);
            }
        }

        impl $crate::FromJson for $name {
            fn from_json(reader: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Error> {
                $crate::read_text_enum(reader)
            }

            fn fit(value: &$crate::Raw<'_>) -> $crate::Fit {
                $crate::fit_text_enum::<Self>(value)
            }
        }

        impl $crate::ToJson for $name {
            fn to_json(&self, writer: &mut $crate::Writer) {
                writer.string($crate::TextEnum::text(self));
            }
        }
    };
}

/// Implements what every open enum of integers has.
#[macro_export]
macro_rules! integer_enums {
    ($($name:ident)*) => {$(
        $crate::integer_enums!(@ $name);
        $crate::serde_traits!($name);
    )*};
    (exact: $($name:ident)*) => {$(
        $crate::integer_enums!(@ $name);
        $crate::serde_traits!(exact: $name);
    )*};
    (@ $name:ident) => {
        impl ::core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&$crate::IntegerEnum::integer(self), formatter)
            }
        }

        impl $crate::FromJson for $name {
            fn from_json(reader: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Error> {
                $crate::read_integer_enum(reader)
            }

            fn fit(value: &$crate::Raw<'_>) -> $crate::Fit {
                $crate::fit_integer_enum::<Self>(value)
            }
        }

        impl $crate::ToJson for $name {
            fn to_json(&self, writer: &mut $crate::Writer) {
                $crate::ToJson::to_json(&$crate::IntegerEnum::integer(self), writer);
            }
        }
    };
}
