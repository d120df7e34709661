//! The running service against the document after overlays: requests made from the schemas, good and bad, singly and in
//! sequence; no answer is a 500, and every answer is one that the document describes.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use oas_document::LoadOptions;

use crate::site::{Kind, Site, run};

#[test]
fn every_answer_is_described() {
    run(Kind::OneMachine, every_answer_is_described_on);
}

async fn every_answer_is_described_on(mut site: Site) {
    if !Command::new("schemathesis").arg("--version").output().is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "schemathesis is not on this machine");
        let _ = writeln!(std::io::stderr(), "skipped: schemathesis is not on this machine (pip install schemathesis)");
        return;
    }
    let server = site.start();
    let key = site.api(&server).key;
    let document = site.data().with_file_name("document.json");
    std::fs::File::create(&document).and_then(|mut file| file.write_all(overlaid().as_bytes())).expect("a file");
    let folder = document.parent().expect("a folder");
    std::fs::File::create(folder.join("schemathesis.toml"))
        .and_then(|mut file| file.write_all(EXPECTED.as_bytes()))
        .expect("a file");
    let output = Command::new("schemathesis")
        .current_dir(folder)
        .args(["run", "document.json", "--no-color", "--seed", "1", "--max-examples", "40", "--url", &server.url])
        .args(["-H", &format!("x-api-key: {key}")])
        // The published schema of a completion's parts allows what no completion can mean, such as a part without a
        // number; and where one of two credentials is enough, the other one may be wrong.
        .args(["--exclude-checks", "positive_data_acceptance,ignored_auth"])
        .output()
        .expect("schemathesis");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// What this service does not do it says with a 501, as the document describes.
const EXPECTED: &str = r#"
[[operations]]
include-path = ["/clips/import-url", "/clips/{id}/render"]
checks.not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "501"]
"#;

/// The document after its overlays.
fn overlaid() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
    let mut overlays: Vec<PathBuf> =
        folder.join("overlays").read_dir().expect("a folder").map(|entry| entry.expect("readable").path()).collect();
    overlays.sort();
    let document =
        oas_document::load(&folder.join("openapi.json"), &LoadOptions { reference_root: None }).expect("a document");
    let document = oas_document::overlay::apply(document, &overlays).expect("overlays that fit");
    document.root().to_json().to_string()
}
