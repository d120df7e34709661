//! Answers, held against the document: in debug builds and tests, where somebody can still mend them.

use axum::body::{Body, HttpBody as _};
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use oas_wire::{MediaType, Spelling};
use serde_json::{Map, Value};

use crate::violation::pointer;
use crate::{Location, Operation, Schemas, Style, Violation};

/// What becomes of an answer that is not what the document describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerCheck {
    /// Nobody looks.
    Off,
    /// The first thing that the document does not describe goes to the log, as a warning.
    Log,
    /// The first thing that the document does not describe panics: a test that gets such an answer fails.
    Panic,
}

impl AnswerCheck {
    /// Debug builds log, release builds do not look.
    pub(crate) const USUAL: Self = if cfg!(debug_assertions) { Self::Log } else { Self::Off };
}

/// Headers that belong to HTTP itself, and to no document.
const NOT_DESCRIBED: [&str; 14] = [
    "accept-ranges",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "set-cookie",
    "transfer-encoding",
    "vary",
];

/// Holds an answer against the document, and gives it back.
pub(crate) async fn hold(
    check: AnswerCheck,
    operation: &'static Operation,
    schemas: &'static Schemas,
    is_head: bool,
    response: Response,
) -> Response {
    let Some((answers, described)) = described(schemas, operation.id) else { return response };
    let (head, body) = response.into_parts();
    // What comes piece by piece is not held up.
    let is_whole = !is_head && body.size_hint().exact().is_some();
    let (body, bytes) = if is_whole {
        match body.collect().await {
            Ok(all) => {
                let bytes = all.to_bytes();
                (Body::from(bytes.clone()), Some(bytes))
            }
            Err(_) => (Body::empty(), None),
        }
    } else {
        (body, None)
    };
    if let Some(fault) = fault(answers, described, head.status, &head.headers, bytes.as_deref()) {
        let Operation { id, method, path, .. } = operation;
        let status = head.status.as_u16();
        assert!(
            check != AnswerCheck::Panic,
            "`{id}` ({method} {path}) answers with status {status} what the document does not describe: {fault}"
        );
        tracing::warn!(operation = id, status, %fault, "the answer is not what the document describes");
    }
    Response::from_parts(head, body)
}

/// What the document says of the answers of an operation.
fn described(schemas: &'static Schemas, operation: &str) -> Option<(&'static Schemas, &'static Map<String, Value>)> {
    let answers = schemas.answers()?;
    let described = answers.document().get("operations")?.get(operation)?.as_object()?;
    Some((answers, described))
}

/// The first thing that the document does not describe.
fn fault(
    answers: &Schemas,
    described: &Map<String, Value>,
    status: StatusCode,
    headers: &HeaderMap,
    body: Option<&[u8]>,
) -> Option<String> {
    let exact = described.get(status.as_str());
    let ranged = || described.get(&format!("{}XX", status.as_u16() / 100));
    let Some(answer) = exact.or_else(ranged).or_else(|| described.get("default")) else {
        return Some(format!("the status: there are {}", described.keys().cloned().collect::<Vec<_>>().join(", ")));
    };
    header_fault(answers, answer.get("headers"), headers)
        .or_else(|| body_fault(answers, answer.get("content"), headers, body))
}

fn header_fault(answers: &Schemas, described: Option<&Value>, headers: &HeaderMap) -> Option<String> {
    let none = Map::new();
    let described = described.and_then(Value::as_object).unwrap_or(&none);
    let is_known =
        |name: &str| NOT_DESCRIBED.contains(&name) || described.keys().any(|known| known.eq_ignore_ascii_case(name));
    if let Some(name) = headers.keys().find(|name| !is_known(name.as_str())) {
        return Some(format!("header `{name}`"));
    }
    described.iter().find_map(|(name, header)| {
        let Some(value) = headers.get(name) else {
            let required = header.get("required") == Some(&Value::Bool(true));
            return required.then(|| format!("header `{name}`: is required"));
        };
        let schema = answers.get(header.get("schema")?.as_str()?).ok()?;
        let explode = header.get("explode") == Some(&Value::Bool(true));
        let text = value.to_str().ok()?;
        let value = Spelling::new(name, Style::Simple).explode(explode).read_header(text, &schema.shape).ok()?;
        first(|violations| schema.check(&value, Location::Header, &pointer(name), violations))
    })
}

fn body_fault(
    answers: &Schemas,
    described: Option<&Value>,
    headers: &HeaderMap,
    body: Option<&[u8]>,
) -> Option<String> {
    let body = body?;
    let described = described.and_then(Value::as_object).filter(|described| !described.is_empty());
    let Some(described) = described else {
        return (!body.is_empty()).then(|| "a body".to_owned());
    };
    let stated = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(media_type) = MediaType::parse(stated) else {
        return Some(format!("`Content-Type: {stated}`"));
    };
    let covering = described
        .iter()
        .filter_map(|(name, content)| Some((MediaType::parse(name)?.covers(&media_type)?, content)))
        .max_by_key(|(weight, _)| *weight);
    let Some((_, content)) = covering else {
        return Some(format!("`Content-Type: {stated}`"));
    };
    let schema = answers.get(content.as_str().filter(|_| media_type.is_json())?).ok()?;
    let Ok(value) = serde_json::from_slice(body) else { return Some("a body that is not JSON".to_owned()) };
    first(|violations| schema.check(&value, Location::Body, "", violations))
}

/// The first violation that is found.
fn first(check: impl FnOnce(&mut Vec<Violation>)) -> Option<String> {
    let mut violations = Vec::new();
    check(&mut violations);
    violations.first().map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    static ANSWERS: Schemas = Schemas::new(
        r#"{"operations": {"read": {
            "200": {"headers": {"X-Count": {"required": true, "schema": "Count"}}, "content": {"application/json": "Pet"}},
            "204": {},
            "4XX": {"content": {"text/plain": null}}
        }}, "$defs": {
            "Pet": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
            "Count": {"type": "integer"}
        }}"#,
    );
    static SCHEMAS: Schemas = Schemas::checked("{}", &ANSWERS);

    #[test]
    fn the_first_thing_that_is_not_described_is_told() {
        let check = |status: u16, headers: &[(&'static str, &'static str)], body: &str| {
            let (answers, described) = described(&SCHEMAS, "read").expect("it is described");
            let all = headers.iter().map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, http::HeaderValue::from_static(value))
            });
            let status = StatusCode::from_u16(status).expect("a status");
            fault(answers, described, status, &all.collect(), Some(body.as_bytes())).unwrap_or_default()
        };
        let json = [("x-count", "1"), ("content-type", "application/json; charset=utf-8")];
        assert_eq!(check(200, &json, r#"{"name": "a"}"#), "");
        assert_eq!(check(200, &json, r#"{"name": 1}"#), "body /name: must be of type string");
        assert_eq!(check(200, &json, "{"), "a body that is not JSON");
        assert_eq!(check(200, &json[1..], "{}"), "header `X-Count`: is required");
        let wrong = [("x-count", "x"), json[1]];
        assert_eq!(check(200, &wrong, "{}"), "header /X-Count: must be of type integer");
        let other = [json[0], ("content-type", "text/html")];
        assert_eq!(check(200, &other, "{}"), "`Content-Type: text/html`");
        assert_eq!(check(200, &[json[0], json[1], ("x-more", "1")], "{}"), "header `x-more`");
        assert_eq!(check(204, &[("set-cookie", "a=b")], ""), "");
        assert_eq!(check(204, &[], "x"), "a body");
        assert_eq!(check(201, &[], ""), "the status: there are 200, 204, 4XX");
        assert_eq!(check(418, &[("content-type", "text/plain")], "teapot"), "");
    }
}
