//! The same document gives the same bytes: in every run, and in whatever order its author wrote what has no order.
//!
//! What has an order: `paths`, the operations of a path, `tags`, `properties`, `enum`, `oneOf` and every other list. They
//! decide the order of methods, fields and variants. What has none: the members of an object with a fixed set of
//! members, such as an operation or a schema, and the components.
#![expect(clippy::disallowed_methods, reason = "tests write documents")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use workspace_tests::program::{files, root, run};

/// Members whose values are maps that somebody wrote in an order that counts.
const ORDERED: [&str; 11] = [
    "paths",
    "properties",
    "patternProperties",
    "responses",
    "content",
    "mapping",
    "scopes",
    "variables",
    "encoding",
    "headers",
    "webhooks",
];

/// Members whose values are data: nothing in them is a keyword.
const DATA: [&str; 5] = ["example", "examples", "default", "const", "enum"];

#[test]
fn two_runs_give_the_same_bytes() {
    let document = root().join("openapi/openapi.json");
    let (one, other) = (generate(&document), generate(&document));
    assert_same(&one, &other);
}

#[test]
fn the_order_of_what_has_no_order_does_not_matter() {
    let text = fs::read_to_string(root().join("openapi/openapi.json")).expect("the document");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("openapi.json");
    fs::write(&path, document.to_string()).expect("written");
    let expected = generate(&path);
    for seed in 1..=4 {
        let shuffled = shuffle(&document, "", seed);
        assert_eq!(shuffled, document, "shuffling changes no value");
        assert_ne!(shuffled.to_string(), document.to_string(), "but it changes the text");
        fs::write(&path, shuffled.to_string()).expect("written");
        assert_same(&expected, &generate(&path));
    }
}

#[test]
fn the_folder_does_not_matter() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(root().join("openapi/openapi.json"), folder.path().join("elsewhere.json")).expect("copied");
    assert_same(&generate(&root().join("openapi/openapi.json")), &generate(&folder.path().join("elsewhere.json")));
}

/// The files that a document becomes.
fn generate(document: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let out = tempfile::tempdir().expect("a folder");
    let arguments = ["codegen", "--runtime", "version", "--name", "same", "--document"].map(PathBuf::from);
    let arguments = arguments.into_iter().chain([document.to_owned(), "--out".into(), out.path().to_owned()]);
    let ended = run(out.path(), arguments);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    // What a run remembers of itself is called after the folder, which is another each time.
    files(out.path()).into_iter().filter(|(path, _)| !path.starts_with("target")).collect()
}

/// Compares file by file, for a message that can be read.
fn assert_same(one: &[(PathBuf, Vec<u8>)], other: &[(PathBuf, Vec<u8>)]) {
    let names = |files: &[(PathBuf, Vec<u8>)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert!(!one.is_empty(), "nothing was generated");
    assert_eq!(names(one), names(other));
    for ((path, one), (_, other)) in one.iter().zip(other) {
        assert_eq!(String::from_utf8_lossy(one), String::from_utf8_lossy(other), "{}", path.display());
    }
}

/// The same value with the members of its objects in another order, where that has no meaning.
fn shuffle(value: &Value, member: &str, seed: usize) -> Value {
    match value {
        _ if DATA.contains(&member) => value.clone(),
        Value::Array(items) => items.iter().map(|item| shuffle(item, "", seed)).collect(),
        Value::Object(object) => {
            let mut members: Vec<(&String, &Value)> = object.iter().collect();
            if !ORDERED.contains(&member) && !object.contains_key("bearerAuth") {
                let length = members.len().max(1);
                members.rotate_left(seed % length);
                members.reverse();
            }
            // What stands in a map has names of its own: `properties` there is no keyword.
            let inside = |name: &str| if ORDERED.contains(&member) { String::new() } else { name.to_owned() };
            let object: Map<String, Value> =
                members.into_iter().map(|(name, value)| (name.clone(), shuffle(value, &inside(name), seed))).collect();
            Value::Object(object)
        }
        other => other.clone(),
    }
}
