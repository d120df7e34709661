//! What proofs have found out.

use std::collections::HashMap;

use super::pair::Pair;
use crate::effect::Effect;

/// What proofs have found out so far.
#[derive(Default)]
pub(crate) struct Proofs {
    /// What each pair was found to do.
    pub(super) effects: HashMap<Pair, Effect>,
    /// The pairs that are being compared.
    pub(super) open: Vec<Pair>,
    /// Comparisons so far.
    pub(super) steps: usize,
}
