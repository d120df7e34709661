//! The header `Link` (RFC 8288), as far as it names a next page.

use reqwest::Url;
use reqwest::header::{HeaderMap, LINK};

/// The target of the first link whose relations hold `next`, as it is written.
pub(super) fn next(headers: &HeaderMap) -> Option<String> {
    headers.get_all(LINK).iter().find_map(|value| in_line(value.to_str().ok()?))
}

/// The same in one line of the header.
fn in_line(line: &str) -> Option<String> {
    let mut rest = line;
    loop {
        let start = rest.find('<')?;
        let (target, after) = rest[start + 1..].split_once('>')?;
        let end = end_of_parameters(after);
        if is_next(&after[..end]) {
            return Some(target.trim().to_owned());
        }
        rest = &after[end..];
    }
}

/// Where the parameters of a link end: at the first comma outside of quotes.
fn end_of_parameters(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, one) in text.char_indices() {
        match one {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

/// Whether the parameters of a link say that it is the next one.
fn is_next(parameters: &str) -> bool {
    let relation = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"'))
    });
    relation.is_some_and(|all| all.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case("next")))
}

/// Where a link leads that an answer of `from` holds. Another host gets none of our credentials: it is refused.
pub(super) fn resolve(from: &Url, link: &str) -> Result<Url, String> {
    let mut target = from.join(link).map_err(|error| format!("the link to the next page is no URL: {error}"))?;
    // Behind a proxy that ends TLS many servers call themselves `http`.
    let is_same_host = target.host() == from.host() && target.port().is_none() && from.port().is_none();
    if is_same_host && target.scheme() == "http" && from.scheme() == "https" && target.set_scheme("https").is_err() {
        return Err("the link to the next page is no URL that can be asked".to_owned());
    }
    if target.origin() == from.origin() {
        return Ok(target);
    }
    let (ours, theirs) = (from.origin().ascii_serialization(), target.origin().ascii_serialization());
    Err(format!("the next page is at {theirs}, and what is sent to {ours} may be secret; ask for it yourself"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_is_found_among_others() {
        let lines = [
            (
                r#"<https://a.example/x?page=2>; rel="next", <https://a.example/x?page=9>; rel="last""#,
                Some("https://a.example/x?page=2"),
            ),
            (r#"</a,b>; rel=prev; title="x, <no>; rel=next", </c>;REL="up NEXT""#, Some("/c")),
            (r"<?cursor=a%3Db> ; rel=next", Some("?cursor=a%3Db")),
            (r#"</x>; rel="nextish""#, None),
            ("", None),
            ("<unfinished", None),
        ];
        for (line, expected) in lines {
            assert_eq!(in_line(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn links_stay_at_home() {
        let from: Url = "https://a.example/v1/x?page=1".parse().expect("a URL");
        assert_eq!(resolve(&from, "?page=2").expect("same").as_str(), "https://a.example/v1/x?page=2");
        assert_eq!(resolve(&from, "http://a.example/y").expect("same").as_str(), "https://a.example/y");
        for other in ["https://b.example/x", "//b.example", "http://a.example:8080/x", "https://a.example:444/x"] {
            let error = resolve(&from, other).expect_err("another origin");
            assert!(error.contains("ask for it yourself"), "{error}");
        }
    }
}
