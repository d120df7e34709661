//! A change: what a comparison finds, before anybody judges it.

use oas_document::Location;
use serde::Serialize;
use serde_json::Value;

use crate::effect::{Effect, Reach};
use crate::rule::{Rule, Scope, Trait};
use crate::schema::Pair;
use crate::sentence::{Terms, sentence};
use crate::subject::{Position, Subject};

/// An operation, as reports name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct OperationName {
    /// The method.
    pub method: String,
    /// The path template; for a callback its expression, for a webhook its name.
    pub path: String,
    /// The operation's id.
    #[serde(skip)]
    pub id: Option<String>,
}

/// Why one should believe a verdict.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// A value that a validator takes on one side and refuses on the other.
    Witness(Witness),
    /// There is none, for this reason.
    None(&'static str),
}

/// What a witness is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WitnessKind {
    /// A value of a schema.
    Value,
    /// A request: method, path or URL, headers, credentials, body.
    Request,
    /// A response: status, headers, body.
    Response,
}

/// A value or message that tells the two sides apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Witness {
    /// What it is.
    pub kind: WitnessKind,
    /// The value, at the position of the schema that [`pointer`](Self::pointer) names; or the message, of the operation
    /// that it names.
    pub value: Value,
    /// Whether the base takes it.
    pub valid_in_base: bool,
    /// Whether the revision takes it.
    pub valid_in_revision: bool,
    /// The schema that the value was checked against, or the operation.
    pub pointer: String,
    /// For a value of a schema: a whole message with the value in its place, which one side takes and the other refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<WholeMessage>,
}

/// A message that has a value of a schema in its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WholeMessage {
    /// What it is.
    pub kind: WitnessKind,
    /// The message.
    pub value: Value,
    /// The operation.
    pub pointer: String,
}

/// A change between two documents.
#[derive(Debug, Clone)]
pub struct Change {
    /// The rule.
    pub rule: Rule,
    /// What it does to the set of values: the rule's effect, or what a validator found out where the rule cannot tell.
    pub effect: Effect,
    /// The exchanges it matters in.
    pub reach: Reach,
    /// Where it stands in the base.
    pub base: Option<Location>,
    /// Where it stands in the revision.
    pub revision: Option<Location>,
    /// What it is about.
    pub subject: Subject,
    /// The name of a bound, as ids write it.
    pub limit: Option<&'static str>,
    /// What it is about, beside the place, in words.
    pub name: Option<String>,
    /// The parameter or header that it is about, as the document writes it.
    pub(crate) about: Option<String>,
    /// What was there.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
    /// The operations it matters to, in the order of the document.
    pub operations: Vec<OperationName>,
    /// Why one should believe it.
    pub evidence: Evidence,
    /// Whether it is known to do what its effect says: there is a witness or a proof, or none is needed.
    pub is_proven: bool,
    /// What it does, each with its effect, where one cause has several.
    pub parts: Vec<(Effect, String)>,
    /// What stands at its places, as a number, where the change is all of that.
    pub(crate) covered: u64,
    /// Whether no validator sees it, because it is about what a value means.
    pub(crate) is_meaning: bool,
    pub(crate) pair: Option<Pair>,
    /// The operations it matters to, by their numbers.
    pub(crate) calls: Vec<usize>,
}

impl Change {
    /// The id of the rule, with what it depends on: `request-property-became-required`.
    pub fn rule_id(&self) -> String {
        let entry = self.rule.entry();
        let name = match self.limit {
            Some(limit) => entry.name.replace("{limit}", limit),
            None => entry.name.to_owned(),
        };
        match entry.scope {
            Scope::Api => name,
            Scope::Schema => format!("{}-{}-{name}", self.reach.prefix(), self.position().as_str()),
        }
    }

    /// Whether code that uses generated types does not notice the change: what is checked on the wire, and where
    /// requests go. Only asked where no manifests tell.
    pub(crate) fn is_invisible_to_types(&self) -> bool {
        self.rule.entry().has(Trait::Unseen)
    }

    /// The position it stands at.
    pub fn position(&self) -> Position {
        self.subject.position
    }

    /// What happened, in one sentence.
    pub fn message(&self) -> String {
        let Self { rule, subject, limit, name, before, after, .. } = self;
        sentence(&Terms {
            rule: *rule,
            subject: subject.text.clone(),
            limit: *limit,
            name: name.clone(),
            before: before.clone(),
            after: after.clone(),
        })
    }
}
