//! Patterns in which a `*` stands for anything.

/// Whether `text` is what `pattern` describes.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    if !pattern.contains('*') {
        return rest.is_empty();
    }
    // Each part as early as it can stand leaves the most for those behind it; the last one has to stand at the end.
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    true
}

/// A path without the names of its parameters, and without a slash at its end.
pub(super) fn shape(path: &str) -> String {
    let shape = crate::raise::template::shape(path);
    match shape.strip_suffix('/') {
        Some(shorter) if !shorter.is_empty() => shorter.to_owned(),
        _ => shape,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "a/b"),
            ("a", "a"),
            ("/a/*", "/a/b/c"),
            ("*s", "files"),
            ("l*F*s", "listFiles"),
            ("a*a", "aa"),
            ("a**b", "ab"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a", "ab"), ("a*a", "a"), ("/a/*", "/ab"), ("*b*b", "ab"), ("A*", "a")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn names_of_parameters_do_not_matter() {
        assert_eq!(shape("/a/{b}/"), shape("/a/{}"));
        assert_eq!(shape("/"), "/");
    }
}
