//! Tagging: the body of an answer is wrapped together with its status, so that the type it is decoded as can be
//! chosen by status, never by the shape of the body.

use std::collections::BTreeMap;

use bytes::Bytes;
use reqwest::Response;
use reqwest::header::HeaderMap;
use serde::Serialize;
use serde_json::value::RawValue;

/// The tagged form of an answer.
#[derive(Serialize)]
struct Tagged<'a> {
    status: u16,
    headers: BTreeMap<&'a str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<&'a [u8]>,
}

/// The same answer, status and headers unchanged, with its body in the tagged form.
pub(crate) async fn tag(response: Response) -> reqwest::Result<Response> {
    let url = response.url().clone();
    let status = response.status();
    let headers = response.headers().clone();
    let body = response.bytes().await?;
    let tagged = wrap(status.as_u16(), &headers, &body);
    Ok(rebuild(url, status, headers, tagged))
}

/// An answer from its parts.
pub(crate) fn rebuild(
    url: reqwest::Url,
    status: reqwest::StatusCode,
    headers: HeaderMap,
    body: impl Into<reqwest::Body>,
) -> Response {
    use reqwest::ResponseBuilderExt;
    let mut response = http::Response::new(body.into());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let (mut parts, body) = response.into_parts();
    // The URL travels in an extension that only a builder can make.
    if let Ok(carrier) = http::Response::builder().url(url).body(()) {
        parts.extensions = carrier.into_parts().0.extensions;
    }
    http::Response::from_parts(parts, body).into()
}

/// The tagged form as JSON text.
fn wrap(status: u16, headers: &HeaderMap, body: &Bytes) -> Vec<u8> {
    let json = std::str::from_utf8(body).ok().and_then(|text| serde_json::from_str::<&RawValue>(text.trim()).ok());
    let bytes = json.is_none().then_some(&body[..]);
    let tagged = Tagged { status, headers: header_values(headers), body: json, bytes };
    // Numbers, strings and text that was JSON before: there is nothing in it that could fail.
    serde_json::to_vec(&tagged).unwrap_or_default()
}

/// Each header by its name, several of one name joined as RFC 9110, section 5.3 allows.
fn header_values(headers: &HeaderMap) -> BTreeMap<&str, String> {
    let mut values: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let entry = values.entry(name.as_str()).or_default();
        if !entry.is_empty() {
            entry.push_str(", ");
        }
        entry.push_str(&value);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(status: u16, body: &'static [u8]) -> String {
        let mut headers = HeaderMap::new();
        headers.append("retry-after", "1".parse().expect("a value"));
        headers.append("retry-after", "2".parse().expect("a value"));
        String::from_utf8(wrap(status, &headers, &Bytes::from_static(body))).expect("JSON is text")
    }

    #[test]
    fn json_is_kept_as_it_is_written() {
        assert_eq!(
            wrapped(401, br#" {"a": 1.00} "#),
            r#"{"status":401,"headers":{"retry-after":"1, 2"},"body":{"a": 1.00}}"#
        );
    }

    #[test]
    fn what_is_not_json_becomes_bytes() {
        assert_eq!(wrapped(502, b"<p>"), r#"{"status":502,"headers":{"retry-after":"1, 2"},"bytes":[60,112,62]}"#);
        assert_eq!(wrapped(204, b""), r#"{"status":204,"headers":{"retry-after":"1, 2"},"bytes":[]}"#);
    }
}
