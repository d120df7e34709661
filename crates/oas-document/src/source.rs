//! The texts a document was read from, and places in them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One of the files in a [`Sources`]: the document, a file it refers to, or an overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

impl FileId {
    /// The document itself, which is the first file that is read.
    pub const DOCUMENT: Self = Self(0);
}

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte, from 0.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A place as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The file as it was named when it was loaded.
    pub file: PathBuf,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A file with its text and the byte offset at which each line starts.
#[derive(Debug, Clone)]
pub struct Source {
    path: PathBuf,
    text: Arc<str>,
    lines: Arc<[u32]>,
}

impl Source {
    /// The file as it was named when it was loaded.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What people call the file: its name without endings, or that of its folder where it is called `index`.
    pub fn name(&self) -> Option<&str> {
        let stem = self.path.file_stem()?.to_str()?;
        match stem.strip_suffix(".schema").unwrap_or(stem) {
            "index" => self.path.parent()?.file_name()?.to_str(),
            name => Some(name),
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Every file that a document was read from. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file; texts of 4 GiB and more are cut off by the loader before they come here.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let starts =
            std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        let lines = starts.map(|start| u32::try_from(start).unwrap_or(u32::MAX)).collect();
        self.files.push(Source { path: path.into(), text, lines });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file behind an id that this collection handed out.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// The text of a file, shared with this collection.
    pub(crate) fn shared_text(&self, file: FileId) -> Arc<str> {
        self.get(file).map_or_else(|| Arc::from(""), |source| Arc::clone(&source.text))
    }

    /// The text of `span`; empty when it does not lie in its file.
    pub fn text(&self, span: Span) -> &str {
        let source = self.get(span.file);
        source.and_then(|source| source.text.get(span.start as usize..span.end as usize)).unwrap_or_default()
    }

    /// Every file, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(index, source)| (FileId(u32::try_from(index).unwrap_or(u32::MAX)), source))
    }

    /// The place at which `span` starts.
    pub fn position(&self, span: Span) -> Position {
        let Some(source) = self.get(span.file) else {
            return Position { file: PathBuf::new(), line: 1, column: 1 };
        };
        let line = source.lines.partition_point(|start| *start <= span.start).max(1);
        let start = source.lines.get(line - 1).copied().unwrap_or(0) as usize;
        let before = source.text.get(start..span.start as usize).unwrap_or_default();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position { file: source.path.clone(), line: count(line), column: count(before.chars().count() + 1) }
    }
}
