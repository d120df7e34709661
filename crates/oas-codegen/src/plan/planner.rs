//! Declaring and defining types: which one each schema becomes, and which others it needs in turn.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use indexmap::IndexMap;
use oas_document::{Diagnostic, Location, Place};
use oas_model::{Api, Discriminator, SchemaId};

use super::decided::Decided;
use super::draft::Draft;
use super::facets::{Conjunction, Part};
use super::file::FileRef;
use super::hint::Hint;
use super::key::KeyPath;
use super::naming::Names;
use super::operation_names::OperationPlace;
use super::request::Request;
use super::scope::Scope;
use super::type_names::{Base, TypeRequest};
use super::{Ident, RustType, TypeIndex};

/// What is known of types while they are declared and defined.
pub(super) struct Planner<'a> {
    pub(super) api: &'a Api,
    pub(super) names: Names<'a>,
    /// What the types of each operation are named after, by its place.
    pub(super) operation_places: BTreeMap<Location, OperationPlace>,
    /// Every schema by its place; made when first asked for.
    pub(super) schemas_by_place: OnceCell<BTreeMap<&'a Location, SchemaId>>,
    pub(super) drafts: Vec<Draft>,
    /// What stands for the name of each component.
    pub(super) components: IndexMap<SchemaId, Ident>,
    /// What was decided for each conjunction.
    pub(super) decided: Decided,
    /// The inline conjunctions that are being decided.
    pub(super) open: BTreeSet<Conjunction>,
    pub(super) nullable: BTreeMap<Conjunction, bool>,
    /// The schemas that others extend, with what tells these apart.
    pub(super) families: BTreeMap<SchemaId, Discriminator>,
    queue: VecDeque<usize>,
    /// The objects whose members are parts of a form, where binary members are bytes.
    pub(super) forms: BTreeSet<SchemaId>,
    /// The names of the headers of responses that are components.
    pub(super) shared_headers: BTreeMap<Location, Ident>,
    pub(super) diagnostics: Vec<Diagnostic>,
    warned: BTreeSet<(&'static str, Location)>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        api: &'a Api,
        names: Names<'a>,
        components: IndexMap<SchemaId, Ident>,
        operation_places: BTreeMap<Location, OperationPlace>,
    ) -> Self {
        Self {
            api,
            names,
            operation_places,
            schemas_by_place: OnceCell::new(),
            drafts: Vec::new(),
            components,
            decided: Decided::default(),
            open: BTreeSet::new(),
            nullable: BTreeMap::new(),
            families: api.families(),
            queue: VecDeque::new(),
            forms: BTreeSet::new(),
            shared_headers: BTreeMap::new(),
            diagnostics: Vec::new(),
            warned: BTreeSet::new(),
        }
    }

    /// Gives names to a set of requests in a scope.
    pub(super) fn settle_names(&mut self, scope: &mut Scope, requests: Vec<Request>) -> Vec<Ident> {
        scope.settle(&mut self.names.register, requests)
    }

    /// Asks for the name of a type of our own, that stands for no schema.
    pub(super) fn ask_own(&mut self, hint: &Hint, at: &Location) -> Ident {
        self.names.types.ask(TypeRequest {
            key: hint.path.type_key(),
            base: hint.base.clone(),
            words: hint.words.clone(),
            longer: hint.longer.clone(),
            at: at.clone(),
            has_place: false,
        })
    }

    /// The type of a component. It is defined later.
    pub(super) fn component(&mut self, id: SchemaId) -> RustType {
        let key = vec![Part::Whole(id)];
        if let Some(decided) = self.decided.get(&key) {
            return decided.clone();
        }
        let (Some(name), Some(component)) = (self.components.get(&id), &self.api.schemas[id].component) else {
            return RustType::Json;
        };
        let hint = Hint {
            base: Base::Component,
            words: String::new(),
            longer: None,
            path: KeyPath::root("schemas", component),
            file: FileRef::Component(id),
            depth: 0,
            context: Some(self.api.schemas[id].at.clone()),
        };
        self.draft(key, id, name.clone(), &hint)
    }

    /// Declares a type that is defined later.
    pub(super) fn draft(&mut self, conjunction: Conjunction, schema: SchemaId, name: Ident, hint: &Hint) -> RustType {
        let index = self.drafts.len();
        let Hint { path, file, depth, .. } = hint.clone();
        let at = self.api.schemas[schema].at.clone();
        let context = (conjunction.len() == 1).then(|| at.clone());
        let named = RustType::Named(TypeIndex(index));
        self.decided.insert(&conjunction, named.clone());
        self.drafts.push(Draft { name, path, file, schema, at, context, conjunction, depth, kind: None });
        self.queue.push_back(index);
        named
    }

    /// Defines every type that was declared, and those that these declare.
    pub(super) fn define_all(&mut self) {
        while let Some(index) = self.queue.pop_front() {
            let kind = self.define(index);
            self.drafts[index].kind = Some(kind);
        }
    }

    /// Says which components nothing reaches, or declares them too.
    pub(super) fn prune_or_keep(&mut self) {
        let unreached: Vec<SchemaId> = self
            .api
            .components
            .values()
            .copied()
            .filter(|id| !self.api.schemas[*id].is_mere_reference() && self.decided.get(&[Part::Whole(*id)]).is_none())
            .collect();
        if !self.names.settings.prune {
            for id in unreached {
                self.component(id);
                self.define_all();
            }
            return;
        }
        if unreached.is_empty() {
            return;
        }
        let names: Vec<String> = unreached
            .iter()
            .take(3)
            .filter_map(|id| self.api.schemas[*id].component.as_deref())
            .map(|name| format!("`{}`", name.escape_debug()))
            .collect();
        let more = unreached.len().saturating_sub(names.len());
        let list = if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) };
        let (count, has) = if unreached.len() == 1 {
            ("1 component".to_owned(), "has")
        } else {
            (format!("{} components", unreached.len()), "have")
        };
        let message = format!("{count} {has} no type, because no request or response has such a value: {list}");
        let mut note = Diagnostic::note("unreached-components", message).hint("`--no-prune` keeps them");
        if let Some(first) = unreached.first() {
            note = note.at(Place::of(&self.api.schemas[*first].at));
        }
        self.diagnostics.push(note);
    }

    /// A warning about `schema`, once for each place.
    pub(super) fn warn(&mut self, code: &'static str, at: &Location, message: impl Into<String>, hint: &str) {
        if self.warned.insert((code, at.clone())) {
            self.diagnostics.push(Diagnostic::warning(code, message).at(Place::of(at)).hint(hint));
        }
    }

    /// A note about `schema`, once for each place.
    pub(super) fn note(&mut self, code: &'static str, at: &Location, message: impl Into<String>, hint: &str) {
        if self.warned.insert((code, at.clone())) {
            self.diagnostics.push(Diagnostic::note(code, message).at(Place::of(at)).hint(hint));
        }
    }
}
