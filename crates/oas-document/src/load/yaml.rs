//! YAML 1.2 ([specification](https://yaml.org/spec/1.2.2/)), its core schema, and merge keys.

use std::borrow::Cow;
use std::collections::BTreeMap;

use indexmap::map::Entry;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as Marked, StrInput, Tag};

use super::builder::{MAX_DEPTH, TreeBuilder, measure, too_deep};
use super::marks::Marks;
use super::scalar::{self, ScalarError};
use crate::{Diagnostic, FileId, Node, Object, Severity, Span, Value};

/// How many values a text may have copied by anchors, aliases and merge keys. Nested aliases multiply: a text of a
/// few hundred bytes can stand for billions of values.
const MAX_COPIED: usize = 1_000_000;

/// Ways out of the commonest mistakes, by words in the message of the parser.
const HINTS: &[(&str, &str)] = &[
    ("unexpected character", "quote the value; YAML reserves this character"),
    ("plain scalar cannot start", "quote the value; YAML reserves this character"),
    ("quoted scalar", "close the quotes that were opened, and indent what is between them"),
    ("tab", "indent with spaces; YAML forbids tabs there"),
    ("mapping values", "quote the value if it contains `: `, or check the indentation"),
    ("cannot start any token", "quote the value; YAML reserves this character"),
    ("anchor", "an alias `*name` needs an anchor `&name` before it; quote values that start with `*` or `&`"),
    ("recursion limit", "split the value with `$ref`; documents that people write nest less than 60 levels"),
];

/// Why a text was not read to its end.
enum Stop {
    /// It is not YAML as the specification has it.
    Syntax(Diagnostic),
    /// It is, and says something that a document cannot say.
    Meaning(Diagnostic),
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Meaning(diagnostic)
    }
}

/// Reads `text`, which is that of `file`. Warnings come with the tree.
pub(super) fn parse(file: FileId, text: &str) -> Result<(Node, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut reader = Reader::new(file, text);
    match reader.run() {
        Ok(()) => reader.finish(),
        Err(Stop::Meaning(diagnostic)) => {
            reader.builder.report(diagnostic);
            reader.finish()
        }
        Err(Stop::Syntax(diagnostic)) => forgiven(file, text, &diagnostic).ok_or_else(|| {
            reader.builder.report(diagnostic);
            reader.builder.finish().1
        }),
    }
}

/// Reads a text that is not quite YAML as most readers do, who forgive the fault that `strict` tells of.
fn forgiven(file: FileId, text: &str, strict: &Diagnostic) -> Option<(Node, Vec<Diagnostic>)> {
    let mut reader = Reader::new(file, text);
    for (event, start, end) in super::libyaml::events(text, &reader.marks)? {
        reader.step(event, super::span(file, start, end)).ok()?;
    }
    let (node, mut diagnostics) = reader.finish().ok()?;
    let message = format!("{}: YAML 1.2 forbids it; it is read as libyaml, Go and JavaScript read it", strict.message);
    let slip = Diagnostic { place: strict.place.clone(), ..Diagnostic::slip("lenient-yaml", message) };
    diagnostics.push(match &strict.hint {
        Some(hint) => slip.hint(hint.clone()),
        None => slip,
    });
    Some((node, diagnostics))
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    marks: Marks<'t>,
    builder: TreeBuilder,
    /// What the builder does not know about the containers that are open.
    containers: Vec<Container>,
    anchors: BTreeMap<usize, Anchored>,
    copied: usize,
    /// Whether a document has begun.
    has_begun: bool,
    /// Where a further document begins.
    further: Option<Span>,
}

/// A container that is open.
struct Container {
    /// The number of its anchor; 0 for none.
    anchor: usize,
    /// Merge keys of an object: the objects to merge, and the number of members that stood before.
    merges: Vec<(usize, Vec<Object>)>,
    /// Whether the next value belongs to a merge key.
    merging: bool,
}

/// A value that aliases can name, with its size in values and its depth in containers.
struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        Reader {
            file,
            text,
            marks: Marks::new(text),
            builder: TreeBuilder::new(),
            containers: Vec::new(),
            anchors: BTreeMap::new(),
            copied: 0,
            has_begun: false,
            further: None,
        }
    }

    fn run(&mut self) -> Result<(), Stop> {
        let mut parser: Parser<'t, StrInput<'t>> = Parser::new_from_str(self.text);
        while let Some(event) = parser.next_event() {
            let (event, marked) = event.map_err(|error| Stop::Syntax(self.lexical(&error)))?;
            self.step(event, self.span(marked))?;
        }
        Ok(())
    }

    /// The tree, when nothing was found that leaves none.
    fn finish(self) -> Result<(Node, Vec<Diagnostic>), Vec<Diagnostic>> {
        let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        match self.builder.finish() {
            (Some(node), diagnostics) if !diagnostics.iter().any(is_error) => Ok((node, diagnostics)),
            (None, diagnostics) if diagnostics.is_empty() => Err(vec![super::empty(self.file)]),
            (_, diagnostics) => Err(diagnostics),
        }
    }

    fn step(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        if let Some(start) = self.further {
            return self.behind_the_document(&event, start);
        }
        match event {
            Event::DocumentStart(_) => self.document(span),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span)?,
            Event::Alias(anchor) => self.alias(anchor, span)?,
            Event::SequenceStart(anchor, tag) => {
                self.open(anchor, tag.as_deref(), "seq", span)?;
                self.builder.open_array(span)?;
            }
            Event::MappingStart(anchor, tag) => {
                self.open(anchor, tag.as_deref(), "map", span)?;
                self.builder.open_object(span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn document(&mut self, span: Span) {
        if self.has_begun {
            self.further = Some(span);
        }
        self.has_begun = true;
    }

    /// What stands behind the document, after a `---` at `start`: nothing, where that is the last line of a file.
    fn behind_the_document(&self, event: &Event<'_>, start: Span) -> Result<(), Diagnostic> {
        let is_empty = match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None) => matches!(text.as_ref(), "" | "~"),
            Event::Nothing | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => true,
            _ => false,
        };
        if is_empty {
            return Ok(());
        }
        Err(Diagnostic::error("several-documents", "a second YAML document in the same file")
            .at(self.builder.place(start))
            .hint("keep one document per file; remove the line `---` or what follows it"))
    }

    fn open(&mut self, anchor: usize, tag: Option<&Tag>, expected: &str, span: Span) -> Result<(), Diagnostic> {
        if self.builder.expects_key() {
            return Err(self
                .error(span, "a name that is itself an object or an array")
                .hint("names of members are strings; quote the name, or a value that starts with `{`, `[` or `*`"));
        }
        if let Some(tag) = tag {
            self.check_tag(tag, expected, span)?;
        }
        self.containers.push(Container { anchor, merges: Vec::new(), merging: false });
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), Diagnostic> {
        let Some(container) = self.containers.pop() else { return Ok(()) };
        if !container.merges.is_empty()
            && let Some(members) = self.builder.members_mut()
        {
            merge(members, container.merges);
        }
        // A flow collection ends with its bracket; the end of a block collection is where the next line starts.
        let bracket = self.text.get(end.start as usize..).is_some_and(|rest| rest.starts_with(['}', ']']));
        let bracket = bracket && end.end > end.start;
        let Some(node) = self.builder.close(bracket.then_some(end.start.saturating_add(1))) else { return Ok(()) };
        self.add(node, container.anchor)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Diagnostic> {
        let span = self.trim(span, style);
        if self.builder.expects_key() {
            let merging = style == ScalarStyle::Plain && tag.is_none() && text == "<<";
            if let Some(container) = self.containers.last_mut() {
                container.merging = merging;
            }
            if anchor != 0 {
                self.anchors.insert(anchor, Anchored { node: string(text, span), size: 1, depth: 0 });
            }
            self.builder.key(text.to_owned(), span);
            return Ok(());
        }
        let value = match tag {
            Some(tag) => self.tagged(tag, text, span)?,
            None if style == ScalarStyle::Plain => scalar::plain(text),
            None => Ok(Value::String(text.to_owned())),
        };
        let value = match value {
            Ok(value) => value,
            Err(ScalarError::NotFinite) => self.odd_number(text, span, "a number that JSON does not have"),
            Err(ScalarError::OutOfRange) => self.odd_number(text, span, "a number that is out of range"),
            Err(ScalarError::Tag(tag)) => {
                return Err(self
                    .error(span, format!("a value that does not fit its tag `{tag}`"))
                    .hint("remove the tag, or write a value of that type"));
            }
        };
        self.add(Node { value, span }, anchor)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Diagnostic> {
        let Some(Anchored { node, size, depth }) = self.anchors.get(&anchor) else {
            return Err(self
                .error(span, "an alias inside of the value it names")
                .hint("use `$ref` for recursive schemas"));
        };
        if self.builder.expects_key() {
            let Some(name) = node.as_str().map(str::to_owned) else {
                return Err(self
                    .error(span, "an alias of a value that is not a string, as the name of a member")
                    .hint("write the name itself"));
            };
            self.builder.key(name, span);
            return Ok(());
        }
        if self.builder.depth() + depth > MAX_DEPTH {
            return Err(too_deep(self.builder.place(span)));
        }
        self.copied = self.copied.saturating_add(*size);
        if self.copied > MAX_COPIED {
            return Err(self.too_many_copies(span));
        }
        let node = node.clone();
        self.add(node, 0)
    }

    /// Adds a complete value to the tree, or keeps it to be merged.
    fn add(&mut self, node: Node, anchor: usize) -> Result<(), Diagnostic> {
        if anchor != 0 {
            let (size, depth) = measure(&node);
            self.copied = self.copied.saturating_add(size);
            if self.copied > MAX_COPIED {
                return Err(self.too_many_copies(node.span));
            }
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, depth });
        }
        if self.containers.last().is_some_and(|container| container.merging) {
            return self.keep_for_merge(node);
        }
        self.builder.value(node);
        Ok(())
    }

    fn keep_for_merge(&mut self, node: Node) -> Result<(), Diagnostic> {
        let span = node.span;
        let objects: Option<Vec<Object>> = match node.value {
            Value::Object(members) => Some(vec![*members]),
            Value::Array(items) => items
                .into_iter()
                .map(|item| if let Value::Object(members) = item.value { Some(*members) } else { None })
                .collect(),
            _ => None,
        };
        let Some(objects) = objects else {
            return Err(self
                .error(span, "a merge key `<<` whose value is not an object")
                .hint("a merge key takes an alias of an object, or a list of them; quote a member named \"<<\""));
        };
        let before = self.builder.forget_key();
        if let Some(container) = self.containers.last_mut() {
            container.merging = false;
            container.merges.push((before, objects));
        }
        Ok(())
    }

    fn tagged(&mut self, tag: &Tag, text: &str, span: Span) -> Result<Result<Value, ScalarError>, Diagnostic> {
        let known = if tag.is_yaml_core_schema() { scalar::tagged(&tag.suffix, text) } else { None };
        if let Some(value) = known {
            return Ok(value);
        }
        self.check_tag(tag, "str", span)?;
        Ok(Ok(Value::String(text.to_owned())))
    }

    /// Tags that stand for other kinds of values are errors; tags of an application are not known here.
    fn check_tag(&mut self, tag: &Tag, expected: &str, span: Span) -> Result<(), Diagnostic> {
        if tag.is_yaml_core_schema() {
            if tag.suffix == expected || (expected == "str" && matches!(tag.suffix.as_str(), "binary" | "timestamp")) {
                return Ok(());
            }
            return Err(self
                .error(span, format!("tag `!!{}` does not fit this value", tag.suffix))
                .hint("remove the tag: a document needs none"));
        }
        if tag.handle == "!" && tag.suffix.is_empty() || tag.handle.is_empty() && tag.suffix == "!" {
            return Ok(());
        }
        let warning = Diagnostic::warning("unknown-tag", format!("tag `{tag}` is not known and was ignored"))
            .at(self.builder.place(span))
            .hint("remove it: OpenAPI documents use the tags of the YAML core schema only");
        self.builder.report(warning);
        Ok(())
    }

    /// What becomes of a number that nothing can hold.
    fn odd_number(&mut self, text: &str, span: Span, what: &str) -> Value {
        let slip = Diagnostic::slip("odd-number", format!("{what}; it is taken as a text"))
            .at(self.builder.place(span))
            .hint("quote it, if it is meant as a string");
        self.builder.report(slip);
        Value::String(text.to_owned())
    }

    fn too_many_copies(&self, span: Span) -> Diagnostic {
        Diagnostic::error("too-many-aliases", format!("anchors and aliases copy more than {MAX_COPIED} values"))
            .at(self.builder.place(span))
            .hint("use `$ref` instead of aliases, which copy what they name")
    }

    fn lexical(&self, error: &ScanError) -> Diagnostic {
        // What is missing at the end is shown after the last thing that is there.
        let start = self.marks.byte(error.marker().index()).min(self.text.trim_end().len());
        let rest = self.text.get(start..).unwrap_or_default();
        let end = start + rest.chars().next().filter(|next| *next != '\n').map_or(0, char::len_utf8);
        let info = error.info().to_lowercase();
        let hint = HINTS.iter().find(|(words, _)| info.contains(words)).map(|(_, hint)| *hint);
        let diagnostic = self.error(super::span(self.file, start, end), info);
        diagnostic.hint(hint.unwrap_or("check the indentation and the quotes here and in the line before"))
    }

    fn error(&self, span: Span, message: impl Into<Cow<'static, str>>) -> Diagnostic {
        Diagnostic::error("invalid-yaml", message.into()).at(self.builder.place(span))
    }

    fn span(&self, marked: Marked) -> Span {
        super::span(self.file, self.marks.byte(marked.start.index()), self.marks.byte(marked.end.index()))
    }

    /// Leaves away the line breaks that follow a block scalar.
    fn trim(&self, span: Span, style: ScalarStyle) -> Span {
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return span;
        }
        let text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default().trim_end();
        super::span(self.file, span.start as usize, span.start as usize + text.len())
    }
}

fn string(text: &str, span: Span) -> Node {
    Node { value: Value::String(text.to_owned()), span }
}

/// Merges as <https://yaml.org/type/merge.html> says: own members win, then those of earlier objects. Merged members
/// stand where the merge key stood.
fn merge(members: &mut Object, merges: Vec<(usize, Vec<Object>)>) {
    let own = std::mem::take(members);
    let names: std::collections::BTreeSet<String> = own.keys().cloned().collect();
    let mut merges = merges.into_iter().peekable();
    let mut own = own.into_iter().enumerate().peekable();
    loop {
        let at = own.peek().map_or(usize::MAX, |(at, _)| *at);
        if let Some((_, objects)) = merges.next_if(|(before, _)| *before <= at) {
            for (name, member) in objects.into_iter().flatten().filter(|(name, _)| !names.contains(name)) {
                if let Entry::Vacant(entry) = members.entry(name) {
                    entry.insert(member);
                }
            }
        } else if let Some((_, (name, member))) = own.next() {
            members.insert(name, member);
        } else {
            return;
        }
    }
}
