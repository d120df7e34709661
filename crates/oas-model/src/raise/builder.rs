//! What every part of the build shares: the document, the schemas so far, and the findings.

use std::collections::{BTreeMap, HashMap, VecDeque};

use indexmap::IndexMap;
use oas_document::{Diagnostic, Document, Location, Place, Span};

use super::deferred::Deferred;
use super::reading::At;
use crate::vocabulary::{ObjectKind, Version};
use crate::{Schema, SchemaId, Schemas, SecurityScheme};

/// A schema that has an id and is still to come.
pub(super) enum Asked<'d> {
    /// It is to be read from the document.
    Read(At<'d>),
    /// It stands nowhere in the document as it is.
    Made(Box<Schema>),
}

/// The build in progress.
pub(super) struct Builder<'d> {
    /// The document.
    pub(super) document: &'d Document,
    /// The version it was written in.
    pub(super) version: Version,
    /// The schemas that were read so far.
    pub(super) schemas: Schemas,
    /// The schema of each place that was asked for.
    pub(super) schema_at: HashMap<Location, SchemaId>,
    /// The schemas that were asked for and are not read yet, in the order of their ids. A queue instead of recursion:
    /// schemas may nest and refer to each other as they like.
    pub(super) queue: VecDeque<Asked<'d>>,
    /// How many schemas have left the queue and are not among those that were read: 1 while one is being read.
    pub(super) reading: usize,
    /// The security schemes, by name.
    pub(super) security_schemes: IndexMap<String, SecurityScheme>,
    /// The names of schemes that had errors, so that requirements of them need no further one.
    pub(super) broken_schemes: Vec<&'d str>,
    /// The document's own `security`.
    pub(super) security: super::security::Stated,
    /// What has to wait until every schema was read.
    pub(super) deferred: Deferred<'d>,
    /// The objects being read right now, from the outermost inwards. References can make a callback, say, part of
    /// itself.
    active: Vec<Location>,
    /// The members of people's own that the model has no place for, with the objects that they are in.
    unkept: BTreeMap<Location, ObjectKind>,
    /// What was worth saying so far.
    findings: Vec<Diagnostic>,
}

impl<'d> Builder<'d> {
    /// A build that has not started.
    pub(super) fn new(document: &'d Document, version: Version) -> Self {
        Self {
            document,
            version,
            schemas: Schemas::default(),
            schema_at: HashMap::new(),
            queue: VecDeque::new(),
            reading: 0,
            security_schemes: IndexMap::new(),
            broken_schemes: Vec::new(),
            security: super::security::Stated::default(),
            deferred: Deferred::default(),
            active: Vec::new(),
            unkept: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// The id of a schema that is still to come.
    pub(super) fn ask(&mut self, asked: Asked<'d>) -> SchemaId {
        let id = SchemaId::of_position(self.schemas.len() + self.queue.len() + self.reading);
        self.queue.push_back(asked);
        id
    }

    /// The id of a schema that stands nowhere in the document as it is.
    pub(super) fn make(&mut self, schema: Schema) -> SchemaId {
        self.ask(Asked::Made(Box::new(schema)))
    }

    /// The document itself.
    pub(super) fn root(&self) -> At<'d> {
        At { node: self.document.root(), location: self.document.root_location() }
    }

    /// Takes down a finding about the value at `location`.
    pub(super) fn report(&mut self, finding: Diagnostic, location: &Location) {
        let finding = match self.document.place(location) {
            Some(place) => finding.at(place),
            None => finding,
        };
        self.findings.push(finding);
    }

    /// Takes down a finding about the member `name` of the object at `parent`, and points at its name.
    pub(super) fn report_key(&mut self, finding: Diagnostic, parent: &Location, name: &str, key: Span) {
        self.findings.push(finding.at(Place { span: key, pointer: parent.pointer.child(name) }));
    }

    /// Reports what belongs to a version that the document was not written in, and is understood all the same.
    pub(super) fn report_version(&mut self, what: &str, theirs: Version, location: &Location) {
        let ours = self.version;
        let message =
            format!("{what} belongs to OpenAPI {theirs}, this document is {ours}; it is taken as if it were there");
        let hint = format!("write `openapi: {theirs}.0` or a later version, if nothing that reads the document minds");
        self.report(Diagnostic::warning("member-of-another-version", message).hint(hint), location);
    }

    /// Takes down that the member `name` of the object at `parent`, which is of somebody's own, is not kept.
    pub(super) fn leave_out(&mut self, parent: &Location, name: &str, kind: ObjectKind) {
        self.unkept.insert(parent.child(name), kind);
    }

    /// Says how many members are not kept.
    fn report_unkept(&mut self) {
        let unkept = std::mem::take(&mut self.unkept);
        let Some((first, kind)) = unkept.first_key_value() else { return };
        let name = first.pointer.last().unwrap_or_default().into_owned();
        let others = match unkept.len() - 1 {
            0 => String::new(),
            1 => ", nor is one more member like it".to_owned(),
            more => format!(", nor are {more} more members like it"),
        };
        let message = format!("`{}` of this {kind} is not kept{others}", name.escape_debug());
        let finding = Diagnostic::note("extension-not-kept", message)
            .hint("members of your own are kept in operations, parameters, responses, schemas and their like");
        self.report(finding, first);
    }

    /// The finding with one more place.
    pub(super) fn relate(&self, finding: Diagnostic, location: &Location, words: &str) -> Diagnostic {
        match self.document.place(location) {
            Some(place) => finding.related(place, words),
            None => finding,
        }
    }

    /// Reads something by `read`, unless it is being read already or stands too deep in references.
    pub(super) fn guarded<T>(
        &mut self,
        location: &Location,
        kind: ObjectKind,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        /// No document that makes sense comes near.
        const DEEPEST: usize = 64;
        if self.active.contains(location) {
            let message = format!("this {kind} contains itself; the inner one is left out");
            let finding = Diagnostic::warning("contains-itself", message)
                .hint("break the chain of references that leads back here");
            self.report(finding, location);
            return None;
        }
        if self.active.len() >= DEEPEST {
            let finding = Diagnostic::slip(
                "nested-too-deep",
                format!("this {kind} stands inside of {DEEPEST} others; it is left out"),
            )
            .hint("break the chain of references that leads here");
            self.report(finding, location);
            return None;
        }
        self.active.push(location.clone());
        let outcome = read(self);
        self.active.pop();
        outcome
    }

    /// The schemas, and the findings in the order of the document.
    pub(super) fn into_findings(mut self) -> (Schemas, Vec<Diagnostic>) {
        self.report_unkept();
        (self.schemas, super::findings::arranged(self.findings))
    }
}
