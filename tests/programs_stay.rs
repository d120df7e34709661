//! The law of names over programs: the same source, compiled against what a document became before and after an edit,
//! states the same values and sends the same requests.
#![expect(clippy::disallowed_methods, reason = "tests write files of their own")]

#[path = "programs_stay/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use case_harness::additions::add;
use case_harness::edits::{Random, Tags, reorder};
use oas_codegen::plan::{NamesLock, Settings, settle};
use oas_document::LoadOptions;
use serde_json::Value;
use workspace_tests::program::{ended, root, run};

/// What is done to the document.
#[derive(Clone, Copy)]
enum Edit {
    /// It is as it was.
    Nothing,
    /// It stands in another order, and nobody has kept the names.
    Order,
    /// It stands in another order, with the lock.
    OrderWithLock,
    /// There is more of it, with the lock.
    More,
}

/// The programs, each with what its document had done to it.
const PROGRAMS: [(Edit, u64); 5] =
    [(Edit::Nothing, 0), (Edit::Order, 1), (Edit::OrderWithLock, 2), (Edit::More, 3), (Edit::More, 4)];

#[test]
fn the_same_source_states_and_sends_the_same() {
    let home = tempfile::tempdir().expect("a folder");
    let path = root().join("tests/programs_stay/document.yaml");
    let loaded = oas_document::load(&path, &LoadOptions { reference_root: None }).expect("a document");
    let document = loaded.root().to_json();
    let api = oas_model::build(&loaded).expect("a model").api;
    let settled = settle(&api, &Settings::new("stay-0"));
    let source = program::source(&settled.plan);
    for (index, (edit, seed)) in PROGRAMS.into_iter().enumerate() {
        write(home.path(), index, &edited(&document, edit, seed), edit, &settled.names, &source);
    }
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"program-*\", \"*/stay-*-types\", \"*/stay-*-client\"]\n";
    fs::write(home.path().join("Cargo.toml"), members).expect("written");
    fs::copy(root().join("Cargo.lock"), home.path().join("Cargo.lock")).expect("copied");
    let programs: Vec<String> = (0..PROGRAMS.len()).map(|index| format!("--package=program-{index}")).collect();
    let mut command = cargo(home.path());
    let built = ended(command.args(["build", "--quiet"]).args(programs));
    assert!(built.code == 0, "{source}\n{}", built.stderr);
    let base = printed(0);
    assert!(base.len() > 20, "{base:#?}");
    for index in 1..PROGRAMS.len() {
        for (name, meaning) in printed(index) {
            assert_eq!(base.get(&name), Some(&meaning), "`{name}` of program {index}");
        }
    }
}

/// Cargo in a folder, with the target folder of all tests of this kind.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).env("CARGO_TARGET_DIR", root().join("target/standalone"));
    command
}

/// The document after an edit.
fn edited(document: &Value, edit: Edit, seed: u64) -> Value {
    let (mut edited, mut random) = (document.clone(), Random(seed));
    match edit {
        Edit::Nothing => {}
        Edit::Order => reorder(&mut edited, Tags::Stay, &mut random),
        Edit::OrderWithLock => reorder(&mut edited, Tags::Move, &mut random),
        Edit::More => {
            for _ in 0..12 {
                add(&mut edited, &mut random);
            }
            reorder(&mut edited, Tags::Move, &mut random);
        }
    }
    edited
}

/// Writes the packages of a document, and the program over them.
fn write(home: &Path, index: usize, document: &Value, edit: Edit, names: &NamesLock, source: &str) {
    let (name, out) = (format!("stay-{index}"), home.join(format!("stay-{index}")));
    fs::create_dir_all(&out).expect("a folder");
    let path = home.join(format!("document-{index}.json"));
    fs::write(&path, document.to_string()).expect("written");
    if matches!(edit, Edit::OrderWithLock | Edit::More) {
        fs::write(out.join("names.lock"), names.to_string()).expect("written");
    }
    let arguments = ["codegen", "--name", &name, "--document"].map(PathBuf::from);
    let arguments = arguments.into_iter().chain([path, "--out".into(), out.clone()]);
    let generated = run(home, arguments);
    assert_eq!(generated.code, 0, "{}", generated.stderr);
    fs::remove_file(out.join("Cargo.toml")).expect("it was made");
    let folder = home.join(format!("program-{index}"));
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let manifest = format!(
        "[package]\nname = \"program-{index}\"\nedition = \"2024\"\n\n[dependencies]\n\
         client = {{ package = \"{name}-client\", path = \"../{name}/{name}-client\" }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("written");
    fs::write(folder.join("src/main.rs"), source).expect("written");
}

/// What a program prints: each name with what it states or sends.
fn printed(index: usize) -> BTreeMap<String, String> {
    let program = root().join(format!("target/standalone/debug/program-{index}"));
    let ended = ended(&mut Command::new(program));
    assert_eq!(ended.code, 0, "program {index}: {}", ended.stderr);
    let line = |line: &str| {
        let (name, meaning) = line.split_once('\t')?;
        Some((name.to_owned(), canonical(meaning)))
    };
    ended.stdout.lines().filter_map(line).collect()
}

/// A value or a request without what the order of the document decides, and without what differs from run to run.
fn canonical(text: &str) -> String {
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        return sorted(value).to_string();
    }
    let text = text.replace("\\r\\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let (target, query) = first.split_once('?').unwrap_or((first, ""));
    let mut query: Vec<&str> = query.trim_end_matches(" HTTP/1.1").split('&').collect();
    query.sort_unstable();
    let own = ["host:", "accept:", "user-agent:", "content-type: multipart", "content-length:"];
    let mut headers: Vec<&str> = lines.filter(|line| !own.iter().any(|name| line.starts_with(name))).collect();
    headers.sort_unstable();
    let body = match serde_json::from_str::<Value>(&body.replace("\\\"", "\"")) {
        Ok(value) => sorted(value).to_string(),
        Err(_) => parts(body),
    };
    format!("{target}\n{}\n{}\n{body}", query.join("&"), headers.join("\n"))
}

/// The parts of a body, in order and without the boundary.
fn parts(body: &str) -> String {
    let Some(boundary) = body.lines().find(|line| line.starts_with("--")) else { return body.to_owned() };
    let mut parts: Vec<&str> = body.split(boundary).map(str::trim).filter(|part| part.contains("form-data")).collect();
    parts.sort_unstable();
    parts.join("\n")
}

/// A value with its members in the order of their names.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members.into_iter().map(|(name, one)| (name, sorted(one))).collect();
            members.into_iter().collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}
