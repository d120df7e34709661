//! Schemas of other files: which component each of them is.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use oas_document::{FileId, Source};

use crate::SchemaId;
use crate::raise::Builder;

impl Builder<'_> {
    /// A component that only refers to a schema of another file stands for that schema, which has no name of its own: so
    /// that a document says the same in one file and in several. Of several names the first one counts.
    pub(super) fn adopt_files(&mut self, components: &mut IndexMap<String, SchemaId>) {
        for (name, id) in components.iter_mut() {
            let target = self.schemas.resolve(*id);
            let is_elsewhere = self.schemas[target].at.file != self.schemas[*id].at.file;
            if !is_elsewhere || self.schemas[target].component.is_some() {
                continue;
            }
            if let Some(schema) = self.schemas.get_mut(target) {
                schema.component = Some(name.clone());
            }
            if let Some(reference) = self.schemas.get_mut(*id) {
                reference.component = None;
            }
            *id = target;
        }
        self.name_whole_files(components);
    }

    /// A schema that is a file of its own is the component that is called like the file, so that a document says the same
    /// with `schemas/Pet.yaml` and with `components`. Where several would be called the same, none is.
    fn name_whole_files(&mut self, components: &mut IndexMap<String, SchemaId>) {
        let mut by_name: BTreeMap<String, Vec<SchemaId>> = BTreeMap::new();
        for (id, schema) in self.schemas.iter() {
            let is_whole = schema.at.file != FileId::DOCUMENT && schema.at.pointer.as_str().is_empty();
            if is_whole
                && schema.component.is_none()
                && !schema.is_mere_reference()
                && let Some(name) = self.document.sources().get(schema.at.file).and_then(Source::name)
            {
                by_name.entry(name.to_owned()).or_default().push(id);
            }
        }
        for (name, ids) in by_name {
            let [id] = ids.as_slice() else { continue };
            if components.contains_key(&name) {
                continue;
            }
            if let Some(schema) = self.schemas.get_mut(*id) {
                schema.component = Some(name.clone());
            }
            components.insert(name, *id);
        }
    }
}
