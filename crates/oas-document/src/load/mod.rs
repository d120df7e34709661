//! From files to a [`Document`].

mod builder;
mod file;
mod follow;
mod json;
mod libyaml;
mod marks;
mod number;
#[cfg(test)]
mod properties;
mod root;
mod scalar;
mod yaml;

use std::path::{Path, PathBuf};

pub(crate) use builder::{MAX_DEPTH, measure};
pub(crate) use follow::follow_references;

use crate::{Diagnostic, Document, Failure, FileId, Node, Place, Pointer, Severity, Sources, Span, Value};

/// How [`load`] reads.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// References to files must stay below this folder; `None` stands for the git repository that holds the document,
    /// or else for the document's folder.
    pub reference_root: Option<PathBuf>,
}

/// Reads the document at `path`, JSON or YAML, and every file that it refers to.
///
/// # Errors
/// When a file is there and cannot be read, is not JSON or YAML, or nests too deep. A reference to a file that is not
/// there, or that lies outside of the reference root, is a [slip](crate::Class::Slip).
pub fn load(path: &Path, options: &LoadOptions) -> Result<Document, Failure> {
    let mut sources = Sources::default();
    match open(&mut sources, path) {
        Ok((_, node, diagnostics)) => finish(sources, node, diagnostics, path, options),
        Err(diagnostics) => Err(Failure { sources, diagnostics }),
    }
}

/// Reads `text` as if it was that of the file at `path`: a document that is not on disk, such as an older version of
/// one. The files that it refers to are read.
///
/// # Errors
/// As for [`load`].
pub fn load_text(text: &str, path: &Path, options: &LoadOptions) -> Result<Document, Failure> {
    let mut sources = Sources::default();
    let file = sources.add(path, text.strip_prefix('\u{FEFF}').unwrap_or(text));
    match parse(file, &sources.shared_text(file), path) {
        Ok((node, diagnostics)) => finish(sources, node, diagnostics, path, options),
        Err(diagnostics) => Err(Failure { sources, diagnostics }),
    }
}

/// Follows the references of a document whose text was read.
fn finish(
    sources: Sources,
    root: Node,
    mut diagnostics: Vec<Diagnostic>,
    path: &Path,
    options: &LoadOptions,
) -> Result<Document, Failure> {
    if let Err(diagnostic) = check_root(&root, &sources) {
        diagnostics.push(diagnostic);
        return Err(Failure { sources, diagnostics });
    }
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let reference_root = options.reference_root.clone().unwrap_or_else(|| root::default(folder));
    let document = Document::new(sources, root, diagnostics, reference_root);
    let document = follow_references(document);
    if document.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(Failure { sources: document.sources, diagnostics: document.diagnostics });
    }
    Ok(document)
}

/// Reads one file and adds its text to `sources`, which happens also when the text turns out to be wrong.
pub(crate) fn open(sources: &mut Sources, path: &Path) -> Result<(FileId, Node, Vec<Diagnostic>), Vec<Diagnostic>> {
    let text = file::read(sources, path).map_err(|diagnostic| vec![diagnostic])?;
    let file = sources.add(path, text);
    let text = sources.shared_text(file);
    let (node, diagnostics) = parse(file, &text, path)?;
    Ok((file, node, diagnostics))
}

/// Reads `text` as what it looks like; a file name decides only where the text leaves it open.
fn parse(file: FileId, text: &str, path: &Path) -> Result<(Node, Vec<Diagnostic>), Vec<Diagnostic>> {
    let place = |start, end| Place { span: span(file, start, end), pointer: Pointer::root() };
    if let Some(at) = text.find('\0') {
        return Err(vec![
            Diagnostic::error("binary-file", "a NUL byte, which neither JSON nor YAML may contain")
                .at(place(at, at + 1))
                .hint("check that this is a text file in UTF-8"),
        ]);
    }
    let named_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let mut rest = text.chars().filter(|character| !matches!(character, ' ' | '\t' | '\r' | '\n'));
    match (rest.next(), rest.next()) {
        (None, _) => Err(vec![empty(file)]),
        (Some('<'), _) => Err(vec![
            Diagnostic::error("not-a-document", "this looks like HTML or XML, not like JSON or YAML")
                .at(place(0, text.find('<').map_or(0, |at| at + 1)))
                .hint("download the document itself, not the page that shows it"),
        ]),
        (Some('{' | '['), second) => {
            let plainly_json = named_json || matches!(second, Some('"' | '}' | ']' | '{' | '[') | None);
            json_or_flow(file, text, named_json, plainly_json)
        }
        (Some('"'), _) if named_json => {
            json::parse(file, text).or_else(|error| yaml::parse(file, text).map_err(|_| error))
        }
        (Some('/'), Some('/' | '*')) if named_json => json::parse(file, text),
        _ => yaml::parse(file, text),
    }
}

/// What is said about a file without a value.
fn empty(file: FileId) -> Diagnostic {
    Diagnostic::error("empty-document", "the file is empty")
        .at(Place { span: span(file, 0, 0), pointer: Pointer::root() })
        .hint("check the path, and that the file was written completely")
}

/// Reads a text that starts with a bracket: JSON, or the flow style of YAML.
fn json_or_flow(
    file: FileId,
    text: &str,
    named_json: bool,
    plainly_json: bool,
) -> Result<(Node, Vec<Diagnostic>), Vec<Diagnostic>> {
    let as_json = match json::parse(file, text) {
        Ok(read) => return Ok(read),
        Err(diagnostics) => diagnostics,
    };
    if named_json {
        return Err(as_json);
    }
    yaml::parse(file, text).map_err(|as_yaml| if plainly_json { as_json } else { as_yaml })
}

fn check_root(node: &Node, sources: &Sources) -> Result<(), Diagnostic> {
    if matches!(node.value, Value::Object(_)) {
        return Ok(());
    }
    let first_line = sources.text(node.span).lines().next().unwrap_or_default().len();
    let end = node.span.start.saturating_add(u32::try_from(first_line).unwrap_or(u32::MAX)).min(node.span.end);
    Err(Diagnostic::error("not-a-document", format!("an OpenAPI document is an object, this is {}", article(node)))
        .at(Place { span: Span { end, ..node.span }, pointer: Pointer::root() })
        .hint("an OpenAPI document starts with a member `openapi`, such as `openapi: 3.1.0`"))
}

fn article(node: &Node) -> String {
    match node.kind() {
        "null" => "null".to_owned(),
        kind @ ("array" | "object") => format!("an {kind}"),
        kind => format!("a {kind}"),
    }
}

/// The range of bytes as a span; files are shorter than 4 GiB.
fn span(file: FileId, start: usize, end: usize) -> Span {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { file, start: offset(start), end: offset(end.max(start)) }
}
