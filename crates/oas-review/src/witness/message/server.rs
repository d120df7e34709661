//! Where requests go.

use oas_model::{Api, Operation, Server};

use super::template;
use crate::address::servers;

/// Whether one of the servers stands at a URL.
pub(super) fn stand(servers: &[Server], url: &str) -> bool {
    let is_at = |server: &Server| {
        let found = template::captures(server.url.trim_end_matches('/'), url.trim_end_matches('/'), &[]);
        found.is_some_and(|found| {
            found.iter().all(|(name, text)| {
                let variable = server.variables.get(*name);
                variable.is_none_or(|one| one.values.is_empty() || one.values.iter().any(|value| value == text))
            })
        })
    };
    servers.iter().any(is_at)
}

/// The URLs of an operation's servers: each with its defaults, and with every value of every variable.
pub(super) fn urls(api: &Api, operation: &Operation) -> Vec<String> {
    let mut urls = Vec::new();
    for server in servers(api, operation) {
        let url = |chosen: Option<(&str, &str)>| {
            template::filled(&server.url, |name| match chosen {
                Some((own, value)) if own == name => Some(value.to_owned()),
                _ => Some(server.variables.get(name)?.default.clone()),
            })
        };
        urls.extend(url(None));
        for (name, variable) in &server.variables {
            urls.extend(variable.values.iter().filter_map(|value| url(Some((name, value)))));
            if variable.values.is_empty() {
                urls.extend(url(Some((name, "another"))));
            }
        }
    }
    urls.dedup();
    urls
}
