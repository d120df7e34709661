//! `cargo oas corpus` as a person runs it who has installed the program.

use std::fs;

use super::program::{oas, root};

#[test]
fn crates_of_several_documents_compile_together() {
    let home = tempfile::tempdir().expect("a folder");
    let document = |title: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{ title: {title}, version: '1' }}\npaths: {{}}\n\
             components: {{ schemas: {{ {title}: {{ type: object, properties: {{ name: {{ type: string }} }} }} }} }}\n"
        )
    };
    fs::create_dir(home.path().join("documents")).expect("a folder");
    for title in ["Cat", "Dog"] {
        fs::write(home.path().join("documents").join(format!("{title}.yaml")), document(title)).expect("written");
    }
    fs::create_dir(home.path().join("scratch")).expect("a folder");
    fs::copy(root().join("Cargo.lock"), home.path().join("scratch/Cargo.lock")).expect("copied");
    let ended = oas(home.path(), ["corpus", "--check-types", "--json", "--scratch", "scratch", "documents"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("it is JSON");
    for document in report["documents"].as_array().expect("a list") {
        assert_eq!((&document["compiled"], &document["rustcWarnings"]), (&true.into(), &0.into()), "{document}");
    }
    assert_eq!(report["documents"].as_array().map(Vec::len), Some(2));
}
