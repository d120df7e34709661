//! `cargo xtask` from the outside: flags, exit codes, and whole crates from any document.
#![expect(clippy::disallowed_methods, reason = "tests write documents")]

use std::fs;
use std::path::Path;
use std::process::Command;

use workspace_tests::program::{Ended, copy, ended, files, root, run};

/// A document with one operation.
const PETS: &str = r##"{
  "openapi": "3.1.0",
  "info": { "title": "Pets", "version": "1" },
  "servers": [{ "url": "https://example.com" }],
  "paths": {
    "/pets/{id}": {
      "get": {
        "operationId": "showPet",
        "tags": ["Pets"],
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
        "responses": {
          "200": {
            "description": "The pet.",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Pet" } } }
          },
          "404": { "description": "There is no such pet." }
        }
      }
    }
  },
  "components": {
    "schemas": {
      "Pet": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }
    }
  }
}"##;

/// A folder with that document in it.
fn pets() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("pets.json"), PETS).expect("written");
    home
}

/// Generates from that document, with more arguments.
fn generate(home: &Path, more: &[&str]) -> Ended {
    let arguments = ["codegen", "--document", "pets.json", "--out", "out"];
    run(home, arguments.iter().chain(more))
}

#[test]
fn help_explains_with_examples() {
    insta::assert_snapshot!(run(&root(), ["codegen", "--help"]).stdout);
}

#[test]
fn every_command_has_help() {
    for command in ["codegen", "bless", "corpus", "bench", "tidy"] {
        let ended = run(&root(), [command, "--help"]);
        assert_eq!(ended.code, 0, "{command}: {}", ended.stderr);
        assert!(ended.stdout.contains("Usage: cargo xtask"), "{command}: {}", ended.stdout);
    }
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    let home = pets();
    for arguments in [
        vec!["codegen", "--document", "pets.json"],
        vec!["codegen", "--overlay", "pets.json"],
        vec!["codegen", "--only", "nonsense"],
        vec!["codegen", "--quiet", "--verbose"],
        vec!["nonsense"],
        vec![],
    ] {
        let ended = run(home.path(), &arguments);
        assert_eq!(ended.code, 2, "{arguments:?}");
        assert!(!home.path().join("out").exists(), "{arguments:?}");
    }
}

#[test]
fn a_document_becomes_whole_crates() {
    let home = pets();
    let ended = generate(home.path(), &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    // What a run remembers of itself is called after the folder, which is another each time.
    let paths = files(&home.path().join("out")).into_iter().map(|(path, _)| path.display().to_string());
    let paths: Vec<String> = paths.filter(|path| !path.starts_with("target/")).collect();
    insta::assert_snapshot!(format!("{}\n\n{}", paths.join("\n"), ended.stderr_in(home.path())));

    let again = generate(home.path(), &[]);
    // It saw that from what the first run left behind, and did not generate to find out.
    assert!(again.stderr.contains("nothing has changed"), "{}", again.stderr);
    assert_eq!(generate(home.path(), &["--check"]).code, 0);
}

#[test]
fn whole_crates_compile() {
    let home = pets();
    let ended = generate(home.path(), &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    compile(&home.path().join("out"));
}

#[test]
fn only_what_was_asked_for_is_generated() {
    let home = pets();
    assert_eq!(generate(home.path(), &["--only", "types"]).code, 0);
    assert!(home.path().join("out/pets-types/src/lib.rs").is_file());
    assert!(!home.path().join("out/pets-client").exists());
    assert!(!home.path().join("out/pets-server").exists());
}

#[test]
fn hand_written_files_are_left_alone() {
    let home = pets();
    fs::create_dir(home.path().join("out")).expect("a folder");
    fs::write(home.path().join("out/Cargo.toml"), "[workspace]\n").expect("written");
    let ended = generate(home.path(), &[]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert_eq!(fs::read_to_string(home.path().join("out/Cargo.toml")).expect("it is there"), "[workspace]\n");
    assert!(!home.path().join("out/pets-types").exists(), "nothing was written");
    insta::assert_snapshot!(ended.stderr_in(home.path()));
}

#[test]
fn a_name_cannot_leave_the_folder() {
    let home = pets();
    for name in ["../evil", "a/b", "", "-x", "a\"b", "9lives", "A", "a_b"] {
        let ended = generate(home.path(), &[&format!("--name={name}")]);
        assert_eq!(ended.code, 2, "{name:?}: {}", ended.stderr);
    }
    assert_eq!(files(home.path()).len(), 1, "nothing was written");
}

#[test]
fn quiet_means_silent() {
    let home = pets();
    let ended = generate(home.path(), &["--quiet"]);
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (0, "", ""));
}

#[test]
fn machines_get_one_object() {
    let home = pets();
    let ended = generate(home.path(), &["--json"]);
    assert_eq!(ended.stderr, "", "nothing but the report");
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(report["outcome"], "written");
    assert_eq!(report["apis"][0]["name"], "pets");
    assert_eq!(report["apis"][0]["operations"], 1);
    assert!(report["milliseconds"].is_u64());
}

#[test]
fn a_folder_without_configuration_is_explained() {
    let home = tempfile::tempdir().expect("a folder");
    let ended = run(home.path(), ["codegen"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.stderr_in(&home.path().canonicalize().expect("a path")));
}

#[test]
fn a_faulty_configuration_is_shown_where_it_is() {
    let home = copy();
    let path = home.path().join("openapi/codegen.toml");
    let text = fs::read_to_string(&path).expect("the configuration");
    fs::write(&path, text.replace("manifest =", "manifset =")).expect("written");
    let ended = run(home.path(), ["codegen"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.stderr_in(home.path()));
}

#[test]
fn several_documents_are_generated_together() {
    let home = pets();
    fs::create_dir(home.path().join("openapi")).expect("a folder");
    let api = |name: &str| {
        format!(
            "[[api]]\nname = \"{name}\"\ndocument = \"pets.json\"\ntypes = \"{name}\"\nmanifest = \"{name}.json\"\n"
        )
    };
    let config = home.path().join("openapi/codegen.toml");
    fs::write(&config, api("dogs") + &api("cats")).expect("written");
    let ended = run(home.path(), ["codegen"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for name in ["dogs", "cats"] {
        assert!(home.path().join(name).join("src/generated/mod.rs").is_file(), "{name}");
        assert!(home.path().join(format!("{name}.json")).is_file(), "{name}");
    }
    fs::write(&config, api("dogs") + &api("cats").replace("\"cats\"", "\"dogs\"")).expect("written");
    let ended = run(home.path(), ["codegen"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("claimed twice"), "{}", ended.stderr);
}

#[test]
fn names_can_be_pinned() {
    let home = pets();
    fs::create_dir(home.path().join("openapi")).expect("a folder");
    let config = "[[api]]\nname = \"pets\"\ndocument = \"pets.json\"\ntypes = \"types\"\nmanifest = \"m.json\"\n\
                  [api.pins]\n\"/components/schemas/Pet\" = \"Animal\"\n";
    fs::write(home.path().join("openapi/codegen.toml"), config).expect("written");
    assert_eq!(run(home.path(), ["codegen"]).code, 0);
    let manifest = fs::read_to_string(home.path().join("m.json")).expect("the manifest");
    assert!(manifest.contains("pets_types::Animal"), "{manifest}");
}

/// Compiles a generated workspace, with the dependencies that this one has.
fn compile(folder: &Path) {
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("copied");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["check", "--workspace", "--examples", "--lib", "--quiet"]).current_dir(folder);
    // One folder for all of these tests: what the crates depend on is built once.
    command.env("CARGO_TARGET_DIR", root().join("target/standalone"));
    let built = ended(&mut command);
    assert_eq!(built.code, 0, "{}", built.stderr);
    assert_eq!(built.stderr, "", "generated crates have no warnings");
}
