//! Pairs of conjunctions that stand at the same position, and what differs between them.

use oas_document::Location;
use serde_json::Value;

use super::medium::Medium;
use super::resolver::Conjunction;
use crate::effect::Direction;
use crate::rule::Rule;
use crate::sentence::Terms;
use crate::subject::Subject;

/// A difference between two schemas.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) rule: Rule,
    pub(crate) base: Location,
    pub(crate) revision: Location,
    /// The name of a bound, as ids write it.
    pub(crate) limit: Option<&'static str>,
    /// What it is about, beside the place.
    pub(crate) name: Option<String>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
    /// Whether it stands for all that is different there.
    pub(crate) is_whole: bool,
    /// Whether no validator sees it, because it is about what a value means.
    pub(crate) is_meaning: bool,
}

impl Found {
    /// What its sentence is made of.
    pub(crate) fn into_terms(self, subject: Subject) -> Terms {
        let Self { rule, base: _, revision: _, limit, name, before, after, is_whole: _, is_meaning: _ } = self;
        Terms { rule, subject: subject.text, limit, name, before, after }
    }
}

/// Two conjunctions that stand at the same position of the same message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pair {
    pub(crate) direction: Direction,
    pub(crate) medium: Medium,
    pub(crate) is_present: bool,
    pub(crate) base: Conjunction,
    pub(crate) revision: Conjunction,
}

/// A pair to go on to.
#[derive(Debug, Clone)]
pub(crate) struct Child {
    pub(crate) pair: Pair,
    pub(crate) inside: Inside,
    pub(crate) homes: (Location, Location),
}

/// A position inside of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inside {
    /// The value itself, where a condition holds or a discriminator says so.
    Same,
    /// The value itself, as one of several alternatives.
    Branch,
    /// A member that the document names.
    Member {
        /// Its name.
        name: String,
        /// Whether it is always there, on both sides.
        is_present: bool,
    },
    /// A member that is known by the patterns that its name matches.
    Rest {
        /// The patterns that match.
        matching: Vec<String>,
        /// Patterns that do not.
        others: Vec<String>,
    },
    /// An item of a list, at this position.
    Item(usize),
    /// What is no part of the message: the name of a member, the content of a text.
    Apart,
}

/// What makes two differences one: the same rule about the same place of the revision, whatever way leads there.
pub(crate) fn identity(found: &Found) -> String {
    let Found { rule, base: _, revision, limit, name, before, after, is_whole: _, is_meaning: _ } = found;
    let entry = rule.entry();
    let text = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    format!(
        "{}\n{:?}\n{:?}\n{revision:?}\n{limit:?}\n{name:?}\n{}\n{}",
        entry.name,
        entry.effect,
        entry.summary,
        text(before),
        text(after)
    )
}
