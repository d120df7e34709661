//! Where requests go: the URL of a server, and the path of an operation below it.

use std::collections::BTreeSet;

use oas_model::{Api, Operation, Server};

/// The servers that an operation is called at.
pub(crate) fn servers<'a>(api: &'a Api, operation: &'a Operation) -> &'a [Server] {
    if operation.servers.is_empty() { &api.servers } else { &operation.servers }
}

/// Whether the paths of two operations differ and what they are called at does not: what one side says in the URLs of
/// its servers, the other says in the path.
pub(crate) fn is_rebased(base: (&Api, &Operation), revision: (&Api, &Operation)) -> bool {
    anonymous(&base.1.path) != anonymous(&revision.1.path)
        && base.1.method == revision.1.method
        && is_same_list(&addresses(base), &addresses(revision))
}

/// Where an operation is called by default.
pub(crate) fn address((api, operation): (&Api, &Operation)) -> String {
    let url = servers(api, operation).first().map(|server| plain(&server.url)).unwrap_or_default();
    url + &operation.path
}

/// The same without the host, and without the names of parameters: the part of the URL that names what is called.
pub(crate) fn address_path((api, operation): (&Api, &Operation)) -> String {
    base_path(api, operation) + &anonymous(&operation.path)
}

/// The path of the server that an operation is called at by default.
pub(crate) fn base_path(api: &Api, operation: &Operation) -> String {
    let url = servers(api, operation).first().map(|server| plain(&server.url)).unwrap_or_default();
    let path =
        url.split_once("://").map_or(Some(url.as_str()), |(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
    path.unwrap_or_default().to_owned()
}

/// Everywhere an operation is called, the default first.
fn addresses((api, operation): (&Api, &Operation)) -> Vec<String> {
    let servers = servers(api, operation);
    // A variable that may be anything stands for itself.
    let urls = all_urls(servers).unwrap_or_else(|| servers.iter().map(|server| plain(&server.url)).collect());
    urls.into_iter().map(|url| url + &anonymous(&operation.path)).collect()
}

fn is_same_list(old: &[String], new: &[String]) -> bool {
    old.first() == new.first() && old.iter().collect::<BTreeSet<_>>() == new.iter().collect::<BTreeSet<_>>()
}

/// The template without the names of its parameters.
pub(crate) fn anonymous(path: &str) -> String {
    let mut text = String::new();
    let mut depth = 0_u32;
    for letter in path.chars() {
        match letter {
            '{' => {
                depth += 1;
                text.push('{');
            }
            '}' => {
                depth = depth.saturating_sub(1);
                text.push('}');
            }
            other if depth == 0 => text.push(other),
            _ => {}
        }
    }
    text
}

/// The names of the parameters of a template, in order.
pub(crate) fn template_names(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

/// Whether two URLs are the same one.
pub(crate) fn same_url(one: &str, other: &str) -> bool {
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

/// Whether the servers of both sides stand for the same URLs, and the same one is called by default.
pub(crate) fn have_same_urls(old: &[Server], new: &[Server]) -> bool {
    let (Some(was), Some(is)) = (all_urls(old), all_urls(new)) else { return false };
    is_same_list(&was, &is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parameters_do_not_count() {
        assert_eq!(anonymous("/a/{x}/b/{y}"), "/a/{}/b/{}");
        assert_eq!(template_names("/a/{x}/b/{y}"), ["x", "y"]);
    }
}
