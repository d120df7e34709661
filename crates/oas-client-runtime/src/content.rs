//! Media types.

use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// The media type of an answer without its parameters, in lower case; empty when the answer does not say.
pub fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type is JSON: `application/json`, `text/json`, or anything with the suffix `+json` (RFC 6839).
///
/// ```
/// use oas_client_runtime::is_json;
///
/// assert!(is_json("application/json") && is_json("application/problem+json"));
/// assert!(!is_json("text/html"));
/// ```
pub fn is_json(media_type: &str) -> bool {
    matches!(media_type, "application/json" | "text/json") || media_type.ends_with("+json")
}
