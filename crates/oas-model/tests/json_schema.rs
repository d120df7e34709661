//! Exported schemas, and what requests and responses reach.

use std::path::Path;

use oas_document::LoadOptions;
use oas_model::json_schema::{export, export_all};
use oas_model::{Api, Direction};
use serde_json::json;

/// An API with one operation that takes and returns `Clip`.
fn api(schemas: &str) -> Api {
    let text = format!(
        r##"
openapi: 3.1.0
info: {{title: T, version: "1"}}
paths:
  /clips:
    post:
      requestBody:
        content:
          application/json: {{schema: {{$ref: "#/components/schemas/Clip"}}}}
      responses:
        "200":
          description: fine
          content:
            application/json: {{schema: {{$ref: "#/components/schemas/Clip"}}}}
components:
  schemas:
{schemas}"##
    );
    let options = LoadOptions { reference_root: None };
    let loaded = oas_document::load_text(&text, Path::new("document.yaml"), &options).expect("it loads");
    oas_model::build(&loaded).expect("it builds").api
}

const CLIP: &str = r##"
    Clip:
      type: object
      required: [id, secret, title]
      properties:
        id: {type: string, readOnly: true}
        secret: {$ref: "#/components/schemas/Secret"}
        title: {type: [string, "null"], minLength: 1, description: not exported}
        parent: {$ref: "#/components/schemas/Clip"}
        size: {type: integer, exclusiveMinimum: 0, maximum: 10}
    Secret: {type: string, writeOnly: true}
    Unused: {type: string}
"##;

#[test]
fn a_schema_is_exported_with_what_it_refers_to() {
    let api = api(CLIP);
    let exported = export(&api, api.components["Clip"], None);
    let clip = json!({
        "type": "object",
        "properties": {
            "id": { "type": "string" },
            "secret": { "$ref": "#/$defs/Secret" },
            "title": { "type": ["null", "string"], "minLength": 1 },
            "parent": { "$ref": "#/$defs/Clip" },
            "size": { "type": "integer", "exclusiveMinimum": 0, "maximum": 10 },
        },
        "required": ["id", "secret", "title"],
    });
    let mut expected = clip.clone();
    expected["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    expected["$defs"] = json!({ "Clip": clip, "Secret": { "type": "string" } });
    assert_eq!(exported, expected);
}

#[test]
fn members_that_are_absent_are_not_required() {
    let api = api(CLIP);
    let required = |direction| export(&api, api.components["Clip"], direction)["required"].clone();
    assert_eq!(required(Direction::Request), json!(["secret", "title"]));
    assert_eq!(required(Direction::Response), json!(["id", "title"]));
}

#[test]
fn required_is_held_against_members_of_other_branches() {
    let api = api(r##"
    Clip: {allOf: [{$ref: "#/components/schemas/Base"}], required: [id]}
    Base: {properties: {id: {readOnly: true}}}
"##);
    let exported = export(&api, api.components["Clip"], Direction::Request);
    assert_eq!(exported.get("required"), None);
}

#[test]
fn several_schemas_share_their_definitions() {
    let api = api(r##"
    Clip: {properties: {"odd name": {$ref: "#/components/schemas/odd~1name"}, tag: {$ref: "#/components/schemas/Tag"}}}
    odd/name: {type: string}
    odd_name: {type: integer}
    Tag: false
"##);
    let ids = ["Clip", "odd_name", "Tag"].map(|name| api.components[name]);
    let exported = export_all(&api, ids, None);
    let references: Vec<&str> = ids.iter().map(|id| exported.references[id].as_str()).collect();
    assert_eq!(references, ["#/$defs/Clip", "#/$defs/odd_name", "#/$defs/Tag"]);
    assert_eq!(
        exported.document["$defs"],
        json!({
            "Clip": {
                "properties": {
                    "odd name": { "$ref": "#/$defs/odd_name_2" },
                    "tag": { "$ref": "#/$defs/Tag" },
                },
            },
            "Tag": false,
            "odd_name": { "type": "integer" },
            "odd_name_2": { "type": "string" },
        })
    );
}

#[test]
fn inline_schemas_are_named_by_their_place() {
    let api = api(CLIP);
    let body = api.operations[0].request_body.as_ref().expect("there is a body");
    let exported = export_all(&api, body.content[0].schema, None);
    let names: Vec<&String> = exported.references.values().collect();
    assert_eq!(names, ["#/$defs/paths._clips.post.requestBody.content.application_json.schema"]);
}

#[test]
fn members_leave_requests_and_responses() {
    let api = api(CLIP);
    let reachable = api.reachable();
    let clip = &api.schemas[api.components["Clip"]];
    let id = clip.properties["id"];
    let secret = api.components["Secret"];
    assert!(reachable.in_response(id) && !reachable.in_request(id));
    assert!(reachable.in_request(secret) && !reachable.in_response(secret));
    assert!(reachable.contains(api.components["Clip"]));
    assert!(!reachable.contains(api.components["Unused"]));
}

#[test]
fn the_branches_of_a_discriminator_are_reached() {
    let api = api(r##"
    Clip: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
    Video: {allOf: [{$ref: "#/components/schemas/Clip"}, {properties: {length: {type: integer}}}]}
"##);
    assert!(api.reachable().in_request(api.components["Video"]));
}
