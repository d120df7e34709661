//! The normal form of a conjunction: for each type of value, the records of constraints that allow it.

use std::collections::BTreeSet;
use std::rc::Rc;

use oas_model::{Schema, SchemaId, Schemas, Type};
use serde_json::Value;

use super::expand::{Case, expand};
use super::scalar::{self, is_nothing, says_types_alone};
use super::value::{compare_numbers, integer, same_value};

/// The types of JSON, with integers among the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Null, Self::Boolean, Self::Number, Self::String, Self::Array, Self::Object];

    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    /// Whether values of this type have no parts.
    pub(crate) const fn is_scalar(self) -> bool {
        matches!(self, Self::Null | Self::Boolean | Self::Number | Self::String)
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// One way to be valid for values of one type.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) kind: Kind,
    /// The schemas that constrain the value, each by its own keywords.
    pub(crate) sources: Rc<[SchemaId]>,
    /// The alternatives that were chosen on the way.
    pub(crate) choices: Rc<[SchemaId]>,
    /// Whether a number must be an integer, because that is its type.
    pub(crate) typed: bool,
    /// Whether a number must be an integer, because that is its type or its step.
    pub(crate) integer: bool,
    /// Whether a number must be an integer, for whatever reason.
    pub(crate) whole: bool,
    /// The only values, when they are listed; constraints on scalars are worked in.
    pub(crate) values: Option<Vec<Value>>,
}

/// All ways to be valid.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    pub(crate) records: Vec<Record>,
    /// Schemas whose `oneOf` was multiplied out as if it were `anyOf`.
    pub(crate) exclusive: Vec<SchemaId>,
    /// Schemas whose alternatives were left alone.
    pub(crate) unresolved: Vec<SchemaId>,
    /// Listed values that an alternative allows and the whole does not: they may fit another alternative as well.
    pub(crate) left_out: Vec<Value>,
}

impl Shape {
    /// The records for values of one type.
    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| record.kind == kind)
    }

    /// Whether some value of the type is valid, as far as one can see.
    pub(crate) fn allows(&self, kind: Kind) -> bool {
        self.of(kind).next().is_some()
    }

    /// Whether numbers are valid, but only integers, because that is their type.
    pub(crate) fn allows_only_integers(&self) -> bool {
        self.allows(Kind::Number) && self.of(Kind::Number).all(|record| record.typed)
    }

    /// Whether numbers are valid, but only integers, for whatever reason.
    pub(crate) fn allows_only_whole_numbers(&self) -> bool {
        self.allows(Kind::Number) && self.of(Kind::Number).all(|record| record.whole)
    }
}

/// The normal form of the conjunction of `seeds`.
pub(crate) fn shape(schemas: &Schemas, seeds: &[SchemaId]) -> Shape {
    let expansion = expand(schemas, seeds);
    let mut records: Vec<Record> = Vec::new();
    let mut left_out = Vec::new();
    for case in &expansion.cases {
        for record in records_of(schemas, seeds, case, &mut left_out) {
            add(&mut records, record);
        }
    }
    Shape { records, exclusive: expansion.exclusive, unresolved: expansion.unresolved, left_out }
}

/// Adds a record; listed scalars of one type become one list.
fn add(records: &mut Vec<Record>, record: Record) {
    let listed = record.kind.is_scalar() && record.values.is_some();
    let same = records.iter_mut().find(|other| listed && other.kind == record.kind && other.values.is_some());
    let Some(other) = same else {
        // `null` is one value, however often it is allowed.
        let is_repeated = record.kind == Kind::Null && records.iter().any(|other| other.kind == Kind::Null);
        if !is_repeated {
            records.push(record);
        }
        return;
    };
    let values = other.values.get_or_insert_default();
    for value in record.values.into_iter().flatten() {
        if !values.iter().any(|known| same_value(known, &value)) {
            values.push(value);
        }
    }
    let more: Vec<SchemaId> = other.sources.iter().chain(record.sources.iter()).copied().collect();
    other.sources = distinct(more).into();
}

fn distinct(ids: Vec<SchemaId>) -> Vec<SchemaId> {
    let mut seen = std::collections::HashSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).collect()
}

fn records_of(schemas: &Schemas, seeds: &[SchemaId], case: &Case, left_out: &mut Vec<Value>) -> Vec<Record> {
    let sources: Rc<[SchemaId]> = case.sources.as_slice().into();
    let choices: Rc<[SchemaId]> = case.choices.as_slice().into();
    let values = listed_values(schemas, &case.sources);
    let steps = || sources.iter().filter_map(|id| schemas[*id].multiple_of.as_ref()).filter_map(integer);
    let typed = sources.iter().any(|id| {
        schemas[*id].types.is_some_and(|types| types.contains(Type::Integer) && !types.contains(Type::Number))
    });
    let is_integer = typed || steps().any(|step| step == 1);
    let is_whole = is_integer || steps().next().is_some();
    let allowed = |kind: Kind| {
        sources.iter().all(|id| {
            let schema = &schemas[*id];
            let is_excluded = schema.not.is_some_and(|not| is_all_of(schemas, not, kind));
            schema.types.is_none_or(|types| is_kind(types, kind)) && !is_excluded
        })
    };
    let mut records = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| allowed(*kind)) {
        let listed = match (&values, kind) {
            (Some(values), _) => Some(values.iter().filter(|value| Kind::of(value) == kind).cloned().collect()),
            (None, Kind::Boolean) => Some(vec![Value::Bool(false), Value::Bool(true)]),
            (None, Kind::Null) => Some(vec![Value::Null]),
            (None, _) => None,
        };
        let valid = |value: &Value| !kind.is_scalar() || seeds.iter().all(|id| scalar::admits(schemas, *id, value));
        let listed: Option<Vec<Value>> = listed.map(|values: Vec<Value>| {
            let (valid, others) = values.into_iter().partition(valid);
            left_out.extend::<Vec<Value>>(others);
            valid
        });
        if listed.as_ref().is_some_and(Vec::is_empty) || (listed.is_none() && is_contradictory(schemas, &sources, kind))
        {
            continue;
        }
        let is_number = kind == Kind::Number;
        let (typed, integer, whole) = (is_number && typed, is_number && is_integer, is_number && is_whole);
        let (sources, choices) = (Rc::clone(&sources), Rc::clone(&choices));
        records.push(Record { kind, sources, choices, typed, integer, whole, values: listed });
    }
    records
}

/// Whether bounds leave no value of a type, or a member has to be there that nothing can be.
fn is_contradictory(schemas: &Schemas, sources: &[SchemaId], kind: Kind) -> bool {
    let all = || sources.iter().map(|id| &schemas[*id]);
    let is_crossed = |least: fn(&Schema) -> Option<u64>, most: fn(&Schema) -> Option<u64>| {
        let (least, most) = (all().filter_map(least).max(), all().filter_map(most).min());
        least.zip(most).is_some_and(|(least, most)| least > most)
    };
    match kind {
        Kind::Null | Kind::Boolean => false,
        Kind::Number => all().filter_map(|one| one.minimum.as_ref()).any(|least| {
            all().filter_map(|one| one.maximum.as_ref()).any(|most| {
                let order = compare_numbers(&least.value, &most.value);
                order.is_gt() || (order.is_eq() && (least.exclusive || most.exclusive))
            })
        }),
        Kind::String => is_crossed(|one| one.min_length, |one| one.max_length),
        Kind::Array => is_crossed(|one| one.min_items, |one| one.max_items),
        Kind::Object => {
            let required: BTreeSet<&String> = all().flat_map(|one| &one.required).collect();
            let is_impossible =
                |name: &&String| all().filter_map(|one| one.properties.get(*name)).any(|id| is_nothing(schemas, *id));
            is_crossed(|one| one.min_properties, |one| one.max_properties)
                || all().filter_map(|one| one.max_properties).any(|most| required.len() as u64 > most)
                || required.iter().any(is_impossible)
        }
    }
}

/// Whether a schema says nothing but that values are of some types, and every value of `kind` is of one of them.
fn is_all_of(schemas: &Schemas, id: SchemaId, kind: Kind) -> bool {
    let schema = &schemas[schemas.resolve(id)];
    let Some(types) = schema.types else { return false };
    let is_whole = kind != Kind::Number || types.contains(Type::Number);
    says_types_alone(schema) && is_kind(types, kind) && is_whole
}

fn is_kind(types: oas_model::TypeSet, kind: Kind) -> bool {
    match kind {
        Kind::Null => types.contains(Type::Null),
        Kind::Boolean => types.contains(Type::Boolean),
        Kind::Number => types.contains(Type::Number) || types.contains(Type::Integer),
        Kind::String => types.contains(Type::String),
        Kind::Array => types.contains(Type::Array),
        Kind::Object => types.contains(Type::Object),
    }
}

/// The values that `enum` and `const` of all sources leave; `None` when there is neither.
fn listed_values(schemas: &Schemas, sources: &[SchemaId]) -> Option<Vec<Value>> {
    let lists = sources.iter().flat_map(|id| {
        let schema = &schemas[*id];
        let constant = schema.constant.as_ref().map(std::slice::from_ref);
        schema.enumeration.as_deref().into_iter().chain(constant)
    });
    let mut left: Option<Vec<Value>> = None;
    for list in lists {
        left = Some(match left {
            None => list.to_vec(),
            Some(values) => values.into_iter().filter(|one| list.iter().any(|other| same_value(one, other))).collect(),
        });
    }
    left
}
