//! From document to model.

use oas_document::{Diagnostic, Document, Failure};

use crate::Api;

/// A model, and what was worth saying while it was built.
#[derive(Debug, Clone)]
pub struct Built {
    /// The model.
    pub api: Api,
    /// Warnings and notes, in the order of the document.
    pub diagnostics: Vec<Diagnostic>,
}

/// Builds the model of a document.
///
/// # Errors
/// When the document is not OpenAPI 3.0, 3.1 or 3.2, or breaks a rule that leaves no model to build: an unresolved
/// reference, two operations of one id, a security scheme that does not exist.
pub fn build(document: &Document) -> Result<Built, Failure> {
    let _ = document;
    todo!()
}
