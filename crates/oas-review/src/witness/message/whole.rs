//! Messages around a value of a schema.

use oas_document::Location;
use oas_model::Operation;
use serde_json::Value;

use super::judge::{Body, Refusal};
use super::{Counterparts, From, Messages, compose};
use crate::change::{WholeMessage, WitnessKind};
use crate::effect::{Direction, Exchange};
use crate::schema::{Entry, Lens, Walk};

/// What a whole message shows about a value.
pub(in crate::witness) enum Whole {
    /// One side takes the message, and the other refuses it for the part that has the value.
    Holds(WholeMessage),
    /// Both sides take the message.
    Refuted,
    /// No such message can be made, or something else tells the sides apart as well.
    Unknown,
}

/// Where an operation uses a schema, by indices in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// A media type of the request.
    Body(usize),
    /// A parameter.
    Parameter(usize),
    /// A response, and a media type of it.
    Answer(usize, usize),
    /// A response, and a header of it.
    Header(usize, usize),
}

impl Spot {
    /// The part of an operation whose schema stands at `home`.
    fn find(lens: &Lens<'_>, operation: &Operation, home: &Location) -> Option<Self> {
        let schemas = &lens.side.api.schemas;
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
    fn is_meant(self, operation: &Operation, refusal: &Refusal) -> bool {
        match (self, refusal) {
            (Self::Body(_) | Self::Answer(..), Refusal::BodyValue) | (Self::Header(..), Refusal::Header(_)) => true,
            (Self::Parameter(index), Refusal::Parameter(name)) => {
                operation.parameters.get(index).is_some_and(|one| one.name.eq_ignore_ascii_case(name))
            }
            _ => false,
        }
    }
}

impl Messages {
    /// Asks both sides about messages that have one of `values` where `entry` uses a schema.
    pub(in crate::witness) fn whole(
        &mut self,
        entry: &Entry,
        counterparts: &[Counterparts<'_>],
        from: From,
        values: &[Value],
        walk: &mut Walk<'_>,
    ) -> Whole {
        let Some(call) = counterparts.get(entry.operation) else { return Whole::Unknown };
        let (Some(own), Some(counterpart)) = (call.of(from), call.of(from.other())) else { return Whole::Unknown };
        let (one, other) = match from {
            From::Base => ((&mut self.base, &mut walk.base), (&mut self.revision, &mut walk.revision)),
            From::Revision => ((&mut self.revision, &mut walk.revision), (&mut self.base, &mut walk.base)),
        };
        let home = if from == From::Base { &entry.homes.0 } else { &entry.homes.1 };
        let Some(spot) = Spot::find(one.1, own, home) else { return Whole::Unknown };
        let is_callback = matches!(entry.exchange, Exchange::CallbackRequest | Exchange::CallbackResponse);
        let is_request = entry.exchange.direction() == Direction::Request;
        let mut is_refuted = false;
        for value in values {
            let (taken, refusals, shown) = if is_request {
                let Some(message) = compose::request_with(one.1, own, is_callback, spot, value) else { continue };
                let taken = one.0.request(one.1, own, is_callback, &message);
                let refusals = if is_callback {
                    other.0.request(other.1, counterpart, is_callback, &message)
                } else {
                    other.0.routed(other.1, &message)
                };
                (taken, refusals, message.to_json())
            } else {
                let Some(message) = compose::response_with(one.1, own, spot, value) else { continue };
                let taken = one.0.response(one.1, own, &message);
                let refusals = other.0.response(other.1, counterpart, &message);
                (taken, refusals, message.to_json())
            };
            match (taken, refusals) {
                (Some(taken), Some(refusals)) if taken.is_empty() => {
                    if refusals.iter().any(|refusal| spot.is_meant(own, refusal)) {
                        let kind = if is_request { WitnessKind::Request } else { WitnessKind::Response };
                        let at = call.revision.or(call.base).map(|one| one.at.pointer.as_str().to_owned());
                        return Whole::Holds(WholeMessage { kind, value: shown, pointer: at.unwrap_or_default() });
                    }
                    is_refuted |= refusals.is_empty();
                }
                _ => {}
            }
        }
        if is_refuted { Whole::Refuted } else { Whole::Unknown }
    }
}

impl Body {
    /// A body of the media type, or of the first one that a range stands for.
    pub(super) fn of(name: &str, value: Value) -> Self {
        let media_type = media_types(name).swap_remove(0);
        Self { media_type, value }
    }

    /// A body of the media type, or of several that a range stands for.
    pub(super) fn each_of(name: &str, value: &Value) -> Vec<Self> {
        media_types(name).into_iter().map(|media_type| Self { media_type, value: value.clone() }).collect()
    }
}

/// The media type itself, or some of those that a range stands for.
fn media_types(name: &str) -> Vec<String> {
    let name = name.split(';').next().unwrap_or_default().trim();
    let names = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    match name.strip_suffix("/*") {
        None => vec![name.to_owned()],
        Some("*") => names(&["application/json", "application/xml", "text/plain", "image/png"]),
        Some("application") => names(&["application/json", "application/xml", "application/octet-stream"]),
        Some("text") => names(&["text/plain", "text/html", "text/csv"]),
        Some(kind) => vec![format!("{kind}/plain"), format!("{kind}/other")],
    }
}
