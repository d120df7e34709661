//! The schemas of a document, and their ids.

use std::ops::Index;

use crate::Schema;

/// A schema in a [`Schemas`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(u32);

impl SchemaId {
    /// The schema that is to be the one at this position.
    pub(crate) fn of_position(position: usize) -> Self {
        Self(u32::try_from(position).unwrap_or(u32::MAX))
    }

    /// Its position in [`Schemas::iter`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Every schema of a document, one per place in the text. References are ids, so cycles need no care.
#[derive(Debug, Clone, Default)]
pub struct Schemas {
    all: Vec<Schema>,
}

impl Schemas {
    /// Adds a schema.
    pub fn add(&mut self, schema: Schema) -> SchemaId {
        self.all.push(schema);
        SchemaId::of_position(self.all.len() - 1)
    }

    /// The schema behind an id that this collection handed out, to fill it in.
    pub fn get_mut(&mut self, id: SchemaId) -> Option<&mut Schema> {
        self.all.get_mut(id.0 as usize)
    }

    /// Every schema, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        self.all.iter().enumerate().map(|(position, schema)| (SchemaId::of_position(position), schema))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Follows schemas that are nothing but a reference until one says something itself. A cycle of mere references
    /// does not survive the build.
    pub fn resolve(&self, mut id: SchemaId) -> SchemaId {
        while let Some(target) = self[id].reference.filter(|_| self[id].is_mere_reference()) {
            id = target;
        }
        id
    }
}

impl Index<SchemaId> for Schemas {
    type Output = Schema;

    fn index(&self, id: SchemaId) -> &Schema {
        &self.all[id.0 as usize]
    }
}
