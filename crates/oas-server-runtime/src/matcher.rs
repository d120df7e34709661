//! From path to operations: a tree of segments.
//!
//! The router underneath refuses templates that documents have (`/{name}.{extension}`, `/a/{x}` beside `/a/{y}/b`),
//! and panics on them. This one takes every template.

use oas_wire::percent;
use std::collections::{BTreeMap, HashMap};

use crate::template::{Mixed, Segment, Template};

/// A tree of segments with values of type `T` at the end of its paths.
#[derive(Debug)]
pub(crate) struct Matcher<T> {
    nodes: Vec<Node<T>>,
    /// The nodes at the end of paths without parameters. Nothing is more specific than such a path, so a request for it
    /// need not be led through the tree.
    fixed: HashMap<String, usize>,
}

#[derive(Debug)]
struct Node<T> {
    literals: BTreeMap<String, usize>,
    /// The most specific first.
    mixed: Vec<(Mixed, usize)>,
    parameter: Option<usize>,
    values: Vec<T>,
}

/// What a path led to.
#[derive(Debug)]
pub(crate) struct Found<'a, T> {
    /// Every value whose template has the form of the path; never empty.
    pub(crate) values: &'a [T],
    /// The raw text of each parameter, in the order in which they stand.
    pub(crate) captures: Vec<String>,
}

impl<T> Node<T> {
    const fn new() -> Self {
        Self { literals: BTreeMap::new(), mixed: Vec::new(), parameter: None, values: Vec::new() }
    }
}

impl<T> Matcher<T> {
    /// A matcher that knows no path.
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::new()], fixed: HashMap::new() }
    }

    /// Adds `value` at the end of `template`.
    pub(crate) fn insert(&mut self, template: &Template, value: T) {
        let end = template.segments.iter().fold(0, |node, segment| self.step(node, segment));
        if let Some(path) = template.fixed_path() {
            self.fixed.insert(path, end);
        }
        if let Some(node) = self.nodes.get_mut(end) {
            node.values.push(value);
        }
    }

    /// The node behind `segment`, made if it is not there yet.
    fn step(&mut self, from: usize, segment: &Segment) -> usize {
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(from) else { return from };
        let target = match segment {
            Segment::Literal(text) => *node.literals.entry(text.clone()).or_insert(next),
            Segment::Parameter => *node.parameter.get_or_insert(next),
            Segment::Mixed(mixed) => {
                let known = node.mixed.iter().find(|(other, _)| other == mixed).map(|(_, target)| *target);
                known.unwrap_or_else(|| {
                    // Equal weights keep the order in which they came, which is the document's.
                    let at = node.mixed.partition_point(|(other, _)| other.weight() >= mixed.weight());
                    node.mixed.insert(at, (mixed.clone(), next));
                    next
                })
            }
        };
        if target == next {
            self.nodes.push(Node::new());
        }
        target
    }

    /// The values of the most specific template that has the form of `path`. Fixed segments go before parameters
    /// (OpenAPI 3.1.1, section 4.8.8.1), from left to right.
    pub(crate) fn find(&self, path: &str) -> Option<Found<'_, T>> {
        if let Some(node) = self.fixed.get(path).and_then(|node| self.nodes.get(*node)) {
            return Some(Found { values: &node.values, captures: Vec::new() });
        }
        let mut captures = Vec::new();
        let node = self.descend(0, Some(path.strip_prefix('/').unwrap_or(path)), &mut captures)?;
        Some(Found { values: &node.values, captures })
    }

    /// The node at the end of `path`, which is what is left of the path behind the node `at`; `None` at its end. Never
    /// deeper than the longest template, however long the path is.
    fn descend(&self, at: usize, path: Option<&str>, captures: &mut Vec<String>) -> Option<&Node<T>> {
        let node = self.nodes.get(at)?;
        let Some(path) = path else { return (!node.values.is_empty()).then_some(node) };
        let (segment, rest) =
            percent::split_at_first(path, b'/').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let literal = if node.literals.is_empty() { None } else { percent::decoded(segment) };
        if let Some(target) = literal.and_then(|text| node.literals.get(&*text))
            && let Some(found) = self.descend(*target, rest, captures)
        {
            return Some(found);
        }
        let before = captures.len();
        for (mixed, target) in &node.mixed {
            if let Some(texts) = mixed.captures(segment) {
                captures.extend(texts);
                if let Some(found) = self.descend(*target, rest, captures) {
                    return Some(found);
                }
                captures.truncate(before);
            }
        }
        let target = node.parameter.filter(|_| !segment.is_empty())?;
        captures.push(segment.to_owned());
        let found = self.descend(target, rest, captures);
        if found.is_none() {
            captures.truncate(before);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(templates: &[&'static str]) -> Matcher<&'static str> {
        let mut matcher = Matcher::new();
        for template in templates {
            matcher.insert(&Template::parse(template), *template);
        }
        matcher
    }

    fn first(matcher: &Matcher<&'static str>, path: &str) -> Option<(&'static str, Vec<String>)> {
        let found = matcher.find(path)?;
        Some((found.values.first()?, found.captures))
    }

    #[test]
    fn fixed_segments_go_before_parameters() {
        let matcher = matcher(&["/a/{x}", "/a/b", "/a/{y}/c", "/a/b/d", "/{file}.{ext}", "/{any}", "/"]);
        let path = |text| first(&matcher, text).map(|(template, _)| template);
        assert_eq!(path("/a/b"), Some("/a/b"));
        assert_eq!(path("/a/%62"), Some("/a/b"));
        assert_eq!(path("/a/x"), Some("/a/{x}"));
        assert_eq!(path("/a/b/c"), Some("/a/{y}/c"));
        assert_eq!(path("/a/b/d"), Some("/a/b/d"));
        assert_eq!(path("/clip.mp4"), Some("/{file}.{ext}"));
        assert_eq!(path("/clip"), Some("/{any}"));
        assert_eq!(path("/"), Some("/"));
    }

    #[test]
    fn fixed_paths_are_found_however_they_are_written() {
        let matcher = matcher(&["/{x}", "/a b", "/c%2Fd", "/e/{y}", "/e/f"]);
        let path = |text| first(&matcher, text).map(|(template, _)| template);
        assert_eq!(path("/a%20b"), Some("/a b"));
        assert_eq!(path("/c%2Fd"), Some("/c%2Fd"));
        assert_eq!(path("/c%2fd"), Some("/c%2Fd"));
        assert_eq!(path("/c/d"), None);
        assert_eq!(path("/e/f"), Some("/e/f"));
        assert_eq!(path("/e/%66"), Some("/e/f"));
        assert_eq!(path("/e"), Some("/{x}"));
    }

    #[test]
    fn trailing_slashes_and_empty_segments_are_distinct() {
        let matcher = matcher(&["/a", "/b/", "/c/{x}"]);
        let path = |text| first(&matcher, text).map(|(template, _)| template);
        assert_eq!(path("/a/"), None);
        assert_eq!(path("/b"), None);
        assert_eq!(path("/b/"), Some("/b/"));
        assert_eq!(path("/c/"), None);
        assert_eq!(path("//a"), None);
    }

    #[test]
    fn captures_are_those_of_the_path_taken() {
        let matcher = matcher(&["/{a}/{b}/x", "/{a}/{b}/{c}/y"]);
        assert_eq!(
            first(&matcher, "/1/2/3/y").map(|(_, captures)| captures),
            Some(vec!["1".into(), "2".into(), "3".into()])
        );
        assert_eq!(first(&matcher, "/1%2F2/3/x").map(|(_, captures)| captures), Some(vec!["1%2F2".into(), "3".into()]));
        assert!(matcher.find(&"/x".repeat(50_000)).is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_template_and_no_path_panics(templates in proptest::collection::vec("[/{}.a%:é?#=]{0,12}", 0..8), path in "[/.a%:éb0-9]{0,16}") {
            let mut matcher = Matcher::new();
            for template in &templates {
                matcher.insert(&Template::parse(template), template);
            }
            let _ = matcher.find(&path);
            for template in &templates {
                let _ = matcher.find(template);
            }
        }

        #[test]
        fn a_path_made_of_a_template_is_found(values in proptest::collection::vec("[a-z0-9]{1,6}", 3)) {
            let mut matcher = Matcher::new();
            matcher.insert(&Template::parse("/x/{a}/{b}.{c}"), ());
            let path = format!("/x/{}/{}.{}", values[0], values[1], values[2]);
            proptest::prop_assert_eq!(matcher.find(&path).map(|found| found.captures), Some(values));
        }
    }
}
