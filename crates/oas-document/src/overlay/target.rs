//! What a JSONPath ([RFC 9535](https://www.rfc-editor.org/rfc/rfc9535)) selects in a tree.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json_path::JsonPath;

use crate::reference::nearest::nearest;
use crate::{Node, Place, Pointer};

/// The longest path that is read, in bytes.
const LONGEST: usize = 8192;
/// How deep brackets may nest in a path; the library reads them recursively.
const DEEPEST: usize = 32;

/// A JSONPath of an action.
#[derive(Debug)]
pub(super) struct Target {
    /// As it was written.
    pub(super) text: String,
    /// Where it was written.
    pub(super) place: Place,
}

/// A segment that selects one child at most.
#[derive(Debug, PartialEq, Eq)]
enum Single<'t> {
    Name(&'t str),
    Index(usize),
}

impl Target {
    /// Reads a path. The error says what is wrong with it.
    pub(super) fn parse(text: &str, place: Place) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("it is longer than {LONGEST} bytes"));
        }
        if nesting(text) > DEEPEST {
            return Err(format!("brackets nest deeper than {DEEPEST} levels"));
        }
        JsonPath::parse(text).map_err(|error| format!("at character {}, {}", error.position(), error.message()))?;
        Ok(Self { text: text.to_owned(), place })
    }

    /// The values that the path selects, each once, in the order of the tree.
    pub(super) fn select(&self, root: &Node) -> Vec<Pointer> {
        select(&self.text, root)
    }

    /// Says which part of a path that selects nothing still selects something, for the hint of a diagnostic.
    pub(super) fn longest_match(&self, root: &Node) -> String {
        let segments = segments(&self.text);
        for count in (0..segments.len()).rev() {
            let prefix = format!("${}", segments.get(..count).unwrap_or_default().concat());
            let Some(first) = select(&prefix, root).into_iter().next() else { continue };
            let next = segments.get(count).copied().unwrap_or_default();
            let node = root.at(&first);
            let names =
                node.and_then(Node::as_object).into_iter().flat_map(|members| members.keys().map(String::as_str));
            let similar = match single(next) {
                Some(Single::Name(name)) => nearest(name, names),
                _ => None,
            };
            return match similar {
                Some(name) => format!("`{prefix}` selects something, `{next}` in it does not: did you mean `{name}`?"),
                None => format!("`{prefix}` selects something, `{next}` in it does not"),
            };
        }
        "check the path".to_owned()
    }
}

/// The values that `path` selects. Paths mostly start with names: those are followed in the tree, and only what is
/// below has to be converted for the library.
fn select(path: &str, root: &Node) -> Vec<Pointer> {
    let segments = segments(path);
    let mut base = Pointer::root();
    let mut node = root;
    let mut followed = 0;
    for segment in &segments {
        let (child, token) = match single(segment) {
            Some(Single::Name(name)) => (node.get(name), Cow::Borrowed(name)),
            Some(Single::Index(index)) => {
                (node.as_array().and_then(|items| items.get(index)), Cow::Owned(index.to_string()))
            }
            None => break,
        };
        let Some(child) = child else { return Vec::new() };
        base = base.child(&token);
        node = child;
        followed += 1;
    }
    let rest = segments.get(followed..).unwrap_or_default().concat();
    if rest.is_empty() {
        return vec![base];
    }
    // Filters can look at the whole document.
    if rest.contains('$') {
        return query(path, root, &Pointer::root());
    }
    query(&format!("${rest}"), node, &base)
}

/// Lets the library evaluate a path below `base`.
fn query(path: &str, node: &Node, base: &Pointer) -> Vec<Pointer> {
    let Ok(path) = JsonPath::parse(path) else { return Vec::new() };
    let value = node.to_json();
    let mut seen = BTreeSet::new();
    let located = path.query_located(&value);
    let pointers = located.locations().map(|location| base.join(&location.to_json_pointer()));
    pointers.filter(|pointer| seen.insert(pointer.clone())).collect()
}

/// The segments of a path that is known to be valid, with their dots and brackets.
fn segments(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut rest = path.trim().strip_prefix('$').unwrap_or_default().trim_start();
    while !rest.is_empty() {
        let dots = rest.len() - rest.trim_start_matches('.').len();
        let after = rest.get(dots..).unwrap_or_default();
        let length = if after.starts_with('[') {
            bracket(after)
        } else {
            after.find(|end: char| matches!(end, '.' | '[') || end.is_ascii_whitespace()).unwrap_or(after.len())
        };
        let (segment, tail) = rest.split_at((dots + length).clamp(1, rest.len()));
        segments.push(segment);
        rest = tail.trim_start();
    }
    segments
}

/// The length of the bracket that `text` starts with.
fn bracket(text: &str) -> usize {
    let mut quote = None;
    let mut escaped = false;
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '[') => depth += 1,
            (None, ']') => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Reads a segment that is one name or one index from the start; names with escapes are left to the library.
fn single(segment: &str) -> Option<Single<'_>> {
    if let Some(name) = segment.strip_prefix('.') {
        let plain = !name.is_empty() && !name.starts_with(['.', '*', '[']);
        return plain.then_some(Single::Name(name));
    }
    let inner = segment.strip_prefix('[')?.strip_suffix(']')?.trim();
    for quote in ['\'', '"'] {
        if let Some(name) = inner.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote)) {
            return (!name.contains(['\\', quote])).then_some(Single::Name(name));
        }
    }
    let digits = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit());
    inner.parse().ok().filter(|_| digits).map(Single::Index)
}

/// How deep brackets nest, at most; brackets in names count too, which does no harm.
fn nesting(path: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for character in path.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::{Single, segments, single};

    #[test]
    fn paths_fall_apart_into_segments() {
        let path = "$.paths['/a.b[0]'] ..get[?@.x == 'it\\'s ]' && @['y']][0, 1].*..['z']";
        let expected = [".paths", "['/a.b[0]']", "..get", "[?@.x == 'it\\'s ]' && @['y']]", "[0, 1]", ".*", "..['z']"];
        assert_eq!(segments(path), expected);
        assert!(segments("$").is_empty());
    }

    #[test]
    fn segments_with_one_child_are_told_apart() {
        assert_eq!(single(".paths"), Some(Single::Name("paths")));
        assert_eq!(single("['/a b']"), Some(Single::Name("/a b")));
        assert_eq!(single("[ \"x\" ]"), Some(Single::Name("x")));
        assert_eq!(single("[12]"), Some(Single::Index(12)));
        for several in [".*", "..a", "[*]", "[-1]", "[0:1]", "['a','b']", "[?@.a]", "['\\u0061']"] {
            assert_eq!(single(several), None, "{several}");
        }
    }
}
