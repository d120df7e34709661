//! Templates: `/clips/{id}`, `https://{region}.example.com`.

/// The names between braces, in order; a brace that is not closed names nothing.
pub(super) fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// The template with every name replaced by nothing: two paths of one shape stand for the same requests.
pub(crate) fn shape(template: &str) -> String {
    let mut shape = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        shape.push_str(before);
        shape.push('{');
        match behind.split_once('}') {
            Some((_, behind)) => {
                shape.push('}');
                rest = behind;
            }
            None => rest = behind,
        }
    }
    shape.push_str(rest);
    shape
}

/// Whether every brace has its partner and none stands inside of another pair.
pub(super) fn is_balanced(template: &str) -> bool {
    let mut open = false;
    for character in template.chars() {
        match character {
            '{' if open => return false,
            '}' if !open => return false,
            '{' => open = true,
            '}' => open = false,
            _ => {}
        }
    }
    !open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_between_braces() {
        assert_eq!(names("/a/{b}/c{d}.{e}").collect::<Vec<_>>(), ["b", "d", "e"]);
        assert_eq!(names("/a/{b/c").count(), 0);
        assert_eq!(names("/a").count(), 0);
    }

    #[test]
    fn shapes_forget_names() {
        assert_eq!(shape("/a/{x}/b"), shape("/a/{y}/b"));
        assert_ne!(shape("/a/{x}"), shape("/a/x"));
    }

    #[test]
    fn braces_need_partners() {
        assert!(is_balanced("/a/{b}/{c}"));
        for template in ["/a/{b", "/a/b}", "/a/{b{c}}"] {
            assert!(!is_balanced(template), "{template}");
        }
    }
}
