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

use std::collections::HashMap;

use oas_document::Location;

use crate::change::{Change, Evidence, Witness, WitnessKind};
use crate::effect::Effect;
use crate::rule::Judgement;
use crate::schema::{Lens, Pair, Walk};

pub(crate) use message::Counterparts;
use message::Messages;
#[cfg(test)]
pub(crate) use message::{UNUSED, lost_requests};
use oracle::Oracle;

/// Schemas that take longer to compile than a witness is worth: the length of their JSON, in bytes.
const LONGEST_SCHEMA: usize = 4 << 20;

/// Gives each change a witness where one is found, decides what rules could not, and drops what turns out to be no
/// change at all.
pub(crate) fn attach(changes: Vec<Change>, mut walk: Walk<'_>, counterparts: &[Counterparts<'_>]) -> Vec<Change> {
    let mut messages = Messages::default();
    let mut oracles: HashMap<Pair, Option<Oracle>> = HashMap::new();
    let mut crowds: HashMap<Pair, usize> = HashMap::new();
    for change in &changes {
        if let Some(pair) = change.pair.filter(|_| change.effect != Effect::None) {
            *crowds.entry(pair).or_default() += 1;
        }
    }
    let mut kept = Vec::with_capacity(changes.len());
    for mut change in changes {
        let Some(pair) = change.pair else {
            change.evidence = messages.evidence(&change, counterparts, &mut walk);
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
            kept.push(change);
            continue;
        };
        let is_alone = crowds.get(&pair).copied() == Some(1);
        settle(&mut change, oracle, is_alone, &walk);
        if change.effect != Effect::None {
            kept.push(change);
        }
    }
    kept
}

/// Looks for a witness of one change.
fn settle(change: &mut Change, oracle: &mut Oracle, is_alone: bool, walk: &Walk<'_>) {
    let lost = oracle.lost(change, is_alone);
    let won = oracle.won(change, is_alone);
    if change.effect == Effect::Unknown && expect::is_decided_by_validator(change) {
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
    }
    let place = pair_place(walk, change);
    let witness = |value: serde_json::Value, valid_in_base: bool| {
        let (kind, pointer) = (WitnessKind::Value, place.clone());
        Evidence::Witness(Witness { kind, value, valid_in_base, valid_in_revision: !valid_in_base, pointer })
    };
    // Where both happened, the one that breaks those who work today is the better example.
    let prefers_lost = change.reach.iter().any(|exchange| exchange.breaks(Effect::Narrows).old_client);
    change.evidence = match (change.effect, lost, won) {
        (Effect::Both, Some(_), Some(value)) if !prefers_lost => witness(value, false),
        (Effect::Narrows | Effect::Both, Some(value), _) => witness(value, true),
        (Effect::Widens | Effect::Both, _, Some(value)) => witness(value, false),
        _ => Evidence::None(expect::reason(change)),
    };
}

/// The schema that the values of a pair are checked against.
fn pair_place(walk: &Walk<'_>, change: &Change) -> String {
    let place = |lens: &Lens<'_>, conjunction| -> Option<Location> {
        lens.seeds(conjunction).first().map(|id| lens.schema(*id).at.clone())
    };
    let Some(pair) = change.pair else { return String::new() };
    let at = place(&walk.revision, pair.revision).or_else(|| place(&walk.base, pair.base));
    at.map(|at| at.pointer.as_str().to_owned()).unwrap_or_default()
}
