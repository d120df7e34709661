//! Documents with a few things changed at random: whatever comes out, the generator does not fail by itself.
//!
//! `MUTATIONS=10000 cargo test --test mutated` looks at more of them than a run in CI does; `SEED=7` at others.

use std::path::{Path, PathBuf};

use oas_codegen::generate::{self, Describe, INTERNAL_ERROR, Job, Package};
use oas_codegen::plan::Settings;
use serde_json::{Value, json};
use workspace_tests::cases;

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        // Xorshift, by Marsaglia.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).expect("small")).expect("small")
    }

    fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// The number in a variable of the environment.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Values that stand where others are expected.
fn strangers() -> Vec<Value> {
    let reference = json!({"$ref": "#/components/schemas/Nobody"});
    let deep = json!({"type": "array", "items": {"type": "array", "items": {"$ref": "#"}}});
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{202e}*/ \"#{"),
        json!([]),
        json!({}),
        json!([null, 1, "a", {}]),
        json!({"": {"$ref": ""}}),
        reference,
        deep,
    ]
}

/// Every container of a document, as pointers.
fn containers(value: &Value, at: String, all: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, one)| (name.clone(), one)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, one)| (index.to_string(), one)).collect(),
        _ => return,
    };
    for (name, child) in children {
        containers(child, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), all);
    }
    all.push(at);
}

/// Changes one thing.
fn mutate(document: &mut Value, random: &mut Random) {
    let mut all = Vec::new();
    containers(document, String::new(), &mut all);
    let (from, to) = (random.one_of(&all).clone(), random.one_of(&all).clone());
    let other = document.pointer(&from).cloned().unwrap_or_default();
    let stranger = random.one_of(&strangers()).clone();
    let which = random.below(5);
    let place = random.below(64);
    match document.pointer_mut(&to) {
        Some(Value::Object(members)) => {
            let Some(name) = members.keys().nth(place % members.len().max(1)).cloned() else { return };
            match which {
                0 => drop(members.shift_remove(&name)),
                1 => drop(members.insert(name, stranger)),
                2 => drop(members.insert(name, other)),
                3 => {
                    let value = members.shift_remove(&name).unwrap_or_default();
                    members.insert(format!("{name} type\u{301}"), value);
                }
                _ => drop(members.insert("$ref".to_owned(), json!(format!("#{from}")))),
            }
        }
        Some(Value::Array(items)) if !items.is_empty() => {
            let index = place % items.len();
            match which {
                0 => drop(items.remove(index)),
                1 => items[index] = stranger,
                2 => items[index] = other,
                _ => items.push(items[index].clone()),
            }
        }
        _ => {}
    }
}

/// The documents that are changed: those of cases, where there is much in little.
fn documents() -> Vec<Value> {
    let folders = ["client", "model", "plan", "server", "types", "whole"].into_iter().flat_map(cases);
    let paths = folders.flat_map(|case| ["document.yaml", "document.json"].map(|name| case.join(name)));
    let options = oas_document::LoadOptions { reference_root: None };
    paths
        .filter(|path| path.is_file())
        .filter_map(|path| oas_document::load(&path, &options).ok())
        .map(|document| document.root().to_json())
        .collect()
}

/// The first words of a failure of the generator itself, if there is one.
fn fault(path: &Path) -> Option<String> {
    let job = Job {
        document: path.to_owned(),
        overlays: Vec::new(),
        reference_root: None,
        selection: oas_model::Selection::default(),
        settings: Settings { prune: false, ..Settings::new("mutated") },
        describe: Describe::Items,
        packages: Package::ALL.map(|package| (package, PathBuf::from(package.name("mutated")))).to_vec(),
    };
    let failure = generate::generate(&job, &mut |_| {}).err()?;
    let fault = failure.diagnostics.iter().find(|one| one.code == INTERNAL_ERROR)?;
    Some(fault.message.clone())
}

#[test]
fn no_document_makes_the_generator_fail_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("document.json");
    let documents = documents();
    let mut random = Random(number("SEED", 1) ^ 0x9e37_79b9_7f4a_7c15);
    for round in 0..number("MUTATIONS", 150) {
        let mut document = random.one_of(&documents).clone();
        for _ in 0..=random.below(3) {
            mutate(&mut document, &mut random);
        }
        write(&path, &document.to_string());
        if let Some(fault) = fault(&path) {
            panic!("round {round}: {fault}\n{document:#}");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "files in temporary folders need not survive an interruption")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("written");
}
