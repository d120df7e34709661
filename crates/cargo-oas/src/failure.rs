//! Failures that are not about a document: flags, configuration, the file system.

use oas_document::{Diagnostic, Failure, Sources};

/// A failure without a place.
pub fn plain(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Failure {
    Failure { sources: Sources::default(), diagnostics: vec![Diagnostic::error(code, message).hint(hint)] }
}
