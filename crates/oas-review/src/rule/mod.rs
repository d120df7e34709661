//! The rules: one entry per kind of change, as data.
//!
//! A rule says what a change does to a set of values. Who breaks is never written down: it follows from the effect and
//! from where the changed part is used ([`Exchange::breaks`](crate::effect::Exchange::breaks)).

mod api;
mod entry;
mod explain;
mod schema;

pub use entry::{Entry, Judgement, Refusal, Rule, Scope, Trait};
pub use explain::{all_ids, explain, find};

impl Rule {
    /// Every rule, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        schema::ALL.iter().chain(api::ALL).map(|entry| Self(entry))
    }
}

pub(crate) mod is {
    //! Every rule by its constant: `is::BECAME_REQUIRED`.
    pub(crate) use super::api::*;
    pub(crate) use super::schema::*;
}
