//! What a rule is: one entry of the table.

use crate::effect::Effect;

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
    /// What a witness of its changes is refused for.
    pub refusal: Refusal,
}

impl Entry {
    /// Whether something holds for its changes.
    pub fn has(&self, one: Trait) -> bool {
        self.traits.contains(&one)
    }
}

/// What a value or a message has to be refused for, to be a witness of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Whatever stands at the place of the change.
    Any,
    /// One of these keywords of a schema.
    Keywords(&'static [&'static str]),
    /// The keyword of the bound that the change is about.
    Bound,
    /// No operation takes it.
    Operation,
    /// No server stands there.
    Server,
    /// The parameter that the change is about.
    Parameter,
    /// That parameter, when it is empty.
    EmptyParameter,
    /// A body that is there or is not.
    Body,
    /// The media type of the body.
    MediaType,
    /// The credentials.
    Security,
    /// The status.
    Status,
    /// The header that the change is about.
    Header,
    /// No message shows the change, for this reason.
    Nothing(&'static str),
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
    /// It is about a member that is there or is not: what refuses a witness names it.
    Presence,
    /// It is about credentials, which generated code has types for.
    Security,
}

/// A rule: an entry of the table, by identity.
#[derive(Debug, Clone, Copy)]
pub struct Rule(pub(crate) &'static Entry);

impl Rule {
    /// Its entry.
    pub const fn entry(self) -> &'static Entry {
        self.0
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
    ($scope:ident; $($constant:ident $name:literal $effect:ident $judgement:ident $([$($trait:ident),*])? $(by $refusal:ident $(($of:expr))?)?
        $summary:literal $message:literal $why:literal;)*) => {
        pub(crate) const ALL: &[&crate::rule::entry::Entry] = &[$(&crate::rule::entry::Entry {
            name: $name,
            scope: crate::rule::entry::Scope::$scope,
            effect: crate::effect::Effect::$effect,
            judgement: crate::rule::entry::Judgement::$judgement,
            summary: $summary,
            message: $message,
            why: $why,
            traits: &[$($(crate::rule::entry::Trait::$trait),*)?],
            refusal: rules!(@refusal $($refusal $(($of))?)?),
        }),*];
        rules!(@constants 0usize; $($constant)*);
    };
    (@refusal) => { crate::rule::entry::Refusal::Any };
    (@refusal $refusal:ident $(($of:expr))?) => { crate::rule::entry::Refusal::$refusal $(($of))? };
    (@constants $index:expr; ) => {};
    (@constants $index:expr; $first:ident $($rest:ident)*) => {
        pub(crate) const $first: crate::rule::entry::Rule = crate::rule::entry::Rule(ALL[$index]);
        rules!(@constants $index + 1usize; $($rest)*);
    };
}
pub(crate) use rules;
