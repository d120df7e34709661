//! Makes values that a schema may allow; whether it does is the judge's to say.

mod number;
mod pattern;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use oas_model::{Api, Direction, Discriminator, Schema, SchemaId, Type, TypeSet};

use crate::json::Json;

/// From which depth on only what must be there is made.
const DEEP: usize = 4;

/// How deep values are at most.
const DEEPEST: usize = 14;

/// Makes values of an API's schemas.
pub(crate) struct Maker<'a> {
    pub(crate) api: &'a Api,
    pub(crate) direction: Direction,
    /// The schemas that others extend, with what tells these apart.
    pub(crate) families: &'a BTreeMap<SchemaId, Discriminator>,
    pub(crate) random: Rng,
    /// Whether members are made that no schema describes: texts of parameters cannot say what they are.
    pub(crate) is_open: bool,
    /// The keywords that had a say in the last value.
    pub(crate) keywords: BTreeSet<&'static str>,
}

/// What several schemas say together.
struct Together<'a> {
    schemas: Vec<&'a Schema>,
    /// Members with one value: what discriminators say.
    fixed: Vec<(&'a str, &'a str)>,
}

impl<'a> Maker<'a> {
    /// A value of a schema.
    pub(crate) fn value(&mut self, id: SchemaId) -> Option<Json> {
        self.keywords.clear();
        self.make(&[id], 0)
    }

    fn make(&mut self, ids: &[SchemaId], depth: usize) -> Option<Json> {
        if depth > DEEPEST {
            return None;
        }
        let together = self.gather(ids, depth)?;
        let listed = together.schemas.iter().flat_map(|schema| {
            let constant = schema.constant.as_ref().map(std::slice::from_ref);
            [schema.enumeration.as_deref(), constant]
                .into_iter()
                .flatten()
                .map(|values| values.iter().map(Json::from).collect::<Vec<_>>())
        });
        let mut listed: Vec<Vec<Json>> = listed.collect();
        if let Some(mut values) = listed.pop() {
            self.keywords.insert("enum");
            values.retain(|value| listed.iter().all(|others| others.iter().any(|other| other.is_same(value))));
            return self.pick(&values).cloned();
        }
        match self.kind(&together)? {
            Type::Null => Some(Json::Null),
            Type::Boolean => Some(Json::Bool(self.random.bool())),
            one @ (Type::Integer | Type::Number) => self.number(&together.schemas, one == Type::Integer),
            Type::String => self.text(&together.schemas),
            Type::Array => self.list(&together, depth),
            Type::Object => self.object(&together, depth),
        }
    }

    /// All schemas that a value has to satisfy with these; of choices one branch each.
    fn gather(&mut self, ids: &[SchemaId], depth: usize) -> Option<Together<'a>> {
        let api = self.api;
        let mut together = Together { schemas: Vec::new(), fixed: Vec::new() };
        let mut seen = BTreeSet::new();
        let mut open: Vec<SchemaId> = ids.to_vec();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let schema = &api.schemas[id];
            if schema.boolean == Some(false) {
                return None;
            }
            together.schemas.push(schema);
            open.extend(schema.reference);
            open.extend(&schema.all_of);
            self.note(schema);
            for branches in [&schema.any_of, &schema.one_of] {
                let Some(branch) = self.branch(branches, depth) else { continue };
                open.push(branch);
                together.fixed.extend(self.tag(schema, branch));
            }
            let has_choice = !(schema.any_of.is_empty() && schema.one_of.is_empty());
            if let Some(discriminator) = self.families.get(&id).filter(|_| !has_choice && together.fixed.is_empty()) {
                let children: Vec<(&String, &SchemaId)> = discriminator.mapping.iter().collect();
                let child = self.pick(&children).map(|(tag, child)| (tag.as_str(), **child));
                together.fixed.extend(child.map(|(tag, _)| (discriminator.property.as_str(), tag)));
                open.extend(child.map(|(_, child)| child));
            }
            if let (Some(condition), chosen) = (schema.condition, self.random.bool()) {
                if chosen {
                    open.extend([Some(condition), schema.consequence].into_iter().flatten());
                } else {
                    open.extend(schema.alternative);
                }
            }
        }
        Some(together)
    }

    /// A branch of a choice; far down rather one that does not lead further.
    fn branch(&mut self, branches: &[SchemaId], depth: usize) -> Option<SchemaId> {
        let shallow = |id: &&SchemaId| {
            let schema = &self.api.schemas[self.api.schemas.resolve(**id)];
            schema.types.is_some_and(|types| !types.contains(Type::Object) && !types.contains(Type::Array))
        };
        let near: Vec<&SchemaId> = branches.iter().filter(|id| depth < DEEP || shallow(id)).collect();
        let chosen = if near.is_empty() { self.pick(branches) } else { self.pick(&near).copied() };
        chosen.copied()
    }

    /// The member that a discriminator asks for.
    fn tag(&mut self, schema: &'a Schema, branch: SchemaId) -> Option<(&'a str, &'a str)> {
        let discriminator = schema.discriminator.as_ref()?;
        let branch = self.api.schemas.resolve(branch);
        let tags: Vec<&String> = discriminator
            .mapping
            .iter()
            .filter(|(_, target)| self.api.schemas.resolve(**target) == branch)
            .map(|(tag, _)| tag)
            .collect();
        self.keywords.insert("discriminator");
        self.pick(&tags).map(|tag| (discriminator.property.as_str(), tag.as_str()))
    }

    /// Notes the keywords of a schema.
    fn note(&mut self, schema: &Schema) {
        let said = [
            ("allOf", !schema.all_of.is_empty()),
            ("anyOf", !schema.any_of.is_empty()),
            ("oneOf", !schema.one_of.is_empty()),
            ("if", schema.condition.is_some()),
            ("not", schema.not.is_some()),
            ("format", schema.format.is_some()),
            ("pattern", schema.pattern.is_some()),
            ("patternProperties", !schema.pattern_properties.is_empty()),
            ("additionalProperties", schema.additional_properties.schema().is_some()),
            ("unevaluatedProperties", schema.unevaluated_properties.schema().is_some()),
            ("properties", !schema.properties.is_empty()),
            ("required", !schema.required.is_empty()),
            ("items", schema.items.schema().is_some()),
            ("prefixItems", !schema.prefix_items.is_empty()),
            ("contains", schema.contains.is_some()),
            ("propertyNames", schema.property_names.is_some()),
            ("dependentSchemas", !schema.dependent_schemas.is_empty()),
            ("dependentRequired", !schema.dependent_required.is_empty()),
            ("multipleOf", schema.multiple_of.is_some()),
            ("type", schema.types.is_some()),
        ];
        self.keywords.extend(said.into_iter().filter(|(_, is_said)| *is_said).map(|(keyword, _)| keyword));
    }

    /// The type of the value.
    fn kind(&mut self, together: &Together<'_>) -> Option<Type> {
        let stated: Vec<TypeSet> = together.schemas.iter().filter_map(|schema| schema.types).collect();
        let allows = |one: Type| {
            stated.iter().all(|types| types.contains(one) || (one == Type::Integer && types.contains(Type::Number)))
        };
        if !stated.is_empty() {
            let mut all: Vec<Type> = Type::ALL.into_iter().filter(|one| allows(*one)).collect();
            // A number is more often interesting than yet another integer.
            if all.contains(&Type::Number) {
                all.retain(|one| *one != Type::Integer);
            }
            // `null` says little.
            if all.len() > 1 && self.random.u8(..4) > 0 {
                all.retain(|one| *one != Type::Null);
            }
            return self.pick(&all).copied();
        }
        let says = |what: &dyn Fn(&Schema) -> bool| together.schemas.iter().any(|schema| what(schema));
        let describes_object = says(&|schema| {
            !schema.properties.is_empty()
                || !schema.required.is_empty()
                || !schema.pattern_properties.is_empty()
                || schema.additional_properties.schema().is_some()
        });
        let likely = if describes_object || !together.fixed.is_empty() {
            Some(Type::Object)
        } else if says(&|schema| schema.items.schema().is_some() || !schema.prefix_items.is_empty()) {
            Some(Type::Array)
        } else if says(&|schema| schema.pattern.is_some() || schema.format.is_some() || schema.max_length.is_some()) {
            Some(Type::String)
        } else if says(&|schema| schema.minimum.is_some() || schema.maximum.is_some()) {
            Some(Type::Number)
        } else {
            None
        };
        match likely {
            // Keywords of one type say nothing of the others.
            Some(one) if self.random.u8(..5) > 0 => Some(one),
            _ => self.pick(&Type::ALL).copied(),
        }
    }

    fn list(&mut self, together: &Together<'a>, depth: usize) -> Option<Json> {
        let least = together.schemas.iter().filter_map(|schema| schema.min_items).max().unwrap_or(0);
        let most = together.schemas.iter().filter_map(|schema| schema.max_items).min().unwrap_or(u64::MAX);
        let contained: Vec<SchemaId> = together.schemas.iter().filter_map(|schema| schema.contains).collect();
        let wanted = if depth >= DEEP { 0 } else { self.random.u64(..4) }.max(u64::from(!contained.is_empty()));
        let prefixed = together.schemas.iter().map(|schema| schema.prefix_items.len()).max().unwrap_or(0);
        let wanted = if prefixed > 0 { wanted.max(u64::try_from(prefixed).unwrap_or(0)) } else { wanted };
        let count = wanted.clamp(least.min(64), most.max(least).min(64));
        let is_set = together.schemas.iter().any(|schema| schema.unique_items);
        let mut items: Vec<Json> = Vec::new();
        for at in 0..usize::try_from(count).ok()? {
            let mut ids: Vec<SchemaId> = together
                .schemas
                .iter()
                .filter_map(|schema| schema.prefix_items.get(at).copied().or_else(|| schema.items.schema()))
                .collect();
            if at == 0 {
                ids.extend(&contained);
            }
            for _ in 0..6 {
                let item = if ids.is_empty() { Some(self.anything(depth)) } else { self.make(&ids, depth + 1) };
                let Some(item) = item else { break };
                if !is_set || items.iter().all(|other| !other.is_same(&item)) {
                    items.push(item);
                    break;
                }
            }
        }
        Some(Json::List(items))
    }

    fn object(&mut self, together: &Together<'a>, depth: usize) -> Option<Json> {
        let mut required: BTreeSet<&str> =
            together.schemas.iter().flat_map(|schema| &schema.required).map(String::as_str).collect();
        let most = together.schemas.iter().filter_map(|schema| schema.max_properties).min().unwrap_or(u64::MAX);
        let least = together.schemas.iter().filter_map(|schema| schema.min_properties).max().unwrap_or(0);
        let mut names: Vec<&str> = Vec::new();
        for name in together.schemas.iter().flat_map(|schema| schema.properties.keys()) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let fullness = [0, 1, 3, 5, 8][self.random.usize(..5)];
        let mut wanted: Vec<&str> = Vec::new();
        for name in &names {
            let by_chance = depth < DEEP && self.random.u8(..8) < fullness;
            if required.contains(name) || by_chance {
                wanted.push(name);
            }
        }
        for (property, _) in &together.fixed {
            required.insert(property);
        }
        for schema in &together.schemas {
            for (name, more) in &schema.dependent_required {
                if wanted.contains(&name.as_str()) {
                    wanted.extend(more.iter().map(String::as_str));
                }
            }
        }
        for name in required {
            if !wanted.contains(&name) {
                wanted.push(name);
            }
        }
        while (wanted.len() as u64) < least && wanted.len() < names.len() {
            wanted.extend(names.iter().copied().find(|name| !wanted.contains(name)));
        }
        let mut members: Vec<(String, Json)> = Vec::new();
        for name in wanted {
            if members.iter().any(|(other, _)| other == name) || self.is_absent(together, name) {
                continue;
            }
            let value = if let Some((_, tag)) = together.fixed.iter().find(|(property, _)| *property == name) {
                Json::Text((*tag).to_owned())
            } else {
                self.member(together, name, depth)?
            };
            members.push((name.to_owned(), value));
        }
        if depth < DEEP {
            self.more_members(together, &names, depth, &mut members);
        }
        for at in (members.len() as u64)..least.min(8) {
            self.one_more(together, &format!("more{at}"), depth, &mut members);
        }
        members.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        if self.random.bool() {
            self.random.shuffle(&mut members);
        }
        Some(Json::Object(members))
    }

    /// Whether a member does not go in this direction.
    fn is_absent(&self, together: &Together<'_>, name: &str) -> bool {
        let schemas = together.schemas.iter().filter_map(|schema| schema.properties.get(name));
        schemas.into_iter().any(|id| self.api.schemas.is_absent(*id, self.direction))
    }

    /// The value of a member.
    fn member(&mut self, together: &Together<'a>, name: &str, depth: usize) -> Option<Json> {
        let mut ids: Vec<SchemaId> = Vec::new();
        for schema in &together.schemas {
            let own = schema.properties.get(name).copied();
            let by_pattern = schema.pattern_properties.iter().filter(|(pattern, _)| pattern::matches(pattern, name));
            let by_pattern: Vec<SchemaId> = by_pattern.map(|(_, id)| *id).collect();
            if own.is_none() && by_pattern.is_empty() {
                ids.extend(schema.additional_properties.schema());
            }
            ids.extend(own);
            ids.extend(by_pattern);
        }
        if ids.is_empty() { Some(self.anything(depth)) } else { self.make(&ids, depth + 1) }
    }

    /// Members by pattern, and such that the document does not describe.
    fn more_members(
        &mut self,
        together: &Together<'a>,
        names: &[&str],
        depth: usize,
        members: &mut Vec<(String, Json)>,
    ) {
        for pattern in together.schemas.iter().flat_map(|schema| schema.pattern_properties.keys()) {
            if self.random.bool()
                && let Some(name) = pattern::text(pattern, &mut self.random)
            {
                self.one_more(together, &name, depth, members);
            }
        }
        let describes_map = together.schemas.iter().any(|schema| schema.additional_properties.schema().is_some());
        let tries = match (describes_map, self.is_open) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
        for _ in 0..tries {
            if self.random.u8(..3) > 0 {
                continue;
            }
            let rule = together.schemas.iter().find_map(|schema| schema.property_names);
            let name = match rule {
                Some(id) => match self.make(&[id], depth + 1) {
                    Some(Json::Text(name)) => name,
                    _ => continue,
                },
                None => ["zz", "not described", "x-é", "zz/~"][self.random.usize(..4)].to_owned(),
            };
            if !names.contains(&name.as_str()) {
                self.one_more(together, &name, depth, members);
            }
        }
    }

    fn one_more(&mut self, together: &Together<'a>, name: &str, depth: usize, members: &mut Vec<(String, Json)>) {
        if members.iter().any(|(other, _)| other == name) {
            return;
        }
        if let Some(value) = self.member(together, name, depth) {
            members.push((name.to_owned(), value));
        }
    }

    /// Any value.
    fn anything(&mut self, depth: usize) -> Json {
        let some = [
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "\"text\"",
            "\"\"",
            "[]",
            "{}",
            "[1,\"a\",null]",
            "{\"a\":{\"b\":[true]}}",
            "9007199254740993",
            "18446744073709551615",
            "-9223372036854775808",
            "0.1",
            "1e3",
        ];
        let most = if depth < DEEP { some.len() } else { 6 };
        Json::parse(some[self.random.usize(..most)]).unwrap_or(Json::Null)
    }

    fn pick<'b, T>(&mut self, all: &'b [T]) -> Option<&'b T> {
        if all.is_empty() { None } else { all.get(self.random.usize(..all.len())) }
    }
}
