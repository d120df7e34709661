//! A writer of JSON text.

use crate::{Error, ToJson};

/// A writer of JSON text. The first thing that cannot be written stays in it as its error.
#[derive(Default)]
pub struct Writer {
    text: Vec<u8>,
    /// Whether nothing of the innermost list or object was written yet.
    is_first: bool,
    error: Option<Error>,
    /// The tag that the next object gets as its first member.
    tag: Option<(&'static str, &'static str)>,
    /// Whether what is written is an answer.
    is_answer: bool,
}

impl Writer {
    /// A writer of an answer.
    pub(crate) fn of_answer() -> Self {
        Self { is_answer: true, ..Self::default() }
    }

    /// Whether what is written is an answer, in which members that are written only have no place.
    #[inline]
    pub const fn is_answer(&self) -> bool {
        self.is_answer
    }

    /// The text.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        match self.error {
            None => Ok(self.text),
            Some(error) => Err(error),
        }
    }

    /// Notes that something cannot be written.
    #[cold]
    pub fn fail(&mut self, expected: impl Into<String>, found: impl Into<String>) {
        let offset = self.text.len();
        self.error.get_or_insert_with(|| Error::new(expected, found, offset));
        self.null();
    }

    /// Writes text that is JSON already.
    #[inline]
    pub(crate) fn plain(&mut self, json: &str) {
        self.text.extend_from_slice(json.as_bytes());
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.plain("null");
    }

    /// Writes an integer.
    #[inline]
    pub(crate) fn integer<T: serde::Serialize>(&mut self, integer: T) {
        // An integer can always be written to memory.
        let _ = serde_json::to_writer(&mut self.text, &integer);
    }

    /// Writes a string.
    #[inline]
    pub fn string(&mut self, text: &str) {
        let bytes = text.as_bytes();
        self.text.push(b'"');
        let end = crate::scan::plain_until(bytes, 0);
        if end == bytes.len() {
            self.text.extend_from_slice(bytes);
        } else {
            self.escaped(bytes, end);
        }
        self.text.push(b'"');
    }

    #[cold]
    fn escaped(&mut self, bytes: &[u8], first: usize) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let (mut start, mut end) = (0, first);
        while let Some(byte) = bytes.get(end) {
            self.text.extend_from_slice(bytes.get(start..end).unwrap_or_default());
            let short = match byte {
                b'"' => b'"',
                b'\\' => b'\\',
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0x08 => b'b',
                0x0C => b'f',
                _ => b'u',
            };
            self.text.extend_from_slice(&[b'\\', short]);
            if short == b'u' {
                let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
                self.text.extend_from_slice(&[b'0', b'0', DIGITS[high], DIGITS[low]]);
            }
            start = end + 1;
            end = crate::scan::plain_until(bytes, start);
        }
        self.text.extend_from_slice(bytes.get(start..).unwrap_or_default());
    }

    /// Begins an object.
    #[inline]
    pub fn begin_object(&mut self) {
        self.text.push(b'{');
        self.is_first = true;
        if let Some((property, tag)) = self.tag.take() {
            self.key(property);
            self.string(tag);
        }
    }

    /// Ends an object.
    #[inline]
    pub fn end_object(&mut self) {
        self.text.push(b'}');
        self.is_first = false;
    }

    /// Writes the name of a member, and all that stands around it.
    #[inline]
    pub fn key(&mut self, name: &str) {
        if !std::mem::replace(&mut self.is_first, false) {
            self.text.push(b',');
        }
        self.string(name);
        self.text.push(b':');
    }

    /// Writes a member.
    #[inline]
    pub fn member<T: ToJson + ?Sized>(&mut self, name: &str, value: &T) {
        self.key(name);
        value.to_json(self);
    }

    /// Writes a member, unless it is absent.
    #[inline]
    #[allow(clippy::ref_option, reason = "generated code hands over its fields as they are")]
    pub fn optional<T: ToJson>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.member(name, value);
        }
    }

    /// Writes a member, unless it is absent.
    #[inline]
    pub fn maybe<T: ToJson>(&mut self, name: &str, value: &crate::Maybe<T>) {
        if !value.is_absent() {
            self.member(name, value);
        }
    }

    /// Writes the members that the document does not describe.
    pub fn additional(&mut self, additional: &crate::Additional) {
        for (name, json) in additional.iter() {
            self.key(name);
            self.plain(json);
        }
    }

    /// Writes members of one type.
    pub fn rest<'v, T: ToJson + 'v>(&mut self, members: impl IntoIterator<Item = (&'v String, &'v T)>) {
        for (name, value) in members {
            self.member(name, value);
        }
    }

    /// Writes a list.
    pub fn list<'v, T: ToJson + 'v>(&mut self, items: impl IntoIterator<Item = &'v T>) {
        self.text.push(b'[');
        let mut is_first = true;
        for item in items {
            if !std::mem::replace(&mut is_first, false) {
                self.text.push(b',');
            }
            item.to_json(self);
        }
        self.text.push(b']');
        self.is_first = false;
    }

    /// Writes items of several types as a list.
    pub(crate) fn items(&mut self, items: &[&dyn ToJson]) {
        self.text.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push(b',');
            }
            item.to_json(self);
        }
        self.text.push(b']');
        self.is_first = false;
    }

    /// Writes an object together with the tag that tells what it is, which it has no member for. `kept` are the members
    /// that came with it: the tag may be one of them.
    pub fn tagged<T: ToJson>(
        &mut self,
        property: &'static str,
        tag: &'static str,
        kept: Option<&crate::Additional>,
        value: &T,
    ) {
        let is_there = kept.is_some_and(|kept| kept.text(property).is_some());
        self.tag = (!is_there).then_some((property, tag));
        value.to_json(self);
        self.tag = None;
    }
}
