//! OpenAPI Overlay [1.0](https://spec.openapis.org/overlay/v1.0.0.html) and
//! [1.1](https://spec.openapis.org/overlay/v1.1.0.html): changes to a document, kept apart from it.
//!
//! Two rules are stricter than the specification, because an overlay here mends a document on purpose: an action that
//! selects nothing is an error, and so is a member that the specification does not know.

mod change;
mod parse;
mod target;

use std::fs;
use std::path::{Path, PathBuf};

use crate::load::{follow_references, open};
use crate::reference::uri;
use crate::{Diagnostic, Document, Failure, FileId, Node, Place, Pointer, Severity};
use change::{Changes, check_size};
use parse::{Action, Modifier, Overlay};
use target::Target;

/// Applies the overlay documents at `paths`, in order. Everything that is wrong with them is reported at once.
///
/// Values that an overlay brings in keep their places in it; references in them count from the document.
///
/// # Errors
/// When an overlay cannot be read, is not one, or has an action that selects nothing or does not fit what it selects.
pub fn apply(mut document: Document, paths: &[PathBuf]) -> Result<Document, Failure> {
    let mut diagnostics = Vec::new();
    let mut overlays = Vec::new();
    for path in paths {
        match read(&mut document, path) {
            Ok(overlay) => overlays.push((path, overlay)),
            Err(found) => diagnostics.extend(found),
        }
    }
    // An overlay may build on those before it: once something is wrong, what follows would be wrong for that reason.
    let mut overlays = overlays.into_iter();
    while diagnostics.is_empty()
        && let Some((path, overlay)) = overlays.next()
    {
        document.diagnostics.extend(check_extends(&document, path, &overlay));
        let mut changes = Changes { version: overlay.version, document: &mut document };
        for (index, action) in overlay.actions.iter().enumerate() {
            diagnostics.extend(perform(&mut changes, action, index + 1).err().into_iter().flatten());
        }
    }
    let succeeded = diagnostics.is_empty();
    document.diagnostics.extend(diagnostics);
    if succeeded && !paths.is_empty() {
        document = follow_references(document);
    }
    if document.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(Failure { sources: document.sources, diagnostics: document.diagnostics });
    }
    Ok(document)
}

/// Reads the overlay at `path`; its text joins those of the document.
fn read(document: &mut Document, path: &Path) -> Result<Overlay, Vec<Diagnostic>> {
    let (_, tree, warnings) = open(&mut document.sources, path)?;
    document.diagnostics.extend(warnings);
    let (overlay, found) = parse::parse(&tree);
    let failed = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    match overlay.filter(|_| !failed) {
        Some(overlay) => {
            document.diagnostics.extend(found);
            Ok(overlay)
        }
        None => Err(found),
    }
}

fn perform(changes: &mut Changes<'_>, action: &Action, number: usize) -> Result<(), Vec<Diagnostic>> {
    let selected = select(changes.document, &action.target, number)?;
    match &action.modifier {
        Modifier::Remove => changes.remove(selected, action),
        Modifier::Update(update) => {
            check_size(&selected, update, action)?;
            changes.update(&selected, update, action)
        }
        Modifier::Copy(source) => {
            let sources = select(changes.document, source, number)?;
            let [source_pointer] = sources.as_slice() else {
                let message = format!("`copy` of action {number} selects {} values, it must be one", sources.len());
                return Err(vec![
                    Diagnostic::error("overlay-copy", message)
                        .at(source.place.clone())
                        .hint("name one value: a path without `*`, `..` and filters does"),
                ]);
            };
            let Some(copied) = changes.document.root().at(source_pointer) else { return Ok(()) };
            check_size(&selected, copied, action)?;
            let copied = copied.clone();
            changes.update(&selected, &copied, action)
        }
    }
}

/// What `target` selects: at least one value.
fn select(document: &Document, target: &Target, number: usize) -> Result<Vec<Pointer>, Vec<Diagnostic>> {
    let selected = target.select(document.root());
    if !selected.is_empty() {
        return Ok(selected);
    }
    let message = format!("action {number} selects nothing: `{}`", target.text);
    Err(vec![
        Diagnostic::error("overlay-selects-nothing", message)
            .at(target.place.clone())
            .hint(target.longest_match(document.root())),
    ])
}

/// An overlay may say which document it is for; a warning when that is another one.
fn check_extends(document: &Document, overlay: &Path, parsed: &Overlay) -> Option<Diagnostic> {
    let extends = parsed.extends.as_ref()?;
    let text = extends.as_str()?;
    let source = document.sources.get(FileId::DOCUMENT)?;
    let (uri, _) = uri::split(text);
    let own_uri = document.root().get("$self").and_then(Node::as_str);
    let same = if uri::has_scheme(uri) {
        // Without `$self` nothing says where a document comes from, except its name.
        let last = uri.rsplit('/').next();
        own_uri.map_or_else(|| source.path().file_name().and_then(|name| name.to_str()) == last, |own| own == uri)
    } else {
        let path = overlay.parent().unwrap_or(Path::new("")).join(uri::decode(uri).unwrap_or_default().as_ref());
        let real = |path: &Path| fs::canonicalize(path).ok();
        own_uri == Some(uri) || real(&path).is_some_and(|path| Some(path) == real(source.path()))
    };
    let message = format!("the overlay was made for `{text}`, not for {}", source.path().display());
    (!same).then(|| {
        Diagnostic::warning("overlay-extends", message)
            .at(Place { span: extends.span, pointer: Pointer::root().child("extends") })
            .hint("correct `extends`, or remove it when the overlay fits several documents")
    })
}
