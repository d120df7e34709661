//! A path template as the router underneath takes it.
//!
//! That router knows fixed segments and parameters that are a segment of their own. It refuses `{name}.{extension}` and
//! panics on what it refuses, so a segment of that kind becomes one parameter for it, and our own matcher tells apart
//! what meets there.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::template::{Segment, Template};

/// How many parameters the router underneath takes in a path.
const MOST_PARAMETERS: usize = 25;

/// What a path has only in escapes (RFC 3986, section 3.3), and `%` and `/`, which are text here.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'\\')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A path template as the router underneath takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoutePath {
    /// The path, parameters by name. It is what a `MatchedPath` says.
    pub(crate) text: String,
    /// The path without the names of parameters: the same for all templates of one form.
    pub(crate) form: String,
    /// Whether the path says all that the template says.
    pub(crate) whole: bool,
}

impl RoutePath {
    /// `path` as the router takes it, below `base`; `None` when it has more parameters than that router takes.
    pub(crate) fn new(base: &str, path: &str) -> Option<Self> {
        let template = Template::parse(path);
        let path = path.split(['#', '?']).next().unwrap_or_default();
        let path = path.strip_prefix('/').unwrap_or(path);
        let mut route = Self { text: braces(base).into_owned(), form: braces(base).into_owned(), whole: true };
        let mut parameters = 0;
        for (segment, written) in template.segments.iter().zip(path.split('/')) {
            route.push("/", "/");
            match segment {
                Segment::Literal(text) if !text.starts_with([':', '*']) => {
                    let escaped = utf8_percent_encode(text, ESCAPED).to_string();
                    let literal = braces(&escaped);
                    route.push(&literal, &literal);
                }
                Segment::Parameter | Segment::Mixed(_) | Segment::Literal(_) => {
                    parameters += 1;
                    route.whole &= *segment == Segment::Parameter;
                    route.push(&format!("{{{}}}", name(written)), "{}");
                }
            }
        }
        (parameters <= MOST_PARAMETERS).then_some(route)
    }

    fn push(&mut self, text: &str, form: &str) {
        self.text.push_str(text);
        self.form.push_str(form);
    }
}

/// Text with its braces doubled, which makes them text for the router.
fn braces(text: &str) -> Cow<'_, str> {
    if text.contains(['{', '}']) { text.replace('{', "{{").replace('}', "}}").into() } else { text.into() }
}

/// The name of a parameter, made of what the template has in its place: `Sid.json` of `{Sid}.json`.
fn name(written: &str) -> String {
    let name: String = written.chars().filter(|one| !matches!(one, '{' | '}' | '*')).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str) -> (String, bool) {
        let route = RoutePath::new("/v1", path).expect("few parameters");
        (route.text, route.whole)
    }

    #[test]
    fn templates_become_paths_that_the_router_takes() {
        for (template, text, whole) in [
            ("/clips/{id}", "/v1/clips/{id}", true),
            ("/", "/v1/", true),
            ("/a/", "/v1/a/", true),
            ("/Accounts/{Sid}.json", "/v1/Accounts/{Sid.json}", false),
            ("/files/{name}.{extension}", "/v1/files/{name.extension}", false),
            ("/größe", "/v1/gr%C3%B6%C3%9Fe", true),
            ("/a%2Fb c", "/v1/a%2Fb%20c", true),
            ("/{a*}/x{y", "/v1/{a}/x%7By", true),
            ("/{container}?restype=container", "/v1/{container}", true),
            ("/{}/:batch", "/v1/{_}/{:batch}", false),
        ] {
            assert_eq!(route(template), (text.to_owned(), whole), "{template}");
        }
        assert_eq!(RoutePath::new("", &"/{x}".repeat(26)), None);
    }
}
