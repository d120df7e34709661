//! From a conjunction to cases: references and `allOf` followed, alternatives multiplied out.

use std::collections::HashSet;

use oas_model::{SchemaId, Schemas};

use super::scalar::is_nothing;

/// Combinations of alternatives beyond this number are not multiplied out.
const MOST_CASES: usize = 1024;

/// What a value may be in one combination of alternatives.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The schemas that it has to satisfy, each by its own keywords alone.
    pub(crate) sources: Vec<SchemaId>,
    /// The alternatives that were chosen, from the outermost to the innermost.
    pub(crate) choices: Vec<SchemaId>,
}

/// A conjunction, multiplied out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expansion {
    /// The cases; none when no value is valid.
    pub(crate) cases: Vec<Case>,
    /// The schemas whose `oneOf` was multiplied out.
    pub(crate) exclusive: Vec<SchemaId>,
    /// The schemas whose alternatives were left alone because there are too many combinations.
    pub(crate) unresolved: Vec<SchemaId>,
}

#[derive(Clone, Default)]
struct Partial {
    case: Vec<SchemaId>,
    choices: Vec<SchemaId>,
    visited: HashSet<SchemaId>,
    groups: Vec<(SchemaId, Vec<SchemaId>)>,
}

/// Multiplies out a conjunction.
pub(crate) fn expand(schemas: &Schemas, seeds: &[SchemaId]) -> Expansion {
    let mut expansion = Expansion::default();
    let mut start = Partial::default();
    if !absorb(schemas, &mut start, seeds, &mut expansion) {
        return expansion;
    }
    let mut pending = vec![start];
    while let Some(mut partial) = pending.pop() {
        let Some((owner, branches)) = partial.groups.pop() else {
            expansion.cases.push(Case { sources: partial.case, choices: partial.choices });
            continue;
        };
        if expansion.cases.len() + pending.len() + branches.len() > MOST_CASES {
            if !expansion.unresolved.contains(&owner) {
                expansion.unresolved.push(owner);
            }
            pending.push(partial);
            continue;
        }
        for branch in branches.into_iter().rev() {
            let mut chosen = partial.clone();
            chosen.choices.push(branch);
            if absorb(schemas, &mut chosen, &[branch], &mut expansion) {
                pending.push(chosen);
            }
        }
    }
    expansion
}

/// Adds `seeds` and all that they refer to or ask for together; `false` when no value can satisfy them.
fn absorb(schemas: &Schemas, partial: &mut Partial, seeds: &[SchemaId], expansion: &mut Expansion) -> bool {
    let mut stack: Vec<SchemaId> = seeds.iter().rev().copied().collect();
    while let Some(id) = stack.pop() {
        if !partial.visited.insert(id) {
            continue;
        }
        let schema = &schemas[id];
        match schema.boolean {
            Some(false) => return false,
            Some(true) => continue,
            None if is_nothing(schemas, id) => return false,
            None => {}
        }
        if !schema.is_mere_reference() {
            partial.case.push(id);
        }
        stack.extend(schema.all_of.iter().rev());
        stack.extend(schema.reference);
        if !schema.any_of.is_empty() {
            partial.groups.push((id, schema.any_of.clone()));
        }
        if !schema.one_of.is_empty() {
            partial.groups.push((id, schema.one_of.clone()));
            if schema.one_of.len() > 1 && !expansion.exclusive.contains(&id) {
                expansion.exclusive.push(id);
            }
        }
    }
    true
}
