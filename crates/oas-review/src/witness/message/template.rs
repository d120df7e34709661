//! Texts with `{names}` in them: paths, and URLs of servers.

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text that stands for itself.
    Text(&'t str),
    /// The name of what stands there.
    Hole(&'t str),
}

/// The pieces of a template; a brace without its counterpart stands for itself.
pub(super) fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        pieces.push(Piece::Text(before));
        pieces.push(Piece::Hole(name));
        rest = tail;
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}

/// What stands in the holes of a template, if `text` is one of its texts. A hole takes at least a letter, and none of
/// `stops`.
pub(super) fn captures<'t>(template: &'t str, text: &'t str, stops: &[char]) -> Option<Vec<(&'t str, &'t str)>> {
    let pieces = pieces(template);
    let mut found = Vec::new();
    let mut rest = text;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(own) => rest = rest.strip_prefix(own)?,
            Piece::Hole(name) => {
                let most = rest.find(stops).unwrap_or(rest.len());
                let end = match pieces.get(index + 1) {
                    Some(Piece::Text(next)) => rest.find(next).filter(|end| *end <= most)?,
                    _ => most,
                };
                let (own, tail) = rest.split_at_checked(end)?;
                if own.is_empty() {
                    return None;
                }
                found.push((*name, own));
                rest = tail;
            }
        }
    }
    rest.is_empty().then_some(found)
}

/// The template with its holes filled; `None` when a hole has nothing to be filled with.
pub(super) fn filled(template: &str, mut fill: impl FnMut(&str) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    for piece in pieces(template) {
        match piece {
            Piece::Text(own) => text.push_str(own),
            Piece::Hole(name) => text.push_str(&fill(name)?),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_what_stands_between_the_texts() {
        let all = |template: &'static str, text: &'static str| captures(template, text, &['/']);
        assert_eq!(all("/pets/{id}", "/pets/1"), Some(vec![("id", "1")]));
        assert_eq!(all("/{a}.{b}", "/x.y"), Some(vec![("a", "x"), ("b", "y")]));
        assert_eq!(all("/pets/{id}", "/pets/"), None);
        assert_eq!(all("/pets/{id}", "/pets/1/toys"), None);
        assert_eq!(all("/pets", "/pets"), Some(Vec::new()));
        assert_eq!(filled("/{a}/{b}", |name| Some(name.to_uppercase())).as_deref(), Some("/A/B"));
    }
}
