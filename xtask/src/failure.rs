//! Failures that are not about a document: flags, configuration, the file system.

use std::ops::Range;
use std::path::Path;

use oas_document::{Diagnostic, Failure, Place, Pointer, Sources, Span};

/// A failure without a place.
pub(crate) fn plain(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Failure {
    Failure { sources: Sources::default(), diagnostics: vec![Diagnostic::error(code, message).hint(hint)] }
}

/// A failure at a range of bytes of a text.
pub(crate) fn within(message: &str, path: &Path, text: &str, range: Option<Range<usize>>) -> Failure {
    let mut sources = Sources::default();
    let file = sources.add(path, text);
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let range = range.unwrap_or(0..0);
    let span = Span { file, start: offset(range.start), end: offset(range.end) };
    let diagnostic = Diagnostic::error("invalid-configuration", message.trim_end())
        .at(Place { span, pointer: Pointer::root() })
        .hint("ARCHITECTURE.md lists the members of the configuration");
    Failure { sources, diagnostics: vec![diagnostic] }
}
