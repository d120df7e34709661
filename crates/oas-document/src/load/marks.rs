//! From places counted in characters to places counted in bytes.

/// How many characters lie between two remembered places.
const STEP: usize = 64;

/// Byte offsets by character index, for one text.
pub(super) struct Marks<'t> {
    text: &'t str,
    /// The byte offset of every [`STEP`]th character; `None` when all characters are one byte long.
    offsets: Option<Vec<usize>>,
}

impl<'t> Marks<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let offsets = (!text.is_ascii()).then(|| text.char_indices().step_by(STEP).map(|(offset, _)| offset).collect());
        Self { text, offsets }
    }

    /// The byte offset of the character with that index; the end of the text for one that it does not have.
    pub(super) fn byte(&self, character: usize) -> usize {
        let Some(offsets) = &self.offsets else { return character.min(self.text.len()) };
        let Some(start) = offsets.get(character / STEP) else { return self.text.len() };
        let rest = self.text.get(*start..).unwrap_or_default();
        rest.char_indices().nth(character % STEP).map_or(self.text.len(), |(offset, _)| start + offset)
    }
}
