//! What media type an answer has, and which one events have.

/// What events are called in a message.
pub(crate) const EVENTS: &str = "events (`text/event-stream`)";

/// Whether a media type is that of events, or none is stated.
pub(crate) fn is_events(media_type: &str) -> bool {
    matches!(media_type, "" | "text/event-stream")
}

/// The media type of an answer.
pub(crate) fn media_type(response: &reqwest::Response) -> String {
    let content_type = response.headers().get(reqwest::header::CONTENT_TYPE);
    oas_wire::essence(content_type.and_then(|value| value.to_str().ok()).unwrap_or_default())
}
