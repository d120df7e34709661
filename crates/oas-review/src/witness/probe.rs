//! Values around everything that two sides say differently.

use std::collections::HashSet;
use std::rc::Rc;

use oas_model::{Schema, SchemaId};
use serde_json::{Map, Value, json};

use super::sample::{LONGEST, Sampler, format_sample, numbers, text};
use crate::schema::{
    Conjunction, Kind, Members, Pair, Record, Resolver, Shape, members, shortest_difference, shortest_match,
};

/// Values that are made for one pair at most.
const MOST: usize = 600;

/// Values worth trying for a pair, the simplest first.
pub(super) fn candidates(base: &mut Resolver<'_>, revision: &mut Resolver<'_>, pair: Pair) -> Vec<Value> {
    let mut all = Candidates::default();
    all.extend(constants());
    let shapes = (base.shape(pair.base), revision.shape(pair.revision));
    for kind in Kind::ALL {
        let records = |shape: &Rc<Shape>| shape.of(kind).take(24).cloned().collect::<Vec<Record>>();
        let (old, new) = (records(&shapes.0), records(&shapes.1));
        all.side(base, &old, &new, revision, pair);
        all.side(revision, &new, &old, base, pair);
    }
    // A value that fits two alternatives tells `oneOf` from `anyOf`.
    all.extend(shapes.0.left_out.iter().chain(&shapes.1.left_out).take(MOST_LEFT_OUT).cloned());
    all.merged(base, pair.base, pair);
    all.merged(revision, pair.revision, pair);
    all.values
}

/// Listed values that fit several alternatives are tried up to this number.
const MOST_LEFT_OUT: usize = 64;

fn constants() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(0.5),
        json!(2_147_483_648_i64),
        json!(""),
        json!("a"),
        json!("not of any format\u{a0}"),
        json!([]),
        json!({}),
        json!([1]),
        json!(["a"]),
        json!([null]),
        json!({ "a": 1 }),
        json!({ "a": null }),
    ]
}

/// Distinct values.
#[derive(Default)]
struct Candidates {
    values: Vec<Value>,
    seen: HashSet<String>,
}

impl Candidates {
    fn push(&mut self, value: impl Into<Value>) {
        let value = value.into();
        if !self.is_full() && self.seen.insert(value.to_string()) {
            self.values.push(value);
        }
    }

    fn extend(&mut self, values: impl IntoIterator<Item = Value>) {
        values.into_iter().for_each(|value| self.push(value));
    }

    /// Whether nothing more is taken, so that nothing more need be made.
    fn is_full(&self) -> bool {
        self.values.len() >= MOST
    }

    /// Values of one side, varied by what the other says.
    fn side(
        &mut self,
        own: &mut Resolver<'_>,
        records: &[Record],
        others: &[Record],
        other: &mut Resolver<'_>,
        pair: Pair,
    ) {
        for record in records {
            if self.is_full() {
                return;
            }
            let values = record.values.iter().flatten().take(64);
            values.for_each(|value| self.push(value.clone()));
            let mut sampler = Sampler { resolver: own, direction: pair.direction };
            if let Some(value) = sampler.record(record) {
                self.push(value);
            }
            if record.values.is_some() {
                continue;
            }
            let theirs: Vec<&Schema> =
                others.iter().flat_map(|record| record.sources.iter()).map(|id| other.schema(*id)).collect();
            for (_, value) in telling(sampler.resolver, &record.sources).into_iter().chain(telling_all(other, others)) {
                self.push(value);
            }
            match record.kind {
                Kind::Number => {
                    self.extend(numbers(&[sampler.sources(record), theirs].concat()));
                }
                Kind::String => self.texts(&sampler.sources(record), &theirs),
                Kind::Array => self.lists(&mut sampler, record, &theirs),
                Kind::Object => self.objects(&mut sampler, record, others, other),
                Kind::Null | Kind::Boolean => {}
            }
        }
    }

    fn texts(&mut self, own: &[&Schema], theirs: &[&Schema]) {
        let patterns =
            |schemas: &[&Schema]| schemas.iter().filter_map(|one| one.pattern.clone()).collect::<Vec<String>>();
        let (mine, other) = (patterns(own), patterns(theirs));
        let all = || own.iter().chain(theirs);
        let bounds: Vec<u64> = all().flat_map(|one| [one.min_length, one.max_length]).flatten().collect();
        for length in bounds.into_iter().flat_map(|bound| [bound, bound + 1, bound.saturating_sub(1)]) {
            let made = (length <= LONGEST).then(|| text(&borrow(&mine), length, length, None)).flatten();
            self.extend(made.map(Value::String));
        }
        for pattern in &other {
            if let crate::schema::Decision::Found(text) = shortest_difference(&borrow(&mine), &[pattern]) {
                self.push(text);
            }
            if let Some(text) = shortest_match(&[pattern], 0..=u64::MAX) {
                self.push(text);
            }
        }
        for format in all().filter_map(|one| one.format.as_deref()).filter_map(format_sample) {
            self.push(format);
        }
    }

    fn lists(&mut self, sampler: &mut Sampler<'_, '_>, record: &Record, theirs: &[&Schema]) {
        let Some(Value::Array(small)) = sampler.record(record) else { return };
        let contained: Vec<Vec<SchemaId>> =
            sampler.sources(record).iter().filter_map(|schema| schema.contains).map(|id| vec![id]).collect();
        let wanted: Vec<Value> = contained.into_iter().filter_map(|ids| sampler.value(ids)).collect();
        let schemas: Vec<&Schema> = sampler.sources(record).into_iter().chain(theirs.iter().copied()).collect();
        let mut counts: Vec<u64> = vec![0, 1, 2, 3];
        for schema in &schemas {
            let bounds = [schema.min_items, schema.max_items, schema.min_contains, schema.max_contains];
            counts.extend(bounds.into_iter().flatten().flat_map(|bound| [bound, bound + 1, bound.saturating_sub(1)]));
            counts.push(schema.prefix_items.len() as u64 + 1);
        }
        counts.sort_unstable();
        counts.dedup();
        for count in counts.into_iter().filter(|count| *count <= LONGEST) {
            let count = usize::try_from(count).unwrap_or(0);
            let mut same = small.clone();
            same.truncate(count);
            while same.len() < count {
                let schemas = sampler.item_schemas(record, same.len());
                let Some(item) = sampler.value(schemas) else { break };
                same.push(item);
            }
            let varied = same.iter().enumerate().map(|(index, item)| spread(item, index)).collect::<Vec<Value>>();
            let others: Vec<Value> = (0..count.min(8)).map(|index| json!(format!("other{index}"))).collect();
            self.push(same);
            self.push(varied);
            self.push(others);
            for value in &wanted {
                self.push(vec![value.clone(); count]);
            }
        }
    }

    fn objects(&mut self, sampler: &mut Sampler<'_, '_>, record: &Record, others: &[Record], other: &mut Resolver<'_>) {
        let Some(small) = sampler.object(record, 8) else { return };
        self.push(small.clone());
        let direction = sampler.direction;
        let mine = members(sampler.resolver, &record.sources, direction);
        for their_record in others.iter().take(8) {
            let theirs = members(other, &their_record.sources, direction);
            let full = fill(small.clone(), &theirs, &mut Sampler { resolver: other, direction }, &mine, sampler);
            self.push(full.clone());
            for name in full.keys().take(MOST) {
                let mut without = full.clone();
                without.shift_remove(name);
                self.push(without);
            }
            for name in mine.named.keys().chain(theirs.named.keys()) {
                if self.is_full() {
                    return;
                }
                let schemas = |members: &Members| members.named.get(name).map(|member| member.schemas.clone());
                let of_mine = schemas(&mine).and_then(|ids| sampler.value(ids));
                let of_theirs = schemas(&theirs).and_then(|ids| Sampler { resolver: other, direction }.value(ids));
                for value in of_mine.into_iter().chain(of_theirs).chain([Value::Null, json!(1), json!("a")]) {
                    self.push(with(&full, name, value));
                }
            }
            self.growing(&full, &mine, record, sampler);
            for (name, value) in
                telling(sampler.resolver, &record.sources).into_iter().chain(telling(other, &their_record.sources))
            {
                self.push(match name {
                    Some(name) => Value::Object(with(&full, &name, value)),
                    None => value,
                });
            }
            self.by_name(&full, &sampler.sources(record));
            let their_sources: Vec<&Schema> = their_record.sources.iter().map(|id| other.schema(*id)).collect();
            self.by_name(&full, &their_sources);
            self.counts(&full, &[sampler.sources(record), their_sources].concat());
        }
    }

    /// Objects with one described member more each, where somebody counts them.
    fn growing(
        &mut self,
        full: &Map<String, Value>,
        described: &Members,
        record: &Record,
        sampler: &mut Sampler<'_, '_>,
    ) {
        /// More members than that are not counted up to.
        const MOST_MEMBERS: usize = 24;
        let counts = |schema: &&Schema| schema.min_properties.is_some() || schema.max_properties.is_some();
        if !sampler.sources(record).iter().any(counts) {
            return;
        }
        let mut object = full.clone();
        for (name, member) in described.named.iter().take(MOST_MEMBERS) {
            if member.kept_out_by.is_some() || object.contains_key(name) {
                continue;
            }
            let Some(value) = sampler.value(member.schemas.clone()) else { continue };
            object.insert(name.clone(), value);
            self.push(object.clone());
        }
    }

    /// Objects with members whose names the schemas have something to say about.
    fn by_name(&mut self, full: &Map<String, Value>, sources: &[&Schema]) {
        for pattern in sources.iter().flat_map(|schema| schema.pattern_properties.keys()) {
            if let Some(name) = shortest_match(&[pattern], 1..=u64::MAX) {
                for value in [json!(1), json!("a"), Value::Null, json!(true), json!({})] {
                    self.push(with(full, &name, value));
                }
            }
        }
        for name in sources.iter().flat_map(|schema| {
            schema.dependent_required.keys().chain(schema.dependent_schemas.keys()).cloned().collect::<Vec<_>>()
        }) {
            for value in [json!(1), json!("a"), json!(true)] {
                self.push(with(full, &name, value.clone()));
                self.push(with(&Map::new(), &name, value));
            }
        }
    }

    fn counts(&mut self, full: &Map<String, Value>, sources: &[&Schema]) {
        for value in [json!("extra"), json!(1), json!(true), Value::Null, json!({})] {
            self.push(with(full, "extra", value.clone()));
            self.push(with(full, "X-Extra_1", value));
        }
        let bounds = sources.iter().flat_map(|schema| [schema.min_properties, schema.max_properties]).flatten();
        for bound in bounds.flat_map(|bound| [bound, bound + 1, bound.saturating_sub(1)]).filter(|bound| *bound <= 64) {
            for value in [json!("extra"), json!(1)] {
                let mut object = full.clone();
                for number in 0..bound {
                    if object.len() as u64 >= bound {
                        break;
                    }
                    object.insert(format!("extra{number}"), value.clone());
                }
                self.push(object);
            }
        }
    }

    /// Objects with the members of two alternatives.
    fn merged(&mut self, resolver: &mut Resolver<'_>, conjunction: Conjunction, pair: Pair) {
        let shape = resolver.shape(conjunction);
        let mut sampler = Sampler { resolver, direction: pair.direction };
        let objects: Vec<Map<String, Value>> =
            shape.of(Kind::Object).take(6).filter_map(|record| sampler.object(record, 8)).collect();
        for (index, one) in objects.iter().enumerate() {
            for other in objects.iter().skip(index + 1) {
                let mut both = one.clone();
                both.extend(other.clone());
                self.push(both);
            }
        }
    }
}

fn borrow(patterns: &[String]) -> Vec<&str> {
    patterns.iter().map(String::as_str).collect()
}

/// The object with everything that the other side requires.
fn fill(
    mut object: Map<String, Value>,
    theirs: &Members,
    their_sampler: &mut Sampler<'_, '_>,
    mine: &Members,
    sampler: &mut Sampler<'_, '_>,
) -> Map<String, Value> {
    for (name, member) in &theirs.named {
        if member.required_by.is_none() || member.kept_out_by.is_some() || object.contains_key(name) {
            continue;
        }
        let own: Option<Vec<SchemaId>> = mine.named.get(name).map(|member| member.schemas.clone());
        let value = own.and_then(|ids| sampler.value(ids)).or_else(|| their_sampler.value(member.schemas.clone()));
        if let Some(value) = value {
            object.insert(name.clone(), value);
        }
    }
    object
}

fn with(object: &Map<String, Value>, name: &str, value: Value) -> Map<String, Value> {
    let mut object = object.clone();
    object.insert(name.to_owned(), value);
    object
}

fn telling_all(resolver: &Resolver<'_>, records: &[Record]) -> Vec<(Option<String>, Value)> {
    records.iter().flat_map(|record| telling(resolver, &record.sources)).collect()
}

/// Values that conditions and negations name, each with the member that they name it for.
fn telling(resolver: &Resolver<'_>, sources: &[SchemaId]) -> Vec<(Option<String>, Value)> {
    let mut found = Vec::new();
    let inner = |id: &SchemaId| {
        let schema = resolver.schema(*id);
        [schema.condition, schema.not, schema.consequence, schema.alternative, schema.contains, schema.property_names]
    };
    let mut stack: Vec<(Option<String>, SchemaId, u8)> =
        sources.iter().flat_map(inner).flatten().map(|id| (None, id, 4)).collect();
    while let Some((name, id, depth)) = stack.pop() {
        let schema = resolver.schema(id);
        let values = schema.constant.iter().chain(schema.enumeration.iter().flatten().take(16));
        found.extend(values.map(|value| (name.clone(), value.clone())));
        let Some(depth) = depth.checked_sub(1) else { continue };
        stack.extend(schema.properties.iter().map(|(name, id)| (Some(name.clone()), *id, depth)));
        let together = schema.all_of.iter().chain(&schema.any_of).chain(&schema.one_of).chain(&schema.reference);
        stack.extend(together.map(|id| (name.clone(), *id, depth)));
        stack.extend(schema.not.map(|id| (name.clone(), id, depth)));
    }
    found
}

/// The same value made different by its place in a list.
fn spread(value: &Value, index: usize) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}{index}")),
        Value::Number(number) => {
            let step = f64::from(u32::try_from(index).unwrap_or(u32::MAX));
            number.as_f64().map_or(Value::Null, |number| json!(number + step))
        }
        other => other.clone(),
    }
}
