//! Objects with members of their own.

use std::collections::BTreeMap;

use crate::choice::{Fit, Kind, Raw};
use crate::error::Place;
use crate::reader::Mark;
use crate::shape::{Shape, Table, Unknown};
use crate::{Additional, Error, FromJson, Reader, Reading, Writer};

/// A type that is an object. Generated code says what its members are, and nothing about how they are read.
pub trait Record: Sized {
    /// What the type has.
    fn shape() -> &'static Shape;

    /// Reads the members. `None` when one that must be there is missing, or `members` holds an error.
    fn read(members: &mut Members<'_, '_>) -> Option<Self>;

    /// Writes the members.
    fn write(&self, writer: &mut Writer);

    /// The JSON text of a value that is no object, where the type takes such.
    fn other(&self) -> Option<&str> {
        None
    }
}

/// The members of an object that is being read. An error stays in it until the end.
pub struct Members<'r, 'a> {
    reader: &'r mut Reader<'a>,
    shape: &'static Shape,
    table: &'static Table,
    is_first: bool,
    at: usize,
    guess: usize,
    /// Where the value of the member starts that was told last.
    start: Mark,
    additional: Additional,
    error: Option<Error>,
}

impl<'r, 'a> Members<'r, 'a> {
    /// Goes into the object that comes next.
    #[inline]
    fn enter(reader: &'r mut Reader<'a>, shape: &'static Shape, additional: Additional) -> Result<Self, Error> {
        let is_first = reader.enter(b'{', "an object")?;
        let (table, start) = (shape.table(), reader.mark());
        Ok(Self { reader, shape, table, is_first, at: 0, guess: 0, start, additional, error: None })
    }
}

impl Members<'_, '_> {
    /// The index of the next member that has a field. One that has none is kept or passed over on the way.
    #[inline]
    pub fn next_field(&mut self) -> Option<usize> {
        self.next_or(Self::unknown)
    }

    /// As [`next_field`](Self::next_field); members without a field go into `rest`.
    pub fn next_field_or_rest<T: FromJson>(&mut self, rest: &mut BTreeMap<String, T>) -> Option<usize> {
        self.next_or(|members, name| {
            let value = members.reader.read().map_err(|error| error.inside(Place::Member(name.to_owned())))?;
            rest.insert(name.to_owned(), value);
            Ok(())
        })
    }

    #[inline]
    fn next_or(&mut self, mut unknown: impl FnMut(&mut Self, &str) -> Result<(), Error>) -> Option<usize> {
        if self.error.is_some() {
            return None;
        }
        loop {
            let key = match self.reader.has_next(&mut self.is_first, b'}') {
                Ok(true) => self.reader.key(),
                Ok(false) => return None,
                Err(error) => Err(error),
            };
            let step = match key {
                Ok(key) => match self.table.find(self.shape.names, &key, self.guess) {
                    Some(at) => {
                        self.at = at;
                        self.guess = at + 1;
                        self.start = self.reader.mark();
                        return Some(at);
                    }
                    None => unknown(self, &key),
                },
                Err(error) => Err(error),
            };
            if let Err(error) = step {
                self.error = Some(error);
                return None;
            }
        }
    }

    #[cold]
    fn unknown(&mut self, name: &str) -> Result<(), Error> {
        if self.shape.unknown == Unknown::Forbidden && self.reader.reading() == Reading::Exact {
            let error = self.reader.error("no such member", "one");
            return Err(error.inside(Place::Member(name.to_owned())));
        }
        let json = self.reader.raw().map_err(|error| error.inside(Place::Member(name.to_owned())))?;
        if self.shape.unknown == Unknown::Kept {
            self.additional.push(name, json);
        }
        Ok(())
    }

    /// Reads the member that [`next_field`](Self::next_field) told. Of several of one name the last counts.
    #[inline]
    pub fn value<T: FromJson>(&mut self, slot: &mut Option<T>) {
        match T::from_json(self.reader) {
            Ok(value) => *slot = Some(value),
            Err(error) => self.fail(error),
        }
    }

    /// Reads a member that may be absent, but not `null`. Readers that are lenient take `null` for absence.
    #[inline]
    pub fn optional<T: FromJson>(&mut self, slot: &mut Option<T>) {
        if self.reader.peek() == Some(b'n')
            && self.reader.reading() == Reading::Lenient
            && T::fit(&Raw::new("null")).is_other
        {
            *slot = None;
            if !self.reader.word("null") {
                let error = self.reader.unexpected("a value");
                self.fail(error);
            }
            return;
        }
        self.value(slot);
    }

    /// Reads a member that may be absent or `null`, which are two things.
    #[inline]
    pub fn maybe<T: FromJson>(&mut self, slot: &mut crate::Maybe<T>) {
        match crate::Maybe::from_json(self.reader) {
            Ok(value) => *slot = value,
            Err(error) => self.fail(error),
        }
    }

    #[cold]
    fn fail(&mut self, error: Error) {
        let name = self.shape.names.get(self.at).copied().unwrap_or_default();
        if self.reader.is_replaced(self.start, name) {
            return;
        }
        self.error = Some(error.inside(Place::Member(name.to_owned())));
    }

    /// The members without a field.
    #[inline]
    pub fn additional(&mut self) -> Additional {
        std::mem::take(&mut self.additional).without_repetition()
    }
}

/// Reads an object.
pub fn read_record<T: Record>(reader: &mut Reader<'_>) -> Result<T, Error> {
    let shape = T::shape();
    let next = reader.peek();
    if shape.takes_others && next != Some(b'{') {
        return read_other(reader, shape);
    }
    let start = reader.position();
    let mut members = Members::enter(reader, shape, Additional::default()).map_err(|error| of_type(&error, shape))?;
    let read = T::read(&mut members);
    let Members { error, reader, .. } = members;
    match (error, read) {
        (None, Some(value)) => Ok(value),
        (Some(error), _) => Err(error),
        (None, None) => {
            let found = missing(shape, reader.since(start));
            Err(Error::new(format!("{} with all that it must have", shape.name), found, start))
        }
    }
}

/// Reads what is no object, where the document says nothing of the type: no member of it is there, and it is kept.
#[cold]
fn read_other<T: Record>(reader: &mut Reader<'_>, shape: &'static Shape) -> Result<T, Error> {
    let start = reader.position();
    let additional = Additional::of_other(reader.raw()?);
    let mut empty = Reader::new("{}", reader.reading());
    let mut members = Members::enter(&mut empty, shape, additional)?;
    T::read(&mut members).ok_or_else(|| Error::new(format!("an object ({})", shape.name), "another value", start))
}

/// The same error, which names the type.
#[cold]
fn of_type(error: &Error, shape: &Shape) -> Error {
    Error::new(format!("an object ({})", shape.name), error.found(), error.offset())
}

/// What is said of an object of which something is missing.
#[cold]
fn missing(shape: &Shape, text: &str) -> String {
    let mut there = std::collections::HashSet::new();
    let mut reader = Reader::new(text, Reading::Lenient);
    // The object was read before: nothing of it can fail now.
    let _ = reader.members(|reader, name| {
        there.insert(name);
        reader.raw().map(|_| ())
    });
    let names = shape.required.iter().filter_map(|at| shape.names.get(usize::from(*at)));
    let names: Vec<String> = names.filter(|name| !there.contains(**name)).map(|name| format!("`{name}`")).collect();
    format!("an object without {}", names.join(", "))
}

/// Writes an object.
pub fn write_record<T: Record>(value: &T, writer: &mut Writer) {
    if let Some(json) = value.other() {
        return writer.plain(json);
    }
    writer.begin_object();
    value.write(writer);
    writer.end_object();
}

/// How well a value looks like this object.
pub fn fit_record<T: Record>(value: &Raw<'_>) -> Fit {
    match value.kind() {
        Kind::Object => value.members().fit(T::shape()),
        _ if T::shape().takes_others => Fit::listed(false),
        _ => Fit::OTHER,
    }
}
