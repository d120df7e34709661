//! Objects: members by name, and the others.

use indexmap::IndexMap;
use oas_document::Location;
use oas_model::{Schema, SchemaId, Schemas};

use super::lens::Lens;
use super::limit::Limit;
use super::pattern;
use super::record::Said;
use super::scalar::forbids;
use super::shape::Record;
use super::walk::Comparison;
use crate::effect::Direction;
use crate::rule::{Rule, is};

const MIN_PROPERTIES: Limit =
    Limit { name: "min-properties", keyword: "minProperties", is_upper: false, read: |schema| schema.min_properties };
const MAX_PROPERTIES: Limit =
    Limit { name: "max-properties", keyword: "maxProperties", is_upper: true, read: |schema| schema.max_properties };

/// A member that is described or required.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// The schemas of its value.
    pub(crate) schemas: Vec<SchemaId>,
    /// The schema that has it under `properties`.
    pub(crate) described_by: Option<SchemaId>,
    /// The schema that requires it.
    pub(crate) required_by: Option<SchemaId>,
    /// `readOnly` or `writeOnly`, when that keeps it out of the message.
    pub(crate) kept_out_by: Option<&'static str>,
}

/// What the schemas of a record say about members.
#[derive(Debug, Clone)]
pub(crate) struct Members {
    /// The members by name, in the order of the document.
    pub(crate) named: IndexMap<String, Member>,
    /// The schemas of all other members.
    pub(crate) rest: Vec<SchemaId>,
    /// The schema that forbids other members.
    pub(crate) closed_by: Option<SchemaId>,
    /// Whether the document says that other members may be anything, or names no member at all.
    pub(crate) is_free: bool,
}

/// Gathers what `sources` say about members.
pub(crate) fn members(lens: &Lens<'_>, sources: &[SchemaId], direction: Direction) -> Members {
    let schemas = &lens.side.api.schemas;
    let mut named: IndexMap<String, Member> = IndexMap::new();
    for id in sources {
        let schema = lens.schema(*id);
        for name in schema.properties.keys().chain(&schema.required) {
            named.entry(name.clone()).or_insert_with(|| Member {
                schemas: Vec::new(),
                described_by: None,
                required_by: None,
                kept_out_by: None,
            });
        }
    }
    for (name, member) in &mut named {
        for id in sources {
            let schema = lens.schema(*id);
            member.schemas.extend(member_schemas(schema, name));
            if schema.properties.contains_key(name) {
                member.described_by = member.described_by.or(Some(*id));
            }
            if schema.required.contains(name) {
                member.required_by = member.required_by.or(Some(*id));
            }
        }
        member.kept_out_by = member.schemas.iter().find_map(|id| kept_out_by(schemas, *id, direction));
    }
    let rest = sources.iter().filter_map(|id| rest_of(lens.schema(*id))).collect();
    let closed_by = sources.iter().copied().find(|id| {
        forbids(schemas, schemas[*id].additional_properties) || forbids(schemas, schemas[*id].unevaluated_properties)
    });
    let is_stated = sources.iter().any(|id| rest_of(lens.schema(*id)).is_some());
    let has_names = named.values().any(|member| member.described_by.is_some());
    Members { named, rest, closed_by, is_free: closed_by.is_none() && (is_stated || !has_names) }
}

/// The schemas that one schema has for the member `name`.
fn member_schemas(schema: &Schema, name: &str) -> Vec<SchemaId> {
    let mut own: Vec<SchemaId> = schema.properties.get(name).copied().into_iter().collect();
    let matching =
        schema.pattern_properties.iter().filter(|(pattern, _)| pattern::matches(pattern, name) == Some(true));
    own.extend(matching.map(|(_, id)| *id));
    if own.is_empty() {
        own.extend(schema.additional_properties.schema());
    }
    own
}

fn rest_of(schema: &Schema) -> Option<SchemaId> {
    schema.additional_properties.schema().or_else(|| schema.unevaluated_properties.schema())
}

/// The keyword that keeps a member out of messages of this direction: in the schema, what it refers to, or one of
/// its `allOf`.
fn kept_out_by(schemas: &Schemas, id: SchemaId, direction: Direction) -> Option<&'static str> {
    let mut stack = vec![(id, 8_u8)];
    while let Some((id, depth)) = stack.pop() {
        let schema = &schemas[id];
        match direction {
            Direction::Request if schema.read_only => return Some("readOnly"),
            Direction::Response if schema.write_only => return Some("writeOnly"),
            _ => {}
        }
        if let Some(depth) = depth.checked_sub(1) {
            stack.extend(schema.all_of.iter().copied().chain(schema.reference).map(|id| (id, depth)));
        }
    }
    None
}

impl Comparison<'_, '_> {
    /// Compares what two records say about objects.
    pub(crate) fn compare_objects(&mut self, old: &Record, new: &Record) {
        let there = members(self.base, &old.sources, self.direction);
        let here = members(self.revision, &new.sources, self.direction);
        let count = |members: &Members| {
            let required = |member: &&Member| member.required_by.is_some() && member.kept_out_by.is_none();
            members.named.values().filter(required).count() as u64
        };
        self.compare_limit(old, new, &MIN_PROPERTIES, (count(&there), count(&here)));
        self.compare_limit(old, new, &MAX_PROPERTIES, (0, 0));
        let sides = Sides {
            there: &there,
            here: &here,
            home_there: self.base_place::<()>(None, &old.sources, &[]),
            home_here: self.revision_place::<()>(None, &new.sources, &[]),
        };
        let names = there.named.keys().chain(here.named.keys().filter(|name| !there.named.contains_key(*name)));
        for name in names {
            self.compare_member(&sides, name);
        }
        self.compare_rest(old, new, &there, &here);
        self.compare_names(old, new, &there, &here);
    }

    fn compare_member(&mut self, sides: &Sides<'_>, name: &str) {
        let (raw_there, raw_here) = (sides.there.named.get(name), sides.here.named.get(name));
        let in_message = |member: &&Member| member.kept_out_by.is_none();
        match (raw_there.filter(in_message), raw_here.filter(in_message)) {
            (Some(was), Some(is)) => self.compare_present(sides, name, was, is),
            (Some(was), None) => self.compare_gone(sides, name, was, raw_here),
            (None, Some(is)) => self.compare_come(sides, name, is, raw_there),
            (None, None) => {}
        }
    }

    fn compare_present(&mut self, sides: &Sides<'_>, name: &str, was: &Member, is: &Member) {
        let homes = (
            member_place(self.base, was, name, &sides.home_there),
            member_place(self.revision, is, name, &sides.home_here),
        );
        let rule = match (was.required_by.is_some(), is.required_by.is_some()) {
            (false, true) => Some(is::BECAME_REQUIRED),
            (true, false) => Some(is::BECAME_OPTIONAL),
            _ => None,
        };
        if let Some(rule) = rule {
            self.find(rule, homes.0.clone(), homes.1.clone());
        }
        self.descend(was.schemas.clone(), is.schemas.clone(), homes);
    }

    /// A member that is not described, or not part of the message, any more.
    fn compare_gone(&mut self, sides: &Sides<'_>, name: &str, was: &Member, kept_out: Option<&Member>) {
        let place_there = member_place(self.base, was, name, &sides.home_there);
        let required = was.required_by.is_some();
        if let Some(kept_out) = kept_out {
            let place_here = member_place(self.revision, kept_out, name, &sides.home_here);
            let rule = if required { is::LEFT_MESSAGE_REQUIRED } else { is::LEFT_MESSAGE };
            self.find(rule, place_there, place_here).after = kept_out.kept_out_by.map(Into::into);
            return;
        }
        let place_here = sides.home_here.clone();
        let here = sides.here;
        let is_unconstrained = was.described_by.is_none();
        let rule = match (here.closed_by.is_some(), required) {
            (true, true) => is::REQUIRED_PROPERTY_REMOVED_FROM_CLOSED_OBJECT,
            (true, false) => is::PROPERTY_REMOVED_FROM_CLOSED_OBJECT,
            (false, true) if is_unconstrained => {
                self.find(is::BECAME_OPTIONAL, place_there, place_here).name = Some(name.to_owned());
                return;
            }
            (false, true) => is::REQUIRED_PROPERTY_REMOVED,
            (false, false) if !here.rest.is_empty() && !self.is_anything_here(&here.rest) => {
                self.descend(was.schemas.clone(), here.rest.clone(), (place_there, place_here));
                return;
            }
            (false, false) if here.is_free => is::PROPERTY_REMOVED_FROM_FREE_OBJECT,
            (false, false) => is::PROPERTY_REMOVED,
        };
        self.find(rule, place_there, place_here).name = Some(name.to_owned());
    }

    /// A member that was not described, or not part of the message, before.
    fn compare_come(&mut self, sides: &Sides<'_>, name: &str, is: &Member, kept_out: Option<&Member>) {
        let place_here = member_place(self.revision, is, name, &sides.home_here);
        let required = is.required_by.is_some();
        if let Some(kept_out) = kept_out {
            let place_there = member_place(self.base, kept_out, name, &sides.home_there);
            let rule = if required { is::JOINED_MESSAGE_REQUIRED } else { is::JOINED_MESSAGE };
            self.find(rule, place_there, place_here).before = kept_out.kept_out_by.map(Into::into);
            return;
        }
        let place_there = sides.home_there.clone();
        let there = sides.there;
        let is_unconstrained = is.described_by.is_none();
        let rule = match (there.closed_by.is_some(), required) {
            (true, true) => is::REQUIRED_PROPERTY_ADDED_TO_CLOSED_OBJECT,
            (true, false) => is::PROPERTY_ADDED_TO_CLOSED_OBJECT,
            (false, true) if is_unconstrained => {
                self.find(is::BECAME_REQUIRED, place_there, place_here).name = Some(name.to_owned());
                return;
            }
            (false, true) => is::REQUIRED_PROPERTY_ADDED,
            (false, false) if !there.rest.is_empty() && !self.is_anything_there(&there.rest) => {
                self.descend(there.rest.clone(), is.schemas.clone(), (place_there, place_here));
                return;
            }
            (false, false) if there.is_free => is::PROPERTY_ADDED_TO_FREE_OBJECT,
            (false, false) => is::PROPERTY_ADDED,
        };
        self.find(rule, place_there, place_here).name = Some(name.to_owned());
    }

    fn is_anything_there(&self, schemas: &[SchemaId]) -> bool {
        schemas.iter().all(|id| self.base.schema(*id).boolean == Some(true))
    }

    fn is_anything_here(&self, schemas: &[SchemaId]) -> bool {
        schemas.iter().all(|id| self.revision.schema(*id).boolean == Some(true))
    }

    /// Compares members that no name describes.
    fn compare_rest(&mut self, old: &Record, new: &Record, there: &Members, here: &Members) {
        let by = |id: Option<SchemaId>| id.map(|by| Said { value: (), by });
        let keywords = ["additionalProperties", "unevaluatedProperties"];
        let place_there = self.base_place(by(there.closed_by).as_ref(), &old.sources, &keywords);
        let place_here = self.revision_place(by(here.closed_by).as_ref(), &new.sources, &keywords);
        match (there.closed_by, here.closed_by) {
            (None, Some(_)) => {
                self.find(is::ADDITIONAL_PROPERTIES_FORBIDDEN, place_there, place_here);
            }
            (Some(_), None) => {
                self.find(is::ADDITIONAL_PROPERTIES_ALLOWED, place_there, place_here);
            }
            (None, None) => {
                let homes = (place_there.child("additionalProperties"), place_here.child("additionalProperties"));
                self.descend(there.rest.clone(), here.rest.clone(), homes);
            }
            (Some(_), Some(_)) => {}
        }
        let is_closed = (there.closed_by.is_some(), here.closed_by.is_some());
        self.compare_by_name(
            old,
            new,
            |schema| &schema.pattern_properties,
            "patternProperties",
            match is_closed {
                (true, _) => (is::ADDITIONAL_PROPERTIES_ALLOWED, is::PATTERN_PROPERTIES_DROPPED),
                (_, true) => (is::PATTERN_PROPERTIES_INTRODUCED, is::ADDITIONAL_PROPERTIES_FORBIDDEN),
                _ => (is::PATTERN_PROPERTIES_INTRODUCED, is::PATTERN_PROPERTIES_DROPPED),
            },
        );
        let dependent = (is::DEPENDENT_SCHEMA_INTRODUCED, is::DEPENDENT_SCHEMA_DROPPED);
        self.compare_by_name(old, new, |schema| &schema.dependent_schemas, "dependentSchemas", dependent);
    }

    /// Compares schemas that stand under names of the document's choice.
    fn compare_by_name(
        &mut self,
        old: &Record,
        new: &Record,
        read: fn(&Schema) -> &IndexMap<String, SchemaId>,
        keyword: &str,
        (introduced, dropped): (Rule, Rule),
    ) {
        let (there, here) = (gather(self.base, &old.sources, read), gather(self.revision, &new.sources, read));
        let names = there.keys().chain(here.keys().filter(|name| !there.contains_key(*name)));
        for name in names {
            let place_of = |side: &IndexMap<String, Vec<(SchemaId, Location)>>| {
                side.get(name).and_then(|all| all.first()).map(|(_, at)| at.child(keyword).child(name))
            };
            let place_there = place_of(&there).unwrap_or_else(|| self.base_place::<()>(None, &old.sources, &[]));
            let place_here = place_of(&here).unwrap_or_else(|| self.revision_place::<()>(None, &new.sources, &[]));
            let ids = |side: &IndexMap<String, Vec<(SchemaId, Location)>>| {
                side.get(name).map(|all| all.iter().map(|(id, _)| *id).collect::<Vec<SchemaId>>())
            };
            match (ids(&there), ids(&here)) {
                (Some(was), Some(is)) => self.descend(was, is, (place_there, place_here)),
                (None, Some(_)) => self.find(introduced, place_there, place_here).name = Some(name.clone()),
                (Some(_), None) => self.find(dropped, place_there, place_here).name = Some(name.clone()),
                (None, None) => {}
            }
        }
    }

    /// Compares constraints on names, and members that ask for others.
    fn compare_names(&mut self, old: &Record, new: &Record, there: &Members, here: &Members) {
        let names = |lens: &Lens<'_>, sources: &[SchemaId]| {
            sources.iter().filter_map(|id| lens.schema(*id).property_names).collect::<Vec<SchemaId>>()
        };
        let (was, is) = (names(self.base, &old.sources), names(self.revision, &new.sources));
        let place = |lens: &Lens<'_>, ids: &[SchemaId]| ids.first().map(|id| lens.schema(*id).at.clone());
        let place_there = place(self.base, &was).unwrap_or_else(|| self.base_place::<()>(None, &old.sources, &[]));
        let place_here =
            place(self.revision, &is).unwrap_or_else(|| self.revision_place::<()>(None, &new.sources, &[]));
        match (was.is_empty(), is.is_empty()) {
            (true, false) => drop(self.find(is::PROPERTY_NAMES_INTRODUCED, place_there, place_here)),
            (false, true) => drop(self.find(is::PROPERTY_NAMES_DROPPED, place_there, place_here)),
            (false, false) => self.descend(was, is, (place_there, place_here)),
            (true, true) => {}
        }
        self.compare_dependencies(old, new, there, here);
    }

    fn compare_dependencies(&mut self, old: &Record, new: &Record, there: &Members, here: &Members) {
        let (was, is) = (dependencies(self.base, &old.sources), dependencies(self.revision, &new.sources));
        let only = |these: &[Dependency], those: &[Dependency]| {
            let is_new =
                |one: &&Dependency| those.iter().all(|other| (&one.name, &one.needs) != (&other.name, &other.needs));
            these.iter().filter(is_new).cloned().collect::<Vec<_>>()
        };
        // What is required anyway need not be asked for.
        let is_implied = |one: &Dependency, members: &Members| {
            members.named.get(&one.needs).is_some_and(|member| member.required_by.is_some())
        };
        for one in only(&was, &is).into_iter().filter(|one| !is_implied(one, there) && !is_implied(one, here)) {
            let place_here = self.revision_place::<()>(None, &new.sources, &[]);
            let found = self.find(is::DEPENDENCY_DROPPED, one.at, place_here);
            found.name = Some(one.name);
            found.before = Some(one.needs.into());
        }
        for one in only(&is, &was).into_iter().filter(|one| !is_implied(one, there) && !is_implied(one, here)) {
            let place_there = self.base_place::<()>(None, &old.sources, &[]);
            let found = self.find(is::DEPENDENCY_INTRODUCED, place_there, one.at);
            found.name = Some(one.name);
            found.after = Some(one.needs.into());
        }
    }
}

/// The members of both sides, and where the objects stand.
struct Sides<'m> {
    there: &'m Members,
    here: &'m Members,
    home_there: Location,
    home_here: Location,
}

/// A member that asks for another one.
#[derive(Debug, Clone)]
struct Dependency {
    name: String,
    needs: String,
    at: Location,
}

fn dependencies(lens: &Lens<'_>, sources: &[SchemaId]) -> Vec<Dependency> {
    let mut all = Vec::new();
    for id in sources {
        let schema = lens.schema(*id);
        for (name, needs) in &schema.dependent_required {
            let at = schema.at.child("dependentRequired").child(name);
            all.extend(needs.iter().map(|needs| Dependency {
                name: name.clone(),
                needs: needs.clone(),
                at: at.clone(),
            }));
        }
    }
    all
}

/// The schemas under each name, with the place of the schema that has them.
fn gather(
    lens: &Lens<'_>,
    sources: &[SchemaId],
    read: fn(&Schema) -> &IndexMap<String, SchemaId>,
) -> IndexMap<String, Vec<(SchemaId, Location)>> {
    let mut all: IndexMap<String, Vec<(SchemaId, Location)>> = IndexMap::new();
    for id in sources {
        let schema = lens.schema(*id);
        for (name, child) in read(schema) {
            all.entry(name.clone()).or_default().push((*child, schema.at.clone()));
        }
    }
    all
}

/// Where a member is described, or else required.
fn member_place(lens: &Lens<'_>, member: &Member, name: &str, home: &Location) -> Location {
    match (member.described_by, member.required_by) {
        (Some(by), _) => lens.schema(by).at.child("properties").child(name),
        (None, Some(by)) => lens.schema(by).at.child("required"),
        (None, None) => home.clone(),
    }
}
