//! Text of a document, made harmless for where it is shown.

use std::fmt::Write as _;

/// The text without characters that would move the cursor, change colours or the direction of reading.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || is_invisible(letter) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    out
}

/// The same for a text of several lines.
pub(super) fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// Characters that change how others are shown.
const fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The first characters of a text.
pub(super) fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest).chain("...".chars()).collect()
}

/// Text for HTML, in elements and in quoted attributes.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(letter),
            letter if letter.is_control() || is_invisible(letter) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out
}

/// Text for Markdown: nothing in it is markup, a mention or a link, except code in single backquotes.
pub(super) fn markdown(text: &str) -> String {
    let text = clean(text);
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::with_capacity(text.len());
    for (index, part) in parts.iter().enumerate() {
        let is_code = index % 2 == 1;
        if is_code && index + 1 < parts.len() {
            out.push('`');
            out.push_str(&part.replace('|', "\\|"));
            out.push('`');
        } else {
            // A backquote without a partner opens no code.
            out.push_str(if is_code { "\\`" } else { "" });
            escape_into(part, &mut out);
        }
    }
    out
}

fn escape_into(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '\\' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(letter);
            }
            '<' | '>' | '&' => {
                out.push('\\');
                out.push(letter);
            }
            // A zero-width joiner after it keeps GitHub from notifying anybody.
            '@' => out.push_str("@\u{200d}"),
            letter => out.push(letter),
        }
    }
}

/// A block of code for Markdown whose fence is longer than any in the text.
pub(super) fn fenced(text: &str, language: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", clean_lines(text))
}

/// Inline code for Markdown.
pub(super) fn code(text: &str) -> String {
    let text = clean(text).replace('|', "\\|");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_no_markup_any_more() {
        assert_eq!(html("<b a='x'>&\u{202e}"), "&lt;b a=&#39;x&#39;&gt;&amp;\\u{202e}");
        assert_eq!(markdown("*a* <b> `c*d` [e](f)"), "\\*a\\* \\<b\\> `c*d` \\[e\\](f)");
        assert_eq!(markdown("odd ` one *"), "odd \\` one \\*");
        assert!(fenced("a ``` b", "json").starts_with("````json\n"));
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
