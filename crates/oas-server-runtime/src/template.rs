//! Path templates (OpenAPI 3.1.1, section 4.8.8).

use oas_wire::percent;

/// A path template, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    /// What stands between the slashes; `/` is one empty literal.
    pub(crate) segments: Vec<Segment>,
    /// The names of the parameters, in the order in which they stand.
    pub(crate) names: Vec<String>,
    /// Names and values, as they are written, that a request's query must have: not in the specification, but in
    /// documents.
    pub(crate) query: Vec<(String, String)>,
}

/// What stands between two slashes of a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Segment {
    /// A fixed text, decoded.
    Literal(String),
    /// A fixed text with parameters in it: `{name}.{extension}`, `v{version}`.
    Mixed(Mixed),
    /// One parameter and nothing else.
    Parameter,
}

/// A segment with parameters and text: a parameter stands between each two of the texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mixed {
    texts: Vec<String>,
}

impl Template {
    /// Takes a template apart. A brace without its partner is text.
    pub(crate) fn parse(template: &str) -> Self {
        let template = template.split('#').next().unwrap_or_default();
        let (path, query) = template.split_once('?').unwrap_or((template, ""));
        let mut names = Vec::new();
        let path = path.strip_prefix('/').unwrap_or(path);
        let segments = path.split('/').map(|segment| Segment::parse(segment, &mut names)).collect();
        Self {
            segments,
            names,
            query: percent::pairs(query)
                .into_iter()
                .filter(|pair| !pair.value.contains('{'))
                .map(|pair| (pair.name.into_owned(), pair.value.to_owned()))
                .collect(),
        }
    }

    /// The positions of the segments that are one parameter, when there are no others with parameters.
    pub(crate) fn positions(&self) -> Option<Vec<usize>> {
        let mut positions = Vec::new();
        for (at, segment) in self.segments.iter().enumerate() {
            match segment {
                Segment::Literal(_) => {}
                Segment::Parameter => positions.push(at),
                Segment::Mixed(_) => return None,
            }
        }
        Some(positions)
    }

    /// Whether a path can have the form of both templates.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.segments.len() == other.segments.len()
            && self.segments.iter().zip(&other.segments).all(|(one, other)| one.meets(other))
    }

    /// The path that a request has for it, when it has no parameters and no text that a path writes with escapes.
    pub(crate) fn fixed_path(&self) -> Option<String> {
        let literal = |segment: &Segment| match segment {
            Segment::Literal(text) if !text.contains(['/', '%']) => Some(format!("/{text}")),
            _ => None,
        };
        self.segments.iter().map(literal).collect()
    }
}

impl Segment {
    fn parse(text: &str, names: &mut Vec<String>) -> Self {
        let mut texts = vec![String::new()];
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let Some((name, after)) = behind.split_once('}') else { break };
            if let Some(last) = texts.last_mut() {
                last.push_str(before);
            }
            names.push(name.into());
            texts.push(String::new());
            rest = after;
        }
        if let Some(last) = texts.last_mut() {
            last.push_str(rest);
        }
        match texts.as_slice() {
            [only] => Self::Literal(percent::decode(only).unwrap_or_else(|| only.clone())),
            [before, after] if before.is_empty() && after.is_empty() => Self::Parameter,
            _ => Self::Mixed(Mixed { texts }),
        }
    }
}

impl Segment {
    /// Whether a segment of a path can have both forms. Two with text in them are taken to.
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Literal(one), Self::Literal(other)) => one == other,
            (Self::Literal(text), Self::Mixed(mixed)) | (Self::Mixed(mixed), Self::Literal(text)) => {
                mixed.captures(text).is_some()
            }
            (Self::Literal(text), Self::Parameter) | (Self::Parameter, Self::Literal(text)) => !text.is_empty(),
            (Self::Parameter | Self::Mixed(_), Self::Parameter | Self::Mixed(_)) => true,
        }
    }
}

impl Mixed {
    /// How much of it is fixed, in bytes. The more, the more specific.
    pub(crate) fn weight(&self) -> usize {
        self.texts.iter().map(String::len).sum()
    }

    /// The raw texts of the parameters when `segment` has this form. No parameter is empty; where several ways exist,
    /// the leftmost parameter is the longest.
    pub(crate) fn captures(&self, segment: &str) -> Option<Vec<String>> {
        let plain = plain(segment);
        let (first, rest) = self.texts.split_first()?;
        let mut remaining = plain.strip_prefix(first.as_str())?;
        let mut captures = Vec::with_capacity(rest.len());
        for (index, text) in rest.iter().enumerate().rev() {
            let end = if index + 1 == rest.len() {
                remaining.strip_suffix(text.as_str())?.len()
            } else {
                // The parameter behind this text has at least one character, which the text must not take.
                let last = remaining.char_indices().next_back()?.0;
                let found = remaining.get(..last)?.rfind(text.as_str())?;
                captures.push(remaining.get(found + text.len()..)?.to_owned());
                found
            };
            remaining = remaining.get(..end)?;
        }
        if remaining.is_empty() {
            return None;
        }
        captures.push(remaining.to_owned());
        captures.reverse();
        Some(captures)
    }
}

/// The segment with those escapes undone that stand for unreserved characters, or for `:` and `@`, which paths may
/// have as they are: texts in templates are compared with it, and the styles' delimiters stay as they were written.
fn plain(segment: &str) -> String {
    let mut plain = String::with_capacity(segment.len());
    let mut rest = segment;
    while let Some((before, behind)) = rest.split_once('%') {
        plain.push_str(before);
        let code = behind.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from);
        match code {
            Some(one) if one.is_ascii_alphanumeric() || "-._~:@".contains(one) => {
                plain.push(one);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                plain.push('%');
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed(template: &str) -> Mixed {
        match Template::parse(template).segments.as_slice() {
            [Segment::Mixed(mixed)] => mixed.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn parameters_share_a_segment_with_text() {
        let captures = |template, segment| mixed(template).captures(segment);
        assert_eq!(captures("/{name}.{extension}", "a.tar.gz"), Some(vec!["a.tar".into(), "gz".into()]));
        assert_eq!(captures("/{name}.{extension}", "a."), None);
        assert_eq!(captures("/{name}.{extension}", ".gz"), None);
        assert_eq!(captures("/v{major}-{minor}!", "v1-2!"), Some(vec!["1".into(), "2".into()]));
        assert_eq!(captures("/{id}:publish", "a%2Cb%3Apublish"), Some(vec!["a%2Cb".into()]));
        assert_eq!(captures("/{a}{b}", "xyz"), Some(vec!["xy".into(), "z".into()]));
        assert_eq!(captures("/{a}{b}", "x"), None);
        assert_eq!(captures("/{a}-{b}-{c}", "1-2-3-4"), Some(vec!["1-2".into(), "3".into(), "4".into()]));
        assert_eq!(captures("/{a}é{b}", "é"), None);
    }

    #[test]
    fn odd_templates_are_taken_apart_without_a_panic() {
        assert_eq!(Template::parse("/").segments, [Segment::Literal(String::new())]);
        assert_eq!(Template::parse("").segments, [Segment::Literal(String::new())]);
        assert_eq!(Template::parse("/a{b").segments, [Segment::Literal("a{b".into())]);
        assert_eq!(Template::parse("/a b/%C3%A9").segments.last(), Some(&Segment::Literal("é".into())));
        let azure = Template::parse("/{container}?restype=container&comp=acl");
        assert_eq!((azure.names.len(), azure.query.len()), (1, 2));
    }
}
