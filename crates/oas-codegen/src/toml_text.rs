//! Texts as TOML has them.

use std::fmt::Write as _;

/// A TOML array of strings.
pub(crate) fn list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
}

/// A bare TOML key where that is possible, a quoted one otherwise.
pub(crate) fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_'));
    if bare { text.to_owned() } else { quoted(text) }
}

/// A TOML basic string (TOML 1.0, section String): quotes, backslashes and control characters are escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for one in text.chars() {
        match one {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
