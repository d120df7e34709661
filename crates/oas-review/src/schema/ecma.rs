//! Regular expressions as documents write them (ECMA-262), in the words that the engines here understand.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::Chars;

/// The pattern with forms that no engine here reads spelled in another way; one that needs nothing stays as it is.
pub(crate) fn spelled(pattern: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    let mut is_in_class = false;
    while let Some(letter) = chars.next() {
        match letter {
            '\\' => escape(&mut chars, is_in_class, &mut out),
            '[' if !is_in_class => is_in_class = class(&mut chars, &mut out),
            ']' if is_in_class => {
                is_in_class = false;
                out.push(']');
            }
            '{' if !is_in_class => match quantifier(&chars) {
                Some(inside) => {
                    chars.by_ref().take(inside.len() + 1).for_each(drop);
                    out.extend(["{", &inside, "}"]);
                }
                None => out.push_str(r"\{"),
            },
            '}' if !is_in_class => out.push_str(r"\}"),
            other => out.push(other),
        }
    }
    if out == pattern { Cow::Borrowed(pattern) } else { Cow::Owned(out) }
}

/// The start of a class; whether it goes on. `[^]` is any character, and `[]` none.
fn class(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> bool {
    let is_negated = chars.next_if_eq(&'^').is_some();
    if chars.next_if_eq(&']').is_some() {
        out.push_str(if is_negated { r"[\s\S]" } else { r"[^\s\S]" });
        return false;
    }
    out.push_str(if is_negated { "[^" } else { "[" });
    true
}

/// What stands behind a backslash.
fn escape(chars: &mut Peekable<Chars<'_>>, is_in_class: bool, out: &mut String) {
    let Some(letter) = chars.next() else { return out.push('\\') };
    match letter {
        '0' if chars.peek().is_none_or(|next| !next.is_ascii_digit()) => out.push_str(r"\x00"),
        'b' if is_in_class => out.push_str(r"\x08"),
        'c' => match chars.next_if(char::is_ascii_alphabetic) {
            Some(control) => out.extend([r"\x", &format!("{:02x}", control as u32 % 32)]),
            None => out.push_str(r"\\c"),
        },
        'u' => match code(chars) {
            Some(point) => out.extend([r"\u{", &format!("{point:x}"), "}"]),
            None => out.push_str(r"\u"),
        },
        'p' | 'P' if chars.peek() == Some(&'{') => {
            out.extend(['\\', letter]);
            for inside in chars.by_ref() {
                out.push(inside);
                if inside == '}' {
                    break;
                }
            }
        }
        // Only what has a meaning of its own needs the backslash; before anything else it stands for nothing.
        other if is_needless(other) => out.push(other),
        other => out.extend(['\\', other]),
    }
}

/// Whether a character is the same with and without a backslash, and the engines here know it without alone.
fn is_needless(letter: char) -> bool {
    letter == '_' || letter == ' ' || !letter.is_ascii()
}

/// The code point of `\u`: four digits, two such halves of a pair, or any number in braces.
fn code(chars: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let mut ahead = chars.clone();
    if ahead.next_if_eq(&'{').is_some() {
        let digits: String = ahead.by_ref().take_while(|letter| *letter != '}').collect();
        let point = u32::from_str_radix(&digits, 16).ok()?;
        *chars = ahead;
        return Some(point);
    }
    let high = unit(&mut ahead)?;
    let mut behind = ahead.clone();
    let low = (0xD800..0xDC00).contains(&high).then(|| {
        let is_escape = behind.next() == Some('\\') && behind.next() == Some('u');
        is_escape.then(|| unit(&mut behind)).flatten().filter(|low| (0xDC00..0xE000).contains(low))
    });
    if let Some(Some(low)) = low {
        *chars = behind;
        return Some(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
    }
    *chars = ahead;
    Some(high)
}

/// Four hexadecimal digits.
fn unit(chars: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let digits: String = chars.take(4).collect();
    (digits.len() == 4).then(|| u32::from_str_radix(&digits, 16).ok()).flatten()
}

/// What a brace has inside that counts repetitions; any other brace is just a character (ECMA-262, annex B.1.2).
fn quantifier(chars: &Peekable<Chars<'_>>) -> Option<String> {
    let inside: String = chars.clone().take_while(|letter| *letter != '}').collect();
    let is_closed = chars.clone().nth(inside.chars().count()) == Some('}');
    let (least, most) = inside.split_once(',').unwrap_or((&inside, ""));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_closed && is_number(least) && (most.is_empty() || is_number(most))).then_some(inside)
}

/// Says that words are made of letters of ASCII, as they are in ECMA-262; only automata understand it.
pub(crate) fn with_plain_words(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let (mut chars, mut is_in_class) = (pattern.chars(), false);
    while let Some(letter) = chars.next() {
        match letter {
            '\\' => match chars.next() {
                Some(edge @ ('b' | 'B')) if !is_in_class => out.extend([r"(?-u:\", edge.encode_utf8(&mut [0; 4]), ")"]),
                escaped => out.extend(std::iter::once('\\').chain(escaped)),
            },
            other => {
                is_in_class = other == '[' || (is_in_class && other != ']');
                out.push(other);
            }
        }
    }
    out
}

/// A pattern without the look-ahead at its start, and what else a text has to match or must not match because of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    /// What texts have to match.
    pub(crate) matching: Vec<String>,
    /// What they must not match.
    pub(crate) refusing: Vec<String>,
}

/// Takes `^(?=a)(?!b)c` apart, which matches where `^a` and `^c` match and `^b` does not.
pub(crate) fn parts(pattern: &str) -> Parts {
    let mut parts = Parts { matching: Vec::new(), refusing: Vec::new() };
    if let Some(mut anchored) = pattern.strip_prefix('^').filter(|rest| !has_alternatives(rest)) {
        while let Some((inside, behind)) =
            group(anchored).filter(|(_, behind)| !behind.starts_with(['?', '*', '+', '{']))
        {
            match (inside.strip_prefix("?="), inside.strip_prefix("?!")) {
                (Some(ahead), _) => parts.matching.push(format!("^(?:{ahead})")),
                (_, Some(ahead)) => parts.refusing.push(format!("^(?:{ahead})")),
                _ => break,
            }
            anchored = behind;
        }
        if !parts.matching.is_empty() || !parts.refusing.is_empty() {
            parts.matching.push(format!("^{anchored}"));
            return parts;
        }
    }
    parts.matching.push(pattern.to_owned());
    parts
}

/// The group that a pattern starts with, and what stands behind it.
fn group(pattern: &str) -> Option<(&str, &str)> {
    let inside = pattern.strip_prefix('(')?;
    let end = outermost(inside).find(|(_, depth, letter)| *depth == 0 && *letter == ')')?.0;
    Some((inside.get(..end)?, inside.get(end + 1..)?))
}

/// Whether the pattern is one of several, at the outermost level.
fn has_alternatives(pattern: &str) -> bool {
    outermost(pattern).any(|(_, depth, letter)| depth == 0 && letter == '|')
}

/// The characters that have a meaning, with the number of groups that are open before them.
fn outermost(pattern: &str) -> impl Iterator<Item = (usize, usize, char)> {
    let (mut depth, mut is_in_class, mut is_escaped) = (0_usize, false, false);
    pattern.char_indices().filter_map(move |(at, letter)| {
        if is_escaped {
            is_escaped = false;
            return None;
        }
        let open = depth;
        match letter {
            '\\' => is_escaped = true,
            ']' => is_in_class = false,
            _ if is_in_class => return None,
            '[' => is_in_class = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        Some((at, open, letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_scripts_are_spelled_for_engines() {
        let cases = [
            ("^[a-z]{2,3}$", "^[a-z]{2,3}$"),
            ("^[^]*$", r"^[\s\S]*$"),
            ("[]", r"[^\s\S]"),
            ("[^]]", r"[\s\S]]"),
            (r"\cJ", r"\x0a"),
            (r"[\b]\b", r"[\x08]\b"),
            (r"\0", r"\x00"),
            (r"\uD83D\uDE00\u0041\u{42}", r"\u{1f600}\u{41}\u{42}"),
            ("^{a}{,3}a{2}$", r"^\{a\}\{,3\}a{2}$"),
            (r"[{}]\{\_\/", r"[{}]\{_\/"),
            (r"\p{L}[\P{Lu}]", r"\p{L}[\P{Lu}]"),
        ];
        for (pattern, expected) in cases {
            assert_eq!(spelled(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn what_is_looked_ahead_for_is_a_pattern_of_its_own() {
        let all = parts(r"^(?=.*\d)(?!x(y|z)$)[a)]+$");
        assert_eq!(all.matching, [r"^(?:.*\d)", "^[a)]+$"]);
        assert_eq!(all.refusing, ["^(?:x(y|z)$)"]);
        assert_eq!(parts("^(?=a)b|c").matching, ["^(?=a)b|c"]);
        assert_eq!(parts("a(?=b)").matching, ["a(?=b)"]);
    }
}
