//! What comes out: packages with their files.

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
    /// The command line over the client.
    Cli,
}

impl Package {
    /// Every package, in the order in which they depend on each other.
    pub const ALL: [Self; 4] = [Self::Types, Self::Client, Self::Server, Self::Cli];

    /// The word for it: `types`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Client => "client",
            Self::Server => "server",
            Self::Cli => "cli",
        }
    }

    /// The name of the package for an API of this name: `autoposting-types`.
    pub fn name(self, api: &str) -> String {
        format!("{api}-{self}")
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
