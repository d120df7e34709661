//! The line that a diagnostic is about.

use std::ops::Range;

use super::visible::push;
use crate::{Sources, Span};

/// How much of a long line is shown before the place, in characters.
const BEFORE: usize = 30;
/// Stands for what was cut off.
const CUT: &str = "...";

/// A line of a file, or the part of it around a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The text, without anything that a terminal would obey.
    pub(super) text: String,
    /// The bytes of that text that belong to the place.
    pub(super) marked: Range<usize>,
}

impl Excerpt {
    /// The first line of `span`, with at most about `width` characters of it; `None` when there is nothing to show.
    pub(super) fn of(sources: &Sources, span: Span, width: usize) -> Option<Self> {
        let text = sources.get(span.file)?.text();
        let start = floor(text, span.start as usize);
        let end = floor(text, span.end as usize).max(start);
        let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let rest = text.get(start..)?;
        // Neither end of the line is looked for further than it can be shown.
        let line_end = start + rest.find('\n').unwrap_or(rest.len());
        let line_end = line_end - usize::from(text.get(start..line_end)?.ends_with('\r'));
        let before = text.get(line_start..start)?;
        let place = text.get(start..end.clamp(start, line_end))?;
        let after = text.get(start + place.len()..line_end)?;
        let mut excerpt = Self { text: String::new(), marked: 0..0 };
        let room = excerpt.before(before, width);
        let room = excerpt.marked(place, room);
        excerpt.after(after, room);
        (!excerpt.text.trim().is_empty()).then_some(excerpt)
    }

    /// Adds what stands before the place; the whole of it when it fits. Returns how many characters may follow.
    fn before(&mut self, text: &str, width: usize) -> usize {
        let length = text.chars().rev().take(width).count();
        let shown = if length + BEFORE <= width { length } else { BEFORE.min(length) };
        let from = text.char_indices().rev().take(shown).last().map_or(text.len(), |(at, _)| at);
        if from > 0 {
            self.text.push_str(CUT);
        }
        for character in text.get(from..).unwrap_or_default().chars() {
            push(&mut self.text, character);
        }
        width.saturating_sub(shown).max(BEFORE / 3)
    }

    fn marked(&mut self, text: &str, room: usize) -> usize {
        let start = self.text.len();
        let rest = self.add(text, room);
        self.marked = start..self.text.len();
        rest
    }

    fn after(&mut self, text: &str, room: usize) {
        if room > 0 {
            self.add(text, room);
        }
    }

    fn add(&mut self, text: &str, room: usize) -> usize {
        let mut characters = text.chars();
        let mut used = 0;
        for character in characters.by_ref().take(room) {
            push(&mut self.text, character);
            used += 1;
        }
        if characters.next().is_some() {
            self.text.push_str(CUT);
            return 0;
        }
        room - used
    }
}

/// The nearest start of a character at or before byte `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Excerpt;
    use crate::{Sources, Span};

    fn excerpt(text: &str, start: u32, end: u32, width: usize) -> Option<Excerpt> {
        let mut sources = Sources::default();
        let file = sources.add("a.json", text);
        Excerpt::of(&sources, Span { file, start, end }, width)
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let expected = Excerpt { text: "  \"b\": 1,".to_owned(), marked: 7..8 };
        assert_eq!(excerpt("{\n  \"b\": 1,\r\n}", 9, 10, 80), Some(expected));
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let text = format!("{}X{}", "a".repeat(5000), "b".repeat(5000));
        let expected = format!("...{}X{}...", "a".repeat(30), "b".repeat(9));
        assert_eq!(excerpt(&text, 5000, 5001, 40), Some(Excerpt { text: expected, marked: 33..34 }));
    }

    #[test]
    fn hidden_characters_move_the_mark() {
        let expected = Excerpt { text: "\\u{202e}x".to_owned(), marked: 8..9 };
        assert_eq!(excerpt("\u{202e}x", 3, 4, 80), Some(expected));
    }

    proptest! {
        #[test]
        fn no_span_is_wrong(text in "(?s).{0,60}", start in any::<u32>(), end in any::<u32>(), near in 0_u32..80, width in 0_usize..60) {
            for (start, end) in [(start, end), (near, near.saturating_add(end % 40))] {
                if let Some(excerpt) = excerpt(&text, start, end, width) {
                    prop_assert!(excerpt.text.get(excerpt.marked.clone()).is_some());
                    prop_assert!(!excerpt.text.chars().any(char::is_control));
                }
            }
        }
    }
}
