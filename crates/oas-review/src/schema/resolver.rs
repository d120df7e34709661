//! One side, as the comparison looks at it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use indexmap::IndexSet;
use oas_model::{Schema, SchemaId};

use super::digest::Digests;
use super::shape::{Shape, shape};
use crate::side::Side;

/// Schemas that a value has to satisfy together; an id of [`Resolver::seeds`]. Without any, every value is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Conjunction(usize);

/// One side, with what was found out about it so far.
pub(crate) struct Resolver<'a> {
    pub(crate) side: Side<'a>,
    pub(crate) digests: Digests,
    changed: HashSet<SchemaId>,
    conjunctions: IndexSet<Vec<SchemaId>>,
    shapes: HashMap<Conjunction, Rc<Shape>>,
}

impl<'a> Resolver<'a> {
    /// Looks at both sides.
    pub(crate) fn pair(base: Side<'a>, revision: Side<'a>) -> (Self, Self) {
        let (there, here) = (Digests::new(&base.api.schemas), Digests::new(&revision.api.schemas));
        let changed_there = there.changed(&base.api.schemas, &here);
        let changed_here = here.changed(&revision.api.schemas, &there);
        (Self::new(base, there, changed_there), Self::new(revision, here, changed_here))
    }

    fn new(side: Side<'a>, digests: Digests, changed: HashSet<SchemaId>) -> Self {
        Self { side, digests, changed, conjunctions: IndexSet::new(), shapes: HashMap::new() }
    }

    /// The schema behind `id`.
    pub(crate) fn schema(&self, id: SchemaId) -> &'a Schema {
        &self.side.api.schemas[id]
    }

    /// The id of a conjunction.
    pub(crate) fn conjunction(&mut self, mut schemas: Vec<SchemaId>) -> Conjunction {
        let mut seen = HashSet::new();
        schemas.retain(|id| seen.insert(*id));
        Conjunction(self.conjunctions.insert_full(schemas).0)
    }

    /// The schemas of a conjunction.
    pub(crate) fn seeds(&self, conjunction: Conjunction) -> &[SchemaId] {
        self.conjunctions.get_index(conjunction.0).map_or(&[], Vec::as_slice)
    }

    /// The normal form of a conjunction.
    pub(crate) fn shape(&mut self, conjunction: Conjunction) -> Rc<Shape> {
        if let Some(known) = self.shapes.get(&conjunction) {
            return Rc::clone(known);
        }
        let made = Rc::new(shape(&self.side.api.schemas, self.seeds(conjunction)));
        self.shapes.insert(conjunction, Rc::clone(&made));
        made
    }

    /// Whether the schema says word for word what its counterpart of the other side says, all that it refers to
    /// included; only asked about schemas of equal digest.
    pub(crate) fn reaches_no_change(&self, id: SchemaId) -> bool {
        !self.changed.contains(&id)
    }
}

/// Whether two conjunctions are word for word the same, all that they refer to included.
pub(crate) fn is_untouched(
    base: &Resolver<'_>,
    revision: &Resolver<'_>,
    there: &[SchemaId],
    here: &[SchemaId],
) -> bool {
    there.len() == here.len()
        && there.iter().zip(here).all(|(old, new)| {
            base.digests.get(*old) == revision.digests.get(*new)
                && base.reaches_no_change(*old)
                && revision.reaches_no_change(*new)
        })
}

/// The component that a schema is or refers to.
pub(crate) fn component_name<'a>(resolver: &Resolver<'a>, id: SchemaId) -> Option<&'a str> {
    let schema = resolver.schema(id);
    let target = schema.reference.map_or(id, |_| resolver.side.api.schemas.resolve(id));
    let target = resolver.schema(target);
    target.component.as_deref().or_else(|| {
        let next = target.reference?;
        resolver.schema(next).component.as_deref()
    })
}
