//! Settling a plan.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use indexmap::IndexMap;
use oas_document::{Diagnostic, Location, Place};
use oas_model::{Api, SchemaId};

use super::facets::{Conjunction, Part};
use super::file::{self, FileRef, Files};
use super::key::KeyPath;
use super::lock::NamesLock;
use super::place::OperationPlace;
use super::register::Register;
use super::scope::{Request, Scope};
use super::type_names::{self, Base, TypeNames, TypeRequest};
use super::{
    Ident, Packages, Plan, RustType, TypeIndex, TypeItem, TypeKind, alias, cycle, equal, group, left_out, operation,
    reach, security, webhook,
};

/// How a plan is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What the names of the packages start with: `autoposting`.
    pub name: String,
    /// Names chosen by hand, by key as the lock writes it (`type schemas/Pet`), or by JSON Pointer
    /// (`/components/schemas/Pet`). By a pointer, a name in upper camel case is that of the type that stands there, one
    /// in snake case that of the field or parameter.
    pub pins: BTreeMap<String, String>,
    /// The names that were given before.
    pub lock: NamesLock,
    /// Whether components that no operation, webhook or callback reaches are left out.
    pub prune: bool,
}

impl Settings {
    /// The settings of an API of this name that nobody has chosen anything for: no pins, no names from before, and only
    /// what operations reach.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), pins: BTreeMap::new(), lock: NamesLock::default(), prune: true }
    }
}

/// A plan, and what was worth saying while it was settled. Places are still to be
/// [located](oas_document::Document::locate).
#[derive(Debug, Clone)]
pub struct Settled {
    /// The plan.
    pub plan: Plan,
    /// Every name, by its key: the lock of the next run.
    pub names: NamesLock,
    /// Errors, warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Decides which Rust items an API becomes, and what they are called.
///
/// Nothing depends on the order in which the document says things: what is named is visited in the order of its keys,
/// and put back into the order of the document at the end.
pub fn settle(api: &Api, settings: &Settings) -> Settled {
    let mut planner = Planner::new(api, settings);
    planner.reserve_components();
    let schemes = security::settle_schemes(&mut planner);
    let mut groups = group::settle(&mut planner);
    let heads = operation::reserve(&mut planner, &groups);
    let credentials = security::settle_requirements(&mut planner, &schemes, &heads);
    let operations = operation::settle(&mut planner, heads, &credentials, &mut groups);
    let mut hooks = webhook::settle(&mut planner);
    planner.define_all();
    planner.prune_or_keep();

    let name = package_prefix(&settings.name);
    let packages =
        Packages { types: format!("{name}-types"), client: format!("{name}-client"), server: format!("{name}-server") };
    let components = std::mem::take(&mut planner.components);
    let (drafts, type_names, mut register, mut diagnostics) = planner.finish();
    let same = equal::representatives(api, &drafts, &register);
    let type_names = type_names.settle(&mut register);
    let files = file::settle(&components, &type_names);
    let equal = alias::of_equal(&drafts, &same, &type_names, &files, &mut register);
    let types = drafts.into_iter().map(|draft| draft.finish(api, &type_names, &files)).collect::<Vec<_>>();
    let mut aliases = alias::of_components(api, &components, &types, &type_names, &files);
    aliases.extend(equal);
    let credentials = credentials.items;
    let webhooks = std::mem::take(&mut hooks.items);
    let mut plan = Plan { packages, types, aliases, operations, groups, schemes, credentials, webhooks, printed: None };
    type_names.fill(&mut plan);
    super::order::merge(&mut plan, &mut hooks, &same);
    equal::drop_equal_branches(&mut plan.types);
    reach::mark(&mut plan, &hooks, api);
    cycle::break_cycles(&mut plan.types);
    super::order::by_name(&mut plan);
    let (names, said) = register.finish();
    diagnostics.extend(said);
    diagnostics.extend(left_out::notes(api));
    diagnostics.dedup();
    Settled { plan, names, diagnostics }
}

/// A package name: what Cargo allows, in lower case.
fn package_prefix(name: &str) -> String {
    let kept: String =
        name.chars().map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '-' }).collect();
    let kept = kept.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    match kept.chars().next() {
        None => "api".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api-{kept}"),
        Some(_) => kept,
    }
}

/// Where an inline type gets its name and file from.
#[derive(Debug, Clone)]
pub(super) struct Hint {
    /// What it is named after.
    pub(super) base: Base,
    /// The name, or the way from the type around it, in words.
    pub(super) words: String,
    /// The same in more words.
    pub(super) longer: Option<String>,
    /// Its place, without positions.
    pub(super) path: KeyPath,
    /// The file it goes to.
    pub(super) file: FileRef,
    /// How many inline types are around it.
    pub(super) depth: usize,
    /// Where the thing stands that gave the name; what stands elsewhere has a name of its own.
    pub(super) context: Location,
}

impl Hint {
    /// The hint for a member of this.
    pub(super) fn member(&self, wire: &str) -> Self {
        let hint = self.inside(wire, self.path.inside("properties", wire));
        Self { longer: Some(format!("{} property", hint.words)), ..hint }
    }

    /// The hint for the items of this.
    pub(super) fn item(&self) -> Self {
        self.inside("item", self.path.child("items"))
    }

    /// The hint for one of the first items of this, which are known by where they stand.
    pub(super) fn prefix_item(&self, index: usize) -> Self {
        self.inside(&format!("item {}", index + 1), self.path.inside("prefixItems", &index.to_string()))
    }

    /// The hint for the values of members without a property of their own.
    pub(super) fn value(&self) -> Self {
        self.inside("value", self.path.child("additionalProperties"))
    }

    /// The hint for something inside of this.
    pub(super) fn inside(&self, words: &str, path: KeyPath) -> Self {
        let words = if self.words.is_empty() { words.to_owned() } else { format!("{} {words}", self.words) };
        Self { words, longer: None, path, depth: self.depth + 1, ..self.clone() }
    }
}

/// A type that was declared, and perhaps not yet defined.
#[derive(Debug)]
pub(super) struct Draft {
    /// Stands for its name.
    pub(super) name: Ident,
    pub(super) path: KeyPath,
    pub(super) file: FileRef,
    pub(super) schema: SchemaId,
    pub(super) at: Location,
    pub(super) conjunction: Conjunction,
    pub(super) depth: usize,
    pub(super) kind: Option<TypeKind>,
}

impl Draft {
    /// The type, now that all names are settled.
    fn finish(self, api: &Api, names: &type_names::Settled, files: &Files) -> TypeItem {
        let schema = &api.schemas[self.schema];
        let kind = self.kind.unwrap_or(TypeKind::Newtype(RustType::Json));
        TypeItem {
            doc: super::doc::of_type(schema, &kind),
            deprecated: schema.deprecated,
            name: names.of(&self.name),
            key: self.path,
            at: self.at,
            schema: self.schema,
            module: files.of(&self.file),
            in_request: false,
            in_response: false,
            kind,
        }
    }
}

/// The state of settling.
pub(super) struct Planner<'a> {
    pub(super) api: &'a Api,
    pub(super) settings: &'a Settings,
    /// Pins, lock, and the names that are settled.
    pub(super) register: Register<'a>,
    /// What the types of each operation are named after, by its place.
    pub(super) operation_places: BTreeMap<Location, OperationPlace>,
    /// Every schema by its place; made when first asked for.
    pub(super) schemas_by_place: OnceCell<BTreeMap<&'a Location, SchemaId>>,
    /// The types that have asked for names.
    pub(super) type_names: TypeNames,
    pub(super) drafts: Vec<Draft>,
    /// What stands for the names of the components.
    components: IndexMap<SchemaId, Ident>,
    /// What was decided for each conjunction.
    pub(super) decided: BTreeMap<Conjunction, RustType>,
    /// The inline conjunctions that are being decided.
    pub(super) open: BTreeSet<Conjunction>,
    pub(super) nullable: BTreeMap<Conjunction, bool>,
    queue: VecDeque<usize>,
    /// The objects whose members are parts of a form, where binary members are bytes.
    pub(super) forms: BTreeSet<SchemaId>,
    /// The names of the headers of responses that are components.
    pub(super) shared_headers: BTreeMap<Location, Ident>,
    pub(super) diagnostics: Vec<Diagnostic>,
    warned: BTreeSet<(&'static str, Location)>,
}

impl<'a> Planner<'a> {
    fn new(api: &'a Api, settings: &'a Settings) -> Self {
        Self {
            api,
            settings,
            register: Register::new(settings),
            operation_places: BTreeMap::new(),
            schemas_by_place: OnceCell::new(),
            type_names: TypeNames::default(),
            drafts: Vec::new(),
            components: IndexMap::new(),
            decided: BTreeMap::new(),
            open: BTreeSet::new(),
            nullable: BTreeMap::new(),
            queue: VecDeque::new(),
            forms: BTreeSet::new(),
            shared_headers: BTreeMap::new(),
            diagnostics: Vec::new(),
            warned: BTreeSet::new(),
        }
    }

    /// Gives names to a set of requests in a scope.
    pub(super) fn settle_names(&mut self, scope: &mut Scope, requests: Vec<Request>) -> Vec<Ident> {
        scope.settle(&mut self.register, requests)
    }

    /// Asks for the name of a type of our own, that stands for no schema.
    pub(super) fn ask_own(&mut self, hint: &Hint, at: &Location) -> Ident {
        self.type_names.ask(TypeRequest {
            key: hint.path.type_key(),
            base: hint.base.clone(),
            words: hint.words.clone(),
            longer: hint.longer.clone(),
            at: at.clone(),
            has_place: false,
        })
    }

    /// Asks for the name of every component: a component keeps its name when operations come and go.
    fn reserve_components(&mut self) {
        for (component, id) in &self.api.components {
            let at = self.api.schemas[*id].at.clone();
            let (key, words) = (KeyPath::root("schemas", component).type_key(), component.clone());
            let request = TypeRequest { key, base: Base::Component, words, longer: None, at, has_place: true };
            let name = self.type_names.ask(request);
            self.components.insert(*id, name);
        }
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
            context: self.api.schemas[id].at.clone(),
        };
        self.draft(key, id, name.clone(), &hint)
    }

    /// Declares a type that is defined later.
    pub(super) fn draft(&mut self, key: Conjunction, schema: SchemaId, name: Ident, hint: &Hint) -> RustType {
        let index = self.drafts.len();
        let Hint { path, file, depth, .. } = hint.clone();
        let at = self.api.schemas[schema].at.clone();
        self.drafts.push(Draft { name, path, file, schema, at, conjunction: key.clone(), depth, kind: None });
        self.queue.push_back(index);
        let named = RustType::Named(TypeIndex(index));
        self.decided.insert(key, named.clone());
        named
    }

    /// Defines every type that was declared, and those that these declare.
    pub(super) fn define_all(&mut self) {
        while let Some(index) = self.queue.pop_front() {
            let kind = self.define(index);
            if let Some(draft) = self.drafts.get_mut(index) {
                draft.kind = Some(kind);
            }
        }
    }

    /// Says which components nothing reaches, or declares them too.
    fn prune_or_keep(&mut self) {
        let unreached: Vec<SchemaId> = self
            .api
            .components
            .values()
            .copied()
            .filter(|id| {
                !self.api.schemas[*id].is_mere_reference() && !self.decided.contains_key(&vec![Part::Whole(*id)])
            })
            .collect();
        if !self.settings.prune {
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

    /// The types, what they are to be called, and what was said.
    fn finish(self) -> (Vec<Draft>, TypeNames, Register<'a>, Vec<Diagnostic>) {
        (self.drafts, self.type_names, self.register, self.diagnostics)
    }
}
