//! Both sides of a message.

use oas_model::Operation;

/// An operation in the base and in the revision; one that came or went stands in one of them only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counterparts<'a> {
    /// The operation of the base.
    pub(crate) base: Option<&'a Operation>,
    /// The operation of the revision.
    pub(crate) revision: Option<&'a Operation>,
}

/// Which side a message comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Base,
    Revision,
}

impl Origin {
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Base => Self::Revision,
            Self::Revision => Self::Base,
        }
    }
}

impl<'a> Counterparts<'a> {
    /// The operation of one side.
    pub(super) const fn of(self, side: Origin) -> Option<&'a Operation> {
        match side {
            Origin::Base => self.base,
            Origin::Revision => self.revision,
        }
    }
}
