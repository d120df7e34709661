//! Whether a message shows a change.

use oas_model::Operation;

use super::expect::{self, Expected};
use super::judge::{Judge, Refusal};
use super::sides::{Counterparts, Origin};
use super::{compose, template};
use crate::change::{Change, Evidence, Witness, WitnessKind};
use crate::effect::{Direction, Effect, Exchange};
use crate::rule::{Judgement, Trait};
use crate::schema::{Resolver, Walk};

/// Why there is no message at all.
pub(crate) const UNUSED: &str = "no operation uses it";

/// Why there is no answer of both sides.
pub(crate) const OTHER_STATUS: &str = "the status is another one, so that no answer is described on both sides";

/// Operations whose messages are tried for one change at most.
const MOST_OPERATIONS: usize = 4;

/// The judges of both sides.
#[derive(Default)]
pub(crate) struct Messages {
    pub(super) base: Judge,
    pub(super) revision: Judge,
    /// Whether a message that was tried for the change is taken on both sides.
    is_refuted: bool,
}

impl Messages {
    /// Gives a change that no schema describes what shows it, or why nothing does.
    pub(crate) fn attest(&mut self, change: &mut Change, counterparts: &[Counterparts<'_>], walk: &mut Walk<'_>) {
        self.is_refuted = false;
        change.evidence = self.evidence(change, counterparts, walk);
        // Where both sides take each message that was tried, nothing shows that it breaks anybody.
        let is_seen = !change.rule.entry().has(Trait::Meaning);
        if self.is_refuted && is_seen && matches!(change.evidence, Evidence::None(_)) {
            change.is_proven = false;
        }
    }

    fn evidence(&mut self, change: &Change, counterparts: &[Counterparts<'_>], walk: &mut Walk<'_>) -> Evidence {
        let entry = change.rule.entry();
        if entry.judgement == Judgement::Cosmetic || change.effect == Effect::None {
            return Evidence::None("the set of valid messages stays the same");
        }
        let expected = match expect::expected(change) {
            Ok(expected) => expected,
            Err(reason) => return Evidence::None(reason),
        };
        let status = |place: &Option<oas_document::Location>| {
            let tokens: Vec<String> = place.as_ref()?.pointer.tokens().map(std::borrow::Cow::into_owned).collect();
            let index = tokens.iter().rposition(|token| token == "responses")?;
            tokens.get(index + 1).cloned()
        };
        if expected != Expected::Status
            && let (Some(was), Some(is)) = (status(&change.base), status(&change.revision))
            && was != is
        {
            return Evidence::None(OTHER_STATUS);
        }
        let Some(exchange) = change.reach.iter().next() else {
            return Evidence::None(UNUSED);
        };
        // What breaks those who work today is the better example.
        let prefers_lost = exchange.breaks(Effect::Narrows).old_client;
        let order = if prefers_lost { [Origin::Base, Origin::Revision] } else { [Origin::Revision, Origin::Base] };
        let fits = |from: &Origin| if *from == Origin::Base { change.effect.narrows() } else { change.effect.widens() };
        let calls: Vec<Counterparts<'_>> =
            change.calls.iter().filter_map(|index| counterparts.get(*index)).copied().take(MOST_OPERATIONS).collect();
        for from in order.into_iter().filter(fits) {
            for call in &calls {
                let asked = Asked { expected: &expected, exchange, from, call: *call };
                if let Some(witness) = self.find(&asked, walk) {
                    return Evidence::Witness(witness);
                }
            }
        }
        // A server may stand where no operation of its side is called.
        let own = |from: Origin| calls.iter().any(|call| call.of(from).is_some());
        if !order.into_iter().any(|from| fits(&from) && own(from)) {
            return Evidence::None(UNUSED);
        }
        let is_moved = |call: &Counterparts<'_>| {
            let place = |operation: &Operation| {
                (operation.method.clone(), template::filled(&operation.path, |_| Some("{}".to_owned())))
            };
            call.base.zip(call.revision).is_some_and(|(base, revision)| place(base) != place(revision))
        };
        if expected != Expected::Operation && exchange == Exchange::Request && calls.iter().all(is_moved) {
            return Evidence::None("the operation stands elsewhere, so that no request reaches it on both sides");
        }
        Evidence::None(if self.base.is_exhausted() || self.revision.is_exhausted() {
            "the schemas are too long to check an example of each change"
        } else {
            expected.reason()
        })
    }

    fn find(&mut self, asked: &Asked<'_>, walk: &mut Walk<'_>) -> Option<Witness> {
        let mut base = Reader { judge: &mut self.base, resolver: &mut walk.base };
        let mut revision = Reader { judge: &mut self.revision, resolver: &mut walk.revision };
        let (found, is_refuted) = match asked.from {
            Origin::Base => asked.search(&mut base, &mut revision),
            Origin::Revision => asked.search(&mut revision, &mut base),
        };
        self.is_refuted |= is_refuted;
        found
    }
}

/// One side, as a reader of messages.
struct Reader<'r, 'a> {
    judge: &'r mut Judge,
    resolver: &'r mut Resolver<'a>,
}

/// What a message has to be refused for, and the side whose messages are looked at.
struct Asked<'c> {
    expected: &'c Expected,
    exchange: Exchange,
    from: Origin,
    call: Counterparts<'c>,
}

impl Asked<'_> {
    /// The first message that the one side describes, and the other refuses for the reason of the change alone; else for
    /// that among others; and whether both sides take one of them.
    fn search(&self, one: &mut Reader<'_, '_>, other: &mut Reader<'_, '_>) -> (Option<Witness>, bool) {
        let mut is_refuted = false;
        let found = self.best(one, other, &mut is_refuted);
        (found, is_refuted)
    }

    fn best(&self, one: &mut Reader<'_, '_>, other: &mut Reader<'_, '_>, is_refuted: &mut bool) -> Option<Witness> {
        let own = self.call.of(self.from)?;
        let counterpart = self.call.of(self.from.other());
        let is_callback = matches!(self.exchange, Exchange::CallbackRequest | Exchange::CallbackResponse);
        let mut best: Option<(usize, serde_json::Value)> = None;
        let mut keep = |refusals: Option<Vec<Refusal>>, value: serde_json::Value| {
            *is_refuted |= refusals.as_ref().is_some_and(Vec::is_empty);
            let refusals = refusals.unwrap_or_default();
            let is_meant = refusals.iter().any(|refusal| self.expected.covers(refusal));
            if is_meant && best.as_ref().is_none_or(|(count, _)| refusals.len() < *count) {
                best = Some((refusals.len(), value));
            }
        };
        if self.exchange.direction() == Direction::Request {
            for message in compose::requests(one.resolver, own, is_callback, self.expected) {
                let is_taken =
                    one.judge.request(one.resolver, own, is_callback, &message).is_some_and(|all| all.is_empty());
                let refusals = match counterpart.filter(|_| is_taken) {
                    _ if !is_taken => None,
                    _ if !is_callback => {
                        let there = counterpart.map(|one| (other.resolver.side.api, one));
                        let seen = message.seen_from((one.resolver.side.api, own), there);
                        other.judge.routed(other.resolver, &seen)
                    }
                    Some(counterpart) => other.judge.request(other.resolver, counterpart, is_callback, &message),
                    None => Some(vec![Refusal::Operation]),
                };
                keep(refusals, message.to_json());
            }
        } else {
            let counterpart = counterpart?;
            for message in compose::responses(one.resolver, own, self.expected) {
                let is_given = one.judge.response(one.resolver, own, &message).is_some_and(|all| all.is_empty());
                let refusals = is_given.then(|| other.judge.response(other.resolver, counterpart, &message)).flatten();
                keep(refusals, message.to_json());
            }
        }
        let (_, value) = best?;
        let is_lost = self.from == Origin::Base;
        let kind =
            if self.exchange.direction() == Direction::Request { WitnessKind::Request } else { WitnessKind::Response };
        let pointer = self.call.revision.or(self.call.base).map(|operation| operation.at.pointer.as_str().to_owned());
        Some(Witness {
            kind,
            value,
            valid_in_base: is_lost,
            valid_in_revision: !is_lost,
            pointer: pointer.unwrap_or_default(),
            message: None,
        })
    }
}

/// Requests that the base takes and the revision refuses, of all that can be made for the operations of the base.
#[cfg(test)]
pub(crate) fn lost_requests(base: crate::Side<'_>, revision: crate::Side<'_>) -> Vec<serde_json::Value> {
    let (mut old, new) = Resolver::pair(base, revision);
    let (mut there, mut here) = (Judge::default(), Judge::default());
    let mut lost = Vec::new();
    for operation in &base.api.operations {
        let names = operation.parameters.iter().map(|parameter| parameter.name.clone());
        let about = names.map(|name| Expected::Parameter { name, may_be_empty: false });
        for expected in about.chain([Expected::MediaType, Expected::Security]) {
            for request in compose::requests(&mut old, operation, false, &expected) {
                let is_taken = there.routed(&old, &request).is_some_and(|all| all.is_empty());
                if is_taken && here.routed(&new, &request).is_some_and(|all| !all.is_empty()) {
                    lost.push(request.to_json());
                }
            }
        }
    }
    lost
}
