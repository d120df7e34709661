//! What media type an answer has, and which one events have.

use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// What events are called in a message.
pub(crate) const EVENTS: &str = "events (`text/event-stream`)";

/// Whether a media type is that of events, or none is stated.
pub(crate) fn is_events(media_type: &str) -> bool {
    matches!(media_type, "" | "text/event-stream")
}

/// What an answer says of its content; empty when it does not.
pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The media type of an answer without its parameters, in lower case; empty when it does not say.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    oas_wire::essence(content_type(headers))
}
