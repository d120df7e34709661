//! What OpenAPI 3.0 and 3.1 spell differently and mean alike is the same in the model.

use std::path::Path;

use oas_document::LoadOptions;
use oas_model::Direction;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A schema that both versions can express.
#[derive(Debug, Clone)]
enum Meaning {
    Anything,
    Scalar { word: &'static str, nullable: bool },
    Choice { values: Vec<String>, nullable: bool },
    Number { minimum: Option<(i32, bool)>, maximum: Option<(i32, bool)>, nullable: bool },
    Bytes { format: &'static str },
    List { items: Box<Meaning>, nullable: bool },
    Object { members: Vec<(String, Meaning)>, open: bool, nullable: bool },
    Component { nullable: bool },
    Union { word: &'static str, branches: Vec<Meaning>, nullable: bool },
    Example(String),
}

fn meaning() -> impl Strategy<Value = Meaning> {
    let leaf = prop_oneof![
        Just(Meaning::Anything),
        (prop::sample::select(vec!["string", "integer", "boolean"]), any::<bool>())
            .prop_map(|(word, nullable)| Meaning::Scalar { word, nullable }),
        (prop::collection::hash_set("[a-c]{1,2}", 1..4), any::<bool>())
            .prop_map(|(values, nullable)| Meaning::Choice { values: values.into_iter().collect(), nullable }),
        (any::<Option<(i32, bool)>>(), any::<Option<(i32, bool)>>(), any::<bool>())
            .prop_map(|(minimum, maximum, nullable)| Meaning::Number { minimum, maximum, nullable }),
        prop::sample::select(vec!["byte", "binary"]).prop_map(|format| Meaning::Bytes { format }),
        any::<bool>().prop_map(|nullable| Meaning::Component { nullable }),
        "[a-z]{0,3}".prop_map(Meaning::Example),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            (inner.clone(), any::<bool>())
                .prop_map(|(items, nullable)| Meaning::List { items: Box::new(items), nullable }),
            (prop::collection::btree_map("[a-d]", inner.clone(), 0..4), any::<bool>(), any::<bool>()).prop_map(
                |(members, open, nullable)| Meaning::Object { members: members.into_iter().collect(), open, nullable }
            ),
            (prop::sample::select(vec!["anyOf", "oneOf"]), prop::collection::vec(inner, 1..4), any::<bool>())
                .prop_map(|(word, branches, nullable)| Meaning::Union { word, branches, nullable }),
        ]
    })
}

impl Meaning {
    /// Whether null is valid.
    fn allows_null(&self) -> bool {
        match self {
            Self::Anything => true,
            Self::Scalar { nullable, .. }
            | Self::Choice { nullable, .. }
            | Self::Number { nullable, .. }
            | Self::List { nullable, .. }
            | Self::Object { nullable, .. }
            | Self::Component { nullable } => *nullable,
            Self::Bytes { .. } | Self::Example(_) => false,
            Self::Union { branches, nullable, .. } => *nullable || branches.iter().any(Self::allows_null),
        }
    }

    fn in_3_0(&self) -> Value {
        match self {
            Self::Anything => json!({}),
            Self::Scalar { word, nullable } => json!({ "type": word, "nullable": nullable }),
            Self::Choice { values, nullable } => {
                let nulls = nullable.then_some(Value::Null);
                let values: Vec<Value> = values.iter().cloned().map(Value::from).chain(nulls).collect();
                json!({ "nullable": nullable, "type": "string", "enum": values })
            }
            Self::Number { minimum, maximum, nullable } => {
                let mut schema = json!({ "type": "number", "nullable": nullable });
                for ((word, exclusive), bound) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")]
                    .into_iter()
                    .zip([minimum, maximum])
                {
                    if let Some((number, is_exclusive)) = bound {
                        schema[word] = json!(number);
                        schema[exclusive] = json!(is_exclusive);
                    }
                }
                schema
            }
            Self::Bytes { format } => json!({ "type": "string", "format": format }),
            Self::List { items, nullable } => json!({ "type": "array", "items": items.in_3_0(), "nullable": nullable }),
            Self::Object { members, open, nullable } => {
                let members: serde_json::Map<String, Value> =
                    members.iter().map(|(name, member)| (name.clone(), member.in_3_0())).collect();
                json!({ "type": "object", "properties": members, "additionalProperties": open, "nullable": nullable })
            }
            Self::Component { nullable: false } => json!({ "$ref": "#/components/schemas/Other" }),
            Self::Component { nullable: true } => {
                json!({ "nullable": true, "allOf": [{ "$ref": "#/components/schemas/Other" }] })
            }
            Self::Union { word, branches, nullable } => {
                let branches: Vec<Value> = branches.iter().map(Self::in_3_0).collect();
                json!({ *word: branches, "nullable": nullable })
            }
            Self::Example(text) => json!({ "type": "string", "example": text }),
        }
    }

    fn in_3_1(&self) -> Value {
        let types = |word: &str, nullable: &bool| if *nullable { json!(["null", word]) } else { json!(word) };
        match self {
            Self::Anything => json!({}),
            Self::Scalar { word, nullable } => json!({ "type": types(word, nullable) }),
            Self::Choice { values, nullable } => {
                let nulls = nullable.then_some(Value::Null);
                let values: Vec<Value> = values.iter().cloned().map(Value::from).chain(nulls).collect();
                json!({ "type": types("string", nullable), "enum": values })
            }
            Self::Number { minimum, maximum, nullable } => {
                let mut schema = json!({ "type": types("number", nullable) });
                for ((word, exclusive), bound) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")]
                    .into_iter()
                    .zip([minimum, maximum])
                {
                    if let Some((number, is_exclusive)) = bound {
                        schema[if *is_exclusive { exclusive } else { word }] = json!(number);
                    }
                }
                schema
            }
            Self::Bytes { format: "byte" } => {
                json!({ "type": "string", "format": "byte", "contentEncoding": "base64" })
            }
            Self::Bytes { format } => {
                json!({ "type": "string", "format": format, "contentMediaType": "application/octet-stream" })
            }
            Self::List { items, nullable } => json!({ "type": types("array", nullable), "items": items.in_3_1() }),
            Self::Object { members, open, nullable } => {
                let members: serde_json::Map<String, Value> =
                    members.iter().map(|(name, member)| (name.clone(), member.in_3_1())).collect();
                json!({ "type": types("object", nullable), "properties": members, "additionalProperties": open })
            }
            Self::Component { nullable: false } => json!({ "$ref": "#/components/schemas/Other" }),
            Self::Component { nullable: true } => {
                json!({ "anyOf": [{ "$ref": "#/components/schemas/Other" }, { "type": "null" }] })
            }
            Self::Union { word, branches, nullable } => {
                let needs_null = *nullable && !branches.iter().any(Self::allows_null);
                let null = needs_null.then(|| json!({ "type": "null" }));
                let branches: Vec<Value> = branches.iter().map(Self::in_3_1).chain(null).collect();
                json!({ *word: branches })
            }
            Self::Example(text) => json!({ "type": "string", "examples": [text] }),
        }
    }
}

/// What a schema becomes, and its examples, which are not exported.
fn built(version: &str, schema: &Value) -> (Value, usize) {
    let document = json!({
        "openapi": version,
        "info": { "title": "T", "version": "1" },
        "paths": {},
        "components": { "schemas": { "It": schema, "Other": { "type": "object" } } },
    });
    let options = LoadOptions { reference_root: None };
    let loaded = oas_document::load_text(&document.to_string(), Path::new("document.json"), &options)
        .unwrap_or_else(|failure| panic!("{:?}", failure.diagnostics));
    let built = oas_model::build(&loaded).unwrap_or_else(|failure| panic!("{:?}", failure.diagnostics));
    assert!(built.diagnostics.is_empty(), "{:?}", built.diagnostics);
    let examples = built.api.schemas.iter().map(|(_, schema)| schema.examples.len()).sum();
    (oas_model::json_schema::export(&built.api, built.api.components["It"], Direction::Any), examples)
}

proptest! {
    #[test]
    fn both_spellings_build_to_the_same(meaning in meaning()) {
        prop_assert_eq!(built("3.0.4", &meaning.in_3_0()), built("3.1.1", &meaning.in_3_1()));
    }
}
