//! Parameters of a request, as JSON values.

use std::sync::Arc;

use http::HeaderMap;
use http::header::COOKIE;
use serde_json::Value;

use crate::media_type::MediaType;
use crate::shape::Shape;
use crate::style::{self, Unreadable};
use crate::text::{self, Pair};
use crate::violation::push_token;
use crate::{Location, Parameter, Style, Violation};

/// Where the texts of parameters stand in one request.
#[derive(Debug)]
pub(crate) struct Texts {
    /// The raw text of each parameter of the path, by name.
    pub(crate) captures: Vec<(Arc<str>, String)>,
    /// The query as it was written.
    pub(crate) query: String,
    pairs: Vec<Pair>,
    cookies: Vec<Pair>,
}

impl Texts {
    pub(crate) fn new(captures: Vec<(Arc<str>, String)>, query: &str, headers: &HeaderMap) -> Self {
        Self { captures, query: query.to_owned(), pairs: text::pairs(query), cookies: cookies(headers) }
    }

    /// The decoded value of the query parameter `name`, when it is there exactly once.
    pub(crate) fn query_text(&self, name: &str) -> Option<String> {
        only(self.pairs.iter().filter(|pair| pair.name == name)).and_then(|pair| text::decode_form(&pair.value))
    }

    /// The value of the cookie `name` as it was written, when it is there exactly once.
    pub(crate) fn cookie_text(&self, name: &str) -> Option<&str> {
        only(self.cookies.iter().filter(|pair| pair.name == name)).map(|pair| pair.value.as_str())
    }

    /// The value of `parameter`; `None` when it is absent.
    pub(crate) fn value(
        &self,
        parameter: &Parameter,
        shape: &Shape,
        headers: &HeaderMap,
        taken: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Value>, Unreadable> {
        let Parameter { name, style, explode, .. } = *parameter;
        let value = match (parameter.location, parameter.content) {
            (Location::Querystring, content) => return self.querystring(content.unwrap_or_default(), shape, taken),
            (Location::Query, Some(_)) => self.content_text(name)?.map(|text| content_value(parameter, shape, text)),
            (Location::Query, None) => style::from_pairs(&self.pairs, style, explode, name, shape, taken)?.map(Ok),
            (Location::Path, content) => self.captures.iter().find(|(other, _)| **other == *name).map(|(_, raw)| {
                if content.is_some() {
                    content_value(parameter, shape, text::decode(raw).ok_or(Unreadable::Encoding)?)
                } else {
                    style::read(raw, style, explode, name, shape, text::decode)
                }
            }),
            (Location::Header, content) => header_text(headers, name)?.map(|raw| {
                if content.is_some() {
                    content_value(parameter, shape, raw)
                } else {
                    style::read(raw.trim(), style, explode, name, shape, trimmed)
                }
            }),
            (Location::Cookie, None) => return self.cookie(parameter, shape, taken),
            (Location::Cookie, Some(_)) => self
                .cookie_text(name)
                .map(|raw| content_value(parameter, shape, text::decode(raw).ok_or(Unreadable::Encoding)?)),
            (Location::Body, _) => None,
        };
        value.transpose()
    }

    fn content_text(&self, name: &str) -> Result<Option<String>, Unreadable> {
        let mut values = self.pairs.iter().filter(|pair| pair.name == name);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(pair), None) => text::decode_form(&pair.value).ok_or(Unreadable::Encoding).map(Some),
            _ => Err(Unreadable::Repeated),
        }
    }

    fn cookie(
        &self,
        parameter: &Parameter,
        shape: &Shape,
        taken: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Value>, Unreadable> {
        let Parameter { name, style, explode, .. } = *parameter;
        if style != Style::Cookie {
            return style::from_pairs(&self.cookies, Style::Form, explode, name, shape, taken);
        }
        let verbatim = |text: &str| Some(text.to_owned());
        self.cookie_text(name).map(|raw| style::read(raw, style, explode, name, shape, verbatim)).transpose()
    }

    /// The query as a whole (OpenAPI 3.2).
    fn querystring(
        &self,
        content: &str,
        shape: &Shape,
        taken: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Value>, Unreadable> {
        if self.query.is_empty() {
            return Ok(None);
        }
        if MediaType::parse(content).is_some_and(|media_type| media_type.is_json()) {
            let text = text::decode(&self.query).ok_or(Unreadable::Encoding)?;
            return serde_json::from_str(&text).map(Some).map_err(|_| Unreadable::Syntax);
        }
        let shape = Shape { members: Some(shape.members.clone().unwrap_or_default()), ..Shape::default() };
        style::from_pairs(&self.pairs, Style::Form, true, "", &shape, taken)
    }
}

/// The one item, when there is exactly one.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}

/// A parameter whose text is of a media type of its own.
fn content_value(parameter: &Parameter, shape: &Shape, text: String) -> Result<Value, Unreadable> {
    let json = parameter.content.and_then(MediaType::parse).is_some_and(|media_type| media_type.is_json());
    if json { serde_json::from_str(&text).map_err(|_| Unreadable::Syntax) } else { Ok(shape.value(text)) }
}

/// Every line of the header `name`, joined as RFC 9110, section 5.2 does.
fn header_text(headers: &HeaderMap, name: &str) -> Result<Option<String>, Unreadable> {
    let mut lines = Vec::new();
    for line in headers.get_all(name) {
        lines.push(std::str::from_utf8(line.as_bytes()).map_err(|_| Unreadable::Encoding)?);
    }
    Ok((!lines.is_empty()).then(|| lines.join(",")))
}

/// A piece of a header: not percent-encoded, but with spaces around it.
#[expect(clippy::unnecessary_wraps, reason = "one of several ways to decode a piece")]
fn trimmed(piece: &str) -> Option<String> {
    Some(piece.trim().to_owned())
}

/// The pairs of every `Cookie` header (RFC 6265, section 4.2.1).
fn cookies(headers: &HeaderMap) -> Vec<Pair> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| {
            let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            Pair { name: name.to_owned(), value: quoted.unwrap_or(value).to_owned() }
        })
        .collect()
}

/// What is wrong with the text of a parameter or of a member of a form.
pub(crate) fn violation(fault: Unreadable, location: Location, name: &str) -> Violation {
    let (code, message) = match fault {
        Unreadable::Encoding => ("encoding", "is not UTF-8"),
        Unreadable::Syntax => ("syntax", "is not written in the way that the document asks for"),
        Unreadable::Repeated => ("repeated", "must not be given more than once"),
    };
    Violation::new(location, pointer(name), code, message)
}

/// `/name`
pub(crate) fn pointer(name: &str) -> String {
    let mut pointer = String::new();
    push_token(&mut pointer, name);
    pointer
}
