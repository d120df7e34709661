//! The comparison of two documents as a whole.

use std::collections::HashMap;

use oas_document::Location;
use serde_json::Value;

use crate::change::{Change, Evidence, OperationName};
use crate::effect::{Effect, Exchange, Reach};
use crate::fingerprint;
use crate::rule::{Judgement, Rule, Trait, is};
use crate::schema::{Found, Resolver, SchemaFinding, Walk, identity};
use crate::sentence::sentence;
use crate::side::Side;
use crate::subject::{Subject, schema_subject};
use crate::witness::Counterparts;

/// A comparison under way.
pub(crate) struct Comparison<'a> {
    pub(crate) base: Side<'a>,
    pub(crate) revision: Side<'a>,
    pub(crate) walk: Walk<'a>,
    changes: Vec<Change>,
    known: HashMap<String, usize>,
    pub(crate) operations: Vec<OperationName>,
    /// The operations behind the names, in the same order.
    pub(crate) counterparts: Vec<Counterparts<'a>>,
}

/// What a change of the API is about; built up by the caller, then added.
#[derive(Debug, Clone)]
pub(crate) struct ChangeBuilder {
    pub(crate) rule: Rule,
    pub(crate) exchange: Option<Exchange>,
    pub(crate) base: Option<Location>,
    pub(crate) revision: Option<Location>,
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    pub(crate) about: Option<String>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
    pub(crate) operations: Vec<usize>,
}

impl ChangeBuilder {
    pub(crate) fn new(rule: Rule, subject: impl Into<String>) -> Self {
        Self {
            rule,
            exchange: None,
            base: None,
            revision: None,
            subject: subject.into(),
            name: None,
            about: None,
            before: None,
            after: None,
            operations: Vec::new(),
        }
    }

    pub(crate) fn at(mut self, base: Option<&Location>, revision: Option<&Location>) -> Self {
        self.base = base.cloned();
        self.revision = revision.cloned();
        self
    }

    pub(crate) fn in_exchange(mut self, exchange: Exchange) -> Self {
        self.exchange = Some(exchange);
        self
    }

    pub(crate) fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The parameter or header that it is about, as the document writes it.
    pub(crate) fn about(mut self, name: &str) -> Self {
        self.about = Some(name.to_owned());
        self
    }

    pub(crate) fn from(mut self, before: impl Into<Value>) -> Self {
        self.before = Some(before.into());
        self
    }

    pub(crate) fn to(mut self, after: impl Into<Value>) -> Self {
        self.after = Some(after.into());
        self
    }

    pub(crate) fn of(mut self, operation: usize) -> Self {
        self.operations.push(operation);
        self
    }
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(base: Side<'a>, revision: Side<'a>) -> Self {
        let walk = Walk::new(Resolver::pair(base, revision));
        Self {
            base,
            revision,
            walk,
            changes: Vec::new(),
            known: HashMap::new(),
            operations: Vec::new(),
            counterparts: Vec::new(),
        }
    }

    /// Adds a change; one that is known already gets the operations of the new one.
    pub(crate) fn add(&mut self, builder: ChangeBuilder) {
        let key = format!(
            "{}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
            builder.rule.entry().name,
            builder.revision.as_ref().map_or((0, &builder.base), |_| (1, &builder.revision)),
            builder.name,
            builder.before,
            builder.after,
            builder.exchange
        );
        let names: Vec<OperationName> =
            builder.operations.iter().filter_map(|index| self.operations.get(*index).cloned()).collect();
        if let Some(change) = self.known.get(&key).and_then(|index| self.changes.get_mut(*index)) {
            change.operations.extend(names);
            change.operations.sort();
            change.operations.dedup();
            change.calls.extend(builder.operations);
            return;
        }
        self.known.insert(key, self.changes.len());
        let covered = if builder.rule.entry().has(Trait::Whole) {
            fingerprint::covered(self.base, builder.base.as_ref(), self.revision, builder.revision.as_ref(), &[])
        } else {
            0
        };
        self.changes.push(Change {
            rule: builder.rule,
            effect: builder.rule.entry().effect,
            reach: builder.exchange.map(Reach::only).unwrap_or_default(),
            base: builder.base.map(|base| self.base.nearest(&base)),
            revision: builder.revision.map(|revision| self.revision.nearest(&revision)),
            subject: Subject::named(builder.subject),
            limit: None,
            name: builder.name,
            about: builder.about,
            before: builder.before,
            after: builder.after,
            operations: names,
            evidence: Evidence::None("no example was found"),
            is_proven: true,
            parts: Vec::new(),
            covered,
            is_meaning: false,
            pair: None,
            calls: builder.operations,
        });
    }

    /// Everything that was found.
    pub(crate) fn finish(mut self) -> (Vec<Change>, Walk<'a>, Vec<Counterparts<'a>>) {
        for finding in self.walk.findings() {
            let change = self.schema_change(finding);
            self.changes.push(change);
        }
        (self.changes, self.walk, self.counterparts)
    }

    fn schema_change(&self, finding: SchemaFinding) -> Change {
        let SchemaFinding { found, reach, operations, pair, parts } = finding;
        let subject = self.subject(&found);
        let base = self.base.nearest(&found.base);
        let revision = self.revision.nearest(&found.revision);
        let names = operations.iter().filter_map(|index| self.operations.get(*index).cloned()).collect();
        let is_whole = found.is_whole || found.rule.entry().has(Trait::Whole);
        let identities: Vec<String> = parts.iter().map(identity).collect();
        let covered = if is_whole {
            fingerprint::covered(self.base, Some(&base), self.revision, Some(&revision), &identities)
        } else {
            0
        };
        let parts: Vec<(Effect, String)> = parts
            .into_iter()
            .filter(|part| part.rule.entry().judgement != Judgement::Cosmetic)
            .map(|part| {
                let subject = self.subject(&part);
                (part.rule.entry().effect, sentence(&part.into_terms(subject)))
            })
            .collect();
        Change {
            rule: found.rule,
            effect: found.rule.entry().effect,
            reach,
            base: Some(base),
            revision: Some(revision),
            subject,
            limit: found.limit,
            name: found.name,
            about: None,
            before: found.before,
            after: found.after,
            operations: names,
            evidence: Evidence::None("no example was found"),
            is_proven: true,
            parts,
            covered,
            is_meaning: found.is_meaning || found.rule.entry().has(Trait::Meaning),
            pair: Some(pair),
            calls: operations.into_iter().collect(),
        }
    }

    /// What a difference is about, in words.
    fn subject(&self, found: &Found) -> Subject {
        let base = self.base.nearest(&found.base);
        let revision = self.revision.nearest(&found.revision);
        let length = |place: &Location| place.pointer.tokens().count();
        if let Some(name) =
            found.name.as_ref().filter(|_| [is::BECAME_REQUIRED, is::BECAME_OPTIONAL].contains(&found.rule))
        {
            // A member that is required and nowhere described.
            return self.object_subject(name, &base, &revision).member(name);
        }
        if let Some(name) = found.name.as_ref().filter(|_| found.rule.entry().has(Trait::Member)) {
            return self.object_subject(name, &base, &revision);
        }
        // What is gone is better named by its place in the base.
        if length(&base) > length(&revision) && found.name.is_none() {
            return schema_subject(self.base, &around(found.rule, &base));
        }
        schema_subject(self.revision, &around(found.rule, &revision))
    }

    /// The object that a member came to or went from: what is around the member where it stands, or the object itself.
    fn object_subject(&self, name: &str, base: &Location, revision: &Location) -> Subject {
        let object = |place: &Location| {
            let mut object = place.clone();
            if object.pointer.last().is_some_and(|last| last == "required") {
                object.pointer = object.pointer.parent().unwrap_or(object.pointer);
                return (true, object);
            }
            let owner = object.pointer.parent().filter(|owner| owner.last().is_some_and(|last| last == "properties"));
            let is_member = object.pointer.last().is_some_and(|last| last == name);
            match owner.and_then(|owner| owner.parent()).filter(|_| is_member) {
                Some(pointer) => {
                    object.pointer = pointer;
                    (true, object)
                }
                None => (false, object),
            }
        };
        match (object(base), object(revision)) {
            ((true, base), (false, _)) => schema_subject(self.base, &base),
            (_, (_, revision)) => schema_subject(self.revision, &revision),
        }
    }
}

/// The schema that a rule is about, where the place of the change is a schema inside of it.
fn around(rule: Rule, place: &Location) -> Location {
    const KEYWORDS: [&str; 11] = [
        "contains",
        "items",
        "unevaluatedItems",
        "additionalProperties",
        "unevaluatedProperties",
        "patternProperties",
        "propertyNames",
        "not",
        "if",
        "dependentSchemas",
        "dependentRequired",
    ];
    let mut outer = place.clone();
    if !rule.entry().has(Trait::Inside) {
        return outer;
    }
    // The keyword is the last token, or the one before a name or position.
    for _ in 0..2 {
        let Some(parent) = outer.pointer.parent() else { break };
        let is_keyword = outer.pointer.last().is_some_and(|last| KEYWORDS.contains(&last.as_ref()));
        outer.pointer = parent;
        if is_keyword {
            return outer;
        }
    }
    place.clone()
}
