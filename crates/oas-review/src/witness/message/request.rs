//! Requests, and who takes them.

use std::collections::{BTreeMap, BTreeSet};

use oas_model::{
    Api, ApiKeyLocation, Operation, Parameter, ParameterLocation, SecurityRequirement, SecuritySchemeKind,
};
use serde_json::{Map, Value, json};

use super::judge::{Body, Judge, Refusal};
use super::written::{self, Texts};
use super::{server, template};
use crate::address::{base_path, is_rebased, servers};
use crate::effect::Direction;
use crate::schema::{Kind, Resolver, shape};

/// A request, as far as documents describe one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    pub(super) method: String,
    /// The URL of the server, where it matters.
    pub(super) server: Option<String>,
    pub(super) path: String,
    /// What stands in the query, in headers and in cookies, in this order.
    pub(super) texts: [Texts; 3],
    /// The parameters that texts are of, by the names of the texts: those of an object may go by its members.
    pub(super) origins: BTreeMap<String, String>,
    pub(super) body: Option<Body>,
    /// What the caller proves who it is by, with the scopes it has.
    pub(super) credentials: BTreeMap<String, BTreeSet<String>>,
}

/// Which of [`Request::texts`] a parameter stands in; `None` for those of the path.
pub(super) const fn slot(location: ParameterLocation) -> Option<usize> {
    match location {
        ParameterLocation::Path => None,
        ParameterLocation::Query | ParameterLocation::Querystring => Some(0),
        ParameterLocation::Header => Some(1),
        ParameterLocation::Cookie => Some(2),
    }
}

/// What a caller proves who it is by, in words that two documents share.
pub(super) fn credential(kind: &SecuritySchemeKind) -> String {
    match kind {
        SecuritySchemeKind::ApiKey { location, name } => {
            let place = match location {
                ApiKeyLocation::Query => "query",
                ApiKeyLocation::Header => "header",
                ApiKeyLocation::Cookie => "cookie",
            };
            // Names of headers are the same in any case (RFC 9110, section 5.1).
            let is_header = *location == ApiKeyLocation::Header;
            let name = if is_header { name.to_ascii_lowercase() } else { name.clone() };
            format!("key in the {place} `{name}`")
        }
        SecuritySchemeKind::Http { scheme, .. } => format!("Authorization: {}", scheme.to_ascii_lowercase()),
        SecuritySchemeKind::MutualTls => "client certificate".to_owned(),
        SecuritySchemeKind::OAuth2 { .. } => "OAuth token".to_owned(),
        SecuritySchemeKind::OpenIdConnect { .. } => "OpenID Connect token".to_owned(),
    }
}

impl Request {
    /// The request as the other side sees it, whose paths may begin where those of this side stand below a server.
    pub(super) fn seen_from(&self, own: (&Api, &Operation), other: Option<(&Api, &Operation)>) -> Self {
        let mut seen = self.clone();
        if let Some(other) = other.filter(|other| is_rebased(own, *other)) {
            let whole = base_path(own.0, own.1) + &self.path;
            if let Some(path) = whole.strip_prefix(base_path(other.0, other.1).as_str()) {
                path.clone_into(&mut seen.path);
            }
        }
        seen
    }

    /// The request as reports show it.
    pub(super) fn to_json(&self) -> Value {
        let [query, headers, cookies] = &self.texts;
        let mut target = format!("{}{}", self.server.as_deref().unwrap_or_default().trim_end_matches('/'), self.path);
        for (index, (name, text)) in query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.extend([name, "=", text]);
        }
        let mut shown = Map::new();
        shown.insert("method".to_owned(), self.method.clone().into());
        shown.insert(if self.server.is_some() { "url" } else { "path" }.to_owned(), target.into());
        let mut all: Map<String, Value> =
            headers.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect();
        if !cookies.is_empty() {
            let words: Vec<String> = cookies.iter().map(|(name, text)| format!("{name}={text}")).collect();
            all.insert("Cookie".to_owned(), words.join("; ").into());
        }
        if let Some(body) = &self.body {
            all.insert("Content-Type".to_owned(), body.media_type.clone().into());
        }
        if !all.is_empty() {
            shown.insert("headers".to_owned(), Value::Object(all));
        }
        if !self.credentials.is_empty() {
            let words = |(kind, scopes): (&String, &BTreeSet<String>)| {
                if scopes.is_empty() {
                    kind.clone()
                } else {
                    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
                    format!("{kind}, with the scopes {}", scopes.join(" "))
                }
            };
            shown.insert("credentials".to_owned(), self.credentials.iter().map(words).collect());
        }
        if let Some(body) = &self.body {
            shown.insert("body".to_owned(), body.value.clone());
        }
        json!(shown)
    }
}

impl Judge {
    /// Why a side refuses a request, whichever operation it reaches there; `None` when that cannot be told.
    pub(super) fn routed(&mut self, resolver: &Resolver<'_>, request: &Request) -> Option<Vec<Refusal>> {
        let reached = |operation: &&Operation| {
            operation.method.as_str() == request.method
                && template::captures(&operation.path, &request.path, &['/']).is_some()
        };
        // Text is more exact than a hole.
        let holes = |operation: &&Operation| operation.path.matches('{').count();
        if let Some(operation) = resolver.side.api.operations.iter().filter(reached).min_by_key(holes) {
            return self.request(resolver, operation, false, request);
        }
        let servers = &resolver.side.api.servers;
        let is_elsewhere = request.server.as_deref().is_some_and(|url| !server::stand(servers, url));
        Some([Refusal::Operation].into_iter().chain(is_elsewhere.then_some(Refusal::Server)).collect())
    }

    /// Why an operation refuses a request.
    pub(super) fn request(
        &mut self,
        resolver: &Resolver<'_>,
        operation: &Operation,
        is_callback: bool,
        request: &Request,
    ) -> Option<Vec<Refusal>> {
        let mut refusals = Vec::new();
        if operation.method.as_str() != request.method {
            return Some(vec![Refusal::Operation]);
        }
        let inside =
            if is_callback { Some(Vec::new()) } else { template::captures(&operation.path, &request.path, &['/']) };
        let Some(inside) = inside else { return Some(vec![Refusal::Operation]) };
        self.parameters(resolver, operation, &inside, request, &mut refusals)?;
        match (&operation.request_body, &request.body) {
            (Some(expected), Some(body)) => {
                refusals.extend(self.body(resolver, &expected.content, Direction::Request, body)?);
            }
            (None, Some(_)) => refusals.push(Refusal::Body),
            (Some(expected), None) if expected.required => refusals.push(Refusal::Body),
            _ => {}
        }
        if (!is_callback || operation.has_own_security)
            && (operation.denied || !is_allowed(resolver, &operation.security, request))
        {
            refusals.push(Refusal::Security);
        }
        if request.server.as_deref().is_some_and(|url| !server::stand(servers(resolver.side.api, operation), url)) {
            refusals.push(Refusal::Server);
        }
        Some(refusals)
    }

    fn parameters(
        &mut self,
        resolver: &Resolver<'_>,
        operation: &Operation,
        inside: &[(&str, &str)],
        request: &Request,
        refusals: &mut Vec<Refusal>,
    ) -> Option<()> {
        let mut known: [BTreeSet<usize>; 3] = Default::default();
        for parameter in &operation.parameters {
            let refusal = || Refusal::Parameter(parameter.name.to_ascii_lowercase());
            let Some(slot) = slot(parameter.location) else {
                let own = inside.iter().filter(|(name, _)| *name == parameter.name);
                let texts: Texts = own.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
                if !texts.is_empty() && !self.fits(resolver, parameter, &texts)? {
                    refusals.push(refusal());
                }
                continue;
            };
            let is_other = |name: &str| operation.parameters.iter().any(|other| other.name == name);
            let is_object = may_be_object(resolver, parameter);
            let own: Vec<usize> = (0..request.texts[slot].len())
                .filter(|index| written::belongs(parameter, &request.texts[slot][*index].0, is_object, is_other))
                .collect();
            let texts: Texts = own.iter().map(|index| request.texts[slot][*index].clone()).collect();
            known[slot].extend(own);
            let is_fine = if texts.is_empty() { !parameter.required } else { self.fits(resolver, parameter, &texts)? };
            if !is_fine {
                refusals.push(refusal());
            }
        }
        for (texts, known) in request.texts.iter().zip(&known) {
            let strangers = texts.iter().enumerate().filter(|(index, _)| !known.contains(index));
            let origin = |name: &String| request.origins.get(name).unwrap_or(name).to_ascii_lowercase();
            refusals.extend(strangers.map(|(_, (name, _))| Refusal::Parameter(origin(name))));
        }
        Some(())
    }

    /// Whether texts are a value that a parameter may have.
    fn fits(&mut self, resolver: &Resolver<'_>, parameter: &Parameter, texts: &Texts) -> Option<bool> {
        if parameter.allow_empty_value && texts.iter().all(|(_, text)| text.is_empty()) {
            return Some(true);
        }
        let values = written::read(parameter, texts);
        let Some(id) = parameter.payload.schema() else { return Some(!values.is_empty()) };
        for value in &values {
            if self.is_valid(resolver, id, Direction::Request, value)? {
                return Some(true);
            }
        }
        Some(false)
    }
}

/// Whether the value of a parameter may have members.
fn may_be_object(resolver: &Resolver<'_>, parameter: &Parameter) -> bool {
    let Some(id) = parameter.payload.schema() else { return false };
    let shape = shape(&resolver.side.api.schemas, &[id]);
    shape.of(Kind::Object).next().is_some() && shape.of(Kind::String).next().is_none()
}

/// Whether one of the alternatives is satisfied.
fn is_allowed(resolver: &Resolver<'_>, alternatives: &[SecurityRequirement], request: &Request) -> bool {
    let has = |name: &String, scopes: &[String]| {
        let kind = resolver.side.api.security_schemes.get(name).map(|scheme| credential(&scheme.kind));
        let own = kind.and_then(|kind| request.credentials.get(&kind));
        own.is_some_and(|own| scopes.iter().all(|scope| own.contains(scope)))
    };
    alternatives.is_empty() || alternatives.iter().any(|one| one.schemes.iter().all(|(name, scopes)| has(name, scopes)))
}
