//! Comparison of everything above schemas: operations and what stands inside of them, security, servers.

mod body;
mod call;
mod callback;
mod component;
mod encoding;
mod header;
mod matching;
mod parameter;
mod response;
mod security;
mod server;
mod style;
mod words;

use oas_model::{Method, Operation, ParameterLocation};

use crate::address::anonymous;
use crate::change::{Change, OperationName};
use crate::comparison::{ChangeBuilder, Comparison};
use crate::effect::Exchange;
use crate::rule::is;
use crate::schema::{Medium, Root, admits, texts};
use crate::side::Side;
use crate::witness::{self, Counterparts};

use call::subject;

/// Compares two documents.
///
/// The changes come in the order of the documents: operations first, then schemas, each once. Their evidence was
/// checked with a validator against both documents.
pub fn compare(base: Side<'_>, revision: Side<'_>) -> Vec<Change> {
    let mut comparison = Comparison::new(base, revision);
    comparison.compare_words();
    comparison.compare_operations();
    comparison.compare_webhooks();
    comparison.compare_schemes();
    comparison.compare_servers();
    comparison.compare_components();
    comparison.compare_unused_components();
    let (changes, walk, counterparts) = comparison.finish();
    witness::attach(changes, walk, &counterparts)
}

/// Whether `path` takes requests that another template answers: both have such requests, and where they differ first,
/// `path` is more exact, with text in the place of a hole.
fn takes_from(side: Side<'_>, operation: &Operation, path: &str) -> bool {
    let (wide, narrow): (Vec<&str>, Vec<&str>) = (operation.path.split('/').collect(), path.split('/').collect());
    let hole = |segment: &str| segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).map(ToOwned::to_owned);
    let mut is_narrower = None;
    let fits = wide.len() == narrow.len()
        && wide.iter().zip(&narrow).all(|(wide, narrow)| match (hole(wide), hole(narrow)) {
            _ if wide == narrow => true,
            (Some(_), Some(_)) => true,
            (Some(name), None) => {
                is_narrower.get_or_insert(true);
                // What stands beside a hole is not known as a whole.
                narrow.contains('{') || may_be(side, operation, &name, narrow)
            }
            (None, Some(_)) => {
                is_narrower.get_or_insert(false);
                true
            }
            (None, None) => wide.contains('{') && narrow.contains('{'),
        });
    fits && is_narrower == Some(true)
}

/// Whether a parameter of the path may be this text.
fn may_be(side: Side<'_>, operation: &Operation, name: &str, text: &str) -> bool {
    let own = operation.parameters.iter().find(|one| one.location == ParameterLocation::Path && one.name == name);
    let Some(schema) = own.and_then(|one| one.payload.schema()) else { return true };
    texts(text).iter().any(|value| admits(&side.api.schemas, schema, value))
}

impl<'a> Comparison<'a> {
    /// Remembers an operation, to be named by changes; returns its number.
    pub(crate) fn register(&mut self, operation: &'a Operation, counterparts: Counterparts<'a>) -> usize {
        self.counterparts.push(counterparts);
        self.operations.push(OperationName {
            method: operation.method.as_str().to_owned(),
            path: operation.path.clone(),
            id: operation.id.clone(),
        });
        self.operations.len() - 1
    }

    fn compare_operations(&mut self) {
        let (base, revision) = (self.base.api, self.revision.api);
        let matched = matching::match_up(self, &base.operations, &revision.operations);
        for (old, new) in matched.pairs {
            self.compare_call(&base.operations[old], &revision.operations[new], false);
        }
        for old in matched.removed {
            self.remove_operation(&base.operations[old], Exchange::Request);
        }
        for new in matched.added {
            self.add_operation(&revision.operations[new], Exchange::Request);
        }
    }

    /// Compares the named schemas once more on their own, for those that no operation reaches.
    fn compare_components(&mut self) {
        let (there, here) = (self.base.api.reachable(), self.revision.api.reachable());
        for (name, new) in &self.revision.api.components {
            let Some(old) = self.base.api.components.get(name) else { continue };
            // What is used is told about where it is used.
            if there.contains(*old) || here.contains(*new) {
                continue;
            }
            let homes = (self.base.api.schemas[*old].at.clone(), self.revision.api.schemas[*new].at.clone());
            let (base, revision) = (Some(*old), Some(*new));
            let (exchange, operation, medium) = (Exchange::Request, None, Medium::Json);
            self.walk.enter(Root { base, revision, homes, exchange, operation, medium, is_present: false });
        }
    }

    pub(crate) fn remove_operation(&mut self, operation: &'a Operation, exchange: Exchange) {
        let number = self.register(operation, Counterparts { base: Some(operation), revision: None });
        let change = ChangeBuilder::new(is::OPERATION_REMOVED, subject(operation));
        self.add(change.at(Some(&operation.at), None).in_exchange(exchange).of(number));
    }

    pub(crate) fn add_operation(&mut self, operation: &'a Operation, exchange: Exchange) {
        let number = self.register(operation, Counterparts { base: None, revision: Some(operation) });
        let shadowed = (exchange == Exchange::Request).then(|| self.shadowed(operation)).flatten();
        let change = match shadowed {
            Some(other) => ChangeBuilder::new(is::OPERATION_SHADOWS, subject(operation)).from(subject(other)),
            None => ChangeBuilder::new(is::OPERATION_ADDED, subject(operation)),
        };
        self.add(change.at(None, Some(&operation.at)).in_exchange(exchange).of(number));
    }

    /// The operation of the base that answered requests which reach the path of a new operation now: its own method
    /// first, else another one that the path does not have.
    fn shadowed(&self, operation: &Operation) -> Option<&'a Operation> {
        let (base, revision) = (self.base.api, self.revision.api);
        // Paths of other lengths have nothing to do with it.
        let segments = |path: &str| path.matches('/').count();
        let length = segments(&operation.path);
        let alike: Vec<&Operation> = base.operations.iter().filter(|one| segments(&one.path) == length).collect();
        let own = anonymous(&operation.path);
        if alike.iter().any(|one| anonymous(&one.path) == own) {
            return None;
        }
        let has_method =
            |method: &Method| revision.operations.iter().any(|one| one.path == operation.path && one.method == *method);
        let is_taken = |one: &&&Operation| {
            (one.method == operation.method || !has_method(&one.method)) && takes_from(self.base, one, &operation.path)
        };
        let all = || alike.iter().filter(is_taken).copied();
        all().find(|one| one.method == operation.method).or_else(|| all().next())
    }
}
