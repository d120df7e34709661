//! The support module of the types package: functions that several types need, each only when one does.

use std::collections::BTreeSet;

use crate::HEADER;

/// A function of the support module, in the order in which they stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helper {
    /// Reads a response by its status.
    Tagged,
}

/// Which functions are needed.
#[derive(Debug, Default, Clone)]
pub(super) struct Support(BTreeSet<Helper>);

impl Support {
    /// Asks for a function.
    pub(super) fn need(&mut self, helper: Helper) {
        self.0.insert(helper);
    }

    /// The text of the module; `None` when nothing is needed.
    pub(super) fn text(&self) -> Option<String> {
        let texts: Vec<&str> = self
            .0
            .iter()
            .map(|helper| match helper {
                Helper::Tagged => include_str!("support/tagged.rs"),
            })
            .collect();
        (!texts.is_empty()).then(|| format!("// {HEADER}\n\n{}", texts.join("\n")))
    }
}

/// The module with the type of streamed bodies.
pub(super) fn stream() -> String {
    format!("// {HEADER}\n\n{}", include_str!("support/stream.rs"))
}
