//! `$dynamicRef` means in the model what it means to a validator that reads the document itself.

use std::path::Path;

use oas_document::{LoadOptions, load_text};
use oas_model::json_schema::export;
use oas_model::{Api, build};
use serde_json::{Value, json};

/// Schemas of which some mean another thing on another way: a page of anything, a tree that can be extended, and what
/// merely looks like them.
fn schemas() -> Value {
    json!({
        "Pet": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "Page": {
            "$id": "https://example.com/page",
            "type": "object",
            "required": ["items"],
            "properties": {"items": {"type": "array", "items": {"$dynamicRef": "#item"}}},
            "$defs": {"item": {"$dynamicAnchor": "item"}},
        },
        "Pets": {
            "$id": "https://example.com/pets",
            "$ref": "page",
            "$defs": {"item": {"$dynamicAnchor": "item", "$ref": "https://example.com/all#/components/schemas/Pet"}},
        },
        "Numbers": {
            "$id": "https://example.com/numbers",
            "description": "More than the reference alone.",
            "$ref": "page",
            "maxProperties": 1,
            "$defs": {"item": {"$dynamicAnchor": "item", "type": "integer"}},
        },
        "Shelf": {
            "$id": "https://example.com/shelf",
            "properties": {"pets": {"$ref": "pets"}, "any": {"$ref": "page"}, "same": {"$ref": "page"}},
        },
        "Tree": {
            "$id": "https://example.com/tree",
            "$dynamicAnchor": "node",
            "type": "object",
            "properties": {"data": true, "children": {"type": "array", "items": {"$dynamicRef": "#node"}}},
        },
        "StrictTree": {
            "$id": "https://example.com/strict-tree",
            "$dynamicAnchor": "node",
            "$ref": "tree",
            "unevaluatedProperties": false,
        },
        "Forest": {
            "$id": "https://example.com/forest",
            "properties": {"strict": {"$ref": "strict-tree"}, "loose": {"$ref": "tree"}},
        },
        "NumberTree": {
            "$id": "https://example.com/number-tree",
            "$dynamicAnchor": "node",
            "$ref": "strict-tree",
            "properties": {"data": {"type": "integer"}},
        },
        "Fixed": {
            "$id": "https://example.com/fixed",
            "properties": {"item": {"$dynamicRef": "page#/$defs/item"}, "own": {"$dynamicRef": "#own"}},
            "$defs": {"item": {"$dynamicAnchor": "item", "type": "null"}, "own": {"$anchor": "own", "type": "boolean"}},
        },
        "Outside": {
            "$id": "https://example.com/outside",
            "properties": {"fixed": {"$ref": "fixed"}},
            "$defs": {"own": {"$dynamicAnchor": "own", "type": "string"}},
        },
    })
}

/// The model of the schemas.
fn model() -> Api {
    let document = json!({
        "openapi": "3.2.0",
        "info": {"title": "T", "version": "1"},
        "$self": "https://example.com/all",
        "paths": {},
        "components": {"schemas": schemas()},
    });
    let options = LoadOptions { reference_root: None };
    let loaded = load_text(&document.to_string(), Path::new("openapi.json"), &options).expect("it loads");
    let built = build(&loaded).expect("it builds");
    assert!(built.diagnostics.is_empty(), "{:#?}", built.diagnostics);
    built.api
}

/// The same schema as a validator knows it, with all others.
fn as_written(name: &str) -> Value {
    let text = schemas().to_string().replace("#/components/schemas/", "#/$defs/");
    let definitions: Value = serde_json::from_str(&text).expect("JSON");
    let own = definitions[name]["$id"].as_str().map_or_else(|| format!("#/$defs/{name}"), ToOwned::to_owned);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://example.com/all",
        "$ref": own,
        "$defs": definitions,
    })
}

#[test]
fn what_is_exported_takes_what_a_validator_takes() {
    let api = model();
    let leaf = |data: Value| json!({"data": data});
    let trees = [
        json!({"children": [leaf(json!(1)), leaf(json!("a"))]}),
        json!({"children": [{"children": [{"daat": 1}]}]}),
        json!({"data": 1, "children": [{"data": 2, "children": []}]}),
        json!({"daat": 1}),
        json!({"children": [1]}),
    ];
    let pages = [
        json!({"items": [{"name": "Rex"}]}),
        json!({"items": [{"nome": "Rex"}]}),
        json!({"items": [1, 2]}),
        json!({"items": [1, 2], "more": true}),
        json!({"items": 1}),
        json!({"items": []}),
        json!({}),
    ];
    let inside = |name: &str, values: &[Value]| values.iter().map(|one| json!({ name: one })).collect::<Vec<_>>();
    let mut values: Vec<Value> = trees.iter().chain(&pages).cloned().collect();
    for name in ["pets", "any", "same"] {
        values.extend(inside(name, &pages));
    }
    for name in ["strict", "loose"] {
        values.extend(inside(name, &trees));
    }
    for fixed in [json!({"item": null}), json!({"item": 1}), json!({"own": true}), json!({"own": "a"})] {
        values.push(json!({"fixed": fixed.clone()}));
        values.push(fixed);
    }
    let (mut taken, mut refused) = (0, 0);
    for (name, id) in &api.components {
        let written = jsonschema::validator_for(&as_written(name)).expect("a schema");
        let exported = export(&api, *id, None);
        let ours = jsonschema::validator_for(&exported).expect("a schema");
        for value in &values {
            let expected = written.is_valid(value);
            if expected {
                taken += 1;
            } else {
                refused += 1;
            }
            assert_eq!(ours.is_valid(value), expected, "{name}: {value}\n{exported:#}");
        }
    }
    assert!(taken > 200 && refused > 50, "{taken} taken, {refused} refused");
}

#[test]
fn a_component_stands_for_what_it_means_itself() {
    let api = model();
    let pets = &api.schemas[api.components["Pets"]];
    assert_eq!(pets.component.as_deref(), Some("Pets"));
    let items = api.schemas[api.schemas.resolve(pets.properties["items"])].items.schema().expect("items");
    assert_eq!(api.schemas.resolve(items), api.components["Pet"], "not one more type");
    let page = &api.schemas[api.components["Page"]];
    let items = api.schemas[page.properties["items"]].items.schema().expect("items");
    assert_ne!(api.schemas.resolve(items), api.components["Pet"]);
}
