//! Makes texts harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// The same text with everything that a terminal or a reader could take for something else spelt out: control
/// characters, marks that change the direction of writing, and characters without width.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        push(&mut visible, character);
    }
    Cow::Owned(visible)
}

/// Appends `character`, or what stands for it.
pub(super) fn push(text: &mut String, character: char) {
    match character {
        '\t' => text.push_str("    "),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        hidden if is_hidden(hidden) => {
            // Writing to a string does not fail.
            let _ = write!(text, "\\u{{{:x}}}", u32::from(hidden));
        }
        plain => text.push(plain),
    }
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn control_and_direction_marks_are_spelt_out() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\n"), "a\\u{1b}[31mb\\u{202e}c\\n");
        assert_eq!(visible("caf\u{e9} \u{1f600}"), "caf\u{e9} \u{1f600}");
    }
}
