//! A document and the files it refers to.

use std::path::{Path, PathBuf};

use crate::{Diagnostic, FileId, Node, Place, Pointer, Position, Sources};

/// A value's address: a file and a pointer inside of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file whose tree the pointer counts from.
    pub file: FileId,
    /// The pointer.
    pub pointer: Pointer,
}

impl Location {
    /// The location of the member or item `token` of the value at this one.
    #[must_use]
    pub fn child(&self, token: &str) -> Self {
        Self { file: self.file, pointer: self.pointer.child(token) }
    }

    /// The location of item `index` of the array at this one.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self { file: self.file, pointer: self.pointer.item(index) }
    }
}

/// How [`load`] reads.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// References to files must stay below this folder; `None` stands for the folder of the document.
    pub reference_root: Option<PathBuf>,
}

/// Why a stage delivered nothing: at least one error, and the texts to show it with.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The texts that the diagnostics point into.
    pub sources: Sources,
    /// What went wrong, in the order in which it was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// An OpenAPI document as it was written, with the files it refers to.
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) sources: Sources,
    /// The tree of each file, by [`FileId`]; overlays have a text but no tree.
    pub(crate) trees: Vec<Option<Node>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// The tree of the document itself.
    pub fn root(&self) -> &Node {
        todo!()
    }

    /// Where the document itself starts.
    pub fn root_location(&self) -> Location {
        Location { file: FileId(0), pointer: Pointer::root() }
    }

    /// The value at `location`.
    pub fn get(&self, location: &Location) -> Option<&Node> {
        self.trees.get(location.file.0 as usize)?.as_ref()?.at(&location.pointer)
    }

    /// What a `$ref` in file `from` names. Files were loaded by [`load`]; nothing is read here.
    pub fn resolve(&self, from: FileId, reference: &str) -> Result<Location, String> {
        let _ = (from, reference);
        todo!()
    }

    /// Where the value at `location` stands, for a diagnostic.
    pub fn place(&self, location: &Location) -> Option<Place> {
        self.get(location).map(|node| Place { span: node.span, pointer: location.pointer.clone() })
    }

    /// Where the value at `location` stands, for a person.
    pub fn position(&self, location: &Location) -> Option<Position> {
        self.get(location).map(|node| self.sources.position(node.span))
    }

    /// The texts the document was read from.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What was worth saying while the document was loaded and overlaid: warnings and notes.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// Reads the document at `path`, JSON or YAML, and every file that it refers to.
///
/// # Errors
/// When a file cannot be read, is not JSON or YAML, nests too deep, or a reference leaves the reference root.
pub fn load(path: &Path, options: &LoadOptions) -> Result<Document, Failure> {
    let _ = (path, options);
    todo!()
}
