//! Proofs that one schema allows no more than another.

use super::pair::Pair;
use super::pair_comparison::PairComparison;
use super::shape::Record;
use crate::effect::Effect;
use crate::rule::is;

/// Comparisons that proofs may take altogether; beyond that nothing is proven any more.
const MOST_STEPS: usize = 200_000;

/// Positions that a proof goes down.
const DEEPEST: usize = 48;

impl PairComparison<'_, '_> {
    /// What the change from `old` to `new` does to the set of values, all positions inside included.
    pub(crate) fn overall_of_records(&mut self, old: &Record, new: &Record) -> Effect {
        let mut scratch = PairComparison::new(self.base, self.revision, self.proofs, self.pair, self.homes.clone());
        scratch.compare_records(old, new);
        scratch.total()
    }

    /// The same for two conjunctions.
    pub(crate) fn overall_of_pair(&mut self, pair: Pair) -> Effect {
        if let Some(known) = self.proofs.effects.get(&pair) {
            return *known;
        }
        // A pair that is being compared further up is taken to be equal: if it is not, the difference shows there.
        if self.proofs.open.contains(&pair) {
            return Effect::None;
        }
        if self.proofs.open.len() >= DEEPEST || self.proofs.steps >= MOST_STEPS {
            return Effect::Unknown;
        }
        self.proofs.steps += 1;
        self.proofs.open.push(pair);
        let mut scratch = PairComparison::new(self.base, self.revision, self.proofs, pair, self.homes.clone());
        scratch.compare(pair.base, pair.revision);
        let effect = scratch.total();
        self.proofs.open.pop();
        // What was found while others were open rests on their being equal; it is kept only when nothing was assumed.
        if self.proofs.open.is_empty() || !matches!(effect, Effect::None) {
            self.proofs.effects.insert(pair, effect);
        }
        effect
    }

    /// What everything found here and inside does together.
    fn total(mut self) -> Effect {
        // What names an alternative is told about where the alternatives are compared, and is no part of one.
        let beside = [
            is::CHOICE_OVERLAP_CHANGED,
            is::DISCRIMINATOR_VALUE_ADDED,
            is::DISCRIMINATOR_VALUE_REMOVED,
            is::DISCRIMINATOR_VALUE_RENAMED,
            is::DISCRIMINATOR_VALUE_RETARGETED,
        ];
        let found = self.found.iter().filter(|found| !beside.contains(&found.rule));
        let mut effect = found.fold(Effect::None, |effect, found| effect.and(found.rule.entry().effect));
        for child in std::mem::take(&mut self.children) {
            if effect == Effect::Unknown {
                break;
            }
            effect = effect.and(self.overall_of_pair(child.pair));
        }
        effect
    }
}
