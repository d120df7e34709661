//! What a change does to a set of values, and who breaks because of it.

use std::fmt;

pub use oas_model::Direction;
use serde::Serialize;

/// What a change does to the set of values that are valid at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// The set stays the same.
    None,
    /// Values that were valid are not any more.
    Narrows,
    /// Values that were not valid are now.
    Widens,
    /// Some values are valid no more, others are newly valid.
    Both,
    /// Nobody could tell.
    Unknown,
}

impl Effect {
    /// The effect of the opposite change.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Narrows => Self::Widens,
            Self::Widens => Self::Narrows,
            same => same,
        }
    }

    /// The effect of a change that does this and that.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, effect) | (effect, Self::None) => effect,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Narrows, Self::Narrows) => Self::Narrows,
            (Self::Widens, Self::Widens) => Self::Widens,
            _ => Self::Both,
        }
    }

    /// Whether values that were valid are known to be valid no more.
    pub const fn narrows(self) -> bool {
        matches!(self, Self::Narrows | Self::Both)
    }

    /// Whether values that were not valid are known to be valid now.
    pub const fn widens(self) -> bool {
        matches!(self, Self::Widens | Self::Both)
    }

    /// The effect made of its two halves.
    pub const fn of(narrows: bool, widens: bool) -> Self {
        match (narrows, widens) {
            (false, false) => Self::None,
            (true, false) => Self::Narrows,
            (false, true) => Self::Widens,
            (true, true) => Self::Both,
        }
    }

    /// The word for it in a report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Narrows => "narrows",
            Self::Widens => "widens",
            Self::Both => "both",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A direction, and who starts the exchange: in callbacks and webhooks the API sends the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exchange {
    /// A request that a client sends.
    Request,
    /// The API's answer to it.
    Response,
    /// A request that the API sends: a callback or a webhook.
    CallbackRequest,
    /// The client's answer to it.
    CallbackResponse,
}

impl Exchange {
    /// Every exchange, in the order of the variants.
    pub const ALL: [Self; 4] = [Self::Request, Self::Response, Self::CallbackRequest, Self::CallbackResponse];

    /// The direction alone.
    pub const fn direction(self) -> Direction {
        match self {
            Self::Request | Self::CallbackRequest => Direction::Request,
            Self::Response | Self::CallbackResponse => Direction::Response,
        }
    }

    /// Whether the API is who reads the message.
    pub const fn is_read_by_api(self) -> bool {
        matches!(self, Self::Request | Self::CallbackResponse)
    }

    /// The exchange of `direction`, started by a client or, as a callback, by the API.
    pub const fn of(direction: Direction, is_callback: bool) -> Self {
        match (direction, is_callback) {
            (Direction::Request, false) => Self::Request,
            (Direction::Response, false) => Self::Response,
            (Direction::Request, true) => Self::CallbackRequest,
            (Direction::Response, true) => Self::CallbackResponse,
        }
    }

    /// Which clients a change of this effect breaks. Whoever reads breaks when the set that the writer uses has
    /// grown beyond the reader's.
    pub const fn breaks(self, effect: Effect) -> Broken {
        let (narrows, widens) = (effect.narrows(), effect.widens());
        if self.is_read_by_api() {
            Broken { old_client: narrows, new_client: widens }
        } else {
            Broken { old_client: widens, new_client: narrows }
        }
    }
}

/// Which clients break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Broken {
    /// A client built from the base, against a server of the revision.
    pub old_client: bool,
    /// A client built from the revision, against a server of the base.
    pub new_client: bool,
}

/// A set of exchanges: where a changed part of the document is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Reach(u8);

impl Reach {
    /// The set of one exchange.
    pub const fn only(exchange: Exchange) -> Self {
        Self(1 << exchange as u8)
    }

    /// The set with everything that is in `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `exchange` is in the set.
    pub const fn contains(self, exchange: Exchange) -> bool {
        self.0 & (1 << exchange as u8) != 0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in the set, in the order of [`Exchange`].
    pub fn iter(self) -> impl Iterator<Item = Exchange> {
        Exchange::ALL.into_iter().filter(move |exchange| self.contains(*exchange))
    }

    /// The direction, when there is only one.
    pub fn direction(self) -> Option<Direction> {
        let mut directions = self.iter().map(Exchange::direction);
        let first = directions.next()?;
        directions.all(|other| other == first).then_some(first)
    }

    /// The first part of a rule's id.
    pub fn prefix(self) -> &'static str {
        let mut all = self.iter();
        match (all.next(), all.next()) {
            (None, _) => "unused",
            (Some(Exchange::Request), None) => "request",
            (Some(Exchange::Response), None) => "response",
            (Some(Exchange::CallbackRequest), None) => "callback-request",
            (Some(Exchange::CallbackResponse), None) => "callback-response",
            (Some(_), Some(_)) => "shared",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table that every verdict stands on.
    #[test]
    fn directions_and_effects_say_who_breaks() {
        let rows = [
            (Exchange::Request, Effect::Narrows, true, false),
            (Exchange::Request, Effect::Widens, false, true),
            (Exchange::Response, Effect::Narrows, false, true),
            (Exchange::Response, Effect::Widens, true, false),
            (Exchange::CallbackRequest, Effect::Narrows, false, true),
            (Exchange::CallbackRequest, Effect::Widens, true, false),
            (Exchange::CallbackResponse, Effect::Narrows, true, false),
            (Exchange::CallbackResponse, Effect::Widens, false, true),
        ];
        for (exchange, effect, old_client, new_client) in rows {
            assert_eq!(exchange.breaks(effect), Broken { old_client, new_client }, "{exchange:?} {effect}");
        }
        for exchange in Exchange::ALL {
            assert_eq!(exchange.breaks(Effect::Both), Broken { old_client: true, new_client: true });
            assert_eq!(exchange.breaks(Effect::None), Broken::default());
        }
    }

    #[test]
    fn swapping_the_sides_swaps_who_breaks() {
        for exchange in Exchange::ALL {
            for effect in [Effect::None, Effect::Narrows, Effect::Widens, Effect::Both, Effect::Unknown] {
                let (there, back) = (exchange.breaks(effect), exchange.breaks(effect.mirrored()));
                assert_eq!((there.old_client, there.new_client), (back.new_client, back.old_client));
            }
        }
    }
}
