//! Where a message has the value of a schema.

use oas_document::Location;
use oas_model::Operation;

use super::judge::Refusal;
use crate::schema::Resolver;

/// Where an operation uses a schema, by indices in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageSlot {
    /// A media type of the request.
    Body(usize),
    /// A parameter.
    Parameter(usize),
    /// A response, and a media type of it.
    Answer(usize, usize),
    /// A response, and a header of it.
    Header(usize, usize),
}

impl MessageSlot {
    /// The part of an operation whose schema stands at `home`.
    pub(super) fn find(resolver: &Resolver<'_>, operation: &Operation, home: &Location) -> Option<Self> {
        let schemas = &resolver.side.api.schemas;
        let bodies = operation.request_body.iter().flat_map(|body| &body.content);
        if let Some(index) = bodies.into_iter().position(|one| one.at.child("schema") == *home) {
            return Some(Self::Body(index));
        }
        let is_own = |schema: Option<oas_model::SchemaId>| schema.is_some_and(|id| schemas[id].at == *home);
        if let Some(index) = operation.parameters.iter().position(|one| is_own(one.payload.schema())) {
            return Some(Self::Parameter(index));
        }
        operation.responses.iter().enumerate().find_map(|(index, response)| {
            let body = response.content.iter().position(|one| one.at.child("schema") == *home);
            let header = || response.headers.iter().position(|one| one.at.child("schema") == *home);
            body.map(|body| Self::Answer(index, body)).or_else(|| header().map(|header| Self::Header(index, header)))
        })
    }

    /// Whether a refusal is about this part.
    pub(super) fn is_meant(self, operation: &Operation, refusal: &Refusal) -> bool {
        match (self, refusal) {
            (Self::Body(_) | Self::Answer(..), Refusal::BodyValue) | (Self::Header(..), Refusal::Header(_)) => true,
            (Self::Parameter(index), Refusal::Parameter(name)) => {
                operation.parameters.get(index).is_some_and(|one| one.name.eq_ignore_ascii_case(name))
            }
            _ => false,
        }
    }
}
