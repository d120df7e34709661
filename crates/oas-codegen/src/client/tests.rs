use oas_document::LoadOptions;

use super::*;
use crate::plan::{Settings, settle};

/// The model and plan of a document.
fn plan_of(document: &str) -> (Api, Plan) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("document.yaml");
    std::io::Write::write_all(&mut std::fs::File::create(&path).expect("a file"), document.as_bytes()).expect("room");
    let document = oas_document::load(&path, &LoadOptions { reference_root: None }).expect("a document");
    let api = oas_model::build(&document).expect("a model").api;
    let plan = settle(&api, &Settings::new("test")).plan;
    (api, plan)
}

/// All files in one text.
fn emitted(document: &str) -> (String, Vec<Diagnostic>) {
    let (api, plan) = plan_of(document);
    let Emitted { files, diagnostics } = emit(&api, &plan);
    (files.iter().map(|file| file.contents.as_str()).collect(), diagnostics)
}

const TWO_OPERATIONS: &str = r#"
openapi: 3.1.0
info: {title: Two, version: "1"}
paths:
  /a/{x}/{y}:
    get:
      operationId: first
      parameters:
        - {name: x, in: path, required: true, schema: {type: string}}
        - {name: y, in: path, required: true, schema: {type: string}}
      responses: {"204": {description: Done.}}
  /b:
    get:
      operationId: second
      responses: {"204": {description: Done.}}
"#;

#[test]
fn what_progenitor_cannot_digest_is_written_without_it() {
    let (mut api, plan) = plan_of(TWO_OPERATIONS);
    // The plan has a path parameter that the path lacks: progenitor panics while it sorts.
    api.operations[0].path = "/a/{x}".to_owned();
    let client = Context { api: &api, plan: &plan };
    let requests: Vec<Request<'_>> =
        plan.operations.iter().enumerate().map(|(index, item)| Request::new(client, index, item)).collect();
    let all: Vec<&Request<'_>> = requests.iter().collect();
    let run = progenitor::run(client, &all);
    assert_eq!(run.builders.len(), 1);
    assert_eq!(run.builders[0].0.structure.ident, "Op1");
    assert_eq!(run.failed.len(), 1);
    assert_eq!(run.failed[0].0, 0);
    assert!(run.failed[0].1.contains("p001"), "{:?}", run.failed);
}

#[test]
fn no_placeholder_and_no_header_of_progenitor_is_left() {
    let (text, diagnostics) = emitted(TWO_OPERATIONS);
    for left in ["Op0", "op0", "p000", "__T", "api-version", "super::Client", "was not initialized"] {
        assert!(!text.contains(left), "{left} in {text}");
    }
    assert_eq!(diagnostics, []);
}

#[test]
fn names_that_look_like_placeholders_stay() {
    let document = TWO_OPERATIONS.replace("name: x", "name: p001").replace("{x}", "{p001}").replace("first", "op1");
    let (text, _) = emitted(&document);
    for kept in
        [r#"Parameter::path("p001")"#, "request.parameter(0usize, &self.p001)", r#"id: "op1""#, r#"id: "second""#]
    {
        assert!(text.contains(kept), "{kept} in {text}");
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    assert_eq!(emitted(TWO_OPERATIONS).0, emitted(TWO_OPERATIONS).0);
}

#[test]
fn templates_keep_lonely_braces_and_unknown_names() {
    let (mut api, plan) = plan_of(TWO_OPERATIONS);
    api.operations[0].path = "/a}/{x}.{nobody}/ü{{y}/{".to_owned();
    let client = Context { api: &api, plan: &plan };
    let request = Request::new(client, 0, &plan.operations[0]);
    let pieces: Vec<String> = template::pieces(&request)
        .into_iter()
        .map(|piece| match piece {
            template::Piece::Text(text) => text,
            template::Piece::Parameter(field) => format!("<{}>", field.ident),
        })
        .collect();
    assert_eq!(pieces, ["/a%7D/", "<x>", ".", "%7Bnobody%7D", "/%C3%BC%7B", "<y>", "/%7B"]);
}

#[test]
fn only_what_can_stand_in_a_header_is_a_media_type() {
    assert!(media_type::is_sendable("application/json; charset=utf-8") && media_type::is_sendable("*/*"));
    for bad in ["", "json", "a/", "a/b c", "a/\u{fc}", "a/b\r\nx: y"] {
        assert!(!media_type::is_sendable(bad), "{bad}");
        assert_eq!(media_type::to_send(bad), "application/octet-stream", "{bad}");
    }
    assert_eq!(media_type::to_send("image/*"), "application/octet-stream");
    assert_eq!(media_type::to_send("text/plain; charset=utf-8"), "text/plain; charset=utf-8");
    assert!(media_type::is_json("application/Problem+JSON; x=y") && !media_type::is_json("application/jsonl"));
}

#[test]
fn text_of_a_document_stays_in_its_literals() {
    let hostile = r#"*/ \" #[x] {} {0} \n \u202e"#;
    let document = format!(
        r#"
openapi: 3.1.0
info: {{title: "{hostile}", version: "{hostile}", description: "{hostile}"}}
servers: [{{url: "https://a.example/{hostile}", description: "{hostile}"}}]
security: [{{key: []}}]
paths:
  "/a/{hostile}":
    post:
      operationId: "{hostile}"
      summary: "{hostile}"
      description: "{hostile}"
      parameters:
        - {{name: "q{hostile}", in: query, description: "{hostile}", schema: {{type: string}}}}
        - {{name: "c{hostile}", in: cookie, description: "{hostile}", schema: {{type: string}}}}
        - {{name: "h{hostile}", in: header, description: "{hostile}", schema: {{type: string}}}}
      requestBody:
        content: {{"text/plain{hostile}": {{schema: {{type: string}}}}}}
      responses:
        "200": {{description: "{hostile}", content: {{"text/plain; {hostile}": {{schema: {{type: string}}}}}}}}
components:
  securitySchemes:
    key: {{type: apiKey, in: header, name: "{hostile}", description: "{hostile}"}}
"#
    );
    let (api, plan) = plan_of(&document);
    let Emitted { files, diagnostics } = emit(&api, &plan);
    for file in &files {
        let parsed = syn::parse_file(&file.contents).unwrap_or_else(|error| panic!("{error}\n{}", file.contents));
        assert!(parsed.items.iter().all(|item| !matches!(item, syn::Item::Macro(_))), "{}", file.contents);
        assert!(!file.contents.contains('\u{202e}'), "{}", file.contents);
    }
    let codes: Vec<&str> = diagnostics.iter().map(|one| one.code).collect();
    assert!(codes.contains(&"unsendable-header"), "{codes:?}");
}
