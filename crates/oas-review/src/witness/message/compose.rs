//! Messages that one side describes.

use std::collections::{BTreeMap, BTreeSet};

use oas_model::{MediaType, Operation, Parameter, ParameterLocation, SchemaId, StatusPattern};
use serde_json::{Map, Value, json};

use super::expect::Expected;
use super::judge::Body;
use super::request::{Request, credential, slot};
use super::response::{Answer, as_parameter, describes};
use super::slot::MessageSlot;
use super::{server, template, written};
use crate::effect::Direction;
use crate::schema::Resolver;
use crate::witness::sample::Sampler;

/// Requests of an operation, the plainest first, with more of what is asked about.
pub(super) fn requests(
    resolver: &mut Resolver<'_>,
    operation: &Operation,
    is_callback: bool,
    expected: &Expected,
) -> Vec<Request> {
    let bodies = bodies_of_request(resolver, operation, expected);
    let shows_credentials = !is_callback || operation.has_own_security;
    let credentials = if shows_credentials { credentials(resolver, operation) } else { Vec::new() };
    let servers: Vec<Option<String>> = match expected {
        Expected::Server => server::urls(resolver.side.api, operation).into_iter().map(Some).collect(),
        _ => vec![None],
    };
    let required: Vec<(usize, Value)> = (0..operation.parameters.len())
        .filter(|index| operation.parameters[*index].required)
        .filter_map(|index| Some((index, values(resolver, &operation.parameters[index]).into_iter().next()?)))
        .collect();
    let mut requests = Vec::new();
    let plain = credentials.first().cloned().unwrap_or_default();
    let body = bodies.first().cloned().unwrap_or_default();
    for server in servers {
        let mut add = |values: &[(usize, Value)], body: &Option<Body>, credentials: &Credentials| {
            let request = request(operation, values, body.clone(), credentials.clone());
            requests.extend(request.map(|request| Request { server: server.clone(), ..request }));
        };
        add(&required, &body, &plain);
        for (index, value) in asked_about(resolver, operation, expected) {
            let mut chosen: Vec<(usize, Value)> =
                required.iter().filter(|(other, _)| *other != index).cloned().collect();
            chosen.push((index, value));
            add(&chosen, &body, &plain);
        }
        for body in bodies.iter().skip(1) {
            add(&required, body, &plain);
        }
        for credentials in credentials.iter().skip(1).filter(|_| *expected == Expected::Security) {
            add(&required, &body, credentials);
        }
    }
    if let Expected::Parameter { name, may_be_empty: true } = expected {
        requests.extend(requests.first().cloned().map(|request| with_empty(request, name)));
    }
    requests
}

/// The plainest request that has `value` at `slot`.
pub(super) fn request_with(
    resolver: &mut Resolver<'_>,
    operation: &Operation,
    is_callback: bool,
    slot: MessageSlot,
    value: &Value,
) -> Option<Request> {
    let mut chosen: Vec<(usize, Value)> = Vec::new();
    for (index, parameter) in operation.parameters.iter().enumerate() {
        if slot == MessageSlot::Parameter(index) {
            chosen.push((index, value.clone()));
        } else if parameter.required {
            chosen.push((index, values(resolver, parameter).into_iter().next()?));
        }
    }
    let body = match (slot, &operation.request_body) {
        (MessageSlot::Body(index), Some(body)) => Some(Body::of(&body.content.get(index)?.name, value.clone())),
        (_, Some(body)) if body.required => {
            Some(contents(resolver, &body.content, Direction::Request).into_iter().next()?)
        }
        _ => None,
    };
    let shows_credentials = !is_callback || operation.has_own_security;
    let credentials = if shows_credentials { credentials(resolver, operation) } else { Vec::new() };
    request(operation, &chosen, body, credentials.into_iter().next().unwrap_or_default())
}

/// The plainest answer that has `value` at `slot`.
pub(super) fn response_with(
    resolver: &mut Resolver<'_>,
    operation: &Operation,
    slot: MessageSlot,
    value: &Value,
) -> Option<Answer> {
    let (MessageSlot::Answer(index, part) | MessageSlot::Header(index, part)) = slot else { return None };
    let response = operation.responses.get(index)?;
    let status = statuses(operation, response.status).into_iter().next()?;
    let mut headers = written::Texts::new();
    for (index, header) in response.headers.iter().enumerate() {
        let parameter = as_parameter(header);
        if matches!(slot, MessageSlot::Header(..)) && part == index {
            headers.extend(written::write(&parameter, value)?);
        } else if header.required {
            let own = values(resolver, &parameter).into_iter().find_map(|value| written::write(&parameter, &value));
            headers.extend(own?);
        }
    }
    let body = match slot {
        MessageSlot::Answer(..) => Some(Body::of(&response.content.get(part)?.name, value.clone())),
        _ => contents(resolver, &response.content, Direction::Response).into_iter().next(),
    };
    Some(Answer { status, headers, body })
}

/// What callers prove who they are by: kinds, each with scopes.
type Credentials = BTreeMap<String, BTreeSet<String>>;

fn credentials(resolver: &Resolver<'_>, operation: &Operation) -> Vec<Credentials> {
    let schemes = &resolver.side.api.security_schemes;
    let alternative = |requirement: &oas_model::SecurityRequirement| {
        let kinds = requirement.schemes.iter();
        kinds
            .filter_map(|(name, scopes)| Some((credential(&schemes.get(name)?.kind), scopes.iter().cloned().collect())))
            .collect()
    };
    operation.security.iter().map(alternative).collect()
}

/// Values of the parameters that are asked about, those with parts too.
fn asked_about(resolver: &mut Resolver<'_>, operation: &Operation, expected: &Expected) -> Vec<(usize, Value)> {
    let Expected::Parameter { name, .. } = expected else { return Vec::new() };
    let mut all = Vec::new();
    for (index, parameter) in operation.parameters.iter().enumerate() {
        if parameter.name.eq_ignore_ascii_case(name) {
            all.extend(values(resolver, parameter).into_iter().map(|value| (index, value)));
        }
    }
    all
}

fn with_empty(mut request: Request, name: &str) -> Request {
    request.texts[0].retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    request.texts[0].push((name.to_owned(), String::new()));
    request
}

/// A request with these values of parameters.
fn request(
    operation: &Operation,
    values: &[(usize, Value)],
    body: Option<Body>,
    credentials: Credentials,
) -> Option<Request> {
    let mut texts: [written::Texts; 3] = Default::default();
    let mut inside: BTreeMap<&str, String> = BTreeMap::new();
    let mut origins = BTreeMap::new();
    for (index, value) in values {
        let parameter = operation.parameters.get(*index)?;
        let own = written::write(parameter, value)?;
        origins.extend(own.iter().map(|(name, _)| (name.clone(), parameter.name.clone())));
        match slot(parameter.location) {
            Some(slot) => texts.get_mut(slot)?.extend(own),
            None => {
                inside.insert(parameter.name.as_str(), own.into_iter().next()?.1);
            }
        }
    }
    // Where callbacks go is an expression.
    let path = if operation.path.starts_with('/') {
        template::filled(&operation.path, |name| Some(inside.get(name)?.replace('/', "%2F")))?
    } else {
        operation.path.clone()
    };
    let method = operation.method.as_str().to_owned();
    Some(Request { method, server: None, path, texts, origins, body, credentials })
}

/// Values of a parameter: a plain one, then those whose parts show its style.
fn values(resolver: &mut Resolver<'_>, parameter: &Parameter) -> Vec<Value> {
    let Some(id) = parameter.payload.schema() else { return vec![json!("a")] };
    let plain = sampled(resolver, id, Direction::Request);
    let mut values: Vec<Value> = plain.into_iter().collect();
    let schema = &resolver.side.api.schemas[resolver.side.api.schemas.resolve(id)];
    if let Some(item) = schema.items.schema().and_then(|item| sampled(resolver, item, Direction::Request)) {
        let other = match &item {
            Value::String(text) => json!(format!("{text}b")),
            Value::Number(number) => number.as_i64().map_or_else(|| item.clone(), |number| json!(number + 1)),
            other => other.clone(),
        };
        values.extend([json!([item]), json!([item, item]), json!([item, other])]);
    }
    let members: Map<String, Value> = schema
        .properties
        .iter()
        .filter_map(|(name, member)| Some((name.clone(), sampled(resolver, *member, Direction::Request)?)))
        .collect();
    if !members.is_empty() {
        values.push(Value::Object(members));
    }
    // A list without items has no text, and comes last.
    values.sort_by_key(|value| *value == json!([]) || *value == json!({}));
    // A path with nothing in a hole is another path.
    values.retain(|value| parameter.location != ParameterLocation::Path || *value != json!(""));
    values
}

fn sampled(resolver: &mut Resolver<'_>, id: SchemaId, direction: Direction) -> Option<Value> {
    Sampler { resolver, direction }.value(vec![id])
}

/// Bodies of requests; none where there need not be one.
fn bodies_of_request(resolver: &mut Resolver<'_>, operation: &Operation, expected: &Expected) -> Vec<Option<Body>> {
    let Some(body) = &operation.request_body else { return vec![None] };
    let is_asked = matches!(expected, Expected::Body | Expected::MediaType);
    let mut bodies: Vec<Option<Body>> = if body.required { Vec::new() } else { vec![None] };
    if body.required || is_asked {
        bodies.extend(contents(resolver, &body.content, Direction::Request).into_iter().map(Some));
    }
    bodies
}

/// A body of each media type.
fn contents(resolver: &mut Resolver<'_>, content: &[MediaType], direction: Direction) -> Vec<Body> {
    let one = |media_type: &MediaType| {
        let value = match media_type.schema {
            Some(id) => sampled(resolver, id, direction)?,
            None => json!("a"),
        };
        Some(Body::each_of(&media_type.name, &value))
    };
    content.iter().filter_map(one).flatten().collect()
}

/// Answers of an operation, the plainest first, with more of what is asked about.
pub(super) fn responses(resolver: &mut Resolver<'_>, operation: &Operation, expected: &Expected) -> Vec<Answer> {
    let mut answers = Vec::new();
    for response in &operation.responses {
        let mut bodies: Vec<Option<Body>> =
            contents(resolver, &response.content, Direction::Response).into_iter().map(Some).collect();
        if response.content.is_empty() {
            bodies.push(None);
        }
        let mut headers = Vec::new();
        for header in &response.headers {
            let parameter = as_parameter(header);
            let is_asked = matches!(expected, Expected::Header(name) if header.name.eq_ignore_ascii_case(name));
            if header.required || is_asked {
                let own = values(resolver, &parameter);
                let texts: Vec<_> = own.iter().filter_map(|value| written::write(&parameter, value)).collect();
                headers.push((header.required, texts));
            }
        }
        let required: written::Texts = headers
            .iter()
            .filter(|(is_required, _)| *is_required)
            .filter_map(|(_, texts)| texts.first())
            .flatten()
            .cloned()
            .collect();
        let mut variants = vec![required.clone()];
        for text in headers.iter().flat_map(|(_, texts)| texts) {
            let is_same = |(name, _): &(String, String)| text.iter().any(|(own, _)| own == name);
            let others = required.iter().filter(|one| !is_same(one)).cloned();
            variants.push(others.chain(text.iter().cloned()).collect());
        }
        for status in statuses(operation, response.status) {
            for body in &bodies {
                for headers in &variants {
                    answers.push(Answer { status, headers: headers.clone(), body: body.clone() });
                }
            }
        }
    }
    answers
}

/// Statuses that a response stands for and no other of the operation does.
fn statuses(operation: &Operation, pattern: StatusPattern) -> Vec<u16> {
    const TRIED: [u16; 22] =
        [200, 201, 202, 204, 205, 206, 226, 301, 302, 304, 400, 401, 403, 404, 409, 418, 422, 429, 500, 501, 502, 503];
    let own = |status: &u16| describes(operation, *status).is_some_and(|response| response.status == pattern);
    match pattern {
        StatusPattern::Code(code) => vec![code],
        _ => TRIED.into_iter().filter(own).collect(),
    }
}
