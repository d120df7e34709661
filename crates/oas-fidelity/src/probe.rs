//! What is looked at: every schema, parameter, header and form of a document, each with an operation of its own.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use oas_document::Location;
use oas_model::{
    Api, Example, Extensions, Header, MediaType, Method, Operation, Parameter, ParameterLocation, Payload, RequestBody,
    Response, SchemaId, StatusPattern, Tag,
};

use crate::json::Json;

/// A schema, parameter or header that values are sent through.
#[derive(Debug, Clone)]
pub struct Probe {
    /// What it is.
    pub kind: Kind,
    /// The schema of its values.
    pub schema: SchemaId,
    /// Its place in the document, a JSON Pointer.
    pub pointer: String,
    /// The examples that the document has of it.
    pub examples: Vec<Json>,
}

/// What a probe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A body: sent in requests, and answered.
    Body,
    /// A parameter of a request.
    Parameter,
    /// A header of an answer.
    Header,
    /// The body of a request as a form: `application/x-www-form-urlencoded`.
    Form,
    /// The body of a request in parts: `multipart/form-data`.
    Parts,
}

impl Kind {
    /// Whether values of it are JSON. Elsewhere a text has to say what they are.
    pub(crate) const fn is_json(self) -> bool {
        matches!(self, Self::Body)
    }

    /// What a body of a media type is besides JSON.
    fn of_form(media_type: &str) -> Option<Self> {
        match media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/x-www-form-urlencoded" => Some(Self::Form),
            "multipart/form-data" => Some(Self::Parts),
            _ => None,
        }
    }
}

/// The API with an operation for each probe in the place of its own, and the probes in the same order. `None` when
/// there is nothing to look at.
pub(crate) fn of(api: &Api) -> Option<(Api, Vec<Probe>)> {
    let mut found = Found { api, probes: Vec::new(), operations: Vec::new(), seen: BTreeSet::new() };
    let forms = of_forms(api);
    for id in api.components.values().filter(|id| !forms.contains(&api.schemas.resolve(**id))) {
        found.body(*id, &IndexMap::new());
    }
    for operation in &api.operations {
        for parameter in &operation.parameters {
            found.parameter(parameter);
        }
        let answered = operation.responses.iter().flat_map(|response| &response.content);
        let sent = operation.request_body.iter().flat_map(|body| &body.content);
        for media_type in sent.chain(answered).filter(|media_type| Kind::of_form(&media_type.name).is_none()) {
            for id in media_type.schema.into_iter().chain(media_type.item_schema) {
                found.body(id, &media_type.examples);
            }
        }
        for media_type in operation.request_body.iter().flat_map(|body| &body.content) {
            found.form(media_type);
        }
        for header in operation.responses.iter().flat_map(|response| &response.headers) {
            found.header(header);
        }
    }
    let Found { probes, operations, .. } = found;
    let at = operations.first()?.at.clone();
    let tag = Tag {
        at,
        name: TAG.to_owned(),
        summary: None,
        description: None,
        external_docs: None,
        parent: None,
        kind: None,
        extensions: Extensions::new(),
    };
    let probed = Api {
        tags: vec![tag],
        operations,
        webhooks: Vec::new(),
        security_schemes: IndexMap::new(),
        security: Vec::new(),
        ..api.clone()
    };
    Some((probed, probes))
}

/// The schemas of forms: a member of bytes is no JSON.
fn of_forms(api: &Api) -> BTreeSet<SchemaId> {
    let bodies = api.operations.iter().filter_map(|operation| operation.request_body.as_ref());
    let forms = bodies.flat_map(|body| &body.content).filter(|media_type| Kind::of_form(&media_type.name).is_some());
    forms.filter_map(|media_type| media_type.schema).map(|id| api.schemas.resolve(id)).collect()
}

/// The tag of all operations.
const TAG: &str = "probes";

struct Found<'a> {
    api: &'a Api,
    probes: Vec<Probe>,
    operations: Vec<Operation>,
    seen: BTreeSet<String>,
}

impl Found<'_> {
    /// Adds a probe for the body of a schema, unless it has one; its examples are added all the same.
    fn body(&mut self, id: SchemaId, examples: &IndexMap<String, Example>) {
        let id = self.api.schemas.resolve(id);
        let schema = &self.api.schemas[id];
        let given = values(examples);
        if let Some(probe) = self.probes.iter_mut().find(|one| one.kind == Kind::Body && one.schema == id) {
            probe.examples.extend(given);
            return;
        }
        let mut all: Vec<Json> = schema.examples.iter().map(Json::from).collect();
        all.extend(given);
        let at = schema.at.clone();
        let media_type = MediaType {
            at: at.clone(),
            name: "application/json".to_owned(),
            schema: Some(id),
            item_schema: None,
            encoding: IndexMap::new(),
            prefix_encoding: Vec::new(),
            item_encoding: None,
            examples: IndexMap::new(),
            extensions: Extensions::new(),
        };
        let body = RequestBody {
            at: at.clone(),
            description: None,
            required: false,
            content: vec![media_type.clone()],
            extensions: Extensions::new(),
        };
        let mut operation = self.operation(&at, Method::Post);
        operation.request_body = Some(body);
        operation.responses = vec![response(&at, 200, vec![media_type], Vec::new())];
        self.push(operation, Kind::Body, id, all);
    }

    /// Adds a probe for a form, whose encoding has a say in how it is written.
    fn form(&mut self, media_type: &MediaType) {
        let (Some(kind), Some(schema)) = (Kind::of_form(&media_type.name), media_type.schema) else { return };
        if !self.seen.insert(media_type.at.pointer.to_string()) {
            return;
        }
        let at = &media_type.at;
        let mut operation = self.operation(at, Method::Post);
        let content = vec![media_type.clone()];
        operation.request_body = Some(RequestBody {
            at: at.clone(),
            description: None,
            required: true,
            content,
            extensions: Extensions::new(),
        });
        operation.responses = vec![response(at, 204, Vec::new(), Vec::new())];
        self.push(operation, kind, schema, values(&media_type.examples).collect());
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let Some(schema) = parameter.payload.schema() else { return };
        if !self.seen.insert(parameter.at.pointer.to_string()) || parameter.location == ParameterLocation::Querystring {
            return;
        }
        let mut operation = self.operation(&parameter.at, Method::Get);
        if parameter.location == ParameterLocation::Path {
            operation.path = format!("{}/{{{}}}", operation.path, parameter.name);
        }
        operation.parameters = vec![parameter.clone()];
        operation.responses = vec![response(&parameter.at, 204, Vec::new(), Vec::new())];
        let mut all: Vec<Json> = self.api.schemas[schema].examples.iter().map(Json::from).collect();
        all.extend(values(&parameter.examples));
        self.push(operation, Kind::Parameter, schema, all);
    }

    fn header(&mut self, header: &Header) {
        let Payload::Schema(schema) = header.payload else { return };
        if !self.seen.insert(header.at.pointer.to_string()) {
            return;
        }
        let mut operation = self.operation(&header.at, Method::Get);
        let required = Header { required: true, ..header.clone() };
        operation.responses = vec![response(&header.at, 204, Vec::new(), vec![required])];
        let all = values(&header.examples).collect();
        self.push(operation, Kind::Header, schema, all);
    }

    fn operation(&self, at: &Location, method: Method) -> Operation {
        let number = self.operations.len();
        Operation {
            at: at.clone(),
            id: Some(format!("probe{number}")),
            method,
            path: format!("/probe/{number}"),
            tags: vec![TAG.to_owned()],
            summary: None,
            description: None,
            deprecated: false,
            parameters: Vec::new(),
            request_body: None,
            responses: Vec::new(),
            callbacks: Vec::new(),
            security: Vec::new(),
            denied: false,
            has_own_security: true,
            servers: Vec::new(),
            external_docs: None,
            extensions: Extensions::new(),
        }
    }

    fn push(&mut self, operation: Operation, kind: Kind, schema: SchemaId, examples: Vec<Json>) {
        let pointer = operation.at.pointer.to_string();
        self.operations.push(operation);
        self.probes.push(Probe { kind, schema, pointer, examples });
    }
}

fn values(examples: &IndexMap<String, Example>) -> impl Iterator<Item = Json> {
    examples.values().filter_map(|example| example.value.as_ref()).map(Json::from)
}

fn response(at: &Location, status: u16, content: Vec<MediaType>, headers: Vec<Header>) -> Response {
    Response {
        at: at.clone(),
        status: StatusPattern::Code(status),
        summary: None,
        description: None,
        headers,
        content,
        links: IndexMap::new(),
        extensions: Extensions::new(),
    }
}
