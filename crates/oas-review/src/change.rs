//! A change: what a comparison finds, before anybody judges it.

use oas_document::Location;
use serde::Serialize;
use serde_json::Value;

use crate::effect::{Effect, Reach};
use crate::rule::{Rule, Scope, Trait, is};
use crate::rust_items::{Meaning, RustItemChange};
use crate::schema::Pair;
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
    /// What it is about, beside the place.
    pub name: Option<String>,
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

    /// A change of generated code that nothing else explains.
    pub(crate) fn of_code(pointers: (Option<String>, Option<String>), items: &[RustItemChange]) -> Self {
        let location = |pointer: Option<String>| {
            let pointer = oas_document::Pointer::parse(&pointer?)?;
            Some(Location { file: oas_document::FileId::DOCUMENT, pointer })
        };
        let names: Vec<&str> = items.iter().take(3).map(|item| item.path.as_str()).collect();
        let more = items.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let first = items.first();
        let show = |signature: Option<&String>| Some(signature.map_or("nothing", String::as_str).into());
        Self {
            rule: is::RUST_CHANGED,
            effect: Effect::None,
            reach: Reach::default(),
            base: location(pointers.0),
            revision: location(pointers.1),
            subject: Subject::named("generated code"),
            limit: None,
            name: Some(format!("`{}`{more}", names.join("`, `"))),
            before: show(first.and_then(|item| item.before.as_ref())),
            after: show(first.and_then(|item| item.after.as_ref())),
            operations: Vec::new(),
            evidence: Evidence::None("it is on no wire"),
            is_proven: true,
            parts: Vec::new(),
            covered: 0,
            is_meaning: false,
            pair: None,
            calls: Vec::new(),
        }
    }

    /// A name of generated code that stands for something else.
    pub(crate) fn of_meaning(meaning: &Meaning) -> Self {
        let Meaning { item, before, after } = meaning;
        let mut change = Self::of_code(item.pointers.clone(), std::slice::from_ref(item));
        change.rule = is::RUST_MEANING_CHANGED;
        change.before = Some(before.as_str().into());
        change.after = Some(after.as_str().into());
        change.evidence = Evidence::None("it is about what code says, not about what is valid");
        change
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

/// What a sentence is made of.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) rule: Rule,
    pub(crate) subject: String,
    pub(crate) limit: Option<&'static str>,
    pub(crate) name: Option<String>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

/// What happened, in one sentence.
pub(crate) fn sentence(terms: &Terms) -> String {
    let limit = terms.limit.map(camel_case).unwrap_or_default();
    let mut message = String::new();
    let mut rest = terms.rule.entry().message;
    // One pass over the template: what is filled in is never looked at again.
    while let Some((before, after)) = rest.split_once('{') {
        message.push_str(before);
        let Some((hole, tail)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        match hole {
            "subject" => message.push_str(&terms.subject),
            "limit" => message.push_str(&limit),
            "name" => message.push_str(terms.name.as_deref().unwrap_or("it")),
            "before" => message.push_str(&show(terms.before.as_ref())),
            "after" => message.push_str(&show(terms.after.as_ref())),
            _ => {}
        }
        rest = tail;
    }
    message.push_str(rest);
    message
}

/// `max-length` as the document writes it: `maxLength`.
fn camel_case(words: &str) -> String {
    let mut text = String::new();
    for (index, word) in words.split('-').enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if index > 0 => {
                text.extend(first.to_uppercase());
                text.push_str(letters.as_str());
            }
            _ => text.push_str(word),
        }
    }
    text
}

/// A value in a sentence: texts as they are, long values cut.
fn show(value: Option<&Value>) -> String {
    let text = match value {
        None => return "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if text.chars().count() > 80 {
        let start: String = text.chars().take(77).collect();
        return format!("{start}...");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bounds_are_written_as_keywords() {
        assert_eq!(camel_case("max-length"), "maxLength");
        assert_eq!(camel_case("minimum"), "minimum");
    }
}
