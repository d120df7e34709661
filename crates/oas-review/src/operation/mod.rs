//! Comparison of everything above schemas: operations and what stands inside of them, security, servers.

mod body;
mod call;
mod callback;
mod component;
mod header;
mod matching;
mod parameter;
mod response;
mod security;
mod server;
mod words;

use oas_model::Operation;

use crate::change::{Change, OperationName};
use crate::effect::Exchange;
use crate::rule::is;
use crate::schema::Root;
use crate::side::Side;
use crate::survey::{Note, Survey};
use crate::witness::{self, Counterparts};

/// Compares two documents.
///
/// The changes come in the order of the documents: operations first, then schemas, each once. Their evidence was
/// checked with a validator against both documents.
pub fn compare(base: Side<'_>, revision: Side<'_>) -> Vec<Change> {
    let mut survey = Survey::new(base, revision);
    survey.compare_words();
    survey.compare_operations();
    survey.compare_webhooks();
    survey.compare_schemes();
    survey.compare_servers();
    survey.compare_components();
    survey.compare_unused_components();
    let (changes, walk, counterparts) = survey.finish();
    witness::attach(changes, walk, &counterparts)
}

/// What to call an operation in a sentence.
pub(crate) fn subject(operation: &Operation) -> String {
    format!("`{} {}`", operation.method, operation.path)
}

impl<'a> Survey<'a> {
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
        for (name, new) in &self.revision.api.components {
            let Some(old) = self.base.api.components.get(name) else { continue };
            let homes = (self.base.api.schemas[*old].at.clone(), self.revision.api.schemas[*new].at.clone());
            let (base, revision) = (Some(*old), Some(*new));
            self.walk.enter(Root { base, revision, homes, exchange: Exchange::Request, operation: None });
        }
    }

    pub(crate) fn remove_operation(&mut self, operation: &'a Operation, exchange: Exchange) {
        let number = self.register(operation, Counterparts { base: Some(operation), revision: None });
        let note = Note::new(is::OPERATION_REMOVED, subject(operation));
        self.add(note.at(Some(&operation.at), None).in_exchange(exchange).of(number));
    }

    pub(crate) fn add_operation(&mut self, operation: &'a Operation, exchange: Exchange) {
        let number = self.register(operation, Counterparts { base: None, revision: Some(operation) });
        let note = Note::new(is::OPERATION_ADDED, subject(operation));
        self.add(note.at(None, Some(&operation.at)).in_exchange(exchange).of(number));
    }
}
