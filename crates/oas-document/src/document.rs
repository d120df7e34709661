//! A document and the files it refers to.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::reference::names::Names;
use crate::reference::uri;
use crate::{Diagnostic, FileId, Node, Place, Pointer, Position, Sources, Style};

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

/// Why a stage delivered nothing: at least one error, and the texts to show it with.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The texts that the diagnostics point into.
    pub sources: Sources,
    /// What went wrong, in the order in which it was found.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for Failure {
    /// Writes the diagnostics as [`render`](crate::render) does, without colours.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        crate::render(&self.diagnostics, &self.sources, Style::Plain, 100, &mut text).map_err(|_| fmt::Error)?;
        formatter.write_str(String::from_utf8_lossy(&text).trim_end())
    }
}

impl std::error::Error for Failure {}

/// An OpenAPI document as it was written, with the files it refers to.
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) sources: Sources,
    pub(crate) diagnostics: Vec<Diagnostic>,
    root: Node,
    /// The trees of the files it refers to; overlays have a text but no tree.
    others: BTreeMap<FileId, Node>,
    /// Which file a URI in another file names.
    links: BTreeMap<FileId, BTreeMap<String, FileId>>,
    reference_root: PathBuf,
    names: OnceLock<Names>,
}

impl Document {
    /// A document whose text is the first of `sources`, before its references were followed.
    pub(crate) fn new(sources: Sources, root: Node, diagnostics: Vec<Diagnostic>, reference_root: PathBuf) -> Self {
        Self {
            sources,
            diagnostics,
            root,
            others: BTreeMap::new(),
            links: BTreeMap::new(),
            reference_root,
            names: OnceLock::new(),
        }
    }

    /// The tree of the document itself.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Where the document itself starts.
    #[expect(clippy::unused_self, reason = "callers ask a document, whose root is always in its first file")]
    pub fn root_location(&self) -> Location {
        Location { file: FileId::DOCUMENT, pointer: Pointer::root() }
    }

    /// The value at `location`.
    pub fn get(&self, location: &Location) -> Option<&Node> {
        self.tree(location.file)?.at(&location.pointer)
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

    /// The same document with another tree, whose values keep the places that they have in the texts, and with what was
    /// worth saying about that.
    #[must_use]
    pub fn rewritten(mut self, root: Node, diagnostics: Vec<Diagnostic>) -> Self {
        *self.root_mut() = root;
        self.diagnostics.extend(diagnostics);
        self
    }

    /// The tree of the document itself, to change it. Names have to be collected anew afterwards.
    pub(crate) fn root_mut(&mut self) -> &mut Node {
        self.forget_names();
        &mut self.root
    }

    /// The tree of a file.
    pub(crate) fn tree(&self, file: FileId) -> Option<&Node> {
        if file == FileId::DOCUMENT { Some(&self.root) } else { self.others.get(&file) }
    }

    /// Every tree, that of the document first.
    pub(crate) fn files(&self) -> impl Iterator<Item = (FileId, &Node)> {
        let others = self.others.iter().map(|(file, tree)| (*file, tree));
        std::iter::once((FileId::DOCUMENT, &self.root)).chain(others)
    }

    pub(crate) fn add_tree(&mut self, file: FileId, tree: Node) {
        self.others.insert(file, tree);
    }

    /// The file that `uri`, written in file `from`, was found to name.
    pub(crate) fn linked_file(&self, from: FileId, uri: &str) -> Option<FileId> {
        self.links.get(&from)?.get(uri).copied()
    }

    pub(crate) fn link(&mut self, from: FileId, uri: &str, to: FileId) {
        self.links.entry(from).or_default().insert(uri.to_owned(), to);
    }

    /// `uri` as a path that counts from file `from`, as far as it lies beside it: `$self` says where the file would be
    /// on a network, so that absolute references can be found on disk.
    pub(crate) fn relative_to_file<'u>(&self, from: FileId, uri: &'u str) -> Cow<'u, str> {
        if let Some(path) = uri.strip_prefix("file://") {
            return Cow::Borrowed(path);
        }
        let own = self.tree(from).and_then(|tree| tree.get("$self")?.as_str()).unwrap_or_default();
        let folder = own.rfind('/').map_or("", |slash| own.get(..=slash).unwrap_or_default());
        match uri.strip_prefix(folder) {
            Some(rest) if uri::has_scheme(folder) => Cow::Borrowed(rest),
            _ => Cow::Borrowed(uri),
        }
    }

    /// References to files must stay below this folder.
    pub(crate) fn reference_root(&self) -> &Path {
        &self.reference_root
    }

    /// The name of a file, as a reference from the folder of the document writes it.
    pub(crate) fn file_name(&self, file: FileId) -> String {
        let path = |file| self.sources.get(file).map_or(Path::new(""), |source| source.path());
        let folder = path(FileId::DOCUMENT).parent().unwrap_or(Path::new(""));
        path(file).strip_prefix(folder).unwrap_or(path(file)).display().to_string()
    }

    pub(crate) fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::collect(self))
    }

    pub(crate) fn forget_names(&mut self) {
        self.names = OnceLock::new();
    }
}
