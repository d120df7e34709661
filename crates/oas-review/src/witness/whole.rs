//! Values of schemas inside of the values that operations use: with all that is required around them.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::message::Origin;
use super::sample::Sampler;
use crate::schema::{
    Conjunction, Decision, Inside, Kind, Members, Pair, Record, Resolver, Shape, members, shortest_outside,
};

/// Values that are made for one way at most.
const MOST: usize = 8;

/// Longer lists than this are not made around an item.
const LONGEST: usize = 64;

/// Values of the outermost schema that have `value` at the position that `steps` lead to; none where the value is no part
/// of them.
pub(super) fn around(resolver: &mut Resolver<'_>, from: Origin, steps: &[(Pair, Inside)], value: &Value) -> Vec<Value> {
    let mut values = vec![value.clone()];
    for (pair, inside) in steps {
        let conjunction = match from {
            Origin::Base => pair.base,
            Origin::Revision => pair.revision,
        };
        let mut outer: Vec<Value> = Vec::new();
        for value in &values {
            outer.extend(match inside {
                Inside::Same | Inside::Branch => vec![value.clone()],
                Inside::Apart => Vec::new(),
                Inside::Item(position) => lists(resolver, conjunction, *pair, *position, value),
                Inside::Member { name, .. } => objects(resolver, conjunction, *pair, value, |_| Some(name.clone())),
                Inside::Rest { matching, others } => {
                    objects(resolver, conjunction, *pair, value, |known| name(matching, others, known))
                }
            });
        }
        outer.truncate(MOST);
        values = outer;
    }
    values
}

/// Objects that have the value as a member, one for each way to be an object.
fn objects(
    resolver: &mut Resolver<'_>,
    conjunction: Conjunction,
    pair: Pair,
    value: &Value,
    name: impl Fn(&Members) -> Option<String>,
) -> Vec<Value> {
    let shape = resolver.shape(conjunction);
    let mut made: Vec<(bool, Value)> = Vec::new();
    for record in records(&shape, Kind::Object) {
        let known = members(resolver, &record.sources, pair.direction);
        let Some(name) = name(&known) else { continue };
        let mut sampler = Sampler { resolver, direction: pair.direction };
        let Some(mut object) = sampler.object(record, 8) else { continue };
        make_room(&mut object, &known, &name);
        object.insert(name.clone(), value.clone());
        made.push((!known.named.contains_key(&name), Value::Object(object)));
    }
    // Those that describe the member come first.
    made.sort_by_key(|(is_other, _)| *is_other);
    made.into_iter().map(|(_, value)| value).collect()
}

/// Takes out a member that only fills the object up, if there is one, so that it does not become too large.
fn make_room(object: &mut Map<String, Value>, known: &Members, name: &str) {
    if object.contains_key(name) {
        return;
    }
    let is_spare = |other: &&String| known.named.get(*other).is_none_or(|member| member.required_by.is_none());
    if let Some(spare) = object.keys().find(is_spare).cloned() {
        object.shift_remove(&spare);
    }
}

/// A name that matches some patterns and not others, and is not described.
fn name(matching: &[String], others: &[String], known: &Members) -> Option<String> {
    if matching.is_empty() && others.is_empty() {
        return Some("extra".to_owned()).filter(|name| !known.named.contains_key(name));
    }
    let named = known.named.keys().filter(|name| name.chars().all(char::is_alphanumeric)).take(16);
    let named: Vec<String> = named.map(|name| format!("^{name}$")).collect();
    let inside: Vec<&str> = matching.iter().map(String::as_str).chain(["^.*$"]).collect();
    let outside = others.iter().chain(&named).map(String::as_str).chain(["^$"]);
    let outside: Vec<&str> = outside.collect();
    match shortest_outside(&inside, &outside) {
        Decision::Found(name) => Some(name),
        Decision::None | Decision::Undecided => None,
    }
}

/// Lists that have the value as an item, one for each way to be a list.
fn lists(
    resolver: &mut Resolver<'_>,
    conjunction: Conjunction,
    pair: Pair,
    position: usize,
    value: &Value,
) -> Vec<Value> {
    let shape = resolver.shape(conjunction);
    let mut made = Vec::new();
    for record in records(&shape, Kind::Array) {
        let mut sampler = Sampler { resolver, direction: pair.direction };
        let least = sampler.sources(record).iter().filter_map(|schema| schema.min_items).max().unwrap_or(0);
        let count = usize::try_from(least).unwrap_or(usize::MAX).max(position + 1);
        if count > LONGEST {
            continue;
        }
        let item = |index: usize| {
            if index == position {
                return Some(value.clone());
            }
            let schemas = sampler.item_schemas(record, index);
            sampler.value(schemas)
        };
        made.extend((0..count).map(item).collect::<Option<Vec<Value>>>().map(Value::Array));
    }
    made
}

fn records(shape: &Rc<Shape>, kind: Kind) -> Vec<&Record> {
    shape.of(kind).take(MOST).collect()
}
