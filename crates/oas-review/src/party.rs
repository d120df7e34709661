//! Who stops working.

use serde::Serialize;

/// Who stops working.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// Clients of the base, against a server of the revision.
    OldClient,
    /// Clients of the revision, against a server of the base.
    NewClient,
    /// Code that uses the types package.
    RustTypes,
    /// Code that uses the client package.
    RustClient,
    /// Code that implements the server package's traits.
    RustServer,
}

impl Party {
    /// The word for it in a report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OldClient => "old-client",
            Self::NewClient => "new-client",
            Self::RustTypes => "rust-types",
            Self::RustClient => "rust-client",
            Self::RustServer => "rust-server",
        }
    }
}
