//! Types on their way into the plan.

use oas_document::Location;
use oas_model::{Api, SchemaId};

use super::facets::{Conjunction, Part};
use super::file::{FileRef, Files};
use super::key::KeyPath;
use super::{Ident, TypeItem, TypeKind, type_names};

/// A type that was declared, and perhaps not yet defined.
#[derive(Debug)]
pub(super) struct Draft {
    /// Stands for its name.
    pub(super) name: Ident,
    pub(super) path: KeyPath,
    pub(super) file: FileRef,
    pub(super) schema: SchemaId,
    pub(super) at: Location,
    /// What it gives to what stands inside of it: see [`Hint`](super::hint::Hint).
    pub(super) context: Option<Location>,
    pub(super) conjunction: Conjunction,
    pub(super) depth: usize,
    pub(super) kind: Option<TypeKind>,
}

impl Draft {
    /// The type, now that all names are settled.
    pub(super) fn finish(self, api: &Api, names: &type_names::Settled, files: &Files) -> TypeItem {
        let schema = &api.schemas[self.schema];
        let kind = self.kind.expect("every type that is declared is defined");
        let of_children = matches!(self.conjunction.as_slice(), [Part::Children(_)]);
        let has_place = of_children && schema.discriminator.is_some();
        TypeItem {
            doc: if of_children { super::doc::of_children(schema, &kind) } else { super::doc::of_type(schema, &kind) },
            deprecated: schema.deprecated,
            name: names.of(&self.name),
            key: self.path,
            at: if has_place { self.at.child("discriminator") } else { self.at },
            schema: self.schema,
            module: files.of(&self.file),
            in_request: false,
            in_response: false,
            kind,
        }
    }
}
