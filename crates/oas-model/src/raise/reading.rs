//! Reading values from the tree, forgiving what real documents get wrong.
//!
//! Whatever is not as the specification wants it is reported, with what it became; nothing here fails the build.

use oas_document::{Diagnostic, Location, Node, Object, Value};
use serde_json::Number;

use super::Builder;
use super::slip::did_you_mean;
use crate::Extensions;
use crate::vocabulary::ObjectKind;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<'d> {
    /// The value.
    pub(super) node: &'d Node,
    /// Where it stands.
    pub(super) location: Location,
}

impl<'d> At<'d> {
    /// The items, when this is an array.
    pub(super) fn items(&self) -> impl Iterator<Item = NodeRef<'_, 'd>> {
        let items = self.node.as_array().unwrap_or_default();
        items.iter().enumerate().map(|(index, node)| NodeRef { parent: &self.location, step: Step::Item(index), node })
    }

    /// The members, when this is an object.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'d str, NodeRef<'_, 'd>)> {
        self.node.as_object().into_iter().flatten().map(|(name, member)| {
            (name.as_str(), NodeRef { parent: &self.location, step: Step::Member(name), node: &member.node })
        })
    }

    /// The member `name`, when this is an object that has it.
    pub(super) fn get(&self, name: &'static str) -> Option<NodeRef<'_, 'd>> {
        self.node.get(name).map(|node| NodeRef { parent: &self.location, step: Step::Member(name), node })
    }
}

/// The last step of a pointer.
#[derive(Debug, Clone, Copy)]
enum Step<'d> {
    /// To a member of an object.
    Member(&'d str),
    /// To an item of an array.
    Item(usize),
}

/// A value and how to say where it stands. Cheap, where [`At`] is not: most values are fine and need no location.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeRef<'a, 'd> {
    parent: &'a Location,
    step: Step<'d>,
    /// The value.
    pub(super) node: &'d Node,
}

impl<'d> NodeRef<'_, 'd> {
    /// Where it stands.
    pub(super) fn location(&self) -> Location {
        match self.step {
            Step::Member(name) => self.parent.child(name),
            Step::Item(index) => self.parent.item(index),
        }
    }

    /// The value with its location.
    pub(super) fn at(&self) -> At<'d> {
        At { node: self.node, location: self.location() }
    }

    /// What a message calls it: its name, or its position.
    pub(super) fn title(&self) -> String {
        match self.step {
            Step::Member(name) => format!("`{name}`"),
            Step::Item(index) => format!("item {index}"),
        }
    }
}

/// An object whose members were held against the vocabulary.
#[derive(Debug, Clone)]
pub(super) struct Fields<'d> {
    /// The object.
    pub(super) at: At<'d>,
}

impl<'d> Fields<'d> {
    /// The member `name`; a `null` is as good as no member, which [`Builder::fields`] has reported.
    pub(super) fn get(&self, name: &'static str) -> Option<NodeRef<'_, 'd>> {
        self.at.get(name).filter(|node| !matches!(node.node.value, Value::Null))
    }

    /// Members whose names start with `x-`.
    pub(super) fn extensions(&self) -> Extensions {
        let members = self.at.members().filter(|(name, _)| name.starts_with("x-"));
        members.map(|(name, node)| (name.to_owned(), node.node.to_json())).collect()
    }
}

/// Whether the value of a member may be `null`, because it is a value of the API rather than of the document.
fn is_free(kind: ObjectKind, name: &str) -> bool {
    match kind {
        ObjectKind::Example => matches!(name, "value" | "dataValue"),
        ObjectKind::Link => name == "requestBody",
        _ => name == "example",
    }
}

/// Whether the model keeps members whose names start with `x-` of objects of this kind.
fn keeps_extensions(kind: ObjectKind) -> bool {
    use ObjectKind as Kind;
    matches!(
        kind,
        Kind::OpenApi
            | Kind::Info
            | Kind::Server
            | Kind::Operation
            | Kind::Parameter
            | Kind::RequestBody
            | Kind::MediaType
            | Kind::Encoding
            | Kind::Response
            | Kind::Header
            | Kind::Link
            | Kind::Tag
            | Kind::SecurityScheme
            | Kind::Schema
    )
}

/// Where a member belongs that `kind` does not have, when it is plain from its name.
fn misplaced(kind: ObjectKind, name: &str) -> Option<String> {
    let has = |member: &str| kind.member(member).is_some();
    if has("content") && name.contains('/') {
        return Some("media types stand under `content`".to_owned());
    }
    if has("content") && name == "schema" {
        return Some("a schema stands in a media type under `content`".to_owned());
    }
    let is_keyword = has("schema") && ObjectKind::Schema.member(name).is_some();
    is_keyword.then(|| "keywords of a schema stand under `schema`".to_owned())
}

impl<'d> Builder<'d> {
    /// The object at `at`; `None`, with a warning, when something else stands there.
    pub(super) fn fields(&mut self, at: At<'d>, kind: ObjectKind) -> Option<Fields<'d>> {
        /// What a name without a value in YAML plainly means: there is one, and nothing more is said of it.
        const MAY_BE_EMPTY: [ObjectKind; 4] =
            [ObjectKind::PathItem, ObjectKind::Response, ObjectKind::MediaType, ObjectKind::Encoding];
        if matches!(at.node.value, Value::Null) && MAY_BE_EMPTY.contains(&kind) {
            let message = format!("this {kind} is null; it is taken as one of which nothing is said");
            self.report(Diagnostic::warning("wrong-kind", message).hint("write `{}`"), &at.location);
            return Some(Fields { at });
        }
        let Some(object) = at.node.as_object() else {
            let found = at.node.kind();
            let message = format!("expected {} {kind}, found {}; it is ignored", article(kind.name()), value(found));
            let finding = Diagnostic::warning("wrong-kind", message).hint("write an object, or remove it");
            self.report(finding, &at.location);
            return None;
        };
        self.check_members(&at, object, kind);
        Some(Fields { at })
    }

    /// Reports the members that an object of this kind does not have.
    fn check_members(&mut self, at: &At<'d>, object: &'d Object, kind: ObjectKind) {
        for (name, member) in object {
            let known = kind.member(name);
            let finding = match known {
                _ if name.starts_with("x-") => {
                    if !keeps_extensions(kind) {
                        self.leave_out(&at.location, name, kind);
                    }
                    continue;
                }
                Some(known) if !known.is_in(self.version) => {
                    let what = format!("`{name}` of {} {kind}", article(kind.name()));
                    self.report_version(&what, known.since, &at.location.child(name));
                    continue;
                }
                Some(_) if matches!(member.node.value, Value::Null) && !is_free(kind, name) => {
                    Diagnostic::warning("null-member", format!("`{name}` is null, and treated as absent"))
                        .hint("remove the member")
                }
                Some(_) => continue,
                None if kind.pattern().is_some() => continue,
                None => {
                    let message = format!("unknown member `{name}` of {} {kind} is ignored", article(kind.name()));
                    let names = kind.members().iter().filter(|known| known.is_in(self.version)).map(|known| known.name);
                    let hint = misplaced(kind, name)
                        .or_else(|| did_you_mean(name, names))
                        .unwrap_or_else(|| "members of your own have names that start with `x-`".to_owned());
                    Diagnostic::warning("unknown-member", message).hint(hint)
                }
            };
            self.report_key(finding, &at.location, name, member.key);
        }
    }

    /// The text of member `name`.
    pub(super) fn text(&mut self, fields: &Fields<'d>, name: &'static str) -> Option<String> {
        fields.get(name).and_then(|node| self.read_text(node))
    }

    /// The text of member `name`; empty, with a warning, when it is missing.
    pub(super) fn required_text(&mut self, fields: &Fields<'d>, name: &'static str, kind: ObjectKind) -> String {
        if fields.get(name).is_none() {
            let message = format!("{} {kind} needs `{name}`; it is taken as empty", article(kind.name()));
            let finding = Diagnostic::warning("missing-member", message).hint(format!("add `{name}`, a text"));
            self.report(finding, &fields.at.location);
        }
        self.text(fields, name).unwrap_or_default()
    }

    /// The truth value of member `name`; false when it is absent.
    pub(super) fn flag(&mut self, fields: &Fields<'d>, name: &'static str) -> bool {
        fields.get(name).and_then(|node| self.read_flag(node)).unwrap_or(false)
    }

    /// The members of member `name`, as an object of names and values. A name can be anything: `x-rate-limit` is a
    /// header like any other.
    pub(super) fn map(&mut self, fields: &Fields<'d>, name: &'static str) -> Vec<(&'d str, At<'d>)> {
        let Some(node) = fields.get(name) else { return Vec::new() };
        if node.node.as_object().is_none() {
            self.wrong_kind(node, "an object");
        }
        node.at().members().map(|(name, node)| (name, node.at())).collect()
    }

    /// The members of member `name`, which is an object that may be extended: names that start with `x-` are none of
    /// its own.
    pub(super) fn extensible_map(
        &mut self,
        fields: &Fields<'d>,
        name: &'static str,
        kind: ObjectKind,
    ) -> Vec<(&'d str, At<'d>)> {
        let (own, members): (Vec<_>, Vec<_>) =
            self.map(fields, name).into_iter().partition(|(name, _)| name.starts_with("x-"));
        for (own, _) in own {
            self.leave_out(&fields.at.location.child(name), own, kind);
        }
        members
    }

    /// The items of member `name`.
    pub(super) fn list(&mut self, fields: &Fields<'d>, name: &'static str) -> Vec<At<'d>> {
        let Some(node) = fields.get(name) else { return Vec::new() };
        if node.node.as_array().is_none() {
            self.wrong_kind(node, "an array");
        }
        node.at().items().map(|node| node.at()).collect()
    }

    /// A text. Numbers and truth values are taken as they were written.
    pub(super) fn read_text(&mut self, node: NodeRef<'_, 'd>) -> Option<String> {
        match &node.node.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => {
                let text = self.written(node.node);
                let title = node.title();
                let found = value(node.node.kind());
                let message = format!("{title} must be a string, but is {found}; it is taken as the text `{text}`");
                let finding = Diagnostic::warning("wrong-kind", message).hint("put it in quotes");
                self.report(finding, &node.location());
                Some(text)
            }
            Value::Null | Value::Array(_) | Value::Object(_) => {
                self.wrong_kind(node, "a string");
                None
            }
        }
    }

    /// A truth value. The texts `true` and `false` are taken for one, and so are the words that YAML 1.1 has for them.
    pub(super) fn read_flag(&mut self, node: NodeRef<'_, 'd>) -> Option<bool> {
        if let Some(truth) = node.node.as_bool() {
            return Some(truth);
        }
        let is_one_of = |words: [&str; 3]| {
            node.node.as_str().is_some_and(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text)))
        };
        let meant = if is_one_of(["true", "yes", "on"]) {
            Some(true)
        } else if is_one_of(["false", "no", "off"]) {
            Some(false)
        } else {
            None
        };
        match meant {
            Some(truth) => self.taken_as(node, "a boolean", &truth.to_string()),
            None => self.wrong_kind(node, "a boolean"),
        }
        meant
    }

    /// A number. A text that is one is taken for it.
    pub(super) fn read_number(&mut self, node: NodeRef<'_, 'd>) -> Option<Number> {
        if let Some(number) = node.node.as_number() {
            return Some(number.clone());
        }
        let meant = node.node.as_str().and_then(|text| text.trim().parse::<Number>().ok());
        match &meant {
            Some(number) => self.taken_as(node, "a number", &number.to_string()),
            None => self.wrong_kind(node, "a number"),
        }
        meant
    }

    /// A whole number that is not negative: a length, or a number of items.
    pub(super) fn read_count(&mut self, node: NodeRef<'_, 'd>) -> Option<u64> {
        let number = self.read_number(node)?;
        let count = integral(&number);
        if count.is_none() {
            self.wrong_kind(node, "a whole number that is not negative");
        }
        count
    }

    /// A list of texts. A single text is taken for a list of one.
    pub(super) fn read_texts(&mut self, node: NodeRef<'_, 'd>) -> Vec<String> {
        match &node.node.value {
            Value::Array(_) => node.at().items().filter_map(|item| self.read_text(item)).collect(),
            Value::String(text) => {
                self.taken_as(node, "an array of strings", &format!("[{text}]"));
                vec![text.clone()]
            }
            _ => {
                self.wrong_kind(node, "an array of strings");
                Vec::new()
            }
        }
    }

    /// Reports a value of the wrong kind that is ignored.
    pub(super) fn wrong_kind(&mut self, node: NodeRef<'_, 'd>, expected: &str) {
        let found = match node.node.value {
            Value::Number(_) => format!("the number {}", self.written(node.node)),
            _ => value(node.node.kind()),
        };
        let message = format!("{} must be {expected}, but is {found}; it is ignored", node.title());
        let finding = Diagnostic::warning("wrong-kind", message).hint(format!("write {expected}, or remove it"));
        self.report(finding, &node.location());
    }

    /// Reports a value of the wrong kind whose sense is plain.
    fn taken_as(&mut self, node: NodeRef<'_, 'd>, expected: &str, meant: &str) {
        let found = value(node.node.kind());
        let message = format!("{} must be {expected}, but is {found}; it is taken as `{meant}`", node.title());
        let finding = Diagnostic::warning("wrong-kind", message).hint(format!("write {expected}"));
        self.report(finding, &node.location());
    }

    /// A scalar as it was written: `1.10`, where the number would be 1.1.
    pub(super) fn written(&self, node: &Node) -> String {
        let span = node.span;
        let source = self.document.sources().get(span.file);
        let text = source.and_then(|source| source.text().get(span.start as usize..span.end as usize));
        let number = || node.to_json().to_string();
        text.filter(|text| text.len() <= 64 && !text.contains(char::is_control)).map_or_else(number, str::to_owned)
    }
}

/// The number as a count, when it is one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
fn integral(number: &Number) -> Option<u64> {
    /// Above this, not every whole number has a floating point number of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let in_range = |float: &f64| float.fract() == 0.0 && (0.0..=EXACT).contains(float);
    number.as_u64().or_else(|| number.as_f64().filter(in_range).map(|float| float as u64))
}

/// `a` or `an`.
pub(super) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u', 'O']) { "an" } else { "a" }
}

/// A kind of JSON value with its article.
pub(super) fn value(kind: &str) -> String {
    if kind == "null" { kind.to_owned() } else { format!("{} {kind}", article(kind)) }
}
