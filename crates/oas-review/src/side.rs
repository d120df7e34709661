//! One of the two documents under comparison.

use oas_document::{Document, Location};
use oas_model::Api;

/// A document and the model built from it.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The document, overlays applied.
    pub document: &'a Document,
    /// Its model.
    pub api: &'a Api,
}

impl Side<'_> {
    /// `location`, or the nearest place around it that the document has.
    pub(crate) fn nearest(&self, location: &Location) -> Location {
        let mut nearest = location.clone();
        while self.document.get(&nearest).is_none() {
            let Some(parent) = nearest.pointer.parent() else { break };
            nearest.pointer = parent;
        }
        nearest
    }
}
