//! JSON Pointers ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).

use std::borrow::Cow;
use std::fmt;

/// A JSON Pointer in its string form: empty for the whole document, otherwise `/token/token`, where `~` and `/` in a
/// token are written `~0` and `~1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Reads a pointer in its string form; `None` when it is neither empty nor starts with `/`.
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// The pointer to the member or item `token` of the value that this one points to; `token` is not escaped yet.
    #[must_use]
    pub fn child(&self, token: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + token.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        for character in token.chars() {
            match character {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                other => text.push(other),
            }
        }
        Self(text)
    }

    /// The pointer to item `index` of the array that this one points to.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The pointer to what `rest`, in its string form, names in the value that this one points to.
    #[must_use]
    pub(crate) fn join(&self, rest: &str) -> Self {
        Self(format!("{}{rest}", self.0))
    }

    /// The pointer to the value that holds this one; `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|slash| Self(self.0[..slash].to_owned()))
    }

    /// The tokens from the root downwards, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(unescape)
    }

    /// The last token, unescaped; `None` at the root.
    pub fn last(&self) -> Option<Cow<'_, str>> {
        self.0.rfind('/').map(|slash| unescape(&self.0[slash + 1..]))
    }

    /// Whether this pointer is `other` or points to something inside of it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The string form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Turns `~1` into `/` and `~0` into `~`, in that order, as RFC 6901, section 4 asks.
fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) }
}

impl fmt::Display for Pointer {
    /// Writes the pointer as a URI fragment is written in a `$ref`: `#/paths/~1clips`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pointer;

    #[test]
    fn tokens_are_escaped_once() {
        let pointer = Pointer::root().child("paths").child("/a~b").item(0);
        assert_eq!(pointer.as_str(), "/paths/~1a~0b/0");
        assert_eq!(pointer.to_string(), "#/paths/~1a~0b/0");
        assert_eq!(Pointer::parse("/~01").and_then(|pointer| pointer.last().map(String::from)).as_deref(), Some("~1"));
        assert_eq!(Pointer::parse("a"), None);
    }

    #[test]
    fn a_pointer_holds_itself_and_what_is_below_but_no_namesake() {
        let pointer = |text| Pointer::parse(text).expect("a pointer");
        assert!(pointer("/a/b").starts_with(&pointer("/a")));
        assert!(pointer("/a").starts_with(&pointer("/a")));
        assert!(!pointer("/ab").starts_with(&pointer("/a")));
    }

    proptest! {
        #[test]
        fn tokens_come_back_as_they_were(tokens in proptest::collection::vec(any::<String>(), 0..5)) {
            let pointer = tokens.iter().fold(Pointer::root(), |pointer, token| pointer.child(token));
            prop_assert_eq!(pointer.tokens().collect::<Vec<_>>(), tokens.clone());
            prop_assert_eq!(Pointer::parse(pointer.as_str()), Some(pointer.clone()));
            prop_assert_eq!(pointer.last().map(String::from), tokens.last().cloned());
            if let Some(last) = tokens.last() {
                prop_assert_eq!(pointer.parent().map(|parent| parent.child(last)), Some(pointer));
            }
        }
    }
}
