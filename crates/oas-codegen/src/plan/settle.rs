//! Settling a plan.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use indexmap::IndexMap;
use oas_document::{Diagnostic, Location, Place};
use oas_model::{Api, SchemaId};

use super::facets::{Conjunction, Part};
use super::names::{self, Kind};
use super::scope::Scope;
use super::{
    Ident, Packages, Plan, RustType, TypeIndex, TypeItem, TypeKind, alias, cycle, group, left_out, operation, reach,
    security, webhook,
};

/// How a plan is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What the names of the packages start with: `autoposting`.
    pub name: String,
    /// Names chosen by hand, by JSON Pointer (`/components/schemas/Pet`). A name in upper camel case is that of the
    /// type that stands there, one in snake case that of the field or parameter.
    pub pins: BTreeMap<String, String>,
    /// Whether components that no operation, webhook or callback reaches are left out.
    pub prune: bool,
}

/// A plan, and what was worth saying while it was settled. Places are still to be
/// [located](oas_document::Document::locate).
#[derive(Debug, Clone)]
pub struct Settled {
    /// The plan.
    pub plan: Plan,
    /// Errors, warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Decides which Rust items an API becomes, and what they are called.
pub fn settle(api: &Api, settings: &Settings) -> Settled {
    let mut planner = Planner::new(api, settings);
    planner.check_pins();
    planner.reserve_components();
    let schemes = security::settle_schemes(&mut planner);
    let mut groups = group::settle(&mut planner);
    let heads = operation::reserve(&mut planner, &groups);
    let credentials = security::settle_requirements(&mut planner, &schemes, &heads);
    let operations = operation::settle(&mut planner, heads, &credentials, &mut groups);
    let hooks = webhook::settle(&mut planner);
    planner.define_all();
    planner.prune_or_keep();
    planner.report_unused_pins();

    let name = package_prefix(&settings.name);
    let packages =
        Packages { types: format!("{name}-types"), client: format!("{name}-client"), server: format!("{name}-server") };
    let components = std::mem::take(&mut planner.components);
    let (types, mut diagnostics) = planner.finish();
    let aliases = alias::settle(api, &components, &types);
    let credentials = credentials.items;
    let mut plan = Plan { packages, types, aliases, operations, groups, schemes, credentials };
    reach::mark(&mut plan, &hooks, api);
    cycle::break_cycles(&mut plan.types);
    super::order::by_name(&mut plan);
    diagnostics.extend(left_out::notes(api));
    diagnostics.dedup();
    Settled { plan, diagnostics }
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
    /// What it would be called: the name of the type around it and the way from there, in words.
    pub(super) name: String,
    /// What it is called when that is taken; otherwise a number helps.
    pub(super) second: Option<String>,
    /// The file it goes to.
    pub(super) module: String,
    /// How many inline types are around it.
    pub(super) depth: usize,
    /// Where the thing stands that gave the name; what stands elsewhere has a name of its own.
    pub(super) context: Location,
}

impl Hint {
    /// The hint for something inside of this one.
    pub(super) fn inside(&self, words: &str) -> Self {
        Self {
            name: format!("{} {words}", self.name),
            second: None,
            module: self.module.clone(),
            depth: self.depth + 1,
            context: self.context.clone(),
        }
    }
}

/// A type that has its name, and perhaps not yet its definition.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) name: Ident,
    pub(super) module: String,
    pub(super) schema: SchemaId,
    pub(super) at: Location,
    pub(super) conjunction: Conjunction,
    pub(super) depth: usize,
    pub(super) kind: Option<TypeKind>,
}

/// The state of settling.
pub(super) struct Planner<'a> {
    pub(super) api: &'a Api,
    pub(super) settings: &'a Settings,
    /// The names of all types.
    pub(super) scope: Scope,
    /// The files below `src/generated/schemas`.
    pub(super) modules: Scope,
    pub(super) drafts: Vec<Draft>,
    /// The names and files of the components.
    components: IndexMap<SchemaId, (Ident, String)>,
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
    pub(super) used_pins: BTreeSet<String>,
    pub(super) diagnostics: Vec<Diagnostic>,
    warned: BTreeSet<(&'static str, Location)>,
}

impl<'a> Planner<'a> {
    fn new(api: &'a Api, settings: &'a Settings) -> Self {
        Self {
            api,
            settings,
            scope: Scope::new(Kind::Type, "types"),
            modules: Scope::new(Kind::Module, "files of schemas"),
            drafts: Vec::new(),
            components: IndexMap::new(),
            decided: BTreeMap::new(),
            open: BTreeSet::new(),
            nullable: BTreeMap::new(),
            queue: VecDeque::new(),
            forms: BTreeSet::new(),
            shared_headers: BTreeMap::new(),
            used_pins: BTreeSet::new(),
            diagnostics: Vec::new(),
            warned: BTreeSet::new(),
        }
    }

    /// Refuses pins that are no idents.
    fn check_pins(&mut self) {
        for (pointer, name) in &self.settings.pins {
            let is_type = names::ident(Kind::Type, name) == *name;
            let is_field = names::ident(Kind::Parameter, name) == *name;
            if !(is_type || is_field) {
                let message =
                    format!("`{name}`, pinned for `#{pointer}`, is neither the name of a type nor of a field");
                let hint =
                    "write types like `PetOwner` and fields like `pet_owner`, without keywords and prelude names";
                self.diagnostics.push(Diagnostic::error("invalid-pin", message).hint(hint));
                self.used_pins.insert(pointer.clone());
            }
        }
    }

    /// The name pinned for the type at `at`.
    pub(super) fn pinned_type(&mut self, at: &Location) -> Option<String> {
        self.pin(at, Kind::Type)
    }

    /// The name pinned for the field or parameter at `at`.
    pub(super) fn pinned_field(&mut self, at: &Location) -> Option<String> {
        self.pin(at, Kind::Parameter)
    }

    fn pin(&mut self, at: &Location, kind: Kind) -> Option<String> {
        let name = self.settings.pins.get(at.pointer.as_str())?;
        if names::ident(kind, name) != *name {
            return None;
        }
        self.used_pins.insert(at.pointer.as_str().to_owned());
        Some(name.clone())
    }

    fn report_unused_pins(&mut self) {
        for (pointer, name) in &self.settings.pins {
            if !self.used_pins.contains(pointer) {
                let message = format!("`{name}` is pinned for `#{pointer}`, where nothing has a name of that kind");
                self.diagnostics.push(Diagnostic::warning("unused-pin", message).hint("remove it from codegen.toml"));
            }
        }
    }

    /// Takes a name for a type: the pinned one, or the first of `names` that is free, or the first with a number.
    pub(super) fn take_type(&mut self, name: &str, second: Option<&str>, at: &Location) -> Ident {
        if let Some(pinned) = self.pinned_type(at) {
            if self.scope.take_exactly(&pinned, at) {
                return Ident::new(pinned);
            }
            let message = format!("`{pinned}`, pinned for this place, is already the name of another type");
            self.diagnostics.push(Diagnostic::error("taken-pin", message).at(Place::of(at)).hint("pin another name"));
        }
        match second {
            Some(second) => self.scope.take_either(name, second, at),
            None => self.scope.take(name, at),
        }
    }

    /// Gives every component its name, before anything else can take it: a component keeps its name when operations
    /// come and go.
    fn reserve_components(&mut self) {
        let all = self.api.components.iter();
        let (pinned, rest): (Vec<_>, Vec<_>) =
            all.partition(|(_, id)| self.settings.pins.contains_key(self.api.schemas[**id].at.pointer.as_str()));
        for (component, id) in pinned.into_iter().chain(rest) {
            let at = &self.api.schemas[*id].at;
            let name = self.take_type(component, None, at);
            let file = self.modules.take(name.as_str(), at);
            self.components.insert(*id, (name, format!("schemas/{}", file.as_str())));
        }
    }

    /// The type of a component. It is defined later.
    pub(super) fn component(&mut self, id: SchemaId) -> RustType {
        let key = vec![Part::Whole(id)];
        if let Some(decided) = self.decided.get(&key) {
            return decided.clone();
        }
        let (name, module) = match self.components.get(&id) {
            Some(reserved) => reserved.clone(),
            None => return RustType::Json,
        };
        self.draft(key, id, name, module, 0)
    }

    /// Declares a type that is defined later.
    pub(super) fn draft(
        &mut self,
        key: Conjunction,
        schema: SchemaId,
        name: Ident,
        module: String,
        depth: usize,
    ) -> RustType {
        let index = self.drafts.len();
        let at = self.api.schemas[schema].at.clone();
        self.drafts.push(Draft { name, module, schema, at, conjunction: key.clone(), depth, kind: None });
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

    /// The types, and all that was said.
    fn finish(self) -> (Vec<TypeItem>, Vec<Diagnostic>) {
        let api = self.api;
        let types = self.drafts.into_iter().map(|draft| {
            let schema = &api.schemas[draft.schema];
            let kind = draft.kind.unwrap_or(TypeKind::Newtype(RustType::Json));
            TypeItem {
                doc: super::doc::of_type(schema, &kind),
                deprecated: schema.deprecated,
                name: draft.name,
                at: draft.at,
                schema: draft.schema,
                module: draft.module,
                in_request: false,
                in_response: false,
                kind,
            }
        });
        let types = types.collect();
        let mut diagnostics = self.diagnostics;
        diagnostics.extend(self.scope.into_collisions());
        (types, diagnostics)
    }
}
