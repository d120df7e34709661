//! Values that a schema takes.

use oas_model::{Schema, SchemaId};
use serde_json::{Map, Number, Value, json};

use crate::effect::Direction;
use crate::schema::{Kind, Record, Resolver, admits, members, shortest_match};

/// How deep values nest at most.
const DEEPEST: u32 = 10;

/// Longer texts and lists than this are not made.
pub(super) const LONGEST: u64 = 3000;

/// Makes values of one side.
pub(super) struct Sampler<'l, 'a> {
    pub(super) resolver: &'l mut Resolver<'a>,
    pub(super) direction: Direction,
}

impl Sampler<'_, '_> {
    /// A small value that satisfies all of `schemas`, as far as one can see.
    pub(super) fn value(&mut self, schemas: Vec<SchemaId>) -> Option<Value> {
        self.value_at(schemas, DEEPEST)
    }

    fn value_at(&mut self, schemas: Vec<SchemaId>, depth: u32) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        let conjunction = self.resolver.conjunction(schemas);
        let shape = self.resolver.shape(conjunction);
        // Something that says more than `null`, if there is a choice.
        let order = [Kind::String, Kind::Number, Kind::Boolean, Kind::Array, Kind::Object, Kind::Null];
        order.into_iter().find_map(|kind| shape.of(kind).find_map(|record| self.record_at(record, depth)))
    }

    /// A small value of one record.
    pub(super) fn record(&mut self, record: &Record) -> Option<Value> {
        self.record_at(record, DEEPEST)
    }

    fn record_at(&mut self, record: &Record, depth: u32) -> Option<Value> {
        if let Some(values) = &record.values {
            return values.first().cloned();
        }
        match record.kind {
            Kind::Null => Some(Value::Null),
            Kind::Boolean => Some(Value::Bool(true)),
            Kind::Number => self.number(record),
            Kind::String => self.text(record),
            Kind::Array => self.list(record, depth),
            Kind::Object => self.object(record, depth).map(Value::Object),
        }
    }

    fn number(&self, record: &Record) -> Option<Value> {
        let schemas = &self.resolver.side.api.schemas;
        let fits = |value: &Value| record.sources.iter().all(|id| admits(schemas, *id, value));
        numbers(&self.sources(record)).into_iter().find(|value| fits(value))
    }

    fn text(&self, record: &Record) -> Option<Value> {
        let sources = self.sources(record);
        let least = sources.iter().filter_map(|schema| schema.min_length).max().unwrap_or(0);
        let most = sources.iter().filter_map(|schema| schema.max_length).min().unwrap_or(u64::MAX);
        let patterns: Vec<&str> = sources.iter().filter_map(|schema| schema.pattern.as_deref()).collect();
        let format = sources.iter().find_map(|schema| schema.format.as_deref()).and_then(format_sample);
        text(&patterns, least, most, format).map(Value::String)
    }

    fn list(&mut self, record: &Record, depth: u32) -> Option<Value> {
        let sources = self.sources(record);
        let least = sources.iter().filter_map(|schema| schema.min_items).max().unwrap_or(0);
        let contains: Vec<SchemaId> = sources
            .iter()
            .filter(|schema| schema.min_contains != Some(0))
            .filter_map(|schema| schema.contains)
            .collect();
        let wanted =
            sources.iter().filter_map(|schema| schema.min_contains).max().unwrap_or(u64::from(!contains.is_empty()));
        let unique = sources.iter().any(|schema| schema.unique_items);
        let count = least.max(if contains.is_empty() { 0 } else { wanted });
        if count > LONGEST {
            return None;
        }
        let mut items = Vec::new();
        for position in 0..usize::try_from(count).ok()? {
            let mut schemas = self.item_schemas(record, position);
            if (position as u64) < wanted {
                schemas.extend(contains.iter().copied());
            }
            let item = self.value_at(schemas, depth)?;
            items.push(if unique { vary(item, position) } else { item });
        }
        Some(Value::Array(items))
    }

    /// The schemas of one item.
    pub(super) fn item_schemas(&self, record: &Record, position: usize) -> Vec<SchemaId> {
        let of = |schema: &&Schema| schema.prefix_items.get(position).copied().or_else(|| schema.items.schema());
        self.sources(record).iter().filter_map(of).collect()
    }

    /// The smallest object: what is required, and as many others as are asked for.
    pub(super) fn object(&mut self, record: &Record, depth: u32) -> Option<Map<String, Value>> {
        let members = members(self.resolver, &record.sources, self.direction);
        let mut object = Map::new();
        for (name, member) in &members.named {
            if member.required_by.is_some() && member.kept_out_by.is_none() {
                object.insert(name.clone(), self.value_at(member.schemas.clone(), depth)?);
            }
        }
        let sources = self.sources(record);
        let least = sources.iter().filter_map(|schema| schema.min_properties).max().unwrap_or(0);
        let asked: Vec<String> = sources
            .iter()
            .flat_map(|schema| schema.dependent_required.iter())
            .filter(|(name, _)| object.contains_key(*name))
            .flat_map(|(_, needs)| needs.clone())
            .collect();
        for (name, member) in &members.named {
            let is_wanted = (object.len() as u64) < least || asked.contains(name);
            if is_wanted
                && !object.contains_key(name)
                && member.kept_out_by.is_none()
                && let Some(value) = self.value_at(member.schemas.clone(), depth)
            {
                object.insert(name.clone(), value);
            }
        }
        for number in 0.. {
            if object.len() as u64 >= least.min(LONGEST) || members.closed_by.is_some() {
                break;
            }
            let value = self.value_at(members.rest.clone(), depth)?;
            object.insert(format!("extra{number}"), value);
        }
        Some(object)
    }

    /// The schemas behind a record.
    pub(super) fn sources(&self, record: &Record) -> Vec<&Schema> {
        record.sources.iter().map(|id| self.resolver.schema(*id)).collect()
    }
}

/// Numbers around everything that the schemas say about numbers.
pub(super) fn numbers(sources: &[&Schema]) -> Vec<Value> {
    let mut all: Vec<f64> = vec![0.0, 1.0, -1.0, 0.5];
    let bounds = sources.iter().flat_map(|schema| [&schema.minimum, &schema.maximum]).flatten();
    for bound in bounds.filter_map(|bound| bound.value.as_f64()) {
        all.extend([bound, bound + 1.0, bound - 1.0, bound + 0.5, bound - 0.5]);
    }
    for step in sources.iter().filter_map(|schema| schema.multiple_of.as_ref()?.as_f64()) {
        let near = all.clone();
        all.extend([step, step * 2.0, step * 3.0, -step, step / 2.0, step * 1.5]);
        all.extend(near.iter().flat_map(|number| [(number / step).ceil() * step, (number / step).floor() * step]));
    }
    all.extend([2_147_483_648.0, 1e19, 1e300]);
    let mut values: Vec<Value> = Vec::new();
    for number in all.into_iter().filter(|number| number.is_finite()) {
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
        let value = if number.fract() == 0.0 && number.abs() < 9e15 {
            Value::from(number as i64)
        } else {
            Number::from_f64(number).map_or(Value::Null, Value::Number)
        };
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// A text of `least` to `most` characters that all patterns match.
pub(super) fn text(patterns: &[&str], least: u64, most: u64, format: Option<&str>) -> Option<String> {
    if let Some(sample) = format {
        let length = sample.chars().count() as u64;
        if patterns.is_empty() && (least..=most).contains(&length) {
            return Some(sample.to_owned());
        }
    }
    if patterns.is_empty() {
        let length = usize::try_from(least.max(1).min(most)).ok().filter(|length| *length as u64 <= LONGEST)?;
        return Some("a".repeat(length));
    }
    shortest_match(patterns, least..=most)
}

/// A text of a format.
pub(super) fn format_sample(format: &str) -> Option<&'static str> {
    let samples = [
        ("date-time", "2024-01-31T12:00:00Z"),
        ("date", "2024-01-31"),
        ("time", "12:00:00Z"),
        ("duration", "P1D"),
        ("email", "a@example.com"),
        ("idn-email", "a@example.com"),
        ("hostname", "example.com"),
        ("idn-hostname", "example.com"),
        ("ipv4", "192.0.2.1"),
        ("ipv6", "2001:db8::1"),
        ("uri", "https://example.com/"),
        ("uri-reference", "/a"),
        ("iri", "https://example.com/"),
        ("iri-reference", "/a"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000"),
        ("uri-template", "/a/{b}"),
        ("json-pointer", "/a"),
        ("relative-json-pointer", "0/a"),
        ("regex", "a"),
        ("byte", "YQ=="),
    ];
    samples.into_iter().find_map(|(name, sample)| (name == format).then_some(sample))
}

/// The same value made different by its position.
fn vary(value: Value, position: usize) -> Value {
    match value {
        Value::String(text) if position > 0 => Value::String(format!("{text}{position}")),
        Value::Number(number) => number
            .as_i64()
            .map_or(Value::Number(number), |whole| json!(whole.saturating_add(i64::try_from(position).unwrap_or(0)))),
        Value::Bool(_) => Value::Bool(position == 0),
        other => other,
    }
}
