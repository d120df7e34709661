//! What the generator has to say about a document.

use crate::{Pointer, Span};

/// How much a [`Diagnostic`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing was lost.
    Note,
    /// Something could not be expressed and became something else, which the diagnostic names.
    Warning,
    /// The stage cannot deliver what was asked for.
    Error,
}

/// What sort of thing a [`Diagnostic`] tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Class {
    /// Anything that is no slip.
    #[default]
    General,
    /// The document breaks a rule, and the rest of it is sound: published documents have such slips, and whoever
    /// generates from them often cannot mend them. A warning, which `--strict` makes an error.
    Slip,
}

/// One message about a document, for the person who has to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What sort of thing it tells.
    pub class: Class,
    /// Its kind, in words: `unresolved-reference`. Stable, so that tools can tell diagnostics apart.
    pub code: &'static str,
    /// What was found, and what it became: lower case, no final stop.
    pub message: String,
    /// Where; `None` only for what has no place, such as a file that cannot be read.
    pub place: Option<Place>,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Place, String)>,
    /// A way out.
    pub hint: Option<String>,
}

/// Where a diagnostic points.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The bytes to show.
    pub span: Span,
    /// The same place as a JSON Pointer in its file.
    pub pointer: Pointer,
}

impl Diagnostic {
    /// A message without place, related places or hint.
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            class: Class::General,
            code,
            message: message.into(),
            place: None,
            related: Vec::new(),
            hint: None,
        }
    }

    /// An [error](Severity::Error).
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A [warning](Severity::Warning).
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A [slip](Class::Slip): a warning unless whoever asks is strict.
    pub fn slip(code: &'static str, message: impl Into<String>) -> Self {
        Self { class: Class::Slip, ..Self::warning(code, message) }
    }

    /// A [note](Severity::Note).
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// The same message with the place it is about.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same message with one more place that belongs to it.
    #[must_use]
    pub fn related(mut self, place: Place, words: impl Into<String>) -> Self {
        self.related.push((place, words.into()));
        self
    }

    /// Whether it is about a [slip](Class::Slip).
    pub fn is_slip(&self) -> bool {
        self.class == Class::Slip
    }

    /// The same message with a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
