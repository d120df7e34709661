//! Witnesses: values that a validator takes on one side and refuses on the other.
//!
//! Changes of schemas: [`sample`] makes values that one side takes, [`probe`] varies them around everything that the two sides say
//! differently, and [`oracle`] asks a validator about each. The same validator decides changes that rules cannot.
//! Everything else: [`message`] does the same with requests and responses.

mod expect;
mod message;
mod oracle;
mod probe;
mod sample;
mod whole;

use std::collections::{HashMap, HashSet};

use oas_document::Location;
use serde_json::Value;

use crate::change::{Change, Evidence, Witness, WitnessKind};
use crate::effect::Effect;
use crate::rule::{Judgement, is};
use crate::schema::{Inside, Pair, Resolver, Walk};

pub(crate) use message::Counterparts;
use message::{Messages, Origin, Whole};
#[cfg(test)]
pub(crate) use message::{OTHER_STATUS, UNUSED, lost_requests};
use oracle::Oracle;
#[cfg(test)]
pub(crate) use oracle::{compile, readings};

/// Schemas that take longer to compile than a witness is worth: the length of their JSON, in bytes.
const LONGEST_SCHEMA: usize = 4 << 20;

/// Ways from operations to a change that messages are made for at most.
const MOST_ROUTES: usize = 3;

/// Gives each change a witness where one is found, decides what rules could not, and drops what turns out to be no
/// change at all.
pub(crate) fn attach(changes: Vec<Change>, mut walk: Walk<'_>, counterparts: &[Counterparts<'_>]) -> Vec<Change> {
    let mut messages = Messages::default();
    let mut oracles: HashMap<Pair, Option<Oracle>> = HashMap::new();
    let mut crowds: HashMap<Pair, Crowd> = HashMap::new();
    for change in &changes {
        if let Some(pair) = change.pair.filter(|_| change.effect != Effect::None) {
            crowds.entry(pair).or_default().count(change);
        }
    }
    let mut kept = Vec::with_capacity(changes.len());
    let mut respelled: HashSet<Pair> = HashSet::new();
    for mut change in changes {
        let Some(pair) = change.pair else {
            messages.attest(&mut change, counterparts, &mut walk);
            kept.push(change);
            continue;
        };
        if change.effect == Effect::None || change.rule.entry().judgement == Judgement::Cosmetic {
            change.evidence = Evidence::None("the set of valid values stays the same");
            kept.push(change);
            continue;
        }
        let oracle = oracles
            .entry(pair)
            .or_insert_with(|| Oracle::new(&mut walk.base, &mut walk.revision, pair, LONGEST_SCHEMA));
        let Some(oracle) = oracle else {
            change.evidence = Evidence::None("the validator cannot read the schemas");
            change.effect = presumed(&change);
            change.is_proven = false;
            kept.push(change);
            continue;
        };
        let crowd = crowds.entry(pair).or_default();
        let is_alone = crowd.all == 1;
        settle(&mut change, oracle, crowd, &walk);
        confirm(&mut change, oracle, is_alone, &mut messages, counterparts, &mut walk);
        if let Evidence::Witness(witness) = &change.evidence {
            oracle.take(&witness.value);
        }
        let is_respelled = [is::TYPE_RESPELLED, is::SCHEMA_RESPELLED].contains(&change.rule);
        // That the schemas mean the same is said once.
        if is_respelled && !respelled.insert(pair) {
            continue;
        }
        if change.effect != Effect::None || is_respelled {
            kept.push(change);
        }
    }
    kept
}

/// The changes of one pair.
#[derive(Debug, Default)]
struct Crowd {
    all: usize,
    /// How many of them may take values away.
    narrowing: usize,
    /// How many may let values in.
    widening: usize,
    /// Whether alternatives overlap otherwise, which only values that fit several of them show.
    has_overlap: bool,
}

impl Crowd {
    fn count(&mut self, change: &Change) {
        if change.rule == is::CHOICE_OVERLAP_CHANGED {
            self.all += 1;
            self.has_overlap = true;
        } else {
            self.add(change.effect);
        }
    }

    fn add(&mut self, effect: Effect) {
        self.all += 1;
        self.narrowing += usize::from(effect.narrows() || effect == Effect::Unknown);
        self.widening += usize::from(effect.widens() || effect == Effect::Unknown);
    }

    /// Whether the half that a change is not known to do has nobody else to do it. Types are told about by themselves.
    fn has_no_other(&self, change: &Change) -> bool {
        let others = if change.effect == Effect::Widens { self.narrowing } else { self.widening };
        others == 0 && !expect::is_about_type(change)
    }
}

/// What a change does as far as its parts tell; for most its own effect.
fn presumed(change: &Change) -> Effect {
    if change.rule != is::REFERENCE_CHANGED {
        return change.effect;
    }
    change.parts.iter().fold(Effect::None, |effect, (part, _)| effect.and(*part))
}

/// What a reference that points elsewhere does: what its parts do, and what examples and a validator show.
fn effect_of_parts(change: &Change, oracle: &mut Oracle, has: (bool, bool)) -> Effect {
    let parts = presumed(change);
    let (narrows, widens) = (has.0 || parts.narrows(), has.1 || parts.widens());
    if parts != Effect::Unknown || (narrows && widens) {
        return Effect::of(narrows, widens);
    }
    let decided = oracle.decide();
    let known = Effect::of(narrows || decided.0 == Some(true), widens || decided.1 == Some(true));
    if known == Effect::None && decided != (Some(false), Some(false)) { Effect::Unknown } else { known }
}

/// Looks for a witness of one change.
fn settle(change: &mut Change, oracle: &mut Oracle, crowd: &mut Crowd, walk: &Walk<'_>) {
    let is_alone = crowd.all == 1;
    let mut lost = oracle.lost(change, is_alone);
    let mut won = oracle.won(change, is_alone);
    if change.rule == is::CHOICE_OVERLAP_CHANGED {
        // Only an example shows that it matters.
        change.effect = Effect::of(lost.is_some(), won.is_some());
    } else if change.rule == is::REFERENCE_CHANGED {
        change.effect = effect_of_parts(change, oracle, (lost.is_some(), won.is_some()));
        if change.effect == Effect::None {
            // The two mean the same to a validator, and something else to people.
            change.evidence = Evidence::None("the set of valid values stays the same");
            change.effect = Effect::Unknown;
            return;
        }
    } else if change.effect == Effect::Unknown && expect::is_decided_by_validator(change) {
        let decided = oracle.decide();
        let narrows = decided.0.or(lost.is_some().then_some(true));
        let widens = decided.1.or(won.is_some().then_some(true));
        change.effect = match (narrows, widens) {
            (Some(narrows), Some(widens)) => Effect::of(narrows, widens),
            // Half an answer is one where it already breaks those who work today.
            (narrows, widens) => {
                let known = Effect::of(narrows == Some(true), widens == Some(true));
                let breaks = change.reach.iter().any(|exchange| exchange.breaks(known).old_client);
                if breaks { known } else { Effect::Unknown }
            }
        };
    } else if oracle.is_text() && expect::is_about_type(change) {
        // Types that differ may be the same texts.
        let (narrows, widens) = (lost.is_some(), won.is_some());
        if !narrows && !widens {
            change.rule = is::TYPE_RESPELLED;
            change.evidence = Evidence::None("the texts that were tried are the same");
            return;
        }
        change.effect = Effect::of(narrows, widens);
    }
    blame_other_half(change, oracle, crowd, (&mut lost, &mut won));
    let place = pair_place(walk, change);
    let witness = |value: Value, valid_in_base: bool| {
        let (kind, pointer) = (WitnessKind::Value, place.clone());
        let (valid_in_revision, message) = (!valid_in_base, None);
        Evidence::Witness(Witness { kind, value, valid_in_base, valid_in_revision, pointer, message })
    };
    // Where both happened, the one that breaks those who work today is the better example.
    let prefers_lost = change.reach.iter().any(|exchange| exchange.breaks(Effect::Narrows).old_client);
    let has = (lost.is_some(), won.is_some());
    change.evidence = match (change.effect, lost, won) {
        (Effect::Both, Some(_), Some(value)) if !prefers_lost => witness(value, false),
        (Effect::Narrows | Effect::Both, Some(value), _) => witness(value, true),
        (Effect::Widens | Effect::Both, _, Some(value)) => witness(value, false),
        _ => Evidence::None(expect::reason(change)),
    };
    if change.is_meaning {
        return;
    }
    prove(change, oracle, has, is_alone);
}

/// Lays the half that a change is not known to do on it, where an example shows that half and nothing else is to blame.
fn blame_other_half(
    change: &mut Change,
    oracle: &Oracle,
    crowd: &mut Crowd,
    (lost, won): (&mut Option<Value>, &mut Option<Value>),
) {
    if change.is_meaning || !matches!(change.effect, Effect::Narrows | Effect::Widens) {
        return;
    }
    if crowd.all == 1 {
        change.effect = change.effect.and(Effect::of(lost.is_some(), won.is_some()));
        return;
    }
    if !crowd.has_no_other(change) {
        return;
    }
    let is_wide = change.effect == Effect::Widens;
    let mut halves = oracle.ranked(change, true, is_wide).into_iter();
    let half = halves.find(|half| !crowd.has_overlap || !oracle.is_ambiguous(half));
    // Values that have others inside may be examples of what changed there.
    let Some(half) = half.filter(|half| !half.is_object() && !half.is_array()) else { return };
    change.effect = Effect::Both;
    if [is::ENUM_DROPPED, is::ENUM_INTRODUCED].contains(&change.rule) {
        change.rule = is::ENUM_REPLACED;
    }
    crowd.add(Effect::of(is_wide, !is_wide));
    *if is_wide { lost } else { won } = Some(half);
}

/// Puts the example of a change into whole messages. Where both sides take each of them, nothing shows that the change
/// breaks anybody.
fn confirm(
    change: &mut Change,
    oracle: &Oracle,
    is_alone: bool,
    messages: &mut Messages,
    counterparts: &[Counterparts<'_>],
    walk: &mut Walk<'_>,
) {
    let (Evidence::Witness(witness), Some(pair)) = (&change.evidence, change.pair) else { return };
    let is_lost = witness.valid_in_base;
    let from = if is_lost { Origin::Base } else { Origin::Revision };
    let routes = walk.routes(pair, MOST_ROUTES);
    let mut values = vec![witness.value.clone()];
    values.extend(oracle.ranked(change, is_alone, is_lost).into_iter().filter(|value| *value != witness.value));
    let mut is_refuted = false;
    for value in values {
        for route in &routes {
            let resolver = if is_lost { &mut walk.base } else { &mut walk.revision };
            let around = whole::around(resolver, from, &route.steps, &value);
            match messages.whole(&route.entry, counterparts, from, &around, walk) {
                Whole::Found(message) => {
                    if let Evidence::Witness(witness) = &mut change.evidence {
                        witness.value = value;
                        witness.message = Some(message);
                    }
                    return;
                }
                // What a validator takes for valid may still be what a discriminator or a condition keeps out.
                Whole::Refuted => is_refuted |= route.steps.iter().all(|(_, inside)| *inside != Inside::Same),
                Whole::Unknown => {}
            }
        }
    }
    let effect = if is_lost { Effect::Narrows } else { Effect::Widens };
    if is_refuted && change.reach.iter().any(|exchange| exchange.breaks(effect).old_client) {
        change.is_proven = false;
        change.evidence = Evidence::None("in whole messages both sides take the values that tell the schemas apart");
    }
}

/// Found what a rule says against what can be shown: a half of the effect that no example shows is asked about, and taken
/// back where it is disproved.
fn prove(change: &mut Change, oracle: &mut Oracle, has: (bool, bool), is_alone: bool) {
    let says = (change.effect.narrows(), change.effect.widens());
    if (!says.0 || has.0) && (!says.1 || has.1) {
        return;
    }
    let decided = oracle.decide();
    // Beside others, a proof that something is lost may be about one of them.
    let holds = |says: bool, has: bool, decided: Option<bool>| match decided {
        _ if !says => (false, true),
        _ if has => (true, true),
        Some(false) => (false, true),
        Some(true) => (true, is_alone),
        None => (true, false),
    };
    let (narrows, narrows_known) = holds(says.0, has.0, decided.0);
    let (widens, widens_known) = holds(says.1, has.1, decided.1);
    if !narrows && !widens {
        change.evidence = Evidence::None("a comparison of the schemas as wholes shows that the same values are valid");
        change.rule = is::SCHEMA_RESPELLED;
        change.effect = Effect::None;
        return;
    }
    if narrows_known && widens_known && matches!(change.evidence, Evidence::None(_)) {
        change.evidence = Evidence::None("a comparison of the schemas as wholes shows it, without an example");
    }
    change.effect = Effect::of(narrows, widens);
    let breaks = |effect: Effect| change.reach.iter().any(|exchange| exchange.breaks(effect).old_client);
    let known = Effect::of(narrows && narrows_known, widens && widens_known);
    change.is_proven = breaks(known) || !breaks(change.effect);
}

/// The schema that the values of a pair are checked against.
fn pair_place(walk: &Walk<'_>, change: &Change) -> String {
    let place = |resolver: &Resolver<'_>, conjunction| -> Option<Location> {
        resolver.seeds(conjunction).first().map(|id| resolver.schema(*id).at.clone())
    };
    let Some(pair) = change.pair else { return String::new() };
    let at = place(&walk.revision, pair.revision).or_else(|| place(&walk.base, pair.base));
    at.map(|at| at.pointer.as_str().to_owned()).unwrap_or_default()
}
