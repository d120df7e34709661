//! Idents: names that the plan has settled, which emitters print and do nothing else with.

use std::borrow::Borrow;
use std::fmt;

use proc_macro2::{Span, TokenStream};
use quote::{IdentFragment, ToTokens};

/// The strict and reserved keywords of edition 2024.
pub(super) const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The keywords that cannot be raw idents.
pub(super) const NEVER_RAW: &[&str] = &["crate", "self", "Self", "super", "_"];

/// An ident of generated code. Only the plan makes them, so that every one is valid, and unique where it stands.
///
/// It prints itself as code: in `quote!` as a token and in `format!` as text, where a keyword is a raw ident,
/// `r#type`. [`as_str`](Self::as_str) is the word without that mark, for what is no code: a flag, a file, a text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(String);

impl Ident {
    /// The ident of a word, with or without the mark of raw idents.
    ///
    /// # Panics
    /// When no Rust ident is written like that, which is a fault of whoever made the word.
    pub(crate) fn new(word: impl Into<String>) -> Self {
        let word: String = word.into();
        let word = word.strip_prefix("r#").map_or(word.clone(), ToOwned::to_owned);
        assert!(is_ident(&word), "`{}` is no ident", word.escape_debug());
        Self(word)
    }

    /// Stands for the type name numbered `index` until all type names are settled. It cannot be printed as code.
    pub(super) fn pending(index: usize) -> Self {
        Self(index.to_string())
    }

    /// Stands for a name that is settled later, together with others. It cannot be printed as code.
    pub(super) fn open() -> Self {
        Self(String::new())
    }

    /// Which name it stands for, when it is not settled yet.
    pub(super) fn pending_index(&self) -> Option<usize> {
        self.0.parse().ok()
    }

    /// The word, without the mark of raw idents.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The word as people type it in a command line: `clip-id` for `clip_id`.
    pub fn to_kebab(&self) -> String {
        self.0.trim_matches('_').replace('_', "-")
    }

    /// Whether it is written as a raw ident in code.
    fn is_raw(&self) -> bool {
        KEYWORDS.contains(&self.as_str())
    }

    /// The token.
    pub fn to_token(&self) -> proc_macro2::Ident {
        if self.is_raw() {
            proc_macro2::Ident::new_raw(&self.0, Span::call_site())
        } else {
            proc_macro2::Ident::new(&self.0, Span::call_site())
        }
    }
}

/// Whether a word, without the mark of raw idents, can be an ident.
pub(super) fn is_ident(word: &str) -> bool {
    let mut letters = word.chars();
    let starts = letters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first));
    starts && letters.all(unicode_ident::is_xid_continue) && !NEVER_RAW.contains(&word)
}

impl ToTokens for Ident {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.to_token().to_tokens(tokens);
    }
}

impl IdentFragment for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_raw() { "r#" } else { "" })?;
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{self}`")
    }
}

impl AsRef<str> for Ident {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Ident {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Ident {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Ident {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    use quote::{format_ident, quote};

    use super::*;

    #[test]
    fn a_keyword_is_raw_in_code_alone() {
        let ident = Ident::new("type");
        assert_eq!(ident.as_str(), "type");
        assert_eq!(ident.to_string(), "r#type");
        assert_eq!(quote!(#ident).to_string(), "r#type");
        assert_eq!(format_ident!("with_{}", ident).to_string(), "with_type");
        assert_eq!(Ident::new("r#type"), ident);
        assert_eq!(Ident::new("kind").to_string(), "kind");
        assert_eq!(Ident::new("self_").to_kebab(), "self");
        assert_eq!(Ident::new("clip_id").to_kebab(), "clip-id");
    }

    #[test]
    #[should_panic(expected = "`a b` is no ident")]
    fn what_is_no_ident_is_our_fault() {
        Ident::new("a b");
    }
}
