//! A change of a public item.

use oas_manifest::ItemKind;
use serde::Serialize;

use crate::party::Party;
use crate::semver::Step;

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Happening {
    /// It is gone.
    Removed,
    /// It is another one.
    Changed,
    /// It is new.
    Added,
    /// It looks as before, and stands for something else.
    Retargeted,
}

/// A change of a public item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RustItemChange {
    /// The package: `autoposting-types`.
    pub package: String,
    /// The path by which others name it.
    pub path: String,
    /// What it is.
    pub kind: ItemKind,
    /// What happened to it.
    pub change: Happening,
    /// Its signature in the base.
    pub before: Option<String>,
    /// Its signature in the revision.
    pub after: Option<String>,
    /// What it asks of the package's version.
    pub step: Step,
    /// Where it comes from in the base, and in the revision.
    #[serde(skip)]
    pub(crate) pointers: (Option<String>, Option<String>),
}

impl RustItemChange {
    /// The operation or component it comes from.
    pub(crate) fn owner(&self) -> Option<String> {
        let pointer = self.pointers.1.as_ref().or(self.pointers.0.as_ref())?;
        let end = pointer.match_indices('/').nth(3).map_or(pointer.len(), |(index, _)| index);
        pointer.get(..end).map(ToOwned::to_owned)
    }

    /// Who does not compile any more.
    pub fn breaks(&self) -> Option<Party> {
        if self.step != Step::Major {
            return None;
        }
        // Packages of one API end in what they are.
        [("-types", Party::RustTypes), ("-client", Party::RustClient), ("-server", Party::RustServer)]
            .into_iter()
            .find_map(|(suffix, party)| self.package.ends_with(suffix).then_some(party))
    }
}

/// A name that stands for something else.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    pub(crate) item: RustItemChange,
    pub(crate) before: String,
    pub(crate) after: String,
}
