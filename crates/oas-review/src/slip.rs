//! What breaks a rule on one side alone: it was compared as what it became there.

use std::collections::HashSet;
use std::path::Path;

use oas_document::{Diagnostic, Pointer, Sources};
use serde::Serialize;

use crate::place::{Place, shown_file};
use crate::side::Side;

/// The longest line that is shown, in characters.
const LONGEST_FRAGMENT: usize = 200;

/// Which document has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SlipIn {
    /// The base: the revision mended it.
    Base,
    /// The revision: it is new there.
    Revision,
}

impl SlipIn {
    /// The words for it in a report.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Base => "only in the base",
            Self::Revision => "new in the revision",
        }
    }
}

/// A rule of OpenAPI that one document breaks and the other does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slip {
    /// Which document.
    pub side: SlipIn,
    /// Its kind, in words.
    pub code: &'static str,
    /// What was found, and what it was compared as.
    pub message: String,
    /// A way out.
    pub hint: Option<String>,
    /// Where.
    pub place: Option<Place>,
}

/// What was said about one side, and the folder that its files are shown relative to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) side: Side<'a>,
    pub(crate) diagnostics: &'a [Diagnostic],
    pub(crate) root: &'a Path,
}

/// The slips of one side alone, those of the revision first.
pub(crate) fn slips(base: Told<'_>, revision: Told<'_>) -> Vec<Slip> {
    let (there, here) = (base.slips(), revision.slips());
    let only = |own: &[Diagnostic], others: &[Diagnostic], told: Told<'_>, side: SlipIn| -> Vec<Slip> {
        let others: HashSet<_> = others.iter().map(kind_and_place).collect();
        let alone = own.iter().filter(|one| !others.contains(&kind_and_place(one)));
        alone.map(|one| told.show(one, side)).collect()
    };
    let mut all = only(&here, &there, revision, SlipIn::Revision);
    all.extend(only(&there, &here, base, SlipIn::Base));
    all
}

/// What makes a slip of one side that of the other: the lines differ.
fn kind_and_place(one: &Diagnostic) -> (&'static str, Option<&Pointer>) {
    (one.code, one.place.as_ref().map(|place| &place.pointer))
}

impl Told<'_> {
    fn slips(self) -> Vec<Diagnostic> {
        let document = self.side.document;
        let all = document.diagnostics().iter().chain(self.diagnostics).filter(|one| one.is_slip());
        let mut all: Vec<Diagnostic> = all.cloned().collect();
        document.locate(&mut all);
        let key = |one: &Diagnostic| (one.place.as_ref().map(|place| place.span), one.code, one.message.clone());
        all.sort_by_key(key);
        all.dedup();
        all
    }

    fn show(self, one: &Diagnostic, side: SlipIn) -> Slip {
        let sources = self.side.document.sources();
        let place = one.place.as_ref().map(|place| {
            let position = sources.position(place.span);
            Place {
                pointer: place.pointer.as_str().to_owned(),
                file: shown_file(&position.file, self.root),
                line: position.line,
                column: position.column,
                fragment: line(sources, place.span),
            }
        });
        Slip { side, code: one.code, message: one.message.clone(), hint: one.hint.clone(), place }
    }
}

/// The first line of what stands at a place.
fn line(sources: &Sources, span: oas_document::Span) -> String {
    let first = sources.text(span).lines().next().unwrap_or_default();
    first.chars().take(LONGEST_FRAGMENT).collect()
}
