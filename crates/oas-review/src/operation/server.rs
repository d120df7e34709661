//! Servers: where requests go.

use oas_model::{Operation, Server};

use crate::address::{have_same_urls, is_rebased, same_url, servers};
use crate::comparison::{ChangeBuilder, Comparison};
use crate::effect::Exchange;
use crate::rule::is;

use super::call::Call;

impl<'a> Comparison<'a> {
    /// Compares the servers of the documents.
    pub(crate) fn compare_servers(&mut self) {
        let (old, new) = (self.base.api.servers.as_slice(), self.revision.api.servers.as_slice());
        let inherits = |operation: &Operation| operation.servers.is_empty();
        let users: Vec<usize> = self
            .operations
            .iter()
            .enumerate()
            .filter(|(_, one)| {
                let same = |other: &&Operation| other.method.as_str() == one.method && other.path == one.path;
                self.revision.api.operations.iter().find(same).is_some_and(inherits)
            })
            .map(|(number, _)| number)
            .collect();
        // What every operation replaces by servers of its own is called by nobody; those that did not are told about.
        if !self.revision.api.operations.is_empty() && !self.revision.api.operations.iter().any(inherits) {
            return;
        }
        let (rebased, users): (Vec<usize>, Vec<usize>) = users.into_iter().partition(|number| self.is_rebased(*number));
        if let (Some(was), Some(is)) = (old.first(), new.first())
            && !rebased.is_empty()
        {
            self.add_base_path(&rebased, was, is);
            if users.is_empty() {
                return;
            }
        }
        self.compare_server_lists(&users, old, new);
    }

    /// Whether an operation is called where it was called, by another path below another server.
    fn is_rebased(&self, number: usize) -> bool {
        let call = self.counterparts.get(number).and_then(|call| call.base.zip(call.revision));
        call.is_some_and(|(old, new)| is_rebased((self.base.api, old), (self.revision.api, new)))
    }

    /// Tells that what servers said is said by paths now, or the other way round.
    fn add_base_path(&mut self, operations: &[usize], was: &Server, is: &Server) {
        let mut change = ChangeBuilder::new(is::BASE_PATH_MOVED, "the API").at(Some(&was.at), Some(&is.at));
        change.operations = operations.to_vec();
        let title = |server: &Server| format!("`{}`", server.url);
        self.add(change.in_exchange(Exchange::Request).from(title(was)).to(title(is)));
    }

    /// Compares the servers of an operation that has its own, or had.
    pub(crate) fn compare_own_servers(&mut self, call: Call<'a>) {
        if call.old.servers.is_empty() && call.new.servers.is_empty() {
            return;
        }
        let old = servers(self.base.api, call.old);
        let new = servers(self.revision.api, call.new);
        if let (Some(was), Some(is), true) = (old.first(), new.first(), self.is_rebased(call.number)) {
            return self.add_base_path(&[call.number], was, is);
        }
        self.compare_server_lists(&[call.number], old, new);
    }

    fn compare_server_lists(&mut self, operations: &[usize], old: &'a [Server], new: &'a [Server]) {
        let by_url = |servers: &'a [Server], url: &str| servers.iter().find(|server| same_url(&server.url, url));
        let mut removed: Vec<&Server> = old.iter().filter(|was| by_url(new, &was.url).is_none()).collect();
        let mut added: Vec<&Server> = new.iter().filter(|is| by_url(old, &is.url).is_none()).collect();
        let change = |rule, was: Option<&Server>, is: Option<&Server>| {
            let mut change = ChangeBuilder::new(rule, "the API").at(was.map(|one| &one.at), is.map(|one| &one.at));
            change.operations = operations.to_vec();
            change.in_exchange(Exchange::Request)
        };
        let title = |server: &Server| format!("`{}`", server.url);
        let is_respelled = have_same_urls(old, new);
        if let (Some(was), Some(is), true) = (removed.first(), added.first(), is_respelled) {
            self.add(change(is::SERVER_RESPELLED, Some(was), Some(is)).from(title(was)).to(title(is)));
            removed.clear();
            added.clear();
        }
        if let ([was], [is]) = (removed.as_slice(), added.as_slice()) {
            self.add(change(is::SERVER_URL_CHANGED, Some(was), Some(is)).from(title(was)).to(title(is)));
            removed.clear();
            added.clear();
        } else if let (Some(was), Some(is)) = (old.first(), new.first()) {
            // With a server that came or went, the first one is told about there.
            if !is_respelled && !same_url(&was.url, &is.url) && removed.is_empty() && added.is_empty() {
                self.add(change(is::SERVER_ORDER_CHANGED, Some(was), Some(is)).from(title(was)).to(title(is)));
            }
        }
        for was in removed {
            self.add(change(is::SERVER_REMOVED, Some(was), None).name(title(was)));
        }
        for is in added {
            self.add(change(is::SERVER_ADDED, None, Some(is)).name(title(is)));
        }
        for was in old {
            if let Some(is) = by_url(new, &was.url) {
                if was.url != is.url {
                    self.add(change(is::SERVER_RESPELLED, Some(was), Some(is)).from(title(was)).to(title(is)));
                }
                self.compare_words_at(&format!("the server {}", title(is)), &was.at, &is.at);
                self.compare_variables(operations, was, is);
            }
        }
    }

    fn compare_variables(&mut self, operations: &[usize], was: &'a Server, is: &'a Server) {
        for (name, old) in &was.variables {
            let Some(new) = is.variables.get(name) else { continue };
            let place = |server: &Server| server.at.child("variables").child(name);
            let change = |rule| {
                let mut change = ChangeBuilder::new(rule, "the API").at(Some(&place(was)), Some(&place(is)));
                change.operations = operations.to_vec();
                change.in_exchange(Exchange::Request).name(format!("`{name}`"))
            };
            self.compare_words_at(&format!("the variable `{name}` of a server"), &place(was), &place(is));
            if old.default != new.default {
                let changed = change(is::SERVER_VARIABLE_CHANGED).name(format!("the default of `{name}`"));
                self.add(changed.from(old.default.as_str()).to(new.default.as_str()));
            }
            // Without a list, any value will do.
            let is_free = |values: &[String]| values.is_empty();
            for value in old.values.iter().filter(|value| !is_free(&new.values) && !new.values.contains(value)) {
                self.add(change(is::SERVER_VALUE_REMOVED).from(value.as_str()));
            }
            for value in new.values.iter().filter(|value| !is_free(&old.values) && !old.values.contains(value)) {
                self.add(change(is::SERVER_VALUE_ADDED).to(value.as_str()));
            }
            match (is_free(&old.values), is_free(&new.values)) {
                (true, false) => self.add(change(is::SERVER_VALUE_REMOVED).from("any other value")),
                (false, true) => self.add(change(is::SERVER_VALUE_ADDED).to("any value")),
                _ => {}
            }
        }
    }
}
