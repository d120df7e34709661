//! Places for diagnostics of stages that have no document at hand.

use crate::{Diagnostic, Document, Location, Place, Pointer, Span};

impl Place {
    /// The place of the value at `location`, whose span is not looked up yet: [`Document::locate`] does.
    pub fn of(location: &Location) -> Self {
        Self { span: Span { file: location.file, start: u32::MAX, end: u32::MAX }, pointer: location.pointer.clone() }
    }

    /// Whether the span is still to be looked up.
    const fn is_unlocated(&self) -> bool {
        self.span.start == u32::MAX && self.span.end == u32::MAX
    }
}

impl Document {
    /// Looks up the spans of all places that [`Place::of`] made. A value that is not in the text itself, such as a
    /// default made explicit, is shown where the nearest value around it stands.
    pub fn locate(&self, diagnostics: &mut [Diagnostic]) {
        for diagnostic in diagnostics {
            let related = diagnostic.related.iter_mut().map(|(place, _)| place);
            for place in diagnostic.place.iter_mut().chain(related).filter(|place| place.is_unlocated()) {
                place.span = self.nearest_span(place);
            }
        }
    }

    /// The span of the value that `place` points to, or of the innermost value around it that the text has.
    fn nearest_span(&self, place: &Place) -> Span {
        let mut pointer: Option<Pointer> = Some(place.pointer.clone());
        while let Some(tried) = pointer {
            let location = Location { file: place.span.file, pointer: tried };
            if let Some(node) = self.get(&location) {
                return node.span;
            }
            pointer = location.pointer.parent();
        }
        Span { file: place.span.file, start: 0, end: 0 }
    }
}
