//! The rules: one entry per kind of change, as data.
//!
//! A rule says what a change does to a set of values. Who breaks is never written down: it follows from the effect and
//! from where the changed part is used ([`Exchange::breaks`](crate::effect::Exchange::breaks)).

mod api;
mod explain;
mod schema;

use crate::effect::Effect;

pub use explain::{all_ids, explain, find};

/// What a rule is about; decides how its id is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// A schema: the id is `{direction}-{position}-{name}`.
    Schema,
    /// Anything else: the id is the name.
    Api,
}

/// How a rule becomes a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Judgement {
    /// By effect and direction.
    Derived,
    /// By effect and direction where the API reads; where clients read, a person has to look.
    DerivedForRequests,
    /// By effect and direction, and where nobody breaks, a person has to look all the same.
    DerivedAndReview,
    /// Validity alone does not decide: nobody is known to break, but a person has to look.
    Review,
    /// Nobody breaks, by the rules of HTTP or of the document.
    Tolerated,
    /// Words for people, and names that are on no wire.
    Cosmetic,
    /// Code that uses generated packages compiles as before, and does something else.
    Silent,
}

/// One entry of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The last part of the id, in words; `{limit}` stands for the name of a bound.
    pub name: &'static str,
    /// What it is about.
    pub scope: Scope,
    /// What it does to the set of values.
    pub effect: Effect,
    /// How it becomes a verdict.
    pub judgement: Judgement,
    /// What happened, in a few words.
    pub summary: &'static str,
    /// What happened, with `{subject}`, `{name}`, `{limit}`, `{before}` and `{after}` filled in from the change.
    pub message: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What else holds for its changes.
    pub traits: &'static [Trait],
}

impl Entry {
    /// Whether something holds for its changes.
    pub fn has(&self, one: Trait) -> bool {
        self.traits.contains(&one)
    }
}

/// What holds for the changes of a rule, beside effect and judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trait {
    /// `{limit}` stands for upper bounds.
    Upper,
    /// `{limit}` stands for lower bounds.
    Lower,
    /// Types do not show it: code that uses generated packages compiles as before.
    Unseen,
    /// It is about a member that the message names, of the object that is its subject.
    Member,
    /// The place of the change is a schema inside of the subject, or its keyword.
    Inside,
    /// The change is all that stands at its places: whoever accepts it accepts that, and nothing that comes later.
    Whole,
    /// No validator checks it: it is about what a value means, or stands outside of messages.
    Meaning,
}

/// A rule: an entry of the table, by identity.
#[derive(Debug, Clone, Copy)]
pub struct Rule(pub(crate) &'static Entry);

impl Rule {
    /// Its entry.
    pub const fn entry(self) -> &'static Entry {
        self.0
    }

    /// Every rule, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        schema::ALL.iter().chain(api::ALL).map(|entry| Self(entry))
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        // By value: the names of bounds are shared by upper and lower ones.
        self.0 == other.0
    }
}

impl Eq for Rule {}

/// The names of the upper bounds, as ids write them.
pub(crate) const UPPER_LIMITS: [&str; 4] = ["maximum", "max-length", "max-items", "max-properties"];

/// The names of the lower bounds, as ids write them.
pub(crate) const LOWER_LIMITS: [&str; 4] = ["minimum", "min-length", "min-items", "min-properties"];

/// Declares entries and a constant of type [`Rule`] for each.
macro_rules! rules {
    ($scope:ident; $($constant:ident $name:literal $effect:ident $judgement:ident $([$($trait:ident),*])?
        $summary:literal $message:literal $why:literal;)*) => {
        pub(crate) const ALL: &[&crate::rule::Entry] = &[$(&crate::rule::Entry {
            name: $name,
            scope: crate::rule::Scope::$scope,
            effect: crate::effect::Effect::$effect,
            judgement: crate::rule::Judgement::$judgement,
            summary: $summary,
            message: $message,
            why: $why,
            traits: &[$($(crate::rule::Trait::$trait),*)?],
        }),*];
        rules!(@constants 0usize; $($constant)*);
    };
    (@constants $index:expr; ) => {};
    (@constants $index:expr; $first:ident $($rest:ident)*) => {
        pub(crate) const $first: crate::rule::Rule = crate::rule::Rule(ALL[$index]);
        rules!(@constants $index + 1usize; $($rest)*);
    };
}
pub(crate) use rules;

pub(crate) mod is {
    //! Every rule by its constant: `is::BECAME_REQUIRED`.
    pub(crate) use super::api::*;
    pub(crate) use super::schema::*;
}
