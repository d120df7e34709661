//! The text of a single value: one inside of which there is no style any more.

use std::borrow::Cow;

use crate::error::Unwritable;
use crate::percent::Escape;
use crate::{Spelling, Tree, integer};

impl Spelling<'_> {
    /// The text of what is inside of a list or an object.
    pub(crate) fn item(&self, value: &Tree, escape: Escape) -> Result<String, Unwritable> {
        Ok(escape.apply(&self.text(value)?).into_owned())
    }

    /// A value that is not absent.
    pub(crate) fn scalar(&self, value: &Tree, escape: Escape) -> Result<String, Unwritable> {
        match value {
            Tree::Null => Ok(String::new()),
            value => self.item(value, escape),
        }
    }

    /// The text of a value inside of which there is no style any more.
    pub(crate) fn text<'v>(&self, value: &'v Tree) -> Result<Cow<'v, str>, Unwritable> {
        Ok(match value {
            Tree::Null => return Err(self.unwritable("has an item that is `null`, which no text stands for")),
            Tree::Boolean(true) => "true".into(),
            Tree::Boolean(false) => "false".into(),
            Tree::Number(number) => integer::plain(number),
            Tree::Text(text) => text.into(),
            Tree::List(_) | Tree::Members(_) => value.json().into(),
        })
    }

    pub(crate) fn written_name(&self, escape: Escape) -> String {
        name_escape(escape).apply(self.name).into_owned()
    }

    pub(crate) fn unwritable(&self, reason: impl Into<Cow<'static, str>>) -> Unwritable {
        Unwritable::new(self.name, reason)
    }
}

/// How a name is escaped where its value is escaped like this.
pub(crate) fn name_escape(escape: Escape) -> Escape {
    match escape {
        Escape::None => Escape::None,
        _ => Escape::All,
    }
}
