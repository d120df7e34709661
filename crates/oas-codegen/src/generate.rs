//! All stages in a row: from the path of a document to the files of its packages.

use std::fmt;
use std::path::PathBuf;

use crate::GeneratedFile;

/// The code of the diagnostic that stands for a panic: a fault of the generator, whatever the document says.
pub const INTERNAL_ERROR: &str = "internal-error";

/// A package that a document becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Package {
    /// Schemas, parameters, bodies, responses, errors and credentials.
    Types,
    /// The client.
    Client,
    /// The server's traits and router.
    Server,
}

impl Package {
    /// Every package, in the order in which they depend on each other.
    pub const ALL: [Self; 3] = [Self::Types, Self::Client, Self::Server];

    /// The word for it: `types`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The generated files of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFiles {
    /// Which package.
    pub package: Package,
    /// Its name: `autoposting-types`.
    pub name: String,
    /// Its folder, as the manifest shows it.
    pub folder: PathBuf,
    /// The files, relative to that folder.
    pub files: Vec<GeneratedFile>,
}
