//! Loads the files that a document refers to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Component, Path, PathBuf};

use indexmap::IndexMap;

use crate::reference::nearest::nearest;
use crate::reference::scan::{Context, is_opaque, scan};
use crate::reference::{ResolveError, uri};
use crate::{Diagnostic, Document, FileId, Location, Place, Pointer};

/// Reads every file that `document` refers to, directly or not, and that was not read before.
///
/// What goes wrong is added to the diagnostics of the document.
pub(crate) fn follow_references(document: Document) -> Document {
    let mut follower = Follower { document, by_path: BTreeMap::new(), failed: Vec::new() };
    follower.remember_open_files();
    follower.run();
    follower.report_failures();
    follower.document
}

struct Follower {
    document: Document,
    /// Files that are open, by their path without links and dots.
    by_path: BTreeMap<PathBuf, FileId>,
    /// References whose file could not be opened; some of them may name a schema with an `$id` instead.
    failed: Vec<FailedReference>,
}

struct FailedReference {
    from: Location,
    text: String,
    diagnostics: Vec<Diagnostic>,
}

/// A reference that leads to a file, taken out of the tree.
struct Step {
    from: Location,
    text: String,
    place: Place,
    context: Context,
    required: bool,
}

impl Follower {
    fn remember_open_files(&mut self) {
        for (file, _) in self.document.files() {
            let path = self.document.sources.get(file).and_then(|source| fs::canonicalize(source.path()).ok());
            if let Some(path) = path {
                self.by_path.entry(path).or_insert(file);
            }
        }
    }

    fn run(&mut self) {
        let mut seen = BTreeSet::new();
        let mut work = VecDeque::from([(self.document.root_location(), Context::Keywords)]);
        while let Some((location, context)) = work.pop_front() {
            for step in self.steps(&location, context) {
                let Some(target) = self.follow(&step) else { continue };
                // The document itself is looked through from its root, except for what is data or an extension.
                let known = target.file == FileId::DOCUMENT && !target.pointer.tokens().any(|token| is_opaque(&token));
                if !known && seen.insert((target.clone(), step.context)) {
                    work.push_back((target, step.context));
                }
            }
        }
    }

    /// The references below `location` that may lead somewhere that was not looked through yet.
    fn steps(&self, location: &Location, context: Context) -> Vec<Step> {
        let Some(node) = self.document.get(location) else { return Vec::new() };
        let references = scan(node, location, context).references.into_iter();
        let leads_on = |text: &str| {
            let (uri, fragment) = uri::split(text);
            !uri.is_empty() || location.file != FileId::DOCUMENT || fragment.split('/').any(is_opaque)
        };
        references
            .filter(|found| leads_on(found.text))
            .map(|found| Step {
                from: Location { file: location.file, pointer: found.pointer.clone() },
                text: found.text.to_owned(),
                place: Place { span: found.node.span, pointer: found.pointer },
                context: found.context,
                required: found.required,
            })
            .collect()
    }

    /// What a reference names, after its file was opened. A whole file when it has no such value, so that the
    /// references on the way are loaded too.
    fn follow(&mut self, step: &Step) -> Option<Location> {
        let (uri, fragment) = uri::split(&step.text);
        let file = if uri.is_empty() { step.from.file } else { self.open(uri, step)? };
        let whole = Location { file, pointer: Pointer::root() };
        let pointer = uri::decode(fragment).and_then(|fragment| Pointer::parse(&fragment));
        let exact = pointer.map(|pointer| Location { file, pointer });
        Some(exact.filter(|location| self.document.get(location).is_some()).unwrap_or(whole))
    }

    /// The file that `uri` names; opens it when it is new.
    fn open(&mut self, uri: &str, step: &Step) -> Option<FileId> {
        if let Some(file) = self.document.linked_file(step.from.file, uri) {
            return Some(file);
        }
        match self.find(uri, step).and_then(|(shown, path)| self.read(&shown, path, &step.place)) {
            Ok(file) => {
                self.document.link(step.from.file, uri, file);
                Some(file)
            }
            Err(diagnostics) if step.required => {
                self.failed.push(FailedReference { from: step.from.clone(), text: step.text.clone(), diagnostics });
                None
            }
            Err(_) => None,
        }
    }

    /// The path that `uri` names: for messages, and as the file system knows it.
    fn find(&self, uri: &str, step: &Step) -> Result<(PathBuf, PathBuf), Vec<Diagnostic>> {
        let fail = |error: &ResolveError| vec![error.diagnostic(step.place.clone())];
        let relative = self.document.relative_to_file(step.from.file, uri);
        if uri::has_scheme(&relative) || relative.starts_with("//") {
            return Err(fail(&ResolveError::Remote { reference: step.text.clone() }));
        }
        let without_query = relative.split('?').next().unwrap_or_default();
        let Some(decoded) = uri::decode(without_query) else {
            return Err(fail(&ResolveError::Malformed { reference: step.text.clone() }));
        };
        let source = self.document.sources.get(step.from.file);
        let folder = source.and_then(|source| source.path().parent()).unwrap_or(Path::new(""));
        let shown = normalise(&folder.join(decoded.as_ref()));
        let root = self.document.reference_root();
        let outside = || {
            vec![
                Diagnostic::slip(
                    "outside-reference-root",
                    format!("`{}` leads out of the folder {}, and is not read", step.text, root.display()),
                )
                .at(step.place.clone())
                .hint(
                    "name a folder that holds both: `--reference-root DIR`, or `reference-root` in \
                     `openapi/codegen.toml`",
                ),
            ]
        };
        let canonical_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        match fs::canonicalize(&shown) {
            Ok(path) if path.starts_with(&canonical_root) => Ok((shown, path)),
            Ok(_) => Err(outside()),
            Err(_) => Err(vec![missing_file(&step.text, &shown, step.place.clone())]),
        }
    }

    fn read(&mut self, shown: &Path, path: PathBuf, place: &Place) -> Result<FileId, Vec<Diagnostic>> {
        if let Some(file) = self.by_path.get(&path) {
            return Ok(*file);
        }
        match super::open(&mut self.document.sources, shown) {
            Ok((file, node, warnings)) => {
                self.document.add_tree(file, node);
                self.document.diagnostics.extend(warnings);
                self.by_path.insert(path, file);
                Ok(file)
            }
            Err(diagnostics) => Err(diagnostics.into_iter().map(|diagnostic| referred(diagnostic, place)).collect()),
        }
    }

    /// Reports what could not be opened and does not name a schema with an `$id` or a component either; each file once.
    fn report_failures(&mut self) {
        self.document.forget_names();
        let mut reported: IndexMap<(FileId, String), (Vec<Diagnostic>, usize)> = IndexMap::new();
        for failed in std::mem::take(&mut self.failed) {
            let uri = uri::split(&failed.text).0.to_owned();
            let is_found = self.document.resolve_at(&failed.from, &uri).is_ok()
                || self.document.meant(&failed.from, &failed.text).is_some();
            if !is_found {
                reported.entry((failed.from.file, uri)).or_insert((failed.diagnostics, 0)).1 += 1;
            }
        }
        for (diagnostics, count) in reported.into_values() {
            let others = match count - 1 {
                0 => String::new(),
                1 => "; one more reference names it".to_owned(),
                more => format!("; {more} more references name it"),
            };
            let told = diagnostics.into_iter().map(|one| Diagnostic { message: one.message + &others, ..one });
            self.document.diagnostics.extend(told);
        }
    }
}

/// A diagnostic about a file that is not the document, with the place that asked for it.
fn referred(diagnostic: Diagnostic, place: &Place) -> Diagnostic {
    if diagnostic.code == "unreadable-file" {
        let slip = Diagnostic::slip(diagnostic.code, diagnostic.message).at(place.clone());
        return diagnostic.hint.into_iter().fold(slip, Diagnostic::hint);
    }
    if diagnostic.place.is_some() {
        diagnostic.related(place.clone(), "the file is referred to here")
    } else {
        diagnostic.at(place.clone())
    }
}

fn missing_file(reference: &str, path: &Path, place: Place) -> Diagnostic {
    let diagnostic = Diagnostic::slip(ResolveError::CODE, format!("`{reference}` names a file that does not exist"));
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let wanted = stem(path);
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    let stems: Vec<String> = names.iter().map(|name| stem(Path::new(name))).collect();
    let similar = stems.iter().position(|stem| *stem == wanted).or_else(|| {
        nearest(&wanted, stems.iter().map(String::as_str)).and_then(|near| stems.iter().position(|stem| stem == near))
    });
    let hint = match similar.and_then(|index| names.get(index)) {
        Some(name) => format!("did you mean `{name}`? no file is at {}", path.display()),
        None => format!("no file is at {}; paths count from the file with the reference", path.display()),
    };
    diagnostic.at(place).hint(hint)
}

/// Takes `.` and `..` out of a path without asking the file system.
pub(super) fn normalise(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if normal.components().next_back().is_some_and(is_name) => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

fn is_name(component: Component<'_>) -> bool {
    matches!(component, Component::Normal(_))
}
