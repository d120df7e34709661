//! YAML as libyaml reads it, and with it Go, Ruby, Python and most of npm: what the specification forbids and published
//! documents contain all the same, such as a `}` that stands no deeper than its key.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};

use libyaml_safer::{EventData, Mark, Parser};
use saphyr_parser::{Event, ScalarStyle, Tag};

use super::marks::Marks;

/// What the suffix of a tag of the core schema stands behind.
const CORE: &str = "tag:yaml.org,2002:";

/// An event in the words of the stricter reader, with the bytes it stands for.
pub(super) type Found = (Event<'static>, usize, usize);

/// Reads `text` and hands out every event. `None` when libyaml does not understand it either, or its reader gives up on
/// it with a panic, as on a tag before a comma: then what the stricter reader said of the text is what counts.
pub(super) fn events(text: &str, marks: &Marks<'_>) -> Option<Vec<Found>> {
    panic::catch_unwind(AssertUnwindSafe(|| read(text, marks))).ok().flatten()
}

/// Reads `text`.
fn read(text: &str, marks: &Marks<'_>) -> Option<Vec<Found>> {
    let mut bytes = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut bytes);
    let mut anchors = Anchors { text, known: BTreeMap::new(), count: 0 };
    let mut events = Vec::new();
    loop {
        let event = parser.parse().ok()?;
        let byte = |mark: Mark| marks.byte(usize::try_from(mark.index).unwrap_or(usize::MAX));
        let (start, end) = (byte(event.start_mark), byte(event.end_mark));
        let is_end = matches!(event.data, EventData::StreamEnd);
        events.push(anchors.event(event.data, start, end)?);
        if is_end {
            return Some(events);
        }
    }
}

/// Names of anchors as numbers; a name that is given anew is a new anchor.
struct Anchors<'t> {
    text: &'t str,
    known: BTreeMap<String, usize>,
    count: usize,
}

impl Anchors<'_> {
    /// The event; `None` for an alias of nothing.
    fn event(&mut self, data: EventData, start: usize, end: usize) -> Option<Found> {
        let event = match data {
            EventData::StreamStart { .. } => Event::StreamStart,
            EventData::StreamEnd => Event::StreamEnd,
            EventData::DocumentStart { implicit, .. } => Event::DocumentStart(!implicit),
            EventData::DocumentEnd { .. } => Event::DocumentEnd,
            EventData::Alias { anchor } => Event::Alias(self.known.get(&anchor).copied()?),
            EventData::Scalar { anchor, tag, value, style, .. } => {
                let start = self.behind_properties(start, end, anchor.is_some() || tag.is_some());
                let event = Event::Scalar(Cow::Owned(value), self::style(style), self.anchor(anchor), self::tag(tag));
                return Some((event, start, end));
            }
            EventData::SequenceStart { anchor, tag, .. } => Event::SequenceStart(self.anchor(anchor), self::tag(tag)),
            EventData::SequenceEnd => Event::SequenceEnd,
            EventData::MappingStart { anchor, tag, .. } => Event::MappingStart(self.anchor(anchor), self::tag(tag)),
            EventData::MappingEnd => Event::MappingEnd,
        };
        Some((event, start, end))
    }

    /// The number of an anchor; 0 for none.
    fn anchor(&mut self, name: Option<String>) -> usize {
        let Some(name) = name else { return 0 };
        self.count += 1;
        self.known.insert(name, self.count);
        self.count
    }

    /// Where a scalar starts behind its anchor and its tag, with which libyaml begins it.
    fn behind_properties(&self, start: usize, end: usize, has_any: bool) -> usize {
        let mut rest = self.text.get(start..end).unwrap_or_default();
        while has_any && rest.starts_with(['&', '!']) {
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest = rest.get(word..).unwrap_or_default().trim_start();
        }
        end - rest.len()
    }
}

fn style(style: libyaml_safer::ScalarStyle) -> ScalarStyle {
    match style {
        libyaml_safer::ScalarStyle::SingleQuoted => ScalarStyle::SingleQuoted,
        libyaml_safer::ScalarStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
        libyaml_safer::ScalarStyle::Literal => ScalarStyle::Literal,
        libyaml_safer::ScalarStyle::Folded => ScalarStyle::Folded,
        _ => ScalarStyle::Plain,
    }
}

fn tag(tag: Option<String>) -> Option<Cow<'static, Tag>> {
    let tag = tag?;
    let (handle, suffix) = match tag.strip_prefix(CORE) {
        Some(suffix) => (CORE, suffix),
        None => ("", tag.as_str()),
    };
    Some(Cow::Owned(Tag { handle: handle.to_owned(), suffix: suffix.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_its_reader_gives_up_on_is_not_understood() {
        for text in ["\"\\", "[!a,]"] {
            assert!(panic::catch_unwind(|| read(text, &Marks::new(text))).is_err(), "the guard is needed: {text}");
            assert!(events(text, &Marks::new(text)).is_none(), "{text}");
        }
    }
}
