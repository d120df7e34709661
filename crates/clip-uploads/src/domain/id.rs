//! Names that only the server makes: of clips, uploads, requests, and of what storage keeps.

use std::fmt;

use data_encoding::{BASE32_DNSSEC, HEXLOWER};

/// A name made by the server: a word, an underscore, and 128 random bits. It is safe in a path and in a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// A name that nobody else has.
    pub fn random(word: &str) -> Self {
        Self(format!("{word}_{}", BASE32_DNSSEC.encode(&random_bytes::<16>())))
    }

    /// Reads a name that came from outside; `None` when the server cannot have made it.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        fits.then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 256 random bits, as 64 hexadecimal digits.
pub fn secret() -> String {
    HEXLOWER.encode(&random_bytes::<32>())
}

/// Random bytes of the operating system.
///
/// # Panics
/// When the operating system has none, which leaves no safe way to go on.
fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        panic!("the operating system gives no random bytes: {error}");
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_id_can_be_read_back_and_differs_from_the_next() {
        let id = Id::random("clip");
        assert_eq!(Id::parse(id.as_str()), Some(id.clone()));
        assert_ne!(Id::random("clip"), id);
    }

    #[test]
    fn nothing_that_leaves_a_folder_is_an_id() {
        for text in ["", "..", "a/b", "a\\b", "a%2fb", "A", "a.b", &"a".repeat(65), "a\0"] {
            assert_eq!(Id::parse(text), None, "{text:?}");
        }
    }
}
