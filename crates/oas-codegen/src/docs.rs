//! Markdown of the document as documentation of the generated code.
//!
//! The text is hostile until proven otherwise. What comes out stays in its `#[doc]` lines, shows no text in another
//! direction than it is read, loads nothing, runs as no doctest, and gives rustdoc nothing to warn about: code blocks
//! say `text`, HTML is Markdown or shown as it was written, brackets are no links to Rust items, bare addresses become links.

use proc_macro2::TokenStream;
use quote::quote;

use crate::html;

/// Lines longer than this are wrapped, where Markdown allows it. In characters.
const WIDTH: usize = 108;

/// Languages of code blocks that rustdoc takes for what they are: not Rust.
const LANGUAGES: [&str; 12] =
    ["json", "yaml", "xml", "html", "http", "sh", "bash", "shell", "javascript", "python", "sql", "text"];

/// `#[doc]` attributes for what follows; nothing when there is no text.
pub fn outer(markdown: &str) -> TokenStream {
    let lines = lines(markdown).into_iter().map(|line| prefixed(&line));
    quote!(#(#[doc = #lines])*)
}

/// `#![doc]` attributes for what surrounds them; nothing when there is no text.
pub fn inner(markdown: &str) -> TokenStream {
    let lines = lines(markdown).into_iter().map(|line| prefixed(&line));
    quote!(#(#![doc = #lines])*)
}

/// A line as it stands behind `///`.
fn prefixed(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(" {line}") }
}

/// The lines of `markdown`, safe to stand in a doc comment each, without empty ones at either end.
pub fn lines(markdown: &str) -> Vec<String> {
    let mut blocks = Blocks::default();
    for line in visible(&html::to_markdown(markdown)).lines() {
        blocks.push(line);
    }
    blocks.finish()
}

/// Text that Markdown shows as it is, in a code span: for names and values of the document inside of our sentences.
pub fn code(text: &str) -> String {
    let text = visible(text).replace(['\n', '`'], " ");
    let text = text.trim();
    if text.is_empty() { "`\"\"`".to_owned() } else { format!("`{text}`") }
}

/// Line ends made one kind, and what is invisible, steers a terminal or reorders text made visible.
pub fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(one) = characters.next() {
        match one {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => visible.push('\n'),
            '\t' => visible.push_str("    "),
            hidden if is_hidden(hidden) => visible.extend(hidden.escape_unicode()),
            other => visible.push(other),
        }
    }
    visible
}

/// Whether a character is not to be seen, or changes the direction of those that are (Unicode, annex 9).
fn is_hidden(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What a line of Markdown stands in.
#[derive(Default)]
struct Blocks {
    out: Vec<String>,
    fence: Option<Fence>,
    /// The column at which the text of the last list item starts; `None` outside of lists.
    list: Option<usize>,
}

/// The start of a code block.
struct Fence {
    mark: char,
    length: usize,
    /// What stood in front of it: spaces, `>`.
    indent: String,
}

impl Blocks {
    fn push(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(fence) = &self.fence {
            let ends = fence_of(line.trim_start_matches([' ', '>']))
                .is_some_and(|(mark, length, rest)| mark == fence.mark && length >= fence.length && rest.is_empty());
            if ends {
                self.close_fence();
            } else {
                let indent = fence.indent.clone();
                let inside = line.strip_prefix(&indent).unwrap_or(line.trim_start_matches([' ', '>']));
                // A fence that looks like the end of this one to rustdoc, but not to us, would set the rest free.
                let inside = if fence_of(inside.trim_start()).is_some() {
                    format!("\u{b7} {inside}")
                } else {
                    inside.to_owned()
                };
                self.out.push(format!("{indent}{inside}").trim_end().to_owned());
            }
            return;
        }
        let quoted_by = line.len() - line.trim_start_matches([' ', '>']).len();
        let is_quoted = line[..quoted_by].contains('>');
        let (prefix, text) = if is_quoted { ("> ".to_owned(), &line[quoted_by..]) } else { self.indented(line) };
        match fence_of(text) {
            Some((mark, length, info)) if mark == '~' || !info.contains('`') => {
                self.open_fence(prefix, mark, length, info);
            }
            _ if text.is_empty() => self.out.push(prefix.trim_end().to_owned()),
            _ => self.paragraph(&prefix, text),
        }
    }

    /// The indentation that a line may keep without becoming a code block, which rustdoc would run, and the rest.
    fn indented<'a>(&mut self, line: &'a str) -> (String, &'a str) {
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        if text.is_empty() {
            return (String::new(), text);
        }
        let marker = list_marker(text);
        // What starts left of the item's text is no part of the item.
        if marker == 0 {
            self.list = self.list.filter(|column| indent >= *column);
        }
        // Four columns further right, Markdown takes a line for code.
        let indent = indent.min(self.list.unwrap_or(0) + 3);
        if marker > 0 {
            self.list = Some(indent + marker + 1);
        }
        (" ".repeat(indent), text)
    }

    fn open_fence(&mut self, indent: String, mark: char, length: usize, info: &str) {
        let language = info.trim().to_ascii_lowercase();
        let language = LANGUAGES.iter().find(|known| **known == language).copied().unwrap_or("text");
        let ticks = mark.to_string().repeat(length);
        self.out.push(format!("{indent}{ticks}{language}"));
        self.fence = Some(Fence { mark, length, indent });
    }

    fn close_fence(&mut self) {
        if let Some(Fence { mark, length, indent }) = self.fence.take() {
            self.out.push(format!("{indent}{}", mark.to_string().repeat(length)));
        }
    }

    /// Text outside of code blocks.
    fn paragraph(&mut self, prefix: &str, text: &str) {
        let (head, rest) = items(text);
        let rest = match (fence_of(rest), rest.strip_prefix('>')) {
            // Each mark by itself: two that are left could begin a code span.
            (Some((mark, length, behind)), _) => format!("\\{mark}").repeat(length) + &inline(behind),
            (None, Some(behind)) => format!("\\>{}", inline(behind)),
            (None, None) => inline(rest),
        };
        let line = if head.is_empty() { format!("{prefix}{rest}") } else { format!("{prefix}{head} {rest}") };
        let is_table_or_heading = rest.starts_with('|') || rest.starts_with('#');
        if line.chars().count() <= WIDTH || is_table_or_heading {
            self.out.push(line.trim_end().to_owned());
            return;
        }
        let deeper =
            if head.is_empty() { prefix.to_owned() } else { format!("{prefix}{}", " ".repeat(head.len() + 1)) };
        wrap(&line, &deeper, &mut self.out);
    }

    fn finish(mut self) -> Vec<String> {
        self.close_fence();
        while self.out.last().is_some_and(String::is_empty) {
            self.out.pop();
        }
        let start = self.out.iter().position(|line| !line.is_empty()).unwrap_or(0);
        self.out.drain(..start);
        // More than one empty line says no more than one.
        self.out.dedup_by(|next, previous| next.is_empty() && previous.is_empty());
        self.out
    }
}

/// The mark, length and info string of a fence, when `text` starts with one.
fn fence_of(text: &str) -> Option<(char, usize, &str)> {
    let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let rest = text.trim_start_matches(mark);
    let length = text.len() - rest.len();
    (length >= 3).then_some((mark, length, rest))
}

/// The list markers that `text` starts with, and the rest: an item may start with another (`- - x`), or with what would
/// be code (`-     x`).
fn items(text: &str) -> (String, &str) {
    let (mut markers, mut rest) = (Vec::new(), text);
    loop {
        let marker = list_marker(rest);
        if marker == 0 {
            return (markers.join(" "), rest);
        }
        markers.push(&rest[..marker]);
        rest = rest[marker..].trim_start();
    }
}

/// How many bytes of `text` are a list marker (`-`, `12.`), not counting the space behind it.
fn list_marker(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let length = match text.as_bytes() {
        [b'-' | b'*' | b'+', ..] => 1,
        bytes if (1..=9).contains(&digits) && matches!(bytes.get(digits), Some(b'.' | b')')) => digits + 1,
        _ => return 0,
    };
    if text[length..].starts_with(' ') { length } else { 0 }
}

/// Breaks a line at spaces; lines behind the first start with `deeper`.
fn wrap(line: &str, deeper: &str, out: &mut Vec<String>) {
    let start = line.len() - line.trim_start().len();
    let mut current = line[..start].to_owned();
    let mut width = start;
    let mut is_empty = true;
    for word in line[start..].split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        // A word that would start a list, a heading, a table, a quote or HTML may not stand first.
        let may_start = word.starts_with("<http")
            || word.starts_with(|one: char| one.is_alphabetic() || matches!(one, '`' | '(' | '\\' | '"' | '*'))
                && word != "*"
                && !word.starts_with("```");
        if !is_empty && width + 1 + length > WIDTH && may_start {
            out.push(std::mem::take(&mut current));
            deeper.clone_into(&mut current);
            width = deeper.chars().count();
            is_empty = true;
        }
        if !is_empty {
            current.push(' ');
            width += 1;
        }
        current.push_str(word);
        width += length;
        is_empty = false;
    }
    out.push(current);
}

/// Text inside of a block: code spans and links to the web are kept, all else that rustdoc would act on is escaped.
fn inline(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(one) = rest.chars().next() {
        let taken = match one {
            '`' => code_span(rest, &mut safe),
            '!' if rest[1..].starts_with('[') => 1,
            '[' => link(rest, &mut safe),
            '<' => angle(rest, &mut safe),
            'h' | 'H' if !safe.ends_with(char::is_alphanumeric) => bare_address(rest, &mut safe),
            '\\' => escaped(rest, &mut safe),
            ']' => {
                safe.push('\\');
                safe.push(one);
                1
            }
            other => {
                safe.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    safe
}

/// A backslash: kept with the punctuation behind it, doubled otherwise.
fn escaped(rest: &str, safe: &mut String) -> usize {
    match rest[1..].chars().next() {
        Some(next) if next.is_ascii_punctuation() => {
            safe.push('\\');
            safe.push(next);
            2
        }
        _ => {
            safe.push_str("\\\\");
            1
        }
    }
}

/// A code span that ends on the same line, or backticks that are none.
fn code_span(rest: &str, safe: &mut String) -> usize {
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let mut from = ticks;
    while let Some(found) = rest[from..].find('`') {
        let start = from + found;
        let length = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        if length == ticks {
            safe.push_str(&rest[..start + length]);
            return start + length;
        }
        from = start + length;
    }
    safe.push_str(&"\\`".repeat(ticks));
    ticks
}

/// `[text](https://...)`, or a bracket that is no link to the web.
fn link(rest: &str, safe: &mut String) -> usize {
    if let Some((text, address, length)) = web_link(rest) {
        let shown: String = text.chars().map(|one| if "[]<>`\\".contains(one) { ' ' } else { one }).collect();
        safe.push('[');
        safe.push_str(shown.trim());
        safe.push_str("](");
        safe.push_str(address);
        safe.push(')');
        return length;
    }
    safe.push_str("\\[");
    1
}

/// The text and address of a link to the web at the start of `rest`, and how many bytes it takes.
fn web_link(rest: &str) -> Option<(&str, &str, usize)> {
    let middle = rest.find("](")?;
    let text = rest.get(1..middle)?;
    let after = rest.get(middle + 2..)?;
    let end = after.find(')')?;
    let address = after.get(..end)?;
    let is_plain = !text.trim().is_empty() && !text.contains(['[', ']']) && is_web_address(address);
    is_plain.then_some((text, address, middle + 2 + end + 1))
}

/// `<https://...>`, or an angle bracket that is no link.
fn angle(rest: &str, safe: &mut String) -> usize {
    if let Some(end) = rest.find('>').filter(|end| is_web_address(&rest[1..*end])) {
        safe.push_str(&rest[..=end]);
        return end + 1;
    }
    safe.push_str("\\<");
    1
}

/// An address in running text becomes `<https://...>`; anything else that starts with an `h` stays.
fn bare_address(rest: &str, safe: &mut String) -> usize {
    let end = rest.find(|one: char| one.is_whitespace() || "<>\"'`()[]{}|\\^*".contains(one)).unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '_', '~']);
    if is_web_address(address) {
        safe.push('<');
        safe.push_str(address);
        safe.push('>');
        return address.len();
    }
    safe.push_str(&rest[..1]);
    1
}

/// Whether `text` is an address on the web, in characters that cannot end a link early.
fn is_web_address(text: &str) -> bool {
    let host = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    host.is_some_and(|host| host.len() > 1)
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"'`()[]{}|\\^".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_stays_harmless() {
        let cases: [(&str, &[&str]); 20] = [
            ("Plain *text* with `code`.", &["Plain *text* with `code`."]),
            ("a\r\nb\rc\u{2028}d", &["a", "b", "c", "d"]),
            ("\u{202e}evil\u{0}", &["\\\\u{202e}evil\\\\u{0}"]),
            ("[Vec] and [x](foo::Bar)", &["\\[Vec\\] and \\[x\\](foo::Bar)"]),
            (
                "[docs](https://a.example/b) ![i](https://a.example/i)",
                &["[docs](https://a.example/b) [i](https://a.example/i)"],
            ),
            ("see https://a.example/b.", &["see <https://a.example/b>."]),
            ("<https://a.example> <b> <id>", &["<https://a.example>  \\<id>"]),
            ("`<b>` but `<i>", &["`<b>` but \\`"]),
            ("```rust\nfn a() {}\n```", &["```text", "fn a() {}", "```"]),
            ("```json\n{}", &["```json", "{}", "```"]),
            ("~~~\n```\nfn a() {}\n~~~", &["~~~text", "\u{b7} ```", "fn a() {}", "~~~"]),
            ("    fn a() {}", &["   fn a() {}"]),
            ("- a\n\n    b\n\n c\n\n    fn d() {}", &["- a", "", "    b", "", " c", "", "   fn d() {}"]),
            ("1. a\n    - b\n            fn c() {}", &["1. a", "    - b", "         fn c() {}"]),
            ("- ```\nfn a() {}", &["- \\`\\`\\`", "fn a() {}"]),
            ("``` `a` [Vec]", &["\\`\\`\\` `a` \\[Vec\\]"]),
            ("- 1.     fn a() {}", &["- 1. fn a() {}"]),
            ("- >     fn a() {}", &["- \\>     fn a() {}"]),
            (">     fn a() {}\n> ```\nb", &["> fn a() {}", "> ```text", "> b", "> ```"]),
            ("\n\n  \n", &[]),
        ];
        for (markdown, expected) in cases {
            assert_eq!(lines(markdown), expected, "{markdown:?}");
        }
    }

    #[test]
    fn long_lines_are_wrapped_where_nothing_else_starts() {
        let wrapped = lines(&format!("- {}", "word - 1. # ```x ".repeat(20)));
        assert!(wrapped.len() > 1 && wrapped.iter().all(|line| line.chars().count() <= WIDTH + 20), "{wrapped:?}");
        assert!(wrapped.iter().skip(1).all(|line| line.starts_with("  word")), "{wrapped:?}");
        let in_code = lines(&format!("`{} <!-- a`", "x".repeat(WIDTH)));
        assert!(in_code.iter().all(|line| !line.starts_with('<')), "{in_code:?}");
    }

    #[test]
    fn code_spans_hold_what_they_show() {
        assert_eq!(code("a`b\n"), "`a b`");
        assert_eq!(code(""), "`\"\"`");
    }
}
