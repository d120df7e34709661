//! The schema of each generated type is the one that the document gives it: nothing that it refers to is missing, and
//! it takes and refuses what the document does.

use std::collections::BTreeMap;

use schemars::Schema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Value, json};

/// What a generated package gives as the schemas of all of its types.
type Schemas = BTreeMap<&'static str, Schema>;

/// The schemas of all types of a case, each as a document of its own.
fn documents(all: impl FnOnce(&mut SchemaGenerator) -> Schemas) -> BTreeMap<&'static str, Value> {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let schemas = all(&mut generator);
    let definitions = Value::Object(generator.take_definitions(false));
    let document = |schema: Schema| {
        let mut document = schema.to_value();
        if let Some(members) = document.as_object_mut() {
            members.insert("$defs".to_owned(), definitions.clone());
        }
        document
    };
    schemas.into_iter().map(|(name, schema)| (name, document(schema))).collect()
}

/// Holds that every schema can be compiled, and that these values of a type are taken or refused.
#[track_caller]
fn judge(documents: &BTreeMap<&'static str, Value>, values: &[(&str, Value, bool)]) {
    for (name, document) in documents {
        assert!(document.is_object(), "{name}: {document}");
        // A reference that leads nowhere is an error here.
        jsonschema::draft202012::new(document).unwrap_or_else(|error| panic!("{name}: {error}\n{document:#}"));
    }
    for (name, value, is_taken) in values {
        let document = documents.get(name).unwrap_or_else(|| panic!("no type {name}"));
        let validator = jsonschema::draft202012::new(document).expect("it compiles");
        assert_eq!(validator.is_valid(value), *is_taken, "{name}: {value}\n{document:#}");
    }
}

#[test]
fn the_types_of_the_published_document_have_its_schemas() {
    let part = |number: i64| json!({ "partNumber": number, "eTag": "a" });
    let body = |parts: Vec<Value>| json!({ "clipId": "c", "uploadId": "u", "parts": parts });
    judge(
        &documents(autoposting_types::json_schemas),
        &[
            ("CompleteClipUploadBody", body(vec![part(1)]), true),
            ("CompleteClipUploadBody", json!({ "clipId": "c", "parts": [] }), false),
            ("CompleteClipUploadBody", body(vec![json!("part")]), false),
            ("ClipStatus", json!("ready"), true),
            ("ClipStatus", json!("elsewhere"), false),
        ],
    );
}

#[test]
fn the_types_of_cases_have_the_schemas_of_their_documents() {
    judge(&documents(crate::objects_and_lists::json_schemas), &[]);
    judge(
        &documents(crate::nullability::json_schemas),
        &[
            ("Sent", json!({ "a": "", "b": null, "c": "", "secret": "", "made": "" }), true),
            ("Sent", json!({ "a": null, "b": null }), false),
        ],
    );
    judge(
        &documents(crate::scalars::json_schemas),
        &[("RootYears", json!(-1), true), ("RootYears", json!(1999), false)],
    );
    judge(
        &documents(crate::unions::json_schemas),
        &[("Pet", json!("cat"), false), ("RootShape", json!(1), false), ("RootShape", json!(["x"]), true)],
    );
    judge(
        &documents(crate::recursion::json_schemas),
        &[
            ("Tree", json!({ "children": [{ "parent": {} }] }), true),
            ("Tree", json!({ "children": [{ "parent": 1 }] }), false),
        ],
    );
    judge(&documents(crate::names::json_schemas), &[]);
    judge(&documents(crate::webhooks::json_schemas), &[]);
    judge(&documents(crate::large::json_schemas), &[]);
}
