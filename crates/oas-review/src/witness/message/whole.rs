//! Messages around a value of a schema.

use serde_json::Value;

use super::attest::Messages;
use super::compose;
use super::judge::Body;
use super::sides::{Counterparts, Origin};
use super::slot::MessageSlot;
use crate::change::{WholeMessage, WitnessKind};
use crate::effect::{Direction, Exchange};
use crate::schema::{Entry, Walk};

/// What a whole message shows about a value.
pub(crate) enum Whole {
    /// One side takes the message, and the other refuses it for the part that has the value.
    Found(WholeMessage),
    /// Both sides take the message.
    Refuted,
    /// No such message can be made, or something else tells the sides apart as well.
    Unknown,
}

impl Messages {
    /// Asks both sides about messages that have one of `values` where `entry` uses a schema.
    pub(crate) fn whole(
        &mut self,
        entry: &Entry,
        counterparts: &[Counterparts<'_>],
        from: Origin,
        values: &[Value],
        walk: &mut Walk<'_>,
    ) -> Whole {
        let Some(call) = counterparts.get(entry.operation) else { return Whole::Unknown };
        let (Some(own), Some(counterpart)) = (call.of(from), call.of(from.other())) else { return Whole::Unknown };
        let (one, other) = match from {
            Origin::Base => ((&mut self.base, &mut walk.base), (&mut self.revision, &mut walk.revision)),
            Origin::Revision => ((&mut self.revision, &mut walk.revision), (&mut self.base, &mut walk.base)),
        };
        let home = if from == Origin::Base { &entry.homes.0 } else { &entry.homes.1 };
        let Some(slot) = MessageSlot::find(one.1, own, home) else { return Whole::Unknown };
        let is_callback = matches!(entry.exchange, Exchange::CallbackRequest | Exchange::CallbackResponse);
        let is_request = entry.exchange.direction() == Direction::Request;
        let mut is_refuted = false;
        for value in values {
            let (taken, refusals, shown) = if is_request {
                let Some(message) = compose::request_with(one.1, own, is_callback, slot, value) else { continue };
                let taken = one.0.request(one.1, own, is_callback, &message);
                let refusals = if is_callback {
                    other.0.request(other.1, counterpart, is_callback, &message)
                } else {
                    let there = Some((other.1.side.api, counterpart));
                    other.0.routed(other.1, &message.seen_from((one.1.side.api, own), there))
                };
                (taken, refusals, message.to_json())
            } else {
                let Some(message) = compose::response_with(one.1, own, slot, value) else { continue };
                let taken = one.0.response(one.1, own, &message);
                let refusals = other.0.response(other.1, counterpart, &message);
                (taken, refusals, message.to_json())
            };
            match (taken, refusals) {
                (Some(taken), Some(refusals)) if taken.is_empty() => {
                    if refusals.iter().any(|refusal| slot.is_meant(own, refusal)) {
                        let kind = if is_request { WitnessKind::Request } else { WitnessKind::Response };
                        let at = call.revision.or(call.base).map(|one| one.at.pointer.as_str().to_owned());
                        return Whole::Found(WholeMessage { kind, value: shown, pointer: at.unwrap_or_default() });
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
