//! A reader of JSON text: where it stands, and the values there.

use std::borrow::Cow;

use crate::error::Place;
use crate::{Error, FromJson, scan};

/// How strictly a value is held against its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As clients read what servers really send: a value that an enum does not list is kept, a text that is no date
    /// stays a text, `null` in place of a member that may be absent is no member, and a member that is not allowed is
    /// passed over.
    Lenient,
    /// Only what the type says. Unions are tried this way first.
    Exact,
}

/// How deep lists and objects may stand in each other.
const DEEPEST: usize = 128;

/// A place that a reader was at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    at: usize,
    depth: usize,
}

/// A reader of JSON text.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    reading: Reading,
    /// How many more bytes unions may read again.
    allowance: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of `text`.
    pub fn new(text: &'a str, reading: Reading) -> Self {
        // Unions of unions read a text more than once; a text that was made to have it read over and over ends here.
        let allowance = text.len().saturating_mul(256).saturating_add(1 << 16);
        Self { text, at: 0, depth: 0, reading, allowance }
    }

    /// Reads the whole text as one value.
    pub fn whole<T: FromJson>(mut self) -> Result<T, Error> {
        let value = T::from_json(&mut self)?;
        self.end()?;
        Ok(value)
    }

    /// Reads a value.
    #[inline]
    pub fn read<T: FromJson>(&mut self) -> Result<T, Error> {
        T::from_json(self)
    }

    /// How strictly values are held against their types.
    pub const fn reading(&self) -> Reading {
        self.reading
    }

    /// Nothing may follow but white space.
    pub fn end(&mut self) -> Result<(), Error> {
        if self.peek().is_some() { Err(self.unexpected("the end")) } else { Ok(()) }
    }

    /// A reader of a part of the text that this one stands in.
    pub(crate) fn part<'b>(&self, text: &'b str, reading: Reading) -> Reader<'b> {
        Reader { text, at: 0, depth: self.depth, reading, allowance: self.allowance }
    }

    /// Pays for reading `text` once more; `None` when that has been done too often.
    pub(crate) fn pay(&mut self, text: &str) -> Result<(), Error> {
        match self.allowance.checked_sub(text.len()) {
            Some(left) => {
                self.allowance = left;
                Ok(())
            }
            None => Err(self.error("a value whose kind is clear", "one that was read again and again")),
        }
    }

    /// Takes over what a reader of a part has spent.
    pub(crate) fn settle(&mut self, part: &Reader<'_>) {
        self.allowance = self.allowance.min(part.allowance);
    }

    /// The next byte that is not white space; the reader stands at it.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// How many bytes were read.
    #[inline]
    pub(crate) const fn position(&self) -> usize {
        self.at
    }

    /// What was not read yet.
    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What was read from `start` on.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// An error here.
    #[cold]
    pub fn error(&self, expected: impl Into<String>, found: impl Into<String>) -> Error {
        Error::new(expected, found, self.at)
    }

    /// The error of whoever expected something else than the value that stands here.
    #[cold]
    pub fn unexpected(&mut self, expected: impl Into<String>) -> Error {
        let found = match self.peek() {
            None => "the end of the text",
            Some(b'"') => "a string",
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            Some(b'-' | b'0'..=b'9') => {
                let end = scan::number_end(self.text.as_bytes(), self.at).unwrap_or(self.at);
                let number = self.text.get(self.at..end.min(self.at + 40)).unwrap_or_default();
                return Error::new(expected, if number.is_empty() { "a malformed number" } else { number }, self.at);
            }
            Some(b'<') => "`<`, as HTML and XML begin",
            Some(_) => "what is no JSON",
        };
        Error::new(expected, found, self.at)
    }

    /// Reads one of `null`, `true` and `false`.
    #[inline]
    pub fn word(&mut self, word: &'static str) -> bool {
        self.peek();
        let is_there = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    /// Reads a string.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a string"));
        }
        let start = self.at + 1;
        let end = scan::plain_until(self.text.as_bytes(), start);
        if self.text.as_bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Cow::Borrowed(self.text.get(start..end).unwrap_or_default()));
        }
        self.escaped(start, end)
    }

    #[cold]
    fn escaped(&mut self, start: usize, first: usize) -> Result<Cow<'a, str>, Error> {
        let end = self.string_end(first)?;
        let inside = self.text.get(start..end).unwrap_or_default();
        let text = scan::unescape(inside).ok_or_else(|| self.error("a string", "a string with a broken escape"))?;
        self.at = end + 1;
        Ok(Cow::Owned(text))
    }

    /// Where the string ends that goes on at `at`.
    fn string_end(&self, mut at: usize) -> Result<usize, Error> {
        let bytes = self.text.as_bytes();
        loop {
            at = scan::plain_until(bytes, at);
            match bytes.get(at) {
                Some(b'"') => return Ok(at),
                Some(b'\\') => at += 2,
                Some(_) => return Err(Error::new("a string", "a control character in a string", at)),
                None => return Err(Error::new("a string", "the end of the text", self.text.len())),
            }
        }
    }

    /// The digits of a number, as they are written; `None` when no number stands here, and nothing is read then.
    #[inline]
    pub fn number(&mut self) -> Option<&'a str> {
        self.peek();
        let end = scan::number_end(self.text.as_bytes(), self.at)?;
        let number = self.text.get(self.at..end);
        self.at = end;
        number
    }

    /// Takes one step back from a number that turned out not to fit.
    #[cold]
    pub(crate) fn misfit(&mut self, number: &str, expected: impl Into<String>) -> Error {
        self.at -= number.len();
        self.unexpected(expected)
    }

    /// Reads a value without looking into it, and returns its text.
    pub fn raw(&mut self) -> Result<&'a str, Error> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn skip(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b'"') => {
                let start = self.at + 1;
                let end = self.string_end(start)?;
                let inside = self.text.get(start..end).unwrap_or_default();
                if inside.contains('\\') && scan::unescape(inside).is_none() {
                    return Err(self.error("a string", "a string with a broken escape"));
                }
                self.at = end + 1;
                Ok(())
            }
            Some(b'{') => {
                let mut first = self.enter(b'{', "an object")?;
                while self.has_next(&mut first, b'}')? {
                    self.key()?;
                    self.skip()?;
                }
                Ok(())
            }
            Some(b'[') => {
                let mut first = self.enter(b'[', "an array")?;
                while self.has_next(&mut first, b']')? {
                    self.skip()?;
                }
                Ok(())
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(|_| ()).ok_or_else(|| self.unexpected("a number")),
            _ if self.word("null") || self.word("true") || self.word("false") => Ok(()),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Goes into a list or an object. The result is for [`has_next`](Self::has_next).
    #[inline]
    pub fn enter(&mut self, bracket: u8, expected: &'static str) -> Result<bool, Error> {
        if self.peek() != Some(bracket) {
            return Err(self.unexpected(expected));
        }
        if self.depth == DEEPEST {
            return Err(self.error(format!("values nested {DEEPEST} deep at most"), "a deeper one"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(true)
    }

    /// Whether another item or member follows; otherwise the reader has left the list or object.
    #[inline]
    pub fn has_next(&mut self, first: &mut bool, bracket: u8) -> Result<bool, Error> {
        let is_first = std::mem::replace(first, false);
        match self.peek() {
            Some(byte) if byte == bracket => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(_) if is_first => Ok(true),
            Some(b',') => {
                self.at += 1;
                // A comma in front of the end is none of JSON.
                match self.peek() {
                    Some(byte) if byte == bracket => Err(self.error("a value", "the end of a list or object")),
                    _ => Ok(true),
                }
            }
            _ => Err(self.unexpected(if bracket == b']' { "`,` or `]`" } else { "`,` or `}`" })),
        }
    }

    /// Reads the name of a member, and the colon behind it.
    #[inline]
    pub fn key(&mut self) -> Result<Cow<'a, str>, Error> {
        let key = self.string().map_err(|error| Error::new("the name of a member", error.found(), error.offset()))?;
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(key)
    }

    /// Reads a list, one item after the other.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self, usize) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        let mut first = self.enter(b'[', "an array")?;
        while self.has_next(&mut first, b']')? {
            let index = items.len();
            items.push(item(self, index).map_err(|error| error.inside(Place::Item(index)))?);
        }
        Ok(items)
    }

    /// Reads an object, one member after the other. Of several of one name the last counts: one before it may be
    /// anything.
    pub fn members(&mut self, mut member: impl FnMut(&mut Self, String) -> Result<(), Error>) -> Result<(), Error> {
        let mut first = self.enter(b'{', "an object")?;
        while self.has_next(&mut first, b'}')? {
            let name = self.key()?.into_owned();
            let (place, start) = (name.clone(), self.mark());
            if let Err(error) = member(self, name)
                && !self.is_replaced(start, &place)
            {
                return Err(error.inside(Place::Member(place)));
            }
        }
        Ok(())
    }

    /// Where the reader stands, to come back to.
    #[inline]
    pub(crate) const fn mark(&self) -> Mark {
        Mark { at: self.at, depth: self.depth }
    }

    /// Whether a member that does not fit, whose value is at `start`, comes again in the rest of its object, as only the
    /// last one counts. The reader stands behind the value then.
    #[cold]
    pub(crate) fn is_replaced(&mut self, start: Mark, name: &str) -> bool {
        let Mark { at, depth } = start;
        let before = (self.at, self.depth);
        (self.at, self.depth) = (at, depth);
        let found = self.raw().ok().and_then(|_| {
            let behind = self.mark();
            let rest = self.text.get(behind.at..).unwrap_or_default();
            // A text with many of them would be read over and over.
            self.pay(rest).ok()?;
            self.comes_again(name).ok()?.then_some(behind)
        });
        (self.at, self.depth) = found.map_or(before, |behind| (behind.at, behind.depth));
        found.is_some()
    }

    fn comes_again(&mut self, name: &str) -> Result<bool, Error> {
        let mut first = false;
        while self.has_next(&mut first, b'}')? {
            if self.key()? == name {
                return Ok(true);
            }
            self.skip()?;
        }
        Ok(false)
    }
}
