//! Responses, and who describes them.

use oas_model::{Header, Operation, Payload, Response, StatusPattern, Style};
use serde_json::{Map, Value};

use super::judge::{Body, Judge, Refusal};
use super::written::Texts;
use crate::effect::Direction;
use crate::schema::Resolver;

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Texts,
    pub(super) body: Option<Body>,
}

impl Answer {
    /// The answer as reports show it.
    pub(super) fn to_json(&self) -> Value {
        let mut shown = Map::from_iter([("status".to_owned(), self.status.into())]);
        let mut headers: Map<String, Value> =
            self.headers.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect();
        if let Some(body) = &self.body {
            headers.insert("Content-Type".to_owned(), body.media_type.clone().into());
        }
        if !headers.is_empty() {
            shown.insert("headers".to_owned(), Value::Object(headers));
        }
        if let Some(body) = &self.body {
            shown.insert("body".to_owned(), body.value.clone());
        }
        Value::Object(shown)
    }
}

/// The response that describes a status, the most exact first. The default describes no success where another response
/// does: clients take it for an error.
pub(super) fn describes(operation: &Operation, status: u16) -> Option<&Response> {
    let lists_success = operation.responses.iter().any(|response| response.status.is_success());
    let is_meant = |response: &&Response| {
        let is_other = response.status == StatusPattern::Default && lists_success && (200..300).contains(&status);
        response.status.contains(status) && !is_other
    };
    operation.responses.iter().filter(is_meant).min_by_key(|one| one.status)
}

impl Judge {
    /// Why an operation does not answer so; `None` when that cannot be told.
    pub(super) fn response(
        &mut self,
        resolver: &Resolver<'_>,
        operation: &Operation,
        answer: &Answer,
    ) -> Option<Vec<Refusal>> {
        let Some(response) = describes(operation, answer.status) else { return Some(vec![Refusal::Status]) };
        let mut refusals = Vec::new();
        for header in &response.headers {
            let own = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(&header.name));
            let is_fine = match own {
                Some((_, text)) => self.has(resolver, header, text)?,
                None => !header.required,
            };
            if !is_fine {
                refusals.push(Refusal::Header(header.name.to_ascii_lowercase()));
            }
        }
        match (&answer.body, response.content.is_empty()) {
            (Some(_), true) | (None, false) => refusals.push(Refusal::Body),
            (Some(body), false) => {
                refusals.extend(self.body(resolver, &response.content, Direction::Response, body)?);
            }
            (None, true) => {}
        }
        Some(refusals)
    }

    /// Whether a text is a value that a header may have.
    fn has(&mut self, resolver: &Resolver<'_>, header: &Header, text: &str) -> Option<bool> {
        let parameter = as_parameter(header);
        let values = super::written::read(&parameter, &[(header.name.clone(), text.to_owned())]);
        let Some(id) = header.payload.schema() else { return Some(!values.is_empty()) };
        for value in &values {
            if self.is_valid(resolver, id, Direction::Response, value)? {
                return Some(true);
            }
        }
        Some(false)
    }
}

/// A header as the parameter that is written as it is.
pub(super) fn as_parameter(header: &Header) -> oas_model::Parameter {
    let payload = match &header.payload {
        Payload::Schema(id) => Payload::Schema(*id),
        Payload::Content(media_type) => Payload::Content(media_type.clone()),
    };
    oas_model::Parameter {
        at: header.at.clone(),
        name: header.name.clone(),
        location: oas_model::ParameterLocation::Header,
        description: None,
        required: header.required,
        deprecated: false,
        allow_empty_value: false,
        style: Style::Simple,
        explode: header.explode,
        allow_reserved: false,
        payload,
        examples: indexmap::IndexMap::new(),
        extensions: indexmap::IndexMap::new(),
    }
}
