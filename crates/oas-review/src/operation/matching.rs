//! Which operation of the base became which operation of the revision.

use std::collections::HashMap;

use oas_model::{Operation, RequestBody, Response};

use crate::address::{address, address_path, anonymous};
use crate::comparison::Comparison;
use crate::side::Side;

/// Indices of operations that belong together, and of those that stand alone.
#[derive(Debug, Default)]
pub(crate) struct Matched {
    pub(crate) pairs: Vec<(usize, usize)>,
    pub(crate) removed: Vec<usize>,
    pub(crate) added: Vec<usize>,
}

/// Where an operation stands, in one of several senses.
type Place<'r> = &'r dyn Fn(Side<'_>, &Operation) -> String;

/// Whether two operations belong together.
type Relation<'r> = &'r dyn Fn(&Operation, &Operation) -> bool;

/// Matches by method and path template, then by id, then by likeness under a path that differs in one segment.
pub(crate) fn match_up(comparison: &Comparison<'_>, base: &[Operation], revision: &[Operation]) -> Matched {
    let mut matched = Matched { pairs: Vec::new(), removed: Vec::new(), added: (0..revision.len()).collect() };
    let mut left: Vec<usize> = (0..base.len()).collect();
    let mut is_matched = vec![false; revision.len()];
    // What is called at the same address is the same, however it is put together. Of paths that differ in the names of
    // parameters alone, those of the same names belong together.
    let places: [Place<'_>; 4] = [
        &|side, one| address((side.api, one)),
        &|_, one| one.path.clone(),
        &|_, one| anonymous(&one.path),
        &|side, one| address_path((side.api, one)),
    ];
    let sides = (comparison.base, comparison.revision);
    for place in places {
        let key = |side, one: &Operation| (one.method.as_str().to_owned(), place(side, one));
        let open = revision.iter().enumerate().rev().filter(|(index, _)| !is_matched[*index]);
        let by_place: HashMap<_, usize> = open.map(|(index, operation)| (key(sides.1, operation), index)).collect();
        left.retain(|old| match by_place.get(&key(sides.0, &base[*old])) {
            Some(new) if !is_matched[*new] => {
                is_matched[*new] = true;
                matched.pairs.push((*old, *new));
                false
            }
            _ => true,
        });
    }
    matched.added.retain(|new| !is_matched[*new]);
    let same_id = |old: &Operation, new: &Operation| old.id.is_some() && old.id == new.id;
    let alike = |old: &Operation, new: &Operation| is_moved(comparison, old, new);
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

/// Whether two operations differ by one segment of their path and are alike otherwise.
fn is_moved(comparison: &Comparison<'_>, old: &Operation, new: &Operation) -> bool {
    old.method == new.method
        && old.tags == new.tags
        && differ_by_one_segment(&anonymous(&old.path), &anonymous(&new.path))
        && !(old.responses.is_empty() && old.request_body.is_none())
        && is_same_body(comparison, old.request_body.as_ref(), new.request_body.as_ref())
        && old.responses.len() == new.responses.len()
        && old.responses.iter().zip(&new.responses).all(|(old, new)| is_same_response(comparison, old, new))
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

fn is_same_body(comparison: &Comparison<'_>, old: Option<&RequestBody>, new: Option<&RequestBody>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => is_same_content(comparison, &old.content, &new.content),
        (None, None) => true,
        _ => false,
    }
}

fn is_same_response(comparison: &Comparison<'_>, old: &Response, new: &Response) -> bool {
    old.status == new.status && is_same_content(comparison, &old.content, &new.content)
}

/// Whether two lists of media types say the same.
pub(crate) fn is_same_content(
    comparison: &Comparison<'_>,
    old: &[oas_model::MediaType],
    new: &[oas_model::MediaType],
) -> bool {
    old.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| {
            let there = old.schema.and_then(|id| comparison.walk.base.digests.get(id));
            let here = new.schema.and_then(|id| comparison.walk.revision.digests.get(id));
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
}
