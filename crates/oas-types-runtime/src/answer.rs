//! Answers of an API that are told apart by their status: from what came to a type, with nothing written anew.

use std::convert::Infallible;

use crate::{Error, FromJson, Reading};

/// An answer as it came.
pub trait Answer {
    /// Its status.
    fn status(&self) -> u16;

    /// The media type without its parameters, in lower case; empty when the answer does not say.
    fn media_type(&self) -> String;

    /// The bytes of its body.
    fn bytes(&self) -> &[u8];

    /// The bytes of its body as JSON: without what stands in front of it.
    ///
    /// # Errors
    /// When they are none, because something would have to be undone first.
    fn json_text(&self) -> Result<&[u8], Error>;

    /// The body as text, in the character set that the answer names.
    ///
    /// # Errors
    /// When it is no such text.
    fn text(&self) -> Result<String, Error>;

    /// The text of a header: what stands on several lines is separated by commas.
    fn header_text(&self, name: &str) -> Option<String>;

    /// The same fault of a JSON body, in the words of what the body is instead.
    fn explained(&self, fault: Error) -> Error {
        fault
    }
}

/// A type that an answer becomes: one of several, by status.
pub trait FromAnswer: Sized {
    /// Makes the type of the answer.
    ///
    /// # Errors
    /// When the answer is not what the document describes for its status.
    fn from_answer(answer: &dyn Answer) -> Result<Self, Error>;
}

/// The errors of an operation whose document describes none.
impl FromAnswer for Infallible {
    fn from_answer(answer: &dyn Answer) -> Result<Self, Error> {
        Err(answer.undescribed())
    }
}

/// Whatever error comes: its body as JSON.
impl FromAnswer for serde_json::Value {
    fn from_answer(answer: &dyn Answer) -> Result<Self, Error> {
        answer.json()
    }
}

/// What reads a body of one media type.
type Read<T> = fn(&dyn Answer) -> Result<T, Error>;

impl dyn Answer + '_ {
    /// The body as a value of JSON.
    ///
    /// # Errors
    /// When it is none of this type.
    pub fn json<T: FromJson>(&self) -> Result<T, Error> {
        self.json_as(Reading::Lenient)
    }

    /// As `json`, of an API whose configuration says `reading = "exact"`.
    ///
    /// # Errors
    /// When it is none of this type.
    pub fn json_exactly<T: FromJson>(&self) -> Result<T, Error> {
        self.json_as(Reading::Exact)
    }

    fn json_as<T: FromJson>(&self, reading: Reading) -> Result<T, Error> {
        crate::from_slice_as(self.json_text()?, reading).map_err(|fault| self.explained(fault))
    }

    /// The body by its media type, or else the first that fits.
    ///
    /// # Errors
    /// When the body is not what its media type says, or fits none.
    pub fn by_media_type<T>(&self, all: &[(&str, Read<T>)]) -> Result<T, Error> {
        let media_type = self.media_type();
        if let Some((_, read)) = all.iter().find(|(name, _)| *name == media_type) {
            return read(self);
        }
        let mut fault = None;
        for (_, read) in all {
            match read(self) {
                Ok(value) => return Ok(value),
                Err(error) => fault.get_or_insert(error),
            };
        }
        Err(fault.unwrap_or_else(|| self.undescribed()))
    }

    /// A header as a value: itself, a number or the like, or a list whose items stand between commas.
    ///
    /// # Errors
    /// When it is there and is no such value.
    pub fn header<T: FromJson>(&self, name: &str) -> Result<Option<T>, Error> {
        let Some(text) = self.header_text(name) else { return Ok(None) };
        let read = header_values(&text).iter().find_map(|json| crate::from_str(json).ok());
        read.map(Some).ok_or_else(|| Error::new(format!("the header `{name}` as described"), "another value", 0))
    }

    /// A header that need not be there: one that is no such value is passed over, and stays with what came.
    pub fn optional_header<T: FromJson>(&self, name: &str) -> Option<T> {
        self.header(name).ok().flatten()
    }

    /// A header that must be there.
    ///
    /// # Errors
    /// When it is not, or is no such value.
    pub fn required_header<T: FromJson>(&self, name: &str) -> Result<T, Error> {
        self.header(name)?.ok_or_else(|| Error::new(format!("the header `{name}`"), "an answer without it", 0))
    }

    /// The headers that the document describes.
    ///
    /// # Errors
    /// When one that must be there is not, or is no such value.
    pub fn headers<T: FromAnswer>(&self) -> Result<T, Error> {
        T::from_answer(self)
    }

    /// The error of an answer that comes piece by piece, which a status does not tell from others.
    #[cold]
    pub fn in_pieces(&self) -> Error {
        let found = format!("one that comes piece by piece (`{}`)", self.media_type());
        Error::new("a body that is read as a whole", found, 0)
    }

    /// The error of a status that the type does not have.
    #[cold]
    pub fn undescribed(&self) -> Error {
        Error::new("a status that the document describes", format!("{}", self.status()), 0)
    }
}

/// What the text of a header may be, as JSON, in the order in which that is tried: a text, another scalar, a list of
/// either. Numbers keep their digits.
pub fn header_values(text: &str) -> [String; 4] {
    let text = text.trim();
    let string = |text: &str| crate::to_string(text).unwrap_or_default();
    let scalar = |text: &str| {
        let is_value = !text.starts_with('{') && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok();
        if is_value { text.to_owned() } else { string(text) }
    };
    let list = |item: &dyn Fn(&str) -> String| {
        let items: Vec<String> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(item).collect();
        format!("[{}]", items.join(","))
    };
    [string(text), scalar(text), list(&string), list(&scalar)]
}

#[cfg(test)]
mod tests {
    use super::header_values;

    #[test]
    fn a_header_may_be_several_values() {
        assert_eq!(header_values(" 1.10 "), [r#""1.10""#, "1.10", r#"["1.10"]"#, "[1.10]"]);
        assert_eq!(header_values("a, 2"), [r#""a, 2""#, r#""a, 2""#, r#"["a","2"]"#, r#"["a",2]"#]);
        assert_eq!(header_values(r#"{"a":1}"#)[1], r#""{\"a\":1}""#);
    }
}
