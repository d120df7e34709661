//! Bytes in JSON, which has none: a form may be sent as JSON, too, and its files are texts then.

use crate::{Maybe, ToJson as _, Writer};

/// Bytes, or several of them, that are written as texts.
pub trait AsText {
    /// Writes the text that the bytes are.
    fn to_text(&self, writer: &mut Writer);
}

impl AsText for Vec<u8> {
    fn to_text(&self, writer: &mut Writer) {
        match std::str::from_utf8(self) {
            Ok(text) => text.to_json(writer),
            Err(_) => writer.fail("bytes that are a text, as JSON has no others", "bytes that are none"),
        }
    }
}

impl<T: AsText> AsText for Vec<T> {
    fn to_text(&self, writer: &mut Writer) {
        writer.list(self.iter().map(Text).collect::<Vec<_>>().iter());
    }
}

impl<T: AsText> AsText for Option<T> {
    fn to_text(&self, writer: &mut Writer) {
        match self {
            Some(bytes) => bytes.to_text(writer),
            None => writer.null(),
        }
    }
}

impl<T: AsText> AsText for Maybe<T> {
    fn to_text(&self, writer: &mut Writer) {
        match self.value() {
            Some(bytes) => bytes.to_text(writer),
            None => writer.null(),
        }
    }
}

/// Bytes as a value that is written.
struct Text<'a, T>(&'a T);

impl<T: AsText> crate::ToJson for Text<'_, T> {
    fn to_json(&self, writer: &mut Writer) {
        self.0.to_text(writer);
    }
}

impl Writer {
    /// Writes a member of bytes.
    pub fn bytes<T: AsText>(&mut self, name: &str, bytes: &T) {
        self.member(name, &Text(bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bytes: &impl AsText) -> Result<String, String> {
        crate::to_string(&Text(bytes)).map_err(|error| error.to_string())
    }

    #[test]
    fn bytes_are_texts_where_they_can_be() {
        assert_eq!(written(&b"a\"b".to_vec()).as_deref(), Ok(r#""a\"b""#));
        assert_eq!(written(&Some(vec![b"a".to_vec(), Vec::new()])).as_deref(), Ok(r#"["a",""]"#));
        assert_eq!(written(&None::<Vec<u8>>).as_deref(), Ok("null"));
        assert!(written(&vec![0xFF_u8]).is_err_and(|error| error.contains("as JSON has no others")));
    }
}
