//! Unions: which branch a value belongs to.
//!
//! Branches are told apart by members that have few values, then by the members that they must have, then by what fits
//! without loss. A value that fits several is read as the one that knows most of its members; what that one does not
//! know it keeps.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Reverse;

use crate::shape::{Fixed, Shape, Unknown};
use crate::{Error, Reader, Reading, equality};

/// What kind of JSON value something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An array.
    List,
    /// An object.
    Object,
}

/// A value that was not looked into yet.
pub struct Raw<'a> {
    text: &'a str,
    members: OnceCell<RawMembers<'a>>,
}

impl<'a> Raw<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, members: OnceCell::new() }
    }

    /// Its text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// What kind of value it is.
    pub fn kind(&self) -> Kind {
        match self.text.as_bytes().first() {
            Some(b'"') => Kind::Text,
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// Its text as a string, when it is one.
    pub fn string(&self) -> Option<Cow<'a, str>> {
        Reader::new(self.text, Reading::Exact).string().ok()
    }

    /// The items, when it is a list.
    pub fn items(&self) -> Vec<Raw<'a>> {
        let mut reader = Reader::new(self.text, Reading::Exact);
        reader.list(|reader, _| reader.raw().map(Raw::new)).unwrap_or_default()
    }

    /// The members, when it is an object.
    pub(crate) fn members(&self) -> &RawMembers<'a> {
        self.members.get_or_init(|| {
            let mut members = Vec::new();
            let mut reader = Reader::new(self.text, Reading::Exact);
            // Whoever made this value has read it to its end before.
            let _ = reader.members(|reader, name| {
                members.push((name, reader.raw()?));
                Ok(())
            });
            RawMembers(members)
        })
    }

    /// The members, when it is an object.
    pub fn entries(&self) -> impl Iterator<Item = (&str, Raw<'a>)> {
        self.members().0.iter().map(|(name, text)| (name.as_str(), Raw::new(text)))
    }
}

/// The members of an object that was not looked into yet.
pub(crate) struct RawMembers<'a>(Vec<(String, &'a str)>);

impl<'a> RawMembers<'a> {
    /// The value of a member: of several of one name that of the last.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().rev().find(|(one, _)| one == name).map(|(_, text)| *text)
    }

    /// The value at the end of a way through objects.
    fn at(&self, path: &[&str]) -> Option<Cow<'a, str>> {
        let (first, rest) = path.split_first()?;
        let text = self.get(first)?;
        if rest.is_empty() {
            return Some(Cow::Borrowed(text));
        }
        let inner = Raw::new(text);
        (inner.kind() == Kind::Object).then(|| inner.members().at(rest).map(|text| Cow::Owned(text.into_owned())))?
    }

    /// How well they look like those of a type.
    pub(crate) fn fit(&self, shape: &Shape) -> Fit {
        let table = shape.table();
        let mut known = 0;
        let mut there = vec![false; shape.names.len()];
        for (name, _) in &self.0 {
            if let Some(at) = table.find(shape.names, name, usize::MAX) {
                known += usize::from(!std::mem::replace(there.get_mut(at).unwrap_or(&mut true), true));
            }
        }
        let missing = shape.required.iter().filter(|at| there.get(usize::from(**at)) == Some(&false)).count();
        let unknown = if shape.unknown == Unknown::Forbidden { self.0.len().saturating_sub(known) } else { 0 };
        let agreements: Vec<bool> = shape.fixed.iter().filter_map(|fixed| self.agrees(fixed)).collect();
        let is_other = agreements.contains(&false);
        Fit { is_other, missing: missing + unknown, agreed: agreements.len(), known, size: shape.names.len() }
    }

    /// Whether a member has one of its values; `None` when it is not there.
    fn agrees(&self, fixed: &Fixed) -> Option<bool> {
        let value = self.at(fixed.path)?;
        Some(fixed.values.iter().any(|one| equality::are_equal(one, &value)))
    }
}

/// How well a value looks like one of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fit {
    /// Whether it cannot be one: it is of another kind, or a member that tells says so.
    pub(crate) is_other: bool,
    /// How many members are missing, or are not allowed.
    missing: usize,
    /// How many members tell that it is one.
    agreed: usize,
    /// How many of its members the type knows.
    known: usize,
    /// How many members the type has.
    size: usize,
}

impl Fit {
    /// Another kind of value.
    pub const OTHER: Self = Self { is_other: true, missing: 0, agreed: 0, known: 0, size: 0 };

    /// A value of this kind, or of another.
    pub const fn of(is_one: bool) -> Self {
        Self { is_other: !is_one, ..Self { is_other: false, missing: 0, agreed: 0, known: 0, size: 0 } }
    }

    /// A text or number that is listed, or one that is not.
    pub const fn listed(is_listed: bool) -> Self {
        Self { missing: !is_listed as usize, agreed: is_listed as usize, ..Self::of(true) }
    }

    /// The best of several.
    pub fn best(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().min_by_key(Self::order).unwrap_or(Self::OTHER)
    }

    /// All of several: what is true of the parts of a value.
    pub(crate) fn all(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, one| Self {
            is_other: sum.is_other || one.is_other,
            missing: sum.missing + one.missing,
            agreed: sum.agreed + one.agreed,
            known: sum.known + one.known,
            size: sum.size.max(one.size),
        })
    }

    /// The same, without a word on how large the type is: it is read as a whole.
    fn order(&self) -> (bool, usize, Reverse<usize>, Reverse<usize>, usize) {
        (self.is_other, self.missing, Reverse(self.agreed), Reverse(self.known), self.size)
    }
}

/// A branch of a union.
pub struct Branch<T> {
    /// What the variant is called.
    name: &'static str,
    /// Reads it.
    read: fn(&mut Reader<'_>) -> Result<T, Error>,
    /// How well a value looks like it.
    fit: fn(&Raw<'_>) -> Fit,
}

impl<T> Branch<T> {
    /// A branch of this name; `_variant` says what it holds.
    pub fn new<V: crate::FromJson>(
        name: &'static str,
        _variant: fn(V) -> T,
        read: fn(&mut Reader<'_>) -> Result<T, Error>,
    ) -> Self {
        Self { name, read, fit: V::fit }
    }
}

impl<'a> Reader<'a> {
    /// Reads a value as the branch of a union that it belongs to: that which fits exactly, or else the first that can
    /// keep it.
    pub fn choose<T>(&mut self, union: &'static str, branches: &[Branch<T>]) -> Result<T, Error> {
        self.peek();
        let start = self.position();
        let raw = Raw::new(self.raw()?);
        let mut ranked: Vec<(Fit, &Branch<T>)> = branches.iter().map(|branch| ((branch.fit)(&raw), branch)).collect();
        ranked.sort_by_key(|(fit, _)| fit.order());
        let mut nearest = None;
        for (_, branch) in ranked.iter().filter(|(fit, _)| !fit.is_other) {
            if let Ok(value) = self.attempt(raw.text(), Reading::Exact, branch.read)? {
                return Ok(value);
            }
        }
        if self.reading() == Reading::Lenient {
            for (_, branch) in &ranked {
                match self.attempt(raw.text(), Reading::Lenient, branch.read)? {
                    Ok(value) => return Ok(value),
                    Err(error) => {
                        nearest.get_or_insert((branch.name, error));
                    }
                }
            }
        }
        Err(match nearest {
            Some((name, error)) => error.of_branch(union, name, start),
            None => Error::new(format!("one of the branches of {union}"), "a value of another kind", start),
        })
    }

    /// Reads a text that was passed over as something; the outer error ends all attempts.
    fn attempt<T>(
        &mut self,
        text: &str,
        reading: Reading,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, Error>,
    ) -> Result<Result<T, Error>, Error> {
        self.pay(text)?;
        let mut part = self.part(text, reading);
        let value = read(&mut part);
        self.settle(&part);
        Ok(value)
    }

    /// The text of a member of the object that comes next, which tells what it is. Nothing is read.
    pub fn tag(&mut self, property: &str) -> Result<Option<Cow<'a, str>>, Error> {
        if self.peek() != Some(b'{') {
            return Err(self.unexpected("an object"));
        }
        let text = self.rest();
        self.pay("")?;
        let mut reader = self.part(text, Reading::Exact);
        let mut tag = None;
        reader.members(|reader, name| {
            let is_text = reader.peek() == Some(b'"');
            if name != property {
                return reader.raw().map(|_| ());
            }
            tag = None;
            if is_text {
                tag = Some(reader.string()?);
                return Ok(());
            }
            reader.raw().map(|_| ())
        })?;
        let read = text.get(..reader.position()).unwrap_or_default();
        self.pay(read)?;
        Ok(tag)
    }

    /// Reads the variant that takes what no tag stands for, or else keeps the value as it is.
    pub fn read_or<T, V: crate::FromJson>(
        &mut self,
        known: impl FnOnce(V) -> T,
        unknown: impl FnOnce(serde_json::Value) -> T,
    ) -> Result<T, Error> {
        let text = self.raw()?;
        let reading = self.reading();
        match self.attempt(text, reading, V::from_json)? {
            Ok(value) => Ok(known(value)),
            Err(error) if reading == Reading::Exact => Err(error),
            Err(_) => self.part(text, reading).read().map(unknown),
        }
    }

    /// Keeps a value whose tag the document does not list.
    pub fn keep<T>(&mut self, unknown: impl FnOnce(serde_json::Value) -> T) -> Result<T, Error> {
        if self.reading() == Reading::Exact {
            return Err(self.error("a tag that the document lists", "another"));
        }
        self.read().map(unknown)
    }

    /// The error of a value without the member that tells what it is.
    #[cold]
    pub fn untagged(&mut self, union: &str, property: &str, tags: &[&str]) -> Error {
        let tags: Vec<String> = tags.iter().take(12).map(|tag| format!("`{tag}`")).collect();
        let expected = format!("{union} with the member `{property}`, one of {}", tags.join(", "));
        self.error(expected, "an object without it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_leads_through_objects() {
        let raw = Raw::new(r#"{"a": {"b": {"c": 1}}, "d": 2, "d": 3}"#);
        assert_eq!(raw.members().at(&["a", "b", "c"]).as_deref(), Some("1"));
        assert_eq!(raw.members().at(&["a", "x"]), None);
        assert_eq!(raw.members().at(&["d", "x"]), None);
        assert_eq!(raw.members().at(&["d"]).as_deref(), Some("3"));
    }
}
