//! Probes: random pairs of schemas, judged by a validator that is asked about many values in both directions, and by what
//! parameters read from texts.
//!
//! An ordinary run takes a few hundred pairs; `cargo xtask bench review --probes 100000` takes as many as it says.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::gravest;
use crate::change::{Change, Evidence};
use crate::effect::Effect;
use crate::judge::broken;
use crate::report::Impact;
use crate::rule::is;
use crate::trial::{changes, exchange};
use crate::witness::{compile, readings};

/// Pairs in an ordinary run.
const FEW: u32 = 300;

#[expect(clippy::print_stdout, reason = "figures are for whoever asks with `--nocapture`")]
fn probe<S: Strategy>(strategy: S, law: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let asked = number("OAS_REVIEW_PROBES");
    let config = Config { cases: asked.unwrap_or(FEW), failure_persistence: None, ..Config::default() };
    // Other seeds give other pairs; without one, every run tries the same.
    let rng = number("OAS_REVIEW_SEED").map_or_else(
        || TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        |seed| TestRng::from_seed(RngAlgorithm::ChaCha, &seed.to_le_bytes().repeat(8)),
    );
    let mut runner = TestRunner::new_with_rng(config, rng);
    let tried = std::cell::Cell::new(0_u32);
    let start = std::time::Instant::now();
    let outcome = runner.run(&strategy, |pair| {
        tried.set(tried.get() + 1);
        law(pair)
    });
    let words = if outcome.is_ok() { "keep the law" } else { "were tried until one broke it" };
    println!("{} pairs {words}, {:.1} s", tried.get(), start.elapsed().as_secs_f64());
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// The validator that generated code amounts to: it knows what formats of numbers mean.
fn validator(schema: &Value) -> jsonschema::Validator {
    compile(schema).expect("it is a schema")
}

/// A keyword with a value, or without.
fn keyword(name: &'static str, values: Vec<Value>) -> impl Strategy<Value = Option<(&'static str, Value)>> {
    proptest::option::weighted(0.3, proptest::sample::select(values)).prop_map(move |value| Some((name, value?)))
}

fn with(kind: &Value, keywords: Vec<Option<(&'static str, Value)>>) -> Value {
    let mut schema = json!({ "type": kind });
    for (name, value) in keywords.into_iter().flatten() {
        schema[name] = value;
    }
    schema
}

fn scalars() -> impl Strategy<Value = Value> {
    let number = (
        proptest::sample::select(vec![json!("integer"), json!("number")]),
        keyword("minimum", vec![json!(0), json!(1), json!(2)]),
        keyword("exclusiveMaximum", vec![json!(3), json!(4)]),
        keyword("maximum", vec![json!(2), json!(3), json!(2_147_483_647_i64)]),
        keyword("multipleOf", vec![json!(1), json!(2), json!(0.5)]),
        keyword("format", vec![json!("int32"), json!("int64")]),
    )
        .prop_map(|(kind, a, b, c, d, e)| with(&kind, vec![a, b, c, d, e]));
    let text = (
        keyword("minLength", vec![json!(0), json!(1), json!(2)]),
        keyword("maxLength", vec![json!(1), json!(2), json!(3)]),
        keyword("pattern", vec![json!("^[ab]*$"), json!("a"), json!("^b"), json!("^[0-9]+$")]),
        keyword("format", vec![json!("date"), json!("uuid")]),
    )
        .prop_map(|(a, b, c, d)| with(&json!("string"), vec![a, b, c, d]));
    let all = vec![json!("a"), json!("b"), json!("1"), json!(1), json!(2), json!(null), json!(true)];
    let listed = proptest::sample::subsequence(all, 1..4).prop_map(|values| json!({ "enum": values }));
    let plain = proptest::sample::select(vec![
        json!({}),
        json!({ "type": "boolean" }),
        json!({ "type": ["string", "null"] }),
        json!({ "type": ["integer", "string"] }),
        json!({ "const": "a" }),
        json!({ "not": { "type": "string" } }),
    ]);
    prop_oneof![3 => number, 3 => text, 2 => listed, 1 => plain]
}

fn schemas() -> impl Strategy<Value = Value> {
    scalars().prop_recursive(2, 10, 3, |inner| {
        let names = || proptest::sample::subsequence(vec!["a", "b", "c"], 0..3);
        let object = (
            proptest::collection::btree_map("[abc]", inner.clone(), 0..3),
            names(),
            proptest::option::weighted(0.4, prop_oneof![Just(json!(false)), inner.clone()]),
            proptest::option::weighted(0.4, ("\\^a|\\^x|b\\$", inner.clone())),
            proptest::option::weighted(0.2, names()),
            keyword("minProperties", vec![json!(1), json!(2)]),
            keyword("maxProperties", vec![json!(1), json!(2)]),
        )
            .prop_map(|(properties, required, rest, pattern, needs, least, most)| {
                let mut schema = with(&json!("object"), vec![least, most]);
                schema["properties"] = json!(properties);
                schema["required"] = json!(required);
                if let Some(rest) = rest {
                    schema["additionalProperties"] = rest;
                }
                if let Some((pattern, inner)) = pattern {
                    schema["patternProperties"] = json!({ pattern: inner });
                }
                if let Some(needs) = needs {
                    schema["dependentRequired"] = json!({ "a": needs });
                }
                schema
            });
        let array = (
            inner.clone(),
            keyword("minItems", vec![json!(0), json!(1)]),
            keyword("maxItems", vec![json!(1), json!(2)]),
            keyword("uniqueItems", vec![json!(true), json!(false)]),
            proptest::option::weighted(0.2, inner.clone()),
        )
            .prop_map(|(items, least, most, unique, contains)| {
                let mut schema = with(&json!("array"), vec![least, most, unique]);
                schema["items"] = items;
                if let Some(contains) = contains {
                    schema["contains"] = contains;
                }
                schema
            });
        let branches = || proptest::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            3 => object,
            2 => array,
            1 => branches().prop_map(|all| json!({ "anyOf": all })),
            1 => branches().prop_map(|all| json!({ "oneOf": all })),
            1 => branches().prop_map(|all| json!({ "allOf": all })),
        ]
    })
}

/// A schema, and one that differs from it: by an edit, or in everything.
fn pairs() -> impl Strategy<Value = (Value, Value)> {
    (schemas(), schemas(), any::<u32>(), any::<bool>()).prop_map(|(one, other, seed, is_edit)| {
        let edited = if is_edit { graft(&one, &other, seed) } else { other };
        (one, edited)
    })
}

/// `one` with a keyword or a part from `other`.
fn graft(one: &Value, other: &Value, seed: u32) -> Value {
    let (Some(own), Some(theirs)) = (one.as_object(), other.as_object()) else { return other.clone() };
    let mut edited = own.clone();
    let names: Vec<&String> = theirs.keys().chain(own.keys()).collect();
    let Some(name) = names.get(seed as usize % names.len().max(1)).map(|name| (*name).clone()) else {
        return other.clone();
    };
    match (own.get(&name), theirs.get(&name)) {
        (Some(Value::Object(own)), Some(theirs @ Value::Object(_))) if !seed.is_multiple_of(3) => {
            edited.insert(name, graft(&Value::Object(own.clone()), theirs, seed / 7));
        }
        (_, Some(theirs)) => drop(edited.insert(name, theirs.clone())),
        (_, None) => drop(edited.shift_remove(&name)),
    }
    Value::Object(edited)
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = proptest::sample::select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(2),
        json!(3),
        json!(1.5),
        json!(-1),
        json!(""),
        json!("a"),
        json!("b"),
        json!("ab"),
        json!("1"),
        json!("bbb"),
        json!("2024-01-31"),
    ]);
    leaf.prop_recursive(2, 10, 3, |inner| {
        prop_oneof![
            proptest::collection::btree_map("[abcx]|ab", inner.clone(), 0..4).prop_map(|members| json!(members)),
            proptest::collection::vec(inner, 0..3).prop_map(|items| json!(items)),
        ]
    })
}

/// Whether somebody is told to look at what `party` meets.
fn is_told(all: &[Change], breaks: fn(&Change) -> bool) -> bool {
    all.iter().any(|change| breaks(change) || change.effect == Effect::Unknown)
}

/// A member that an open object does not describe may be anything, but nobody is known to send it.
fn is_open(change: &Change) -> bool {
    let rules = [
        is::PROPERTY_ADDED,
        is::PROPERTY_ADDED_TO_CLOSED_OBJECT,
        is::PROPERTY_ADDED_TO_FREE_OBJECT,
        is::PROPERTY_REMOVED,
        is::PROPERTY_REMOVED_FROM_CLOSED_OBJECT,
        is::PROPERTY_REMOVED_FROM_FREE_OBJECT,
    ];
    rules.contains(&change.rule)
}

#[test]
fn what_a_validator_tells_apart_is_told() {
    probe((pairs(), proptest::collection::vec(values(), 200)), |((old, new), values)| {
        let all = changes(&exchange(&old, &json!({})), &exchange(&new, &json!({})));
        let (there, here) = (validator(&old), validator(&new));
        if all.iter().any(is_open) {
            return Ok(());
        }
        for value in &values {
            let (was, is) = (there.is_valid(value), here.is_valid(value));
            let told = match (was, is) {
                (true, false) => is_told(&all, |change| broken(change).old_client),
                (false, true) => is_told(&all, |change| broken(change).new_client),
                _ => true,
            };
            prop_assert!(told, "{} ({} -> {}) is not told: {} -> {}", value, was, is, old, new);
        }
        Ok(())
    });
}

#[test]
fn what_is_called_breaking_has_an_example_or_a_proof() {
    probe(pairs(), |(old, new)| {
        let all = changes(&exchange(&old, &json!({})), &exchange(&new, &json!({})));
        let (there, here) = (validator(&old), validator(&new));
        for change in &all {
            if let Evidence::Witness(witness) = &change.evidence {
                // A value at the root is valid on just the side that the witness says.
                let is_root = witness.pointer.ends_with("/schema");
                let found = (there.is_valid(&witness.value), here.is_valid(&witness.value));
                let says = (witness.valid_in_base, witness.valid_in_revision);
                prop_assert!(!is_root || found == says, "{}: {:?} {} -> {}", witness.value, found, old, new);
            }
        }
        if gravest(&all) == Some(Impact::Breaking) {
            let proven = all.iter().filter(|change| broken(change).old_client).any(|change| change.is_proven);
            prop_assert!(proven, "{} -> {}", old, new);
        }
        Ok(())
    });
}

/// A document with a parameter of this schema.
fn parameter(schema: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Laws", "version": "1" },
        "paths": { "/things": { "get": {
            "parameters": [{ "name": "p", "in": "query", "required": true, "schema": schema }],
            "responses": { "204": { "description": "Done." } },
        } } },
    })
}

#[test]
fn parameters_are_judged_by_their_texts() {
    probe((scalars(), scalars()), |(old, new)| {
        let all = changes(&parameter(&old), &parameter(&new));
        let (there, here) = (validator(&old), validator(&new));
        let texts = ["", "a", "b", "ab", "0", "1", "2", "3", "7", "1.5", "-1", "true", "null", "bbb", "2024-01-31"];
        for text in texts {
            let read = |validator: &jsonschema::Validator| {
                readings(&json!(text)).iter().any(|reading| validator.is_valid(reading))
            };
            let told = match (read(&there), read(&here)) {
                (true, false) => is_told(&all, |change| broken(change).old_client),
                (false, true) => is_told(&all, |change| broken(change).new_client),
                _ => true,
            };
            prop_assert!(told, "{:?} is not told: {} -> {}", text, old, new);
        }
        if gravest(&all) == Some(Impact::Breaking) {
            let proven = all.iter().filter(|change| broken(change).old_client).any(|change| change.is_proven);
            prop_assert!(proven, "{} -> {}", old, new);
        }
        Ok(())
    });
}
