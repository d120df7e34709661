//! Server-sent events (`text/event-stream`), as the HTML standard defines them, section 9.2.6.

use std::time::Duration;

use crate::lines::{LONGEST, Lines, TooLong};

/// An event as it came: its data is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEvent {
    /// Its type, the field `event`; `message` when the sender names none.
    pub kind: String,
    /// Its data, lines joined by LF.
    pub data: String,
    /// The last id that was sent; empty when there was none.
    pub id: String,
    /// How long to wait before connecting again, when this event says so.
    pub retry: Option<Duration>,
}

/// Takes events out of a body that comes in pieces.
///
/// ```
/// let mut events = oas_wire::EventParser::default();
/// events.feed(b"event: add\ndata: 1\n");
/// assert_eq!(events.next_event(), Ok(None));
/// events.feed(b"\n");
/// let event = events.next_event().unwrap().unwrap();
/// assert_eq!((event.kind.as_str(), event.data.as_str()), ("add", "1"));
/// ```
#[derive(Debug, Default)]
pub struct EventParser {
    lines: Lines,
    kind: String,
    data: Option<String>,
    /// The id that was sent last.
    sent_id: String,
    /// The id of the last event that came whole.
    id: String,
    retry: Option<Duration>,
    reconnection_time: Option<Duration>,
    begun: bool,
}

impl EventParser {
    /// Adds bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.lines.feed(bytes);
    }

    /// The next whole event; `None` when more bytes are needed. What no empty line ends is no event.
    pub fn next_event(&mut self) -> Result<Option<RawEvent>, TooLong> {
        while let Some(line) = self.lines.next_line()? {
            let line =
                if std::mem::replace(&mut self.begun, true) { &line } else { line.trim_start_matches('\u{feff}') };
            if !line.is_empty() {
                self.field(line)?;
            } else if let Some(event) = self.end() {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The id of the last event that came whole, to go on from after a broken connection.
    pub fn last_id(&self) -> &str {
        &self.id
    }

    /// How long to wait before connecting again, when the sender has said it.
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.reconnection_time
    }

    /// Begins another body: what was left of the one before is dropped, its last id and reconnection time stay.
    pub fn restart(&mut self) {
        let (id, reconnection_time) = (std::mem::take(&mut self.id), self.reconnection_time);
        *self = Self { sent_id: id.clone(), id, reconnection_time, ..Self::default() };
    }

    /// Takes one line that is not empty.
    fn field(&mut self, line: &str) -> Result<(), TooLong> {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.kind),
            "data" => {
                let data = self.data.as_mut().map(|data| {
                    data.push('\n');
                    data.push_str(value);
                    data.len()
                });
                if data.is_some_and(|length| length > LONGEST) {
                    return Err(TooLong);
                }
                self.data.get_or_insert_with(|| value.to_owned());
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.sent_id),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis);
                self.reconnection_time = self.retry.or(self.reconnection_time);
            }
            // A comment, or a field of the future.
            _ => {}
        }
        Ok(())
    }

    /// The event that an empty line ends; `None` when it has no data.
    fn end(&mut self) -> Option<RawEvent> {
        let kind = match std::mem::take(&mut self.kind) {
            kind if kind.is_empty() => "message".to_owned(),
            kind => kind,
        };
        self.sent_id.clone_into(&mut self.id);
        let data = self.data.take()?;
        Some(RawEvent { kind, data, id: self.id.clone(), retry: self.retry.take() })
    }
}

/// An event with these data; each of their lines is a field.
///
/// ```
/// assert_eq!(oas_wire::event("1\n2"), "data: 1\ndata: 2\n\n");
/// ```
pub fn event(data: &str) -> String {
    let mut text = String::with_capacity(data.len() + 8);
    for line in data.replace("\r\n", "\n").split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str, size: usize) -> Vec<RawEvent> {
        let mut parser = EventParser::default();
        let mut events = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            parser.feed(piece);
            while let Some(event) = parser.next_event().expect("short") {
                events.push(event);
            }
        }
        events
    }

    #[test]
    fn events_come_however_the_body_is_cut() {
        let text = "\u{feff}: hello\nevent: add\r\ndata: [1,\rdata:2]\nid: 7\nretry: 50\n\n\ndata: [3]\n\ndata: [4]";
        for size in 1..30 {
            let events = events(text, size);
            assert_eq!(events.len(), 2, "pieces of {size}");
            let retry = Some(Duration::from_millis(50));
            assert_eq!(
                events[0],
                RawEvent { kind: "add".to_owned(), data: "[1,\n2]".to_owned(), id: "7".to_owned(), retry }
            );
            assert_eq!(
                (events[1].kind.as_str(), events[1].data.as_str(), events[1].id.as_str()),
                ("message", "[3]", "7")
            );
        }
    }

    #[test]
    fn data_without_a_colon_is_an_empty_text() {
        assert_eq!(events("data\n\n", 9)[0].data, "");
        assert_eq!(events("data\ndata\n\n", 9)[0].data, "\n");
        assert_eq!(events("retry: +1\ndata:\n\n", 9)[0].retry, None);
    }

    #[test]
    fn another_body_goes_on_after_the_last_whole_event() {
        let mut parser = EventParser::default();
        parser.feed(b"retry: 20\n\nid: 7\ndata: a\n\nid: 8\ndata: lost");
        assert_eq!(parser.next_event().expect("short").map(|event| event.id), Some("7".to_owned()));
        assert_eq!(parser.next_event(), Ok(None));
        assert_eq!((parser.last_id(), parser.reconnection_time()), ("7", Some(Duration::from_millis(20))));
        parser.restart();
        parser.feed(b"\xef\xbb\xbfdata: b\n\nid: 9\n\n");
        let event = parser.next_event().expect("short").expect("whole");
        assert_eq!((event.data.as_str(), event.id.as_str()), ("b", "7"));
        assert_eq!((parser.next_event(), parser.last_id()), (Ok(None), "9"));
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(data in "[^\r]{0,40}", size in 1_usize..9) {
            let events = events(&event(&data), size);
            proptest::prop_assert_eq!(events.len(), 1);
            proptest::prop_assert_eq!(&events[0].data, &data);
        }
    }
}
