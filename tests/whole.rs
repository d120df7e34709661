//! Whole packages of documents that try to be difficult: types, client, server and command line compile without a
//! warning, and so does their documentation.
#![expect(clippy::disallowed_methods, reason = "tests write documents")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wiremock::{Mock, MockServer, ResponseTemplate, matchers};
use workspace_tests::cases;
use workspace_tests::program::{ended, root, run};

/// Documents of other stages that are worth it.
const OTHERS: [&str; 7] = [
    "client/answers",
    "client/bodies",
    "client/security",
    "client/servers",
    "client/styles",
    "plan/names",
    "types/hostile",
];

/// The document of a case.
fn document(case: &Path) -> PathBuf {
    let names = ["document.json", "document.yaml"].map(|name| case.join(name));
    names.into_iter().find(|path| path.is_file()).unwrap_or_else(|| panic!("no document in {}", case.display()))
}

/// Runs cargo on the packages in `home`; it must have nothing to say.
fn silent(home: &Path, arguments: &[&str]) {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).arg("--quiet").current_dir(home).env("RUSTDOCFLAGS", "-D warnings");
    // One folder for all tests of this kind: what the packages depend on is built once.
    command.env("CARGO_TARGET_DIR", root().join("target/standalone"));
    let ended = ended(&mut command);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "cargo {arguments:?}");
}

/// The packages of a document in `out`, called `whole-` and the name of its case.
fn generate(case: &Path, out: &Path) -> String {
    let name = format!("whole-{}", case.file_name().expect("a name").to_string_lossy());
    let document = document(case);
    let arguments = ["codegen", "--name", &name, "--document"].map(Path::new);
    let ended = run(out.parent().expect("a folder"), arguments.into_iter().chain([&document, Path::new("--out"), out]));
    assert_eq!(ended.code, 0, "{}: {}", case.display(), ended.stderr);
    name
}

#[test]
fn whole_packages_compile_and_are_documented_without_a_warning() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = root().join("tests/cases");
    let all = cases("whole").into_iter().chain(OTHERS.iter().map(|other| folder.join(other)));
    let mut clients = Vec::new();
    for case in all {
        let out = home.path().join(case.file_name().expect("a name"));
        clients.push(format!("{}-client", generate(&case, &out)));
        // All of them are one workspace, and cargo does not nest those.
        fs::remove_file(out.join("Cargo.toml")).expect("it was made");
    }
    fs::write(home.path().join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"*/whole-*\"]\n")
        .expect("written");
    fs::copy(root().join("Cargo.lock"), home.path().join("Cargo.lock")).expect("copied");
    silent(home.path(), &["check", "--workspace"]);
    silent(home.path(), &["doc", "--workspace", "--no-deps"]);
    // The calls that the documentation shows are calls that compile.
    let mut arguments = vec!["test", "--doc"];
    arguments.extend(clients.iter().flat_map(|client| ["--package", client]));
    silent(home.path(), &arguments);
}

#[test]
fn each_group_of_operations_compiles_without_the_others() {
    let home = tempfile::tempdir().expect("a folder");
    let out = home.path().join("features");
    let name = generate(&root().join("tests/cases/whole/features"), &out);
    fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock")).expect("copied");
    let packages = ["types", "client", "server"].map(|package| format!("{name}-{package}"));
    let groups = ["serde", "reqwest", "tracing_operations", "default_", "streams", "untagged"];
    // Without a group, with one, and with two that share types.
    let wanted = [None].into_iter().chain(groups.map(Some)).map(|group| group.into_iter().collect::<Vec<_>>());
    for groups in wanted.chain([vec!["serde", "default_"]]) {
        let features: Vec<String> = packages
            .iter()
            .flat_map(|package| groups.iter().map(move |group| format!("{package}/{group}")))
            .chain([format!("{name}-types/schemars")])
            .collect();
        let mut arguments = vec!["check", "--no-default-features", "--features"];
        let features = features.join(",");
        arguments.push(&features);
        arguments.extend(packages.iter().flat_map(|package| ["--package", package]));
        silent(&out, &arguments);
    }
    let schemas = out.join(format!("{name}-types/src/generated/schemas"));
    let list = fs::read_to_string(schemas.join("mod.rs")).expect("a file");
    let line = |module: &str| list.lines().position(|line| line == format!("mod {module};")).expect("a module");
    let condition = |module: &str| list.lines().nth(line(module) - 1).filter(|line| line.starts_with("#[cfg("));
    let shared = r#"#[cfg(any(feature = "default_", feature = "tracing_operations"))]"#;
    assert_eq!(condition("alone"), Some(shared), "{list}");
    assert_eq!(condition("alias"), Some(r#"#[cfg(feature = "tracing_operations")]"#), "{list}");
    assert_eq!(condition("event"), None, "a webhook sends it: {list}");
    assert_eq!(condition("fault"), None, "more than four groups need it: {list}");
    // The file of one list has a type that the other needs, and nothing else of it.
    let ones = fs::read_to_string(schemas.join("ones.rs")).expect("a file");
    assert!(ones.contains("#[cfg(feature = \"serde\")]\n#[derive(Debug, Clone, PartialEq)]\n"), "{ones}");
}

#[tokio::test]
async fn a_command_line_prints_the_answer_of_every_status() {
    let home = tempfile::tempdir().expect("a folder");
    let out = home.path().join("statuses");
    let name = generate(&root().join("tests/cases/whole/statuses"), &out);
    let locked = out.join("Cargo.lock");
    fs::copy(root().join("Cargo.lock"), &locked).expect("copied");
    silent(&out, &["build", "--package", &format!("{name}-cli")]);
    let program = root().join("target/standalone/debug").join(&name);

    let server = MockServer::start().await;
    let page = r#"{"title":"one"}"#.as_bytes();
    let bytes = b"\x00\xffbytes".as_slice();
    for (status, media_type, body) in [
        (200, "application/json", page),
        (203, "text/plain", b"words".as_slice()),
        (206, "application/octet-stream", bytes),
        (208, "image/png", bytes),
        (226, "application/octet-stream", bytes),
    ] {
        let answer = ResponseTemplate::new(status).insert_header("Content-Range", "bytes 0-6/7");
        let answer = answer.set_body_raw(body, media_type);
        Mock::given(matchers::path(format!("/pages/{status}"))).respond_with(answer).mount(&server).await;
        let mut command = Command::new(&program);
        command.args([
            "pages",
            "read-page",
            "--id",
            &status.to_string(),
            "--output",
            "json",
            "--base-url",
            &server.uri(),
        ]);
        let output = tokio::task::spawn_blocking(move || command.output().expect("it runs")).await.expect("it ends");
        assert!(output.status.success(), "{status}: {}", String::from_utf8_lossy(&output.stderr));
        match media_type {
            "application/json" => {
                let printed: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
                assert_eq!(printed, serde_json::json!({"title": "one"}), "{status}");
            }
            "text/plain" => assert_eq!(output.stdout, b"\"words\"\n", "{status}"),
            _ => assert_eq!(output.stdout, bytes, "{status}"),
        }
    }
}
