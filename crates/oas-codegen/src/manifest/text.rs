//! Pieces of source on one line.

use proc_macro2::{LineColumn, Span};

/// The text of a file, ready to be cut.
pub(super) struct Text<'a> {
    lines: Vec<&'a str>,
}

impl<'a> Text<'a> {
    /// Takes a file.
    pub(super) fn new(text: &'a str) -> Self {
        Self { lines: text.split('\n').collect() }
    }

    /// What stands between the start of `from` and the end of `to`, on one line.
    pub(super) fn between(&self, from: Span, to: Span) -> String {
        self.cut(from.start(), to.end())
    }

    /// What stands between the start of `from` and the start of `to`, on one line.
    pub(super) fn up_to(&self, from: Span, to: Span) -> String {
        self.cut(from.start(), to.start())
    }

    /// What stands between two places, on one line.
    fn cut(&self, from: LineColumn, to: LineColumn) -> String {
        if from.line == to.line {
            let line = from.line.checked_sub(1).and_then(|index| self.lines.get(index)).copied().unwrap_or_default();
            let text = line.get(byte(line, from.column)..byte(line, to.column));
            return text.unwrap_or_default().trim().to_owned();
        }
        let mut words = String::new();
        for number in from.line..=to.line {
            let Some(line) = number.checked_sub(1).and_then(|index| self.lines.get(index)) else { continue };
            let start = if number == from.line { byte(line, from.column) } else { 0 };
            let end = if number == to.line { byte(line, to.column) } else { line.len() };
            for word in line.get(start..end).unwrap_or_default().split_whitespace() {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(word);
            }
        }
        joined(&words)
    }
}

/// The byte at which a column of characters stands.
fn byte(line: &str, column: usize) -> usize {
    line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}

/// A signature that was broken into lines, as it would stand on one.
fn joined(words: &str) -> String {
    let mut text = words.to_owned();
    for (broken, whole) in [("( ", "("), (", )", ")"), (" )", ")"), ("< ", "<"), (", >", ">"), (" .", ".")] {
        text = text.replace(broken, whole);
    }
    text
}
