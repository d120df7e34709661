//! The support module of the types package: functions that several types need, each only when one does.

use crate::HEADER;

/// Which functions are needed.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Support {
    present: bool,
    with_tag: bool,
    untagged: bool,
    tagged: bool,
}

impl Support {
    pub(super) const fn present(&mut self) {
        self.present = true;
    }

    pub(super) const fn with_tag(&mut self) {
        self.with_tag = true;
    }

    pub(super) const fn untagged(&mut self) {
        self.untagged = true;
    }

    pub(super) const fn tagged(&mut self) {
        self.tagged = true;
    }

    /// The text of the module; `None` when nothing is needed.
    pub(super) fn text(self) -> Option<String> {
        let Self { present, with_tag, untagged, tagged } = self;
        let parts = [
            (present, include_str!("support/present.rs")),
            (with_tag, include_str!("support/with_tag.rs")),
            (untagged, include_str!("support/untagged.rs")),
            (tagged, include_str!("support/tagged.rs")),
        ];
        let needed: Vec<&str> = parts.into_iter().filter(|(is_needed, _)| *is_needed).map(|(_, text)| text).collect();
        (!needed.is_empty()).then(|| format!("// {HEADER}\n\n{}", needed.join("\n")))
    }
}

/// The module with the type of streamed bodies.
pub(super) fn stream() -> String {
    format!("// {HEADER}\n\n{}", include_str!("support/stream.rs"))
}
