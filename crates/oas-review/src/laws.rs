//! Laws that every comparison keeps, checked with generated schemas and a validator as the judge.

mod messages;
mod probes;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::change::{Change, Evidence};
use crate::effect::Effect;
use crate::judge::{broken, impact};
use crate::report::Impact;
use crate::rule::Judgement;
use crate::trial::{changes, exchange};

/// Changes that matter on the wire.
fn wire(all: &[Change]) -> Vec<&Change> {
    all.iter().filter(|change| change.rule.entry().judgement != Judgement::Cosmetic).collect()
}

/// Schemas of all kinds, small enough that values of a handful hit their edges.
fn schemas() -> impl Strategy<Value = Value> {
    let number =
        (proptest::option::of(0..4i64), proptest::option::of(3..8i64), any::<bool>()).prop_map(|(min, max, whole)| {
            let mut schema = json!({ "type": if whole { "integer" } else { "number" } });
            put(&mut schema, "minimum", min);
            put(&mut schema, "maximum", max);
            schema
        });
    let text = (
        proptest::option::of(0..3u64),
        proptest::option::of(2..5u64),
        proptest::option::of("\\^\\[ab\\]\\*\\$|a|\\^b"),
    )
        .prop_map(|(min, max, pattern)| {
            let mut schema = json!({ "type": "string" });
            put(&mut schema, "minLength", min);
            put(&mut schema, "maxLength", max);
            put(&mut schema, "pattern", pattern);
            schema
        });
    let listed = proptest::sample::subsequence(vec![json!("a"), json!("b"), json!(1), json!(null)], 1..4)
        .prop_map(|values| json!({ "enum": values }));
    let leaf = prop_oneof![
        number,
        text,
        listed,
        Just(json!({ "type": "boolean" })),
        Just(json!({ "type": ["string", "null"] })),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let object = (
            proptest::collection::btree_map("[abc]", inner.clone(), 0..3),
            proptest::sample::subsequence(vec!["a", "b", "c"], 0..3),
            proptest::option::of(Just(false)),
        )
            .prop_map(|(properties, required, closed)| {
                let mut schema = json!({ "type": "object", "properties": properties });
                if !required.is_empty() {
                    schema["required"] = json!(required);
                }
                if closed.is_some() {
                    schema["additionalProperties"] = json!(false);
                }
                schema
            });
        let array = (inner.clone(), proptest::option::of(0..2u64), proptest::option::of(1..3u64)).prop_map(
            |(items, min, max)| {
                let mut schema = json!({ "type": "array", "items": items });
                put(&mut schema, "minItems", min);
                put(&mut schema, "maxItems", max);
                schema
            },
        );
        let any = proptest::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({ "anyOf": all }));
        let all = proptest::collection::vec(inner, 1..3).prop_map(|all| json!({ "allOf": all }));
        prop_oneof![object, array, any, all]
    })
}

fn put(schema: &mut Value, keyword: &str, value: Option<impl serde::Serialize>) {
    if let Some(value) = value {
        schema[keyword] = json!(value);
    }
}

fn config() -> Config {
    Config { cases: 192, failure_persistence: None, ..Config::default() }
}

fn holds<S: Strategy>(strategy: S, law: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    // The same cases in every run: a law that fails once must fail again.
    let mut runner = TestRunner::new_with_rng(
        config(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    if let Err(error) = runner.run(&strategy, law) {
        panic!("{error}");
    }
}

#[test]
fn a_document_against_itself_says_nothing() {
    holds(schemas(), |schema| {
        let document = exchange(&schema, &schema);
        prop_assert!(changes(&document, &document).is_empty());
        Ok(())
    });
}

#[test]
fn swapping_the_sides_mirrors_every_verdict() {
    holds((schemas(), schemas()), |(old, new)| {
        let (base, revision) = (exchange(&old, &json!({})), exchange(&new, &json!({})));
        let (there, back) = (changes(&base, &revision), changes(&revision, &base));
        let verdict = |all: &[Change]| {
            let all = wire(all);
            let breaks = |side: fn(&crate::effect::Broken) -> bool| all.iter().any(|change| side(&broken(change)));
            (breaks(|broken| broken.old_client), breaks(|broken| broken.new_client))
        };
        let (old_there, new_there) = verdict(&there);
        let (old_back, new_back) = verdict(&back);
        let undecided = |all: &[Change]| all.iter().any(|change| change.effect == Effect::Unknown);
        if !undecided(&there) && !undecided(&back) {
            prop_assert_eq!((old_there, new_there), (new_back, old_back), "{} -> {}", old, new);
        }
        Ok(())
    });
}

#[test]
fn other_spellings_of_a_schema_say_nothing_on_the_wire() {
    holds(schemas(), |schema| {
        let base = exchange(&schema, &json!({}));
        let mut extracted = exchange(&json!({ "$ref": "#/components/schemas/Extracted" }), &json!({}));
        extracted["components"] = json!({ "schemas": { "Extracted": schema } });
        let wrapped = exchange(&json!({ "allOf": [schema] }), &json!({}));
        let one_branch = exchange(&json!({ "anyOf": [schema] }), &json!({}));
        for other in [&extracted, &wrapped, &one_branch] {
            prop_assert!(wire(&changes(&base, other)).is_empty(), "{} -> {}", base, other);
            prop_assert!(wire(&changes(other, &base)).is_empty(), "{} -> {}", other, base);
        }
        Ok(())
    });
}

#[test]
fn changes_far_apart_are_found_together() {
    holds((schemas(), schemas(), schemas()), |(one, other, third)| {
        let nothing = json!({ "type": "string" });
        let count = |base: &Value, revision: &Value| changes(base, revision).len();
        let request = count(&exchange(&one, &nothing), &exchange(&other, &nothing));
        let response = count(&exchange(&nothing, &one), &exchange(&nothing, &third));
        let both = count(&exchange(&one, &one), &exchange(&other, &third));
        prop_assert_eq!(both, request + response);
        Ok(())
    });
}

/// A value that one side refuses is always told about; a verdict that says "breaks" has an example or a reason.
#[test]
fn no_example_exists_where_the_verdict_is_safe() {
    holds((schemas(), schemas(), proptest::collection::vec(values(), 24)), |(old, new, values)| {
        let all = changes(&exchange(&old, &json!({})), &exchange(&new, &json!({})));
        let verdicts =
            |all: &[Change]| all.iter().any(|change| broken(change).old_client || change.effect == Effect::Unknown);
        let (there, here) = (validator(&old), validator(&new));
        let lost = values.iter().find(|value| there.is_valid(value) && !here.is_valid(value));
        // A member that an open object does not describe may be anything, but nobody is known to send it.
        let is_open = |change: &Change| change.rule.entry().name.starts_with("property-added");
        if let Some(lost) = lost {
            prop_assert!(
                verdicts(&all) || all.iter().any(is_open),
                "{} was valid, and nothing is constraint: {} -> {}",
                lost,
                old,
                new
            );
        }
        for change in &all {
            if let Evidence::Witness(witness) = &change.evidence {
                prop_assert!(witness.valid_in_base != witness.valid_in_revision);
            }
        }
        Ok(())
    });
}

/// One keyword at a time: whoever breaks is told so, and nobody is told to break who does not. The judge is a procedure
/// of its own, which decides whether one schema covers another.
#[test]
fn one_keyword_edits_are_judged_right() {
    let decide = |wide: &Value, narrow: &Value| {
        let canonical = |schema: &Value| {
            jsonschema::canonical::options().offline().should_validate_formats(true).canonicalize(schema).ok()
        };
        canonical(wide)?.covers(&canonical(narrow)?).ok()
    };
    let (mut breaking, mut safe, mut silent, mut wrong) = (0, 0, Vec::new(), Vec::new());
    for (what, old, new) in crate::coverage::schema_edits() {
        if what.contains("$ref") || what.contains("discriminator") {
            continue;
        }
        let free = json!({ "type": "string" });
        let request = changes(&exchange(&old, &free), &exchange(&new, &free));
        let response = changes(&exchange(&free, &old), &exchange(&free, &new));
        for (direction, all, covered) in
            [("request", request, decide(&new, &old)), ("response", response, decide(&old, &new))]
        {
            let impact = gravest(&all);
            let says_break = impact == Some(Impact::Breaking);
            let is_told = says_break || impact == Some(Impact::Review);
            // A default and the content of a text mean something that no validator sees.
            let is_meaning = what.contains("content") || what.contains("default");
            match covered {
                Some(jsonschema::canonical::Containment::No) => {
                    breaking += 1;
                    let is_open = all.iter().any(|change| change.rule.entry().name.starts_with("property-added"));
                    if !is_told && !is_open {
                        silent.push(format!("{direction} {what}"));
                    }
                }
                Some(jsonschema::canonical::Containment::Yes) if !is_meaning => {
                    safe += 1;
                    if says_break {
                        wrong.push(format!("{direction} {what}"));
                    }
                }
                _ => {}
            }
        }
    }
    assert!(breaking > 100 && safe > 100, "{breaking} breaking and {safe} safe edits are too few to tell");
    assert!(silent.is_empty(), "{} of {breaking} breaking edits are silent: {silent:?}", silent.len());
    assert!(wrong.is_empty(), "{} of {safe} safe edits are called breaking: {wrong:?}", wrong.len());
}

/// Values that hit the edges of [`schemas`].
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|truth| json!(truth)),
        (-1..9i64).prop_map(|number| json!(number)),
        Just(json!(1.5)),
        "[ab]{0,5}".prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::btree_map("[abcd]", inner.clone(), 0..4).prop_map(|members| json!(members)),
            proptest::collection::vec(inner, 0..4).prop_map(|items| json!(items)),
        ]
    })
}

pub(crate) fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).expect("it is a schema")
}

/// The gravest impact of all changes, without what changes in Rust.
fn gravest(all: &[Change]) -> Option<Impact> {
    all.iter().map(|change| impact(change, broken(change), &BTreeSet::new())).min()
}
