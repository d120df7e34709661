//! Servers: where requests go.

use std::collections::BTreeSet;

use oas_model::{Operation, Server};

use crate::effect::Exchange;
use crate::rule::is;
use crate::survey::{Note, Survey};

use super::call::Call;

impl<'a> Survey<'a> {
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
        self.compare_server_lists(&users, old, new);
    }

    /// Compares the servers of an operation that has its own, or had.
    pub(crate) fn compare_own_servers(&mut self, call: Call<'a>) {
        if call.old.servers.is_empty() && call.new.servers.is_empty() {
            return;
        }
        let or = |own: &'a [Server], inherited: &'a [Server]| if own.is_empty() { inherited } else { own };
        let old = or(&call.old.servers, &self.base.api.servers);
        let new = or(&call.new.servers, &self.revision.api.servers);
        self.compare_server_lists(&[call.number], old, new);
    }

    fn compare_server_lists(&mut self, operations: &[usize], old: &'a [Server], new: &'a [Server]) {
        let by_url = |servers: &'a [Server], url: &str| servers.iter().find(|server| same_url(&server.url, url));
        let mut gone: Vec<&Server> = old.iter().filter(|was| by_url(new, &was.url).is_none()).collect();
        let mut come: Vec<&Server> = new.iter().filter(|is| by_url(old, &is.url).is_none()).collect();
        let note = |rule, was: Option<&Server>, is: Option<&Server>| {
            let mut note = Note::new(rule, "the API").at(was.map(|one| &one.at), is.map(|one| &one.at));
            note.operations = operations.to_vec();
            note.in_exchange(Exchange::Request)
        };
        let title = |server: &Server| format!("`{}`", server.url);
        if let (Some(was), Some(is)) = (gone.first(), come.first())
            && have_same_urls(old, new)
        {
            self.add(note(is::SERVER_RESPELLED, Some(was), Some(is)).from(title(was)).to(title(is)));
            gone.clear();
            come.clear();
        }
        if let ([was], [is]) = (gone.as_slice(), come.as_slice()) {
            self.add(note(is::SERVER_URL_CHANGED, Some(was), Some(is)).from(title(was)).to(title(is)));
            gone.clear();
            come.clear();
        } else if let (Some(was), Some(is)) = (old.first(), new.first()) {
            // With a server that came or went, the first one is told about there.
            if !same_url(&was.url, &is.url) && gone.is_empty() && come.is_empty() {
                self.add(note(is::SERVER_ORDER_CHANGED, Some(was), Some(is)).from(title(was)).to(title(is)));
            }
        }
        for was in gone {
            self.add(note(is::SERVER_REMOVED, Some(was), None).name(title(was)));
        }
        for is in come {
            self.add(note(is::SERVER_ADDED, None, Some(is)).name(title(is)));
        }
        for was in old {
            if let Some(is) = by_url(new, &was.url) {
                if was.url != is.url {
                    self.add(note(is::SERVER_RESPELLED, Some(was), Some(is)).from(title(was)).to(title(is)));
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
            let note = |rule| {
                let mut note = Note::new(rule, "the API").at(Some(&place(was)), Some(&place(is)));
                note.operations = operations.to_vec();
                note.in_exchange(Exchange::Request).name(format!("`{name}`"))
            };
            self.compare_words_at(&format!("the variable `{name}` of a server"), &place(was), &place(is));
            if old.default != new.default {
                let changed = note(is::SERVER_VARIABLE_CHANGED).name(format!("the default of `{name}`"));
                self.add(changed.from(old.default.as_str()).to(new.default.as_str()));
            }
            // Without a list, any value will do.
            let is_free = |values: &[String]| values.is_empty();
            for value in old.values.iter().filter(|value| !is_free(&new.values) && !new.values.contains(value)) {
                self.add(note(is::SERVER_VALUE_REMOVED).from(value.as_str()));
            }
            for value in new.values.iter().filter(|value| !is_free(&old.values) && !old.values.contains(value)) {
                self.add(note(is::SERVER_VALUE_ADDED).to(value.as_str()));
            }
            match (is_free(&old.values), is_free(&new.values)) {
                (true, false) => self.add(note(is::SERVER_VALUE_REMOVED).from("any other value")),
                (false, true) => self.add(note(is::SERVER_VALUE_ADDED).to("any value")),
                _ => {}
            }
        }
    }
}

/// Whether two URLs are the same one.
fn same_url(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// A URL in the form that all spellings of it share: scheme and host have no case and a default port is none (RFC 3986,
/// section 6.2), and a slash at the end is no part of the requests that go there.
fn plain(url: &str) -> String {
    let url = url.trim_end_matches('/');
    let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| !scheme.contains(['/', '{'])) else {
        return url.to_owned();
    };
    let scheme = scheme.to_ascii_lowercase();
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let port = match scheme.as_str() {
        "https" | "wss" => ":443",
        _ => ":80",
    };
    // Names of variables have a case.
    let host = if host.contains('{') { host.to_owned() } else { host.to_ascii_lowercase() };
    format!("{scheme}://{}{path}", host.strip_suffix(port).unwrap_or(&host))
}

/// Whether the servers of both sides stand for the same URLs, and the same one is called by default.
fn have_same_urls(old: &[Server], new: &[Server]) -> bool {
    let (Some(was), Some(is)) = (all_urls(old), all_urls(new)) else { return false };
    was.first() == is.first() && was.iter().collect::<BTreeSet<_>>() == is.iter().collect::<BTreeSet<_>>()
}

/// All URLs that the servers stand for, the one that is called by default first; `None` where a variable may be anything,
/// or there are too many.
fn all_urls(servers: &[Server]) -> Option<Vec<String>> {
    /// More are not compared one by one.
    const MOST: usize = 64;
    let mut all = Vec::new();
    for server in servers {
        let mut urls = vec![server.url.clone()];
        for (name, variable) in server.variables.iter().filter(|(name, _)| server.url.contains(&format!("{{{name}}}")))
        {
            let others = variable.values.iter().filter(|value| **value != variable.default);
            let values: Vec<&String> = std::iter::once(&variable.default).chain(others).collect();
            if variable.values.is_empty() || urls.len() * values.len() > MOST {
                return None;
            }
            let hole = format!("{{{name}}}");
            urls = values
                .iter()
                .flat_map(|value| urls.iter().map(|url| url.replace(&hole, value)).collect::<Vec<_>>())
                .collect();
        }
        all.extend(urls.iter().map(|url| plain(url)));
    }
    Some(all)
}
