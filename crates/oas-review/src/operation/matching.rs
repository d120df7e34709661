//! Which operation of the base became which operation of the revision.

use std::collections::HashMap;

use oas_model::{Operation, RequestBody, Response};

use crate::survey::Survey;

/// Indices of operations that belong together, and of those that stand alone.
#[derive(Debug, Default)]
pub(crate) struct Matched {
    pub(crate) pairs: Vec<(usize, usize)>,
    pub(crate) removed: Vec<usize>,
    pub(crate) added: Vec<usize>,
}

/// Where an operation stands: its method and its path, with names of parameters or without.
type Place = fn(&Operation) -> (String, String);

/// Whether two operations belong together.
type Relation<'r> = &'r dyn Fn(&Operation, &Operation) -> bool;

/// Matches by method and path template, then by id, then by likeness under a path that differs in one segment.
pub(crate) fn match_up(survey: &Survey<'_>, base: &[Operation], revision: &[Operation]) -> Matched {
    let mut matched = Matched { pairs: Vec::new(), removed: Vec::new(), added: (0..revision.len()).collect() };
    let mut left: Vec<usize> = (0..base.len()).collect();
    let mut taken = vec![false; revision.len()];
    // Of paths that differ in the names of parameters alone, those of the same names belong together.
    let places: [Place; 2] = [
        |one| (one.method.as_str().to_owned(), one.path.clone()),
        |one| (one.method.as_str().to_owned(), anonymous(&one.path)),
    ];
    for place in places {
        let open = revision.iter().enumerate().rev().filter(|(index, _)| !taken[*index]);
        let by_place: HashMap<_, usize> = open.map(|(index, operation)| (place(operation), index)).collect();
        left.retain(|old| match by_place.get(&place(&base[*old])) {
            Some(new) if !taken[*new] => {
                taken[*new] = true;
                matched.pairs.push((*old, *new));
                false
            }
            _ => true,
        });
    }
    matched.added.retain(|new| !taken[*new]);
    let same_id = |old: &Operation, new: &Operation| old.id.is_some() && old.id == new.id;
    let alike = |old: &Operation, new: &Operation| is_moved(survey, old, new);
    let relations: [Relation<'_>; 2] = [&same_id, &alike];
    for belong_together in relations {
        left.retain(|old| {
            let found = matched.added.iter().position(|new| belong_together(&base[*old], &revision[*new]));
            if let Some(position) = found {
                matched.pairs.push((*old, matched.added.remove(position)));
            }
            found.is_none()
        });
    }
    matched.removed = left;
    matched.pairs.sort_by_key(|(_, new)| *new);
    matched
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

/// Whether two operations differ by one segment of their path and are alike otherwise.
fn is_moved(survey: &Survey<'_>, old: &Operation, new: &Operation) -> bool {
    old.method == new.method
        && old.tags == new.tags
        && differ_by_one_segment(&anonymous(&old.path), &anonymous(&new.path))
        && !(old.responses.is_empty() && old.request_body.is_none())
        && is_same_body(survey, old.request_body.as_ref(), new.request_body.as_ref())
        && old.responses.len() == new.responses.len()
        && old.responses.iter().zip(&new.responses).all(|(old, new)| is_same_response(survey, old, new))
}

fn differ_by_one_segment(old: &str, new: &str) -> bool {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('/').collect(), new.split('/').collect());
    let (short, long) = if old.len() <= new.len() { (&old, &new) } else { (&new, &old) };
    let front = short.iter().zip(long.iter()).take_while(|(one, other)| one == other).count();
    let back = short.iter().rev().zip(long.iter().rev()).take_while(|(one, other)| one == other).count();
    let edits = long.len().saturating_sub((front + back).min(short.len()));
    // Before the first slash is nothing; at least one segment more stays, or everything would be like everything.
    let kept = front + back >= 2;
    kept && edits == 1
}

fn is_same_body(survey: &Survey<'_>, old: Option<&RequestBody>, new: Option<&RequestBody>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => is_same_content(survey, &old.content, &new.content),
        (None, None) => true,
        _ => false,
    }
}

fn is_same_response(survey: &Survey<'_>, old: &Response, new: &Response) -> bool {
    old.status == new.status && is_same_content(survey, &old.content, &new.content)
}

/// Whether two lists of media types say the same.
pub(crate) fn is_same_content(survey: &Survey<'_>, old: &[oas_model::MediaType], new: &[oas_model::MediaType]) -> bool {
    old.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| {
            let there = old.schema.and_then(|id| survey.walk.base.digests.get(id));
            let here = new.schema.and_then(|id| survey.walk.revision.digests.get(id));
            old.name == new.name && there == here
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_of_a_template_is_a_move() {
        assert!(differ_by_one_segment("/v1/clips/{}", "/v2/clips/{}"));
        assert!(differ_by_one_segment("/clips/{}", "/api/clips/{}"));
        assert!(!differ_by_one_segment("/clips", "/songs"));
        assert!(!differ_by_one_segment("/a/b/c", "/x/y/c"));
    }

    #[test]
    fn names_of_parameters_do_not_count() {
        assert_eq!(anonymous("/a/{x}/b/{y}"), "/a/{}/b/{}");
        assert_eq!(template_names("/a/{x}/b/{y}"), ["x", "y"]);
    }
}
