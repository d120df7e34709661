//! Values of schemas that speak of items or members, and of no type.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use crate::choice::{Fit, Kind, Raw};
use crate::{Error, FromJson, Reader, ToJson, Writer, equality};

/// A list or a map, or else a value of any other type: the document says what items or members are like, but not that
/// there must be any, so that a text or a number is valid, too.
///
/// It is used like the list or the map that it holds, which is empty where another value came.
///
/// ```
/// # use oas_types_runtime::OrOther;
/// let mut sizes: OrOther<Vec<u32>> = oas_types_runtime::from_str("[1, 2]")?;
/// sizes.push(3);
/// assert_eq!(oas_types_runtime::to_string(&sizes)?, "[1,2,3]");
///
/// let all: OrOther<Vec<u32>> = oas_types_runtime::from_str(r#""all""#)?;
/// assert!(all.is_empty());
/// assert_eq!(all.other(), Some(r#""all""#));
/// assert_eq!(oas_types_runtime::to_string(&all)?, r#""all""#);
/// # Ok::<(), oas_types_runtime::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct OrOther<T> {
    value: T,
    other: Option<Box<str>>,
}

/// What [`OrOther`] holds.
pub trait Container: FromJson + ToJson + Default {
    /// Which values are read as one.
    const KIND: Kind;
}

impl<T: FromJson + ToJson> Container for Vec<T> {
    const KIND: Kind = Kind::List;
}

impl<T: FromJson + ToJson> Container for BTreeMap<String, T> {
    const KIND: Kind = Kind::Object;
}

impl<T> OrOther<T> {
    /// The JSON text of a value of another type.
    pub fn other(&self) -> Option<&str> {
        self.other.as_deref()
    }

    /// The list or map; the value of another type is left out.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T: Container> OrOther<T> {
    /// A value of another type.
    ///
    /// # Errors
    /// When JSON cannot say it, or it is one of the type that has a form of its own.
    pub fn from_other(value: &(impl ToJson + ?Sized)) -> Result<Self, Error> {
        let json = crate::to_string(value)?;
        if Raw::new(&json).kind() == T::KIND {
            return Err(Error::new("a value of another type", "one that has a form of its own", 0));
        }
        Ok(Self { value: T::default(), other: Some(json.into()) })
    }
}

impl<T> From<T> for OrOther<T> {
    fn from(value: T) -> Self {
        Self { value, other: None }
    }
}

impl<T> Deref for OrOther<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Whoever changes the list or the map means that it is one: a value of another type is gone then.
impl<T> DerefMut for OrOther<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.other = None;
        &mut self.value
    }
}

impl<T: PartialEq> PartialEq for OrOther<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.other, &other.other) {
            (None, None) => self.value == other.value,
            (Some(one), Some(two)) => equality::are_equal(one, two),
            _ => false,
        }
    }
}

impl<T: Eq> Eq for OrOther<T> {}

impl<T: Container> FromJson for OrOther<T> {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let opens = match T::KIND {
            Kind::List => b'[',
            _ => b'{',
        };
        if reader.peek() == Some(opens) {
            return reader.read().map(|value| Self { value, other: None });
        }
        let other = reader.raw()?;
        Ok(Self { value: T::default(), other: Some(other.into()) })
    }

    fn fit(value: &Raw<'_>) -> Fit {
        if value.kind() == T::KIND { T::fit(value) } else { Fit::listed(false) }
    }
}

impl<T: ToJson> ToJson for OrOther<T> {
    fn to_json(&self, writer: &mut Writer) {
        match &self.other {
            Some(json) => writer.plain(json),
            None => self.value.to_json(writer),
        }
    }
}

impl<'de, T: Container> serde::Deserialize<'de> for OrOther<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::deserialize(deserializer)
    }
}

impl<T: ToJson> serde::Serialize for OrOther<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::serialize(self, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_another_type_is_kept_and_one_of_the_type_is_held_against_it() {
        type Map = OrOther<BTreeMap<String, u32>>;
        for other in ["null", "1.50", "[1]", r#""a""#] {
            let read: Map = crate::from_str(other).expect("any type");
            assert_eq!(crate::to_string(&read).expect("JSON"), other);
            assert_ne!(read, Map::default());
        }
        let error = crate::from_str::<Map>(r#"{"a":"b"}"#).expect_err("no number");
        assert_eq!(error.to_string(), "/a: expected an integer (u32), found a string");
    }

    #[test]
    fn who_changes_the_list_means_a_list() {
        let mut list: OrOther<Vec<u32>> = OrOther::from_other("all").expect("JSON");
        assert_eq!(list.other(), Some(r#""all""#));
        list.push(1);
        assert_eq!(list, OrOther::from(vec![1]));
        assert!(OrOther::<Vec<u32>>::from_other(&[1, 2][..]).is_err());
    }
}
