//! `$dynamicRef`: what it names depends on the way that leads to it (JSON Schema 2020-12, section 8.2.3.2).
//!
//! Every way starts at a schema of the document, so all of it is known while the model is built: a schema that means
//! something else on another way becomes one more schema, in which the reference is an ordinary one. No later stage
//! knows of dynamic references.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use oas_document::{Diagnostic, Location};

use crate::raise::Builder;
use crate::{Schema, SchemaId};

/// Of that many names at most the ways are followed. No document that makes sense comes near.
const MOST_NAMES: usize = 64;

/// The anchors that count on a way, by their names: `None` for one that nobody can tell from another.
type Scope<'d> = BTreeMap<&'d str, Option<SchemaId>>;

/// The anchors of every resource.
struct Anchors<'d> {
    /// The resource of each schema.
    resource_of: Vec<usize>,
    /// The anchors of each resource.
    of_resource: Vec<Scope<'d>>,
}

impl<'d> Builder<'d> {
    /// Makes ordinary references of dynamic ones.
    pub(super) fn settle_dynamic_references(&mut self) {
        let references = std::mem::take(&mut self.deferred.dynamic_references);
        if references.is_empty() {
            return;
        }
        let resources = self.read_anchors();
        let anchors = self.anchors(&resources);
        let names: BTreeSet<&'d str> = references.iter().map(|reference| reference.name).collect();
        let (mut followed, mut left_out) = (Vec::new(), Vec::new());
        for name in names {
            let targets: BTreeSet<_> = anchors.of_resource.iter().filter_map(|scope| scope.get(name)).collect();
            // With one anchor of a name every way leads there.
            match (targets.len(), followed.len()) {
                (..2, _) if !targets.contains(&None) => {}
                (_, ..MOST_NAMES) => followed.push(name),
                _ => left_out.push(name),
            }
        }
        let holders: BTreeMap<SchemaId, &'d str> = references.iter().map(|one| (one.holder, one.name)).collect();
        for (holder, _) in holders.iter().filter(|(_, name)| left_out.contains(name)) {
            if let Some(schema) = self.schemas.get_mut(*holder) {
                schema.reference = None;
            }
        }
        let needs = self.needs(&holders, &anchors, &followed);
        let most = self.schemas.len() + 1_000;
        let originals = self.schemas.len();
        let (made, open) = (BTreeMap::new(), VecDeque::new());
        let mut ways = Ways { builder: self, holders, anchors, needs, made, open, most, anything: None };
        ways.follow();
        let is_too_much = ways.is_too_much() || !left_out.is_empty();
        for position in 0..originals {
            self.absorb(SchemaId::of_position(position), originals);
        }
        if let Some(first) = references.first().filter(|_| is_too_much) {
            let at = self.schemas[first.holder].at.clone();
            let message = "the ways to `$dynamicRef` are too many to tell apart; any value will do on some of them";
            let finding = Diagnostic::slip("dynamic-reference", message)
                .hint("write `$ref`, or `$dynamicRef` to fewer different anchors");
            self.report(finding, &at);
        }
    }

    /// Reads every schema that can be the target of a dynamic reference, and says which resource each schema is in.
    fn read_anchors(&mut self) -> Vec<Location> {
        let document = self.document;
        let mut resources: Vec<Location> = Vec::new();
        let mut known: BTreeSet<Location> = BTreeSet::new();
        while resources.len() < self.schemas.len() {
            for position in resources.len()..self.schemas.len() {
                let resource = document.resource_at(&self.schemas[SchemaId::of_position(position)].at);
                resources.push(resource.clone());
                if !known.insert(resource.clone()) {
                    continue;
                }
                for (_, location) in document.dynamic_anchors(&resource) {
                    if let Some(at) = self.at(location.clone()) {
                        self.schema(at);
                    }
                }
            }
            self.read_queue();
        }
        resources
    }

    /// The anchors of each resource. A resource that has one twice is taken for several: one for each schema that
    /// stands in no other, as if each of them had an `$id`.
    fn anchors(&mut self, resources: &[Location]) -> Anchors<'d> {
        let document = self.document;
        let mut numbers: HashMap<Location, usize> = HashMap::new();
        let mut of_resource: Vec<Scope<'d>> = Vec::new();
        let mut is_split: BTreeMap<Location, bool> = BTreeMap::new();
        for resource in resources.iter().collect::<BTreeSet<_>>() {
            let mut first: BTreeMap<&str, &Location> = BTreeMap::new();
            let mut twice: BTreeMap<&str, (&Location, &Location)> = BTreeMap::new();
            for (name, location) in document.dynamic_anchors(resource) {
                if let Some(other) = first.insert(name, location) {
                    twice.entry(name).or_insert((other, location));
                }
            }
            is_split.insert(resource.clone(), !twice.is_empty());
            for (name, (one, other)) in twice {
                let message = format!(
                    "`$dynamicAnchor: {}` is here twice in one resource; each schema is taken as if it had an `$id`",
                    name.escape_debug()
                );
                let finding = Diagnostic::slip("duplicate-anchor", message)
                    .hint("give each of the schemas around the anchors an `$id`");
                let finding = self.relate(finding, &one.child("$dynamicAnchor"), "the other one");
                self.report(finding, &other.child("$dynamicAnchor"));
            }
        }
        let mut resource_of = Vec::new();
        for (position, resource) in resources.iter().enumerate() {
            let at = &self.schemas[SchemaId::of_position(position)].at;
            let own = if is_split[resource] { self.outermost(at, resource) } else { resource.clone() };
            let number = *numbers.entry(own).or_insert(of_resource.len());
            if number == of_resource.len() {
                of_resource.push(Scope::new());
            }
            resource_of.push(number);
        }
        let mut anchors = Anchors { resource_of, of_resource };
        for resource in is_split.keys() {
            for (name, location) in document.dynamic_anchors(resource) {
                let Some(id) = self.schema_at.get(location).copied() else { continue };
                let scope = &mut anchors.of_resource[anchors.resource_of[id.index()]];
                scope.entry(name).and_modify(|known| *known = None).or_insert(Some(id));
            }
        }
        anchors
    }

    /// The outermost schema around a place that is in the same resource.
    fn outermost(&self, at: &Location, resource: &Location) -> Location {
        let mut outermost = at.clone();
        let mut around = at.pointer.parent();
        while let Some(pointer) = around {
            let candidate = Location { file: at.file, pointer: pointer.clone() };
            if self.schema_at.contains_key(&candidate) {
                outermost = candidate;
            }
            around = pointer.parent().filter(|_| pointer != resource.pointer);
        }
        outermost
    }

    /// For each schema the names of the dynamic references that it leads to, of those that are followed.
    fn needs(
        &self,
        holders: &BTreeMap<SchemaId, &'d str>,
        anchors: &Anchors<'d>,
        followed: &[&'d str],
    ) -> Vec<BTreeSet<&'d str>> {
        let mut leads_here: Vec<Vec<SchemaId>> = vec![Vec::new(); self.schemas.len()];
        for (id, schema) in self.schemas.iter() {
            for inner in schema.subschemas() {
                leads_here[inner.index()].push(id);
            }
        }
        for (holder, name) in holders {
            for target in anchors.of_resource.iter().filter_map(|scope| *scope.get(name)?) {
                leads_here[target.index()].push(*holder);
            }
        }
        let mut needs = vec![BTreeSet::new(); self.schemas.len()];
        for name in followed {
            let mut open: Vec<SchemaId> =
                holders.iter().filter(|(_, other)| *other == name).map(|(holder, _)| *holder).collect();
            while let Some(id) = open.pop() {
                if needs[id.index()].insert(*name) {
                    open.extend(&leads_here[id.index()]);
                }
            }
        }
        needs
    }

    /// Puts what a mere reference names in its place, when that was made for the way through it: the reference has a
    /// name of its own, a component say, and what was made has none.
    fn absorb(&mut self, id: SchemaId, originals: usize) {
        let holder = &self.schemas[id];
        let Some(target) = holder.reference.filter(|target| target.index() >= originals) else { return };
        let made = &self.schemas[target];
        if !holder.is_mere_reference() || made.is_mere_reference() {
            return;
        }
        let absorbed = Schema { at: holder.at.clone(), component: holder.component.clone(), ..made.clone() };
        let left = Schema { reference: Some(id), ..Schema::anything(made.at.clone()) };
        for (id, schema) in [(id, absorbed), (target, left)] {
            if let Some(slot) = self.schemas.get_mut(id) {
                *slot = schema;
            }
        }
    }
}

/// The ways to dynamic references, while they are followed.
struct Ways<'b, 'd> {
    builder: &'b mut Builder<'d>,
    /// The schemas whose reference is a dynamic one, with its name.
    holders: BTreeMap<SchemaId, &'d str>,
    anchors: Anchors<'d>,
    /// For each schema the names that matter on the way to it.
    needs: Vec<BTreeSet<&'d str>>,
    /// What was made of a schema for a scope.
    made: BTreeMap<(SchemaId, Scope<'d>), SchemaId>,
    /// What is still to be written: from a schema, on a way, into another one.
    open: VecDeque<(SchemaId, Scope<'d>, SchemaId)>,
    /// How many schemas may be made.
    most: usize,
    /// What stands for those beyond that.
    anything: Option<SchemaId>,
}

impl<'d> Ways<'_, 'd> {
    /// Follows every way.
    fn follow(&mut self) {
        for position in 0..self.needs.len() {
            if !self.needs[position].is_empty() {
                let id = SchemaId::of_position(position);
                let own = self.entered(id, &Scope::new());
                self.open.push_back((id, own, id));
            }
        }
        // What is written first stands where ways start, and is still as it was read.
        let read: Vec<Schema> = self.builder.schemas.iter().map(|(_, schema)| schema.clone()).collect();
        while let Some((from, scope, into)) = self.open.pop_front() {
            let mut schema = read[from.index()].clone();
            if let (Some(name), Some(target)) = (self.holders.get(&from).copied(), schema.reference) {
                schema.reference = scope.get(name).copied().unwrap_or(Some(target));
            }
            for inner in schema.subschemas_mut() {
                *inner = self.on_way(*inner, &scope);
            }
            if from != into {
                schema.component = None;
            }
            if let Some(slot) = self.builder.schemas.get_mut(into) {
                *slot = schema;
            }
        }
    }

    /// Whether not every way could be followed.
    fn is_too_much(&self) -> bool {
        self.anything.is_some()
    }

    /// What a schema is on a way.
    fn on_way(&mut self, id: SchemaId, outer: &Scope<'d>) -> SchemaId {
        let Some(needed) = self.needs.get(id.index()) else { return id };
        if needed.is_empty() {
            return id;
        }
        let scope = self.entered(id, outer);
        if scope == self.entered(id, &Scope::new()) {
            return id;
        }
        let key = (id, scope.clone());
        if let Some(made) = self.made.get(&key) {
            return *made;
        }
        let at = self.builder.schemas[id].at.clone();
        if self.made.len() >= self.most {
            return *self.anything.get_or_insert_with(|| self.builder.schemas.add(Schema::anything(at)));
        }
        let new = self.builder.schemas.add(Schema::anything(at));
        self.made.insert(key, new);
        self.open.push_back((id, scope, new));
        new
    }

    /// The anchors that count once a schema is entered: of two with one name the outer one.
    fn entered(&self, id: SchemaId, outer: &Scope<'d>) -> Scope<'d> {
        let own = &self.anchors.of_resource[self.anchors.resource_of[id.index()]];
        let counts = |name: &&'d str| Some((*name, *outer.get(name).or_else(|| own.get(name))?));
        self.needs[id.index()].iter().filter_map(counts).collect()
    }
}
