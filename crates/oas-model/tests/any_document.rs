//! Whatever stands where in a document: the build ends, in a model or in errors with their places.

use std::path::Path;

use oas_document::{LoadOptions, Severity};
use oas_model::Direction;
use oas_model::vocabulary::ObjectKind;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Names that mean something somewhere.
fn name() -> impl Strategy<Value = String> {
    let mut names: Vec<String> = ObjectKind::ALL
        .iter()
        .flat_map(|kind| kind.members())
        .map(|member| member.name.to_owned())
        .filter(|name| name != "$id" && name != "$self")
        .collect();
    let others =
        ["200", "default", "4xx", "application/json", "/a/{b}", "A", "B", "x-own", "items", "definitions", "GET"];
    names.extend(others.map(str::to_owned));
    prop::sample::select(names)
}

/// Texts that mean something somewhere.
fn text() -> impl Strategy<Value = String> {
    let texts = [
        "",
        "A",
        "B",
        "#",
        "#/components/schemas/A",
        "#/components/schemas/B/properties/A",
        "#/components/parameters/A",
        "#/components/responses/A",
        "#/paths/~1a~1{b}",
        "#/components/callbacks/A",
        "#/components/headers/A",
        "string",
        "object",
        "array",
        "null",
        "query",
        "path",
        "header",
        "apiKey",
        "http",
        "oauth2",
        "form",
        "deepObject",
        "3.1.0",
    ];
    prop::sample::select(texts.map(str::to_owned).to_vec())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..1000).prop_map(Value::from),
        Just(json!(0.5)),
        text().prop_map(Value::from),
        prop::sample::select(vec!["A", "B"]).prop_map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })),
        text().prop_map(|text| json!({ "$ref": text })),
    ];
    leaf.prop_recursive(6, 96, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => prop::collection::btree_map(name(), inner, 0..6)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<String, Value>>().into()),
        ]
    })
}

/// Objects that stand under one name each.
fn components() -> impl Strategy<Value = Value> {
    let section = || (value(), value()).prop_map(|(first, second)| json!({ "A": first, "B": second }));
    let names: Vec<&str> = ObjectKind::Components.members().iter().map(|member| member.name).collect();
    (prop::collection::btree_map(prop::sample::select(names), section(), 0..6), section()).prop_map(
        |(sections, schemas)| {
            let mut components = json!(sections);
            components["schemas"] = schemas;
            components
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_build_ends(
        version in prop::sample::select(vec!["3.0.0", "3.1.0", "3.2.0"]),
        item in value(),
        components in components(),
        security in prop_oneof![5 => Just(json!([])), 1 => value()],
    ) {
        let document = json!({
            "openapi": version,
            "security": security,
            "paths": { "/a/{b}": item },
            "components": components,
        });
        let options = LoadOptions { reference_root: None };
        let Ok(loaded) = oas_document::load_text(&document.to_string(), Path::new("document.json"), &options) else {
            return Ok(());
        };
        match oas_model::build(&loaded) {
            Ok(built) => {
                prop_assert!(built.diagnostics.iter().all(|finding| finding.severity != Severity::Error));
                let reachable = built.api.reachable();
                for (id, schema) in built.api.schemas.iter() {
                    let _ = (reachable.contains(id), schema.is_mere_reference(), built.api.schemas.resolve(id));
                    let exported = oas_model::json_schema::export(&built.api, id, Direction::Request);
                    prop_assert!(exported.is_object());
                }
            }
            Err(failure) => {
                prop_assert!(failure.diagnostics.iter().any(|finding| finding.severity == Severity::Error));
                prop_assert!(failure.diagnostics.iter().all(|finding| finding.place.is_some()));
            }
        }
    }
}
