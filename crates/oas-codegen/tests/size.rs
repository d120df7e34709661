//! No generated file is so long that editors do not open it, however large the document.

use std::collections::BTreeSet;
use std::path::Path;

use oas_codegen::GeneratedFile;
use oas_codegen::plan::{Settings, settle};
use oas_document::LoadOptions;
use serde_json::{Value, json};

/// How many lines a file has at most.
const MOST: usize = 5_000;

/// A document of which each kind of file is too long, unless it is divided: schemas, what must be there, what an
/// operation has for itself, a trait, the macro over all operations.
fn document() -> Value {
    let object = |words: &str, own: &str| {
        json!({
            "type": "object",
            "description": format!("{words}\n\nIt has words of its own."),
            "required": ["id", "size"],
            "properties": {
                "id": { "type": "string", "description": "Its id.\n\nNobody chooses it.\n\nIt stays." },
                "size": { "type": "integer", "description": "Its size.\n\nIn pieces.\n\nNever negative." },
                own: { "type": "boolean" },
            },
        })
    };
    let letters: Vec<char> = ('a'..='z').collect();
    let name = |at: usize| format!("{}{}{at}", letters[at % 26], letters[at / 26 % 26]);
    let schemas: serde_json::Map<String, Value> =
        (0..600).map(|at| (name(at), object("A thing.", "is_known"))).collect();
    let members: serde_json::Map<String, Value> =
        (0..250).map(|at| (name(at), object("A member.", &name(at)))).collect();
    let mut paths: serde_json::Map<String, Value> = (0..450)
        .map(|at| {
            let operation = json!({
                "operationId": format!("get_{}", name(at)),
                "tags": ["things"],
                "responses": { "200": { "description": "It.", "content": { "application/json": {
                    "schema": { "$ref": format!("#/components/schemas/{}", name(at)) } } } } },
            });
            (format!("/things/{}", name(at)), json!({ "get": operation }))
        })
        .collect();
    let large = json!({ "operationId": "put_large", "tags": ["large"], "requestBody": { "content": { "application/json": {
        "schema": { "type": "object", "properties": members } } } }, "responses": { "204": { "description": "Done." } } });
    paths.insert("/large".to_owned(), json!({ "put": large }));
    json!({ "openapi": "3.1.0", "info": { "title": "Large", "version": "1" }, "paths": paths, "components": { "schemas": schemas } })
}

/// The files of the packages of types and of the server.
fn generated(document: &Value) -> Vec<GeneratedFile> {
    let options = LoadOptions { reference_root: None };
    let document = oas_document::load_text(&document.to_string(), Path::new("large.json"), &options)
        .unwrap_or_else(|failure| panic!("{:?}", failure.diagnostics));
    let built = oas_model::build(&document).unwrap_or_else(|failure| panic!("{:?}", failure.diagnostics));
    let plan = settle(&built.api, &Settings::new("large")).plan;
    let types = oas_codegen::types::emit(&built.api, &plan).files;
    let server = oas_codegen::server::emit(&built.api, &plan).files;
    let prefixed = |package: &str, file: GeneratedFile| GeneratedFile {
        path: Path::new(package).join(file.path.strip_prefix("src/generated").unwrap_or(&file.path)),
        contents: file.contents,
    };
    types
        .into_iter()
        .map(|file| prefixed("types", file))
        .chain(server.into_iter().map(|file| prefixed("server", file)))
        .collect()
}

#[test]
fn no_file_of_a_large_document_is_too_long() {
    let files = generated(&document());
    let rust = || files.iter().filter(|file| file.path.extension().is_some_and(|end| end == "rs"));
    let long = rust().map(|file| (&file.path, file.contents.lines().count())).filter(|(_, lines)| *lines > MOST);
    assert_eq!(long.collect::<Vec<_>>(), []);
    let divided =
        ["types/new", "types/json_schemas", "types/operations/large", "server/not_implemented", "server/things"];
    for folder in divided {
        assert!(rust().any(|file| file.path.starts_with(folder)), "{folder} is one file");
    }
    for file in rust() {
        syn::parse_file(&file.contents).unwrap_or_else(|error| panic!("{}: {error}", file.path.display()));
    }
    // Each name is there once in what a folder exports as a whole.
    for folder in ["types/new", "types/operations/large"] {
        let structs = rust().filter(|file| file.path.starts_with(folder)).flat_map(|file| file.contents.lines());
        let names: Vec<&str> = structs.filter_map(|line| line.strip_prefix("pub struct ")).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{folder}");
        assert!(names.len() > 100, "{folder}: {}", names.len());
    }
}
