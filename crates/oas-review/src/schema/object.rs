//! Objects: members by name, and the others.

use indexmap::IndexMap;
use oas_document::Location;
use oas_model::{Schema, SchemaId, Type};

use super::constraint::Constraint;
use super::limit::Limit;
use super::member::{Member, Members, is_anything, is_forbidden, members, unnamed};
use super::pair::Inside;
use super::pair_comparison::PairComparison;
use super::pattern::{self, Decision};
use super::resolver::Resolver;
use super::shape::Record;
use crate::rule::is;

const MIN_PROPERTIES: Limit =
    Limit { name: "min-properties", keyword: "minProperties", is_upper: false, read: |schema| schema.min_properties };
const MAX_PROPERTIES: Limit =
    Limit { name: "max-properties", keyword: "maxProperties", is_upper: true, read: |schema| schema.max_properties };

impl<'a> PairComparison<'_, 'a> {
    /// Compares what two records say about objects.
    pub(crate) fn compare_objects(&mut self, old: &Record, new: &Record) {
        let there = members(self.base, &old.sources, self.pair.direction);
        let here = members(self.revision, &new.sources, self.pair.direction);
        let count = |members: &Members| {
            let required = |member: &&Member| member.required_by.is_some() && member.kept_out_by.is_none();
            members.named.values().filter(required).count() as u64
        };
        self.compare_limit(old, new, &MIN_PROPERTIES, (count(&there), count(&here)));
        self.compare_limit(old, new, &MAX_PROPERTIES, (0, 0));
        let sides = Sides {
            sources: (&old.sources, &new.sources),
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
        self.compare_dependent_schemas(old, new);
        self.compare_names(old, new, &there, &here);
    }

    fn compare_member(&mut self, sides: &Sides<'_>, name: &str) {
        // What cannot be there on one side is told about where that is said, unless the other side asks for it.
        let is_required =
            |members: &Members| members.named.get(name).is_some_and(|member| member.required_by.is_some());
        let is_possible = sides.there.may_have(self.base, name) && sides.here.may_have(self.revision, name);
        if !is_possible && !is_required(sides.there) && !is_required(sides.here) {
            return;
        }
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
        let is_present = was.required_by.is_some() && is.required_by.is_some();
        let inside = Inside::Member { name: name.to_owned(), is_present };
        self.descend(inside, was.schemas.clone(), is.schemas.clone(), homes);
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
        let here = unnamed(self.revision, sides.sources.1, |pattern| pattern::matches(pattern, name) == Some(true));
        let is_unconstrained = was.described_by.is_none();
        let is_possible = !is_forbidden(self.base, &was.schemas);
        let rule = match (is_forbidden(self.revision, &here), required) {
            (true, false) if !is_possible => return,
            (false, _) if !is_possible => is::PROPERTY_ADDED_TO_CLOSED_OBJECT,
            (true, true) => is::REQUIRED_PROPERTY_REMOVED_FROM_CLOSED_OBJECT,
            (true, false) => is::PROPERTY_REMOVED_FROM_CLOSED_OBJECT,
            (false, true) if is_unconstrained => {
                let is_told = is_anything(self.revision, &here);
                self.descend_undescribed(name, is_told, (&was.schemas, &here), (&place_there, &place_here));
                self.find(is::BECAME_OPTIONAL, place_there, place_here).name = Some(name.to_owned());
                return;
            }
            (false, true) => {
                let is_told = is_anything(self.revision, &here);
                self.descend_undescribed(name, is_told, (&was.schemas, &here), (&place_there, &place_here));
                is::REQUIRED_PROPERTY_REMOVED
            }
            (false, false) if !is_anything(self.revision, &here) => {
                let inside = Inside::Member { name: name.to_owned(), is_present: false };
                self.descend(inside, was.schemas.clone(), here, (place_there, place_here));
                return;
            }
            (false, false) if sides.here.is_free => is::PROPERTY_REMOVED_FROM_FREE_OBJECT,
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
        let there = unnamed(self.base, sides.sources.0, |pattern| pattern::matches(pattern, name) == Some(true));
        let is_unconstrained = is.described_by.is_none();
        let is_possible = !is_forbidden(self.revision, &is.schemas);
        let rule = match (is_forbidden(self.base, &there), required) {
            (true, false) if !is_possible => return,
            (false, _) if !is_possible => is::PROPERTY_REMOVED_FROM_CLOSED_OBJECT,
            (true, true) => is::REQUIRED_PROPERTY_ADDED_TO_CLOSED_OBJECT,
            (true, false) => is::PROPERTY_ADDED_TO_CLOSED_OBJECT,
            (false, true) if is_unconstrained => {
                let is_told = is_anything(self.base, &there);
                self.descend_undescribed(name, is_told, (&there, &is.schemas), (&place_there, &place_here));
                self.find(is::BECAME_REQUIRED, place_there, place_here).name = Some(name.to_owned());
                return;
            }
            (false, true) => {
                let is_told = is_anything(self.base, &there);
                self.descend_undescribed(name, is_told, (&there, &is.schemas), (&place_there, &place_here));
                is::REQUIRED_PROPERTY_ADDED
            }
            (false, false) if !is_anything(self.base, &there) => {
                let inside = Inside::Member { name: name.to_owned(), is_present: false };
                self.descend(inside, there, is.schemas.clone(), (place_there, place_here));
                return;
            }
            (false, false) if sides.there.is_free => is::PROPERTY_ADDED_TO_FREE_OBJECT,
            (false, false) => is::PROPERTY_ADDED,
        };
        self.find(rule, place_there, place_here).name = Some(name.to_owned());
    }

    /// Goes on to a member that one side knows by what it says of undescribed members alone, unless it says nothing, which
    /// is told already.
    fn descend_undescribed(
        &mut self,
        name: &str,
        is_told: bool,
        (was, is): (&[SchemaId], &[SchemaId]),
        places: (&Location, &Location),
    ) {
        if !is_told {
            let inside = Inside::Member { name: name.to_owned(), is_present: false };
            self.descend(inside, was.to_vec(), is.to_vec(), (places.0.clone(), places.1.clone()));
        }
    }

    /// Compares members that no name describes: those whose names match some patterns and not others, for each set of
    /// patterns that a name can match.
    fn compare_rest(&mut self, old: &Record, new: &Record, there: &Members, here: &Members) {
        if !there.has_room() || !here.has_room() {
            return;
        }
        let patterns = self.patterns(old, new);
        let Some(regions) = regions(&patterns) else {
            return self.find_undecided_patterns(old, new);
        };
        for region in regions {
            let is_inside = |pattern: &str| region.contains(&pattern);
            let was = unnamed(self.base, &old.sources, is_inside);
            let is = unnamed(self.revision, &new.sources, is_inside);
            self.compare_region((old, new), (there, here), (&region, &patterns), (was, is));
        }
    }

    fn compare_region(
        &mut self,
        (old, new): (&Record, &Record),
        (there, here): (&Members, &Members),
        (region, patterns): (&[&str], &[&str]),
        (was, is): (Vec<SchemaId>, Vec<SchemaId>),
    ) {
        let by = |id: Option<SchemaId>| id.map(|by| Constraint { value: (), by });
        let keywords = ["additionalProperties", "unevaluatedProperties"];
        let rest_there = self.base_place(by(there.closed_by).as_ref(), &old.sources, &keywords);
        let rest_here = self.revision_place(by(here.closed_by).as_ref(), &new.sources, &keywords);
        let place_there = pattern_place(self.base, &old.sources, region).unwrap_or_else(|| rest_there.clone());
        let place_here = pattern_place(self.revision, &new.sources, region).unwrap_or_else(|| rest_here.clone());
        let is_rest = region.is_empty();
        let free = (is_anything(self.base, &was), is_anything(self.revision, &is));
        let rule = match (is_forbidden(self.base, &was), is_forbidden(self.revision, &is)) {
            (true, true) => return,
            (false, true) if is_rest => is::ADDITIONAL_PROPERTIES_FORBIDDEN,
            (true, false) if is_rest => is::ADDITIONAL_PROPERTIES_ALLOWED,
            (false, true) => is::PATTERN_PROPERTIES_FORBIDDEN,
            (true, false) => is::PATTERN_PROPERTIES_ALLOWED,
            (false, false) if !is_rest && free == (true, false) => is::PATTERN_PROPERTIES_INTRODUCED,
            (false, false) if !is_rest && free == (false, true) => is::PATTERN_PROPERTIES_DROPPED,
            (false, false) => {
                let homes = if is_rest {
                    (rest_there.child("additionalProperties"), rest_here.child("additionalProperties"))
                } else {
                    (place_there, place_here)
                };
                let texts = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
                let others: Vec<&str> = patterns.iter().filter(|one| !region.contains(one)).copied().collect();
                let inside = Inside::Rest { matching: texts(region), others: texts(&others) };
                return self.descend(inside, was, is, homes);
            }
        };
        let name = (!is_rest).then(|| region.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(" and "));
        self.find(rule, place_there, place_here).name = name;
    }

    /// The patterns of both sides, each once.
    fn patterns(&self, old: &Record, new: &Record) -> Vec<&'a str> {
        let (base, revision) = (&*self.base, &*self.revision);
        let there = old.sources.iter().flat_map(|id| base.schema(*id).pattern_properties.keys());
        let here = new.sources.iter().flat_map(|id| revision.schema(*id).pattern_properties.keys());
        let mut all: Vec<&'a str> = Vec::new();
        for pattern in there.chain(here) {
            if !all.contains(&pattern.as_str()) {
                all.push(pattern);
            }
        }
        all
    }

    /// Tells about patterns that are beyond what can be decided, unless they are the same on both sides.
    fn find_undecided_patterns(&mut self, old: &Record, new: &Record) {
        let read: fn(&Schema) -> &IndexMap<String, SchemaId> = |schema| &schema.pattern_properties;
        let (there, here) = (gather(self.base, &old.sources, read), gather(self.revision, &new.sources, read));
        let names = there.keys().chain(here.keys().filter(|name| !there.contains_key(*name)));
        for name in names {
            let place_there = pattern_place(self.base, &old.sources, &[name.as_str()]);
            let place_here = pattern_place(self.revision, &new.sources, &[name.as_str()]);
            let place_there = place_there.unwrap_or_else(|| self.base_place::<()>(None, &old.sources, &[]));
            let place_here = place_here.unwrap_or_else(|| self.revision_place::<()>(None, &new.sources, &[]));
            let ids = |all: &ByName| all.get(name).map(|all| all.iter().map(|(id, _)| *id).collect::<Vec<_>>());
            if let (Some(was), Some(is)) = (ids(&there), ids(&here)) {
                let inside = Inside::Rest { matching: vec![name.clone()], others: Vec::new() };
                self.descend(inside, was, is, (place_there, place_here));
            } else {
                let found = self.find(is::PATTERN_PROPERTIES_UNDECIDED, place_there, place_here);
                found.name = Some(format!("`{name}`"));
            }
        }
    }

    /// Compares schemas that depend on a member.
    fn compare_dependent_schemas(&mut self, old: &Record, new: &Record) {
        let read: fn(&Schema) -> &IndexMap<String, SchemaId> = |schema| &schema.dependent_schemas;
        let (mut there, mut here) = (gather(self.base, &old.sources, read), gather(self.revision, &new.sources, read));
        // What only asks for members is compared with `dependentRequired`.
        for (resolver, all) in [(&*self.base, &mut there), (&*self.revision, &mut here)] {
            all.values_mut().for_each(|all| all.retain(|(id, _)| needs(resolver.schema(*id)).is_none()));
            all.retain(|_, all| !all.is_empty());
        }
        self.compare_by_name(old, new, (&there, &here), "dependentSchemas");
    }

    /// Compares schemas that stand under names of the document's choice.
    fn compare_by_name(&mut self, old: &Record, new: &Record, (there, here): (&ByName, &ByName), keyword: &str) {
        let names = there.keys().chain(here.keys().filter(|name| !there.contains_key(*name)));
        for name in names {
            let place_of =
                |side: &ByName| side.get(name).and_then(|all| all.first()).map(|(_, at)| at.child(keyword).child(name));
            let place_there = place_of(there).unwrap_or_else(|| self.base_place::<()>(None, &old.sources, &[]));
            let place_here = place_of(here).unwrap_or_else(|| self.revision_place::<()>(None, &new.sources, &[]));
            let ids =
                |side: &ByName| side.get(name).map(|all| all.iter().map(|(id, _)| *id).collect::<Vec<SchemaId>>());
            let (introduced, dropped) = (is::DEPENDENT_SCHEMA_INTRODUCED, is::DEPENDENT_SCHEMA_DROPPED);
            match (ids(there), ids(here)) {
                (Some(was), Some(is)) => self.descend(Inside::Same, was, is, (place_there, place_here)),
                (None, Some(_)) => self.find(introduced, place_there, place_here).name = Some(name.clone()),
                (Some(_), None) => self.find(dropped, place_there, place_here).name = Some(name.clone()),
                (None, None) => {}
            }
        }
    }

    /// Compares constraints on names, and members that ask for others.
    fn compare_names(&mut self, old: &Record, new: &Record, there: &Members, here: &Members) {
        let names = |resolver: &Resolver<'_>, sources: &[SchemaId]| {
            sources.iter().filter_map(|id| resolver.schema(*id).property_names).collect::<Vec<SchemaId>>()
        };
        let (was, is) = (names(self.base, &old.sources), names(self.revision, &new.sources));
        let place = |resolver: &Resolver<'_>, ids: &[SchemaId]| ids.first().map(|id| resolver.schema(*id).at.clone());
        let place_there = place(self.base, &was).unwrap_or_else(|| self.base_place::<()>(None, &old.sources, &[]));
        let place_here =
            place(self.revision, &is).unwrap_or_else(|| self.revision_place::<()>(None, &new.sources, &[]));
        match (was.is_empty(), is.is_empty()) {
            (true, false) => drop(self.find(is::PROPERTY_NAMES_INTRODUCED, place_there, place_here)),
            (false, true) => drop(self.find(is::PROPERTY_NAMES_DROPPED, place_there, place_here)),
            (false, false) => self.descend(Inside::Apart, was, is, (place_there, place_here)),
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
    sources: (&'m [SchemaId], &'m [SchemaId]),
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

fn dependencies(resolver: &Resolver<'_>, sources: &[SchemaId]) -> Vec<Dependency> {
    let mut all = Vec::new();
    for id in sources {
        let schema = resolver.schema(*id);
        let stated =
            schema.dependent_required.iter().map(|(name, needs)| ("dependentRequired", name, needs.as_slice()));
        let spelled = schema
            .dependent_schemas
            .iter()
            .filter_map(|(name, id)| Some(("dependentSchemas", name, needs(resolver.schema(*id))?)));
        for (keyword, name, needs) in stated.chain(spelled) {
            let at = schema.at.child(keyword).child(name);
            all.extend(needs.iter().filter(|needs| *needs != name).map(|needs| Dependency {
                name: name.clone(),
                needs: needs.clone(),
                at: at.clone(),
            }));
        }
    }
    all
}

/// The members that a schema asks for, when it says nothing else.
fn needs(schema: &Schema) -> Option<&[String]> {
    let required = schema.required.clone();
    let plain = Schema {
        required,
        types: schema.types.filter(|types| types.contains(Type::Object)),
        title: schema.title.clone(),
        description: schema.description.clone(),
        ..Schema::anything(schema.at.clone())
    };
    (!schema.required.is_empty() && *schema == plain).then_some(schema.required.as_slice())
}

/// The sets of patterns that a name can match at once, the empty one among them; `None` where that cannot be decided.
fn regions<'p>(patterns: &[&'p str]) -> Option<Vec<Vec<&'p str>>> {
    const MOST: usize = 5;
    if patterns.len() > MOST {
        return None;
    }
    let mut regions = Vec::new();
    for mask in 0..1_u32 << patterns.len() {
        let (inside, outside): (Vec<_>, Vec<_>) =
            patterns.iter().enumerate().partition(|(index, _)| mask & (1 << index) != 0);
        let texts =
            |all: Vec<(usize, &&'p str)>| all.into_iter().map(|(_, pattern)| *pattern).collect::<Vec<&'p str>>();
        let (inside, outside) = (texts(inside), texts(outside));
        // Names are lines: nobody has one with a break in it, which `.` does not match.
        let lines: Vec<&str> = inside.iter().copied().chain(["^.*$"]).collect();
        match pattern::shortest_outside(&lines, &outside) {
            Decision::Found(_) => regions.push(inside),
            Decision::None => {}
            Decision::Undecided => return None,
        }
    }
    Some(regions)
}

/// Where the first of `region` stands.
fn pattern_place(resolver: &Resolver<'_>, sources: &[SchemaId], region: &[&str]) -> Option<Location> {
    let has = |id: &SchemaId, pattern: &str| resolver.schema(*id).pattern_properties.contains_key(pattern);
    region.iter().find_map(|pattern| {
        let by = sources.iter().find(|id| has(id, pattern))?;
        Some(resolver.schema(*by).at.child("patternProperties").child(pattern))
    })
}

/// Schemas under names, each with the place of the schema that has it.
type ByName = IndexMap<String, Vec<(SchemaId, Location)>>;

/// The schemas under each name, with the place of the schema that has them.
fn gather(resolver: &Resolver<'_>, sources: &[SchemaId], read: fn(&Schema) -> &IndexMap<String, SchemaId>) -> ByName {
    let mut all = ByName::new();
    for id in sources {
        let schema = resolver.schema(*id);
        for (name, child) in read(schema) {
            all.entry(name.clone()).or_default().push((*child, schema.at.clone()));
        }
    }
    all
}

/// Where a member is described, or else required.
fn member_place(resolver: &Resolver<'_>, member: &Member, name: &str, home: &Location) -> Location {
    match (member.described_by, member.required_by) {
        (Some(by), _) => resolver.schema(by).at.child("properties").child(name),
        (None, Some(by)) => resolver.schema(by).at.child("required"),
        (None, None) => home.clone(),
    }
}
