//! Which schemas the requests and responses of an API can contain.

use std::collections::HashSet;

use crate::{Api, Callback, Direction, Header, MediaType, Operation, SchemaId, Schemas};

/// Which schemas requests and responses reach: of operations, webhooks and callbacks.
///
/// The requests of webhooks and callbacks are requests here as well, although it is the API that sends them.
#[derive(Debug, Clone)]
pub struct ReachableSchemas {
    in_request: Vec<bool>,
    in_response: Vec<bool>,
}

impl ReachableSchemas {
    /// Whether a request can contain a value of the schema.
    pub fn in_request(&self, id: SchemaId) -> bool {
        self.in_request.get(id.index()).copied().unwrap_or(false)
    }

    /// Whether a response can contain a value of the schema.
    pub fn in_response(&self, id: SchemaId) -> bool {
        self.in_response.get(id.index()).copied().unwrap_or(false)
    }

    /// Whether a request or a response can contain a value of the schema.
    pub fn contains(&self, id: SchemaId) -> bool {
        self.in_request(id) || self.in_response(id)
    }
}

impl Api {
    /// Finds the schemas that requests and responses reach.
    ///
    /// A schema reaches its subschemas, what it refers to, and the branches of its discriminator. Members that are
    /// `readOnly` leave requests, members that are `writeOnly` leave responses.
    pub fn reachable(&self) -> ReachableSchemas {
        let mut roots = Roots::default();
        for operation in &self.operations {
            roots.operation(operation);
        }
        for operation in self.webhooks.iter().flat_map(|webhook| &webhook.operations) {
            roots.operation(operation);
        }
        ReachableSchemas {
            in_request: self.schemas.reached_from(roots.request, Direction::Request),
            in_response: self.schemas.reached_from(roots.response, Direction::Response),
        }
    }
}

impl Schemas {
    /// Whether a member of this schema is absent in `direction`, by `readOnly` or `writeOnly` of its own or of what it
    /// refers to.
    pub fn is_absent(&self, id: SchemaId, direction: Direction) -> bool {
        let mut next = Some(id);
        while let Some(id) = next {
            let schema = &self[id];
            let is_absent = match direction {
                Direction::Request => schema.read_only,
                Direction::Response => schema.write_only,
            };
            if is_absent {
                return true;
            }
            next = schema.reference;
        }
        false
    }

    /// The schema of member `name`: in `properties`, or in those of what the schema refers to or is composed of by
    /// `allOf`.
    pub fn property(&self, id: SchemaId, name: &str) -> Option<SchemaId> {
        let mut seen = HashSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            if !seen.insert(id) {
                continue;
            }
            let schema = &self[id];
            if let Some(property) = schema.properties.get(name) {
                return Some(*property);
            }
            next.extend(schema.all_of.iter().rev().copied().chain(schema.reference));
        }
        None
    }

    /// The schemas that `roots` reach, as flags by index.
    fn reached_from(&self, roots: Vec<SchemaId>, direction: Direction) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut next = roots;
        while let Some(id) = next.pop() {
            let Some(flag) = reached.get_mut(id.index()).filter(|flag| !**flag) else { continue };
            *flag = true;
            let schema = &self[id];
            let properties = schema.properties.values().copied();
            next.extend(properties.filter(|property| !self.is_absent(*property, direction)));
            next.extend(schema.subschemas_but_properties());
            if let Some(discriminator) = &schema.discriminator {
                next.extend(discriminator.mapping.values().copied().chain(discriminator.default));
            }
        }
        reached
    }
}

/// The schemas that requests and responses state themselves.
#[derive(Default)]
struct Roots {
    request: Vec<SchemaId>,
    response: Vec<SchemaId>,
}

impl Roots {
    /// The schemas of an operation and of its callbacks.
    fn operation(&mut self, operation: &Operation) {
        let mut next = vec![operation];
        while let Some(operation) = next.pop() {
            let Operation { parameters, request_body, responses, callbacks, .. } = operation;
            for parameter in parameters {
                self.request.extend(parameter.payload.schema());
            }
            for media_type in request_body.iter().flat_map(|body| &body.content) {
                collect(media_type, &mut self.request);
            }
            for response in responses {
                collect_headers(&response.headers, &mut self.response);
                for media_type in &response.content {
                    collect(media_type, &mut self.response);
                }
            }
            next.extend(callbacks.iter().flat_map(|Callback { operations, .. }| operations));
        }
    }
}

/// The schemas of a media type.
fn collect(media_type: &MediaType, into: &mut Vec<SchemaId>) {
    into.extend(media_type.schema);
    into.extend(media_type.item_schema);
    let mut next: Vec<_> = media_type.encoding.values().chain(&media_type.prefix_encoding).collect();
    next.extend(media_type.item_encoding.as_deref());
    while let Some(encoding) = next.pop() {
        collect_headers(&encoding.headers, into);
        next.extend(encoding.encoding.values().chain(&encoding.prefix_encoding));
        next.extend(encoding.item_encoding.as_deref());
    }
}

/// The schemas of headers.
fn collect_headers(headers: &[Header], into: &mut Vec<SchemaId>) {
    into.extend(headers.iter().filter_map(|header| header.payload.schema()));
}
