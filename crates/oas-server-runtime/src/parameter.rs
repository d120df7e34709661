//! Parameters of a request, as JSON values.

use http::HeaderMap;
use http::header::COOKIE;
use http::request::Parts;
use oas_wire::percent::{self, Pair};
use oas_wire::{Shape, Spelling, Unreadable};
use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::violation::pointer;
use crate::{Location, Parameter, Style, Violation};

/// Where the texts of parameters stand in one request.
#[derive(Debug)]
pub(crate) struct Texts<'a> {
    head: &'a Parts,
    /// The names of the path's parameters.
    names: &'a [String],
    /// The raw text of each.
    captures: &'a [String],
    pairs: Vec<Pair<'a>>,
    cookies: Vec<Pair<'a>>,
}

impl<'a> Texts<'a> {
    /// The texts of the parameters that `endpoint` has.
    pub(crate) fn new(endpoint: &'a Endpoint, captures: &'a [String], head: &'a Parts) -> Self {
        let parameters = endpoint.operation.parameters;
        let in_query = |one: &Parameter| matches!(one.location, Location::Query | Location::Querystring);
        let query = head.uri.query().filter(|_| parameters.iter().any(in_query));
        let in_cookie = parameters.iter().any(|one| one.location == Location::Cookie);
        Self {
            head,
            names: &endpoint.template.names,
            captures,
            pairs: query.map(percent::pairs).unwrap_or_default(),
            cookies: if in_cookie { cookies(&head.headers) } else { Vec::new() },
        }
    }

    /// The value of `parameter`; `None` when it is absent.
    pub(crate) fn value(
        &self,
        parameter: &Parameter,
        shape: &Shape,
        taken: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Value>, Unreadable> {
        let name = parameter.name;
        let spelling = parameter.spelling();
        let value = match (parameter.location, parameter.content) {
            (Location::Querystring, content) => {
                let query = self.head.uri.query().unwrap_or_default();
                return self.querystring(query, content.unwrap_or_default(), shape, taken);
            }
            (Location::Query, Some(_)) => self.content_text(name)?.map(|text| content_value(parameter, shape, text)),
            (Location::Query, None) => spelling.read_pairs(&self.pairs, shape, taken)?.map(Ok),
            (Location::Path, content) => self.captured(name).map(|raw| {
                if content.is_some() {
                    content_value(parameter, shape, percent::decode(raw).ok_or(Unreadable::Encoding)?)
                } else {
                    spelling.read_path(raw, shape)
                }
            }),
            (Location::Header, content) => header_text(&self.head.headers, name)?.map(|raw| {
                if content.is_some() { content_value(parameter, shape, raw) } else { spelling.read_header(&raw, shape) }
            }),
            (Location::Cookie, None) => return spelling.read_cookies(&self.cookies, shape, taken),
            (Location::Cookie, Some(_)) => only_value(&self.cookies, name)
                .map(|raw| content_value(parameter, shape, percent::decode(raw).ok_or(Unreadable::Encoding)?)),
            (Location::Body, _) => None,
        };
        value.transpose()
    }

    /// The raw text of the parameter `name` of the path.
    fn captured(&self, name: &str) -> Option<&str> {
        let at = self.names.iter().position(|other| other == name)?;
        self.captures.get(at).map(String::as_str)
    }

    fn content_text(&self, name: &str) -> Result<Option<String>, Unreadable> {
        let mut values = self.pairs.iter().filter(|pair| pair.name == name);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(pair), None) => percent::decode_form(pair.value).ok_or(Unreadable::Encoding).map(Some),
            _ => Err(Unreadable::Repeated),
        }
    }

    /// The query as a whole (OpenAPI 3.2).
    fn querystring(
        &self,
        query: &str,
        content: &str,
        shape: &Shape,
        taken: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Value>, Unreadable> {
        if query.is_empty() {
            return Ok(None);
        }
        if oas_wire::is_json(content) {
            let text = percent::decode(query).ok_or(Unreadable::Encoding)?;
            return serde_json::from_str(&text).map(Some).map_err(|_| Unreadable::Syntax);
        }
        let shape = Shape { members: Some(shape.members.clone().unwrap_or_default()), ..Shape::default() };
        Spelling::new("", Style::Form).read_pairs(&self.pairs, &shape, taken)
    }
}

/// The value of `name` as it was written, when it is there exactly once.
pub(crate) fn only_value<'a>(pairs: &[Pair<'a>], name: &str) -> Option<&'a str> {
    let mut named = pairs.iter().filter(|pair| pair.name == name);
    named.next().filter(|_| named.next().is_none()).map(|pair| pair.value)
}

/// A parameter whose text is of a media type of its own.
fn content_value(parameter: &Parameter, shape: &Shape, text: String) -> Result<Value, Unreadable> {
    let json = parameter.content.is_some_and(oas_wire::is_json);
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

/// The pairs of every `Cookie` header (RFC 6265, section 4.2.1).
pub(crate) fn cookies(headers: &HeaderMap) -> Vec<Pair<'_>> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(percent::cookie_pairs).collect()
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
