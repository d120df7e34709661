//! `cargo oas init` as a person runs it, and what `cargo oas codegen` does from then on.

use std::fs;
use std::path::Path;

use super::program::{Ended, cargo, files, git, oas, root};

/// A document with one operation.
const PETS: &str = r##"openapi: 3.1.0
info: { title: Pets, version: "1" }
servers: [{ url: "https://pets.example.com" }]
paths:
  /pets/{id}:
    get:
      operationId: showPet
      tags: [Pets]
      parameters:
        - { name: id, in: path, required: true, schema: { type: string, maxLength: 20 } }
      responses:
        "200":
          description: The pet.
          content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } }
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties: { name: { type: string } }
"##;

/// A folder with that document in it.
fn pets() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    write(home.path(), "pets.yaml", PETS);
    home
}

fn write(home: &Path, path: &str, text: &str) {
    let path = home.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("written");
}

fn read(home: &Path, path: &str) -> String {
    fs::read_to_string(home.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Runs `cargo oas init pets.yaml --yes` with more arguments; it must work.
fn init(home: &Path, more: &[&str]) -> Ended {
    let ended = oas(home, ["init", "pets.yaml", "--yes"].iter().chain(more));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    ended
}

/// What was printed, with `N` for every number: how many files a runtime has is nothing to hold it to.
fn without_counts(printed: &str) -> String {
    let word = |word: &str| {
        let number = word.trim_start_matches('(');
        let is_number = !number.is_empty() && number.bytes().all(|one| one.is_ascii_digit());
        if is_number { word.replace(number, "N") } else { word.to_owned() }
    };
    printed.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// All is fresh.
fn assert_fresh(home: &Path) {
    let ended = oas(home, ["codegen", "--check"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

#[test]
fn an_empty_folder_becomes_a_workspace_that_compiles_and_reviews() {
    let home = pets();
    let ended = init(home.path(), &[]);
    insta::assert_snapshot!(without_counts(&ended.stderr_in(home.path())));
    assert_fresh(home.path());

    let before = files(home.path());
    let again = init(home.path(), &[]);
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    assert!(files(home.path()) == before, "a second run changes nothing");

    let here = root().canonicalize().expect("a path").display().to_string();
    for (path, bytes) in &before {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains(&here), "{} names a folder of this machine", path.display());
    }

    fs::copy(root().join("Cargo.lock"), home.path().join("Cargo.lock")).expect("copied");
    let built = cargo(home.path(), ["check", "--workspace", "--all-targets", "--offline", "--quiet"]);
    assert_eq!((built.code, built.stderr.as_str()), (0, ""), "it compiles without a warning");
    let formatted = cargo(home.path(), ["fmt", "--all", "--check"]);
    assert_eq!(formatted.code, 0, "{}{}", formatted.stdout, formatted.stderr);

    git(home.path(), &["init", "--quiet", "--initial-branch=main"]);
    git(home.path(), &["add", "."]);
    git(home.path(), &["commit", "--quiet", "--message", "Start"]);
    write(home.path(), "openapi/pets.yaml", &PETS.replace("maxLength: 20", "maxLength: 10"));
    let review = oas(home.path(), ["review"]);
    assert_eq!(review.code, 1, "{}", review.stderr);
    assert!(review.stdout.contains("request-parameter-max-length-lowered"), "{}", review.stdout);
}

#[test]
fn a_package_keeps_what_its_people_wrote() {
    let home = pets();
    let manifest = "# Mine.\n[package]\nname = \"mine\" # short\nversion = \"1.0.0\"\nedition = \"2024\"\n";
    write(home.path(), "Cargo.toml", manifest);
    write(home.path(), "src/lib.rs", "//! Mine.\n");
    write(home.path(), ".gitignore", "mine\n");
    init(home.path(), &["--only", "types", "--no-workflows"]);
    let now = read(home.path(), "Cargo.toml");
    assert!(now.starts_with(manifest), "{now}");
    assert!(now.contains("crates/pets-types"), "{now}");
    assert_eq!(read(home.path(), "src/lib.rs"), "//! Mine.\n");
    assert_eq!(read(home.path(), ".gitignore"), "mine\n");
    assert!(!home.path().join("crates/pets-client").exists());
    assert!(!home.path().join(".github").exists());
    assert_fresh(home.path());
}

#[test]
fn a_workspace_is_found_from_one_of_its_members() {
    let home = pets();
    write(home.path(), "Cargo.toml", "[workspace]\nmembers = [\"crates/*\", \"app\"]\n");
    write(home.path(), "app/Cargo.toml", "[package]\nname = \"app\"\nedition = \"2024\"\n");
    write(home.path(), "app/src/lib.rs", "");
    let ended = oas(&home.path().join("app"), ["init", "../pets.yaml", "--yes", "--only", "types"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(home.path().join("crates/pets-types/src/lib.rs").is_file());
    assert_eq!(read(home.path(), "Cargo.toml"), "[workspace]\nmembers = [\"crates/*\", \"app\"]\n");
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let home = pets();
    let ended = oas(home.path(), ["init", "pets.yaml", "--dry-run"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stderr.contains("Would write openapi/codegen.toml"), "{}", ended.stderr);
    assert!(ended.stderr.contains("Would write crates/pets-client"), "{}", ended.stderr);
    assert_eq!(files(home.path()).len(), 1);
    let asked = oas(home.path(), ["init", "pets.yaml"]);
    assert_eq!((asked.code, asked.stderr.contains("--yes")), (2, true), "{}", asked.stderr);
    assert_eq!(files(home.path()).len(), 1);
}

#[test]
fn another_document_joins_the_first() {
    let home = pets();
    init(home.path(), &["--only", "types"]);
    let config = read(home.path(), "openapi/codegen.toml") + "# By hand.\n";
    write(home.path(), "openapi/codegen.toml", &config);
    write(home.path(), "toys.yaml", &PETS.replace("Pets", "Toys"));
    let ended = oas(home.path(), ["init", "toys.yaml", "--yes", "--only", "types"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let now = read(home.path(), "openapi/codegen.toml");
    assert!(now.contains("# By hand.") && now.matches("[[api]]").count() == 2, "{now}");
    assert_fresh(home.path());

    write(home.path(), "pets.yaml", &PETS.replace("Pets", "Other"));
    let ended = oas(home.path(), ["init", "pets.yaml", "--name", "other", "--yes"]);
    assert_eq!((ended.code, ended.stderr.contains("another document")), (2, true), "{}", ended.stderr);
}

#[test]
fn references_to_other_files_come_along() {
    let home = tempfile::tempdir().expect("a folder");
    let document =
        PETS.split("components:").next().expect("paths").replace("#/components/schemas/Pet", "parts/pet.yaml");
    write(home.path(), "api/pets.yaml", &document);
    write(home.path(), "api/parts/pet.yaml", "type: object\nproperties: { name: { type: string } }\n");
    let ended = oas(home.path(), ["init", "api/pets.yaml", "--yes", "--only", "types"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(home.path().join("openapi/parts/pet.yaml").is_file());
    assert_fresh(home.path());

    let beside = tempfile::tempdir().expect("a folder");
    write(beside.path(), "api/pets.yaml", &document.replace("parts/pet.yaml", "../parts/pet.yaml"));
    write(beside.path(), "parts/pet.yaml", "type: object\n");
    git(beside.path(), &["init", "--quiet"]);
    let ended = oas(beside.path(), ["init", "api/pets.yaml", "--yes", "--only", "types"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(beside.path().join("openapi/parts/pet.yaml").is_file());
    assert!(read(beside.path(), "openapi/codegen.toml").contains("openapi/api/pets.yaml"));
    assert_fresh(beside.path());
}

#[test]
fn names_come_from_titles_where_files_say_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    write(home.path(), "openapi.yaml", &PETS.replace("title: Pets", "title: The Pet Shop API"));
    let ended = oas(home.path(), ["init", "openapi.yaml", "--yes", "--only", "types"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(home.path().join("crates/pet-shop-types").is_dir(), "{}", ended.stderr);
}

#[test]
fn another_version_is_told_how_to_go_on() {
    let home = pets();
    init(home.path(), &["--only", "types"]);
    let config = read(home.path(), "openapi/codegen.toml");
    let version = env!("CARGO_PKG_VERSION");
    write(home.path(), "openapi/codegen.toml", &config.replace(version, "0.0.9"));
    let ended = oas(home.path(), ["codegen", "--check"]);
    assert_eq!(ended.code, 2);
    insta::assert_snapshot!(ended.stderr.replace(version, "VERSION"));
    let ended = oas(home.path(), ["codegen", "--upgrade"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(read(home.path(), "openapi/codegen.toml"), config);
    assert_fresh(home.path());
}

#[test]
fn what_generated_code_needs_is_added_and_checked() {
    let home = pets();
    init(home.path(), &["--only", "types,server"]);
    let path = "crates/pets-server/Cargo.toml";
    let whole = read(home.path(), path);
    let without: String =
        whole.lines().filter(|line| !line.starts_with("oas-server-runtime")).flat_map(|line| [line, "\n"]).collect();
    write(home.path(), path, &without.replace("[dependencies]", "[dependencies] # few"));
    let ended = oas(home.path(), ["codegen", "--check"]);
    assert_eq!((ended.code, ended.stderr.contains("+oas-server-runtime")), (1, true), "{}", ended.stderr);
    assert_eq!(oas(home.path(), ["codegen"]).code, 0);
    let now = read(home.path(), path);
    assert!(now.contains("# few") && now.contains("oas-server-runtime = { path"), "{now}");
    assert_fresh(home.path());

    write(home.path(), "crates/pets-server/src/lib.rs", "//! Nothing.\n");
    let ended = oas(home.path(), ["codegen"]);
    assert_eq!((ended.code, ended.stderr.contains("mod generated;")), (2, true), "{}", ended.stderr);
}

#[test]
fn a_package_by_hand_is_told_which_features_it_lacks() {
    let home = pets();
    init(home.path(), &["--only", "types,client"]);
    let config = read(home.path(), "openapi/codegen.toml");
    let by_hand: Vec<&str> = config.lines().filter(|line| !line.starts_with("[runtime]")).collect();
    let by_hand: Vec<&str> = by_hand.into_iter().filter(|line| !line.starts_with("embedded")).collect();
    write(home.path(), "openapi/codegen.toml", &by_hand.join("\n"));
    let ended = oas(home.path(), ["codegen"]);
    assert_eq!((ended.code, ended.stderr.contains("missing-feature")), (0, false), "{}", ended.stderr);

    let more =
        "  /toys: { get: { operationId: listToys, tags: [Toys], responses: { \"204\": { description: None. } } } }\n";
    let document = read(home.path(), "openapi/pets.yaml").replace("components:\n", &format!("{more}components:\n"));
    write(home.path(), "openapi/pets.yaml", &document);
    let ended = oas(home.path(), ["codegen"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    insta::assert_snapshot!(
        ended.stderr.lines().take_while(|line| !line.contains("Wrote")).collect::<Vec<_>>().join("\n")
    );
    // As the hint says.
    for package in ["types", "client"] {
        let path = format!("crates/pets-{package}/Cargo.toml");
        let start = format!("warning[missing-feature]: `{path}` lacks the features `pets`, `toys`");
        assert!(ended.stderr.contains(&start), "{}", ended.stderr);
        let features = ["pets", "toys"].map(|name| match package {
            "types" => format!("{name} = []"),
            _ => format!("{name} = [\"pets-types/{name}\"]"),
        });
        for feature in &features {
            assert!(ended.stderr.contains(&format!("`{feature}`")), "{}", ended.stderr);
        }
        let text = read(home.path(), &path);
        let text = match package {
            "types" => text.replace(
                "[features]\n",
                &format!("[features]\ndefault = [\"pets\", \"toys\"]\n{}\n", features.join("\n")),
            ),
            _ => text
                .replace("default = [", "default = [\"pets\", \"toys\", ")
                .replace("[features]\n", &format!("[features]\n{}\n", features.join("\n"))),
        };
        write(home.path(), &path, &text);
    }
    let ended = oas(home.path(), ["codegen"]);
    assert_eq!((ended.code, ended.stderr.contains("warning")), (0, false), "{}", ended.stderr);
    let ended = cargo(home.path(), ["check", "--workspace", "--quiet"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
}

#[test]
fn a_runtime_that_came_along_is_checked_like_generated_code() {
    let home = pets();
    init(home.path(), &["--only", "client"]);
    let path = "crates/oas-client-runtime/src/lib.rs";
    let whole = read(home.path(), path);
    write(home.path(), path, &format!("{whole}// Mine.\n"));
    write(home.path(), "crates/oas-client-runtime/src/mine.rs", "");
    let ended = oas(home.path(), ["codegen", "--check"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("Stale crates/oas-client-runtime/src/lib.rs"), "{}", ended.stderr);
    assert!(ended.stderr.contains("Orphaned crates/oas-client-runtime/src/mine.rs"), "{}", ended.stderr);
    assert_eq!(oas(home.path(), ["codegen"]).code, 0);
    assert_eq!(read(home.path(), path), whole);
}

#[test]
fn runtimes_elsewhere_are_recorded() {
    let home = pets();
    let runtimes = root().join("crates").display().to_string();
    init(home.path(), &["--only", "client", "--runtime", "path", "--runtime-source", &runtimes]);
    assert!(read(home.path(), "openapi/codegen.toml").contains("path = "));
    assert!(!home.path().join("crates/oas-client-runtime").exists());
    let manifest = read(home.path(), "crates/pets-client/Cargo.toml");
    assert!(manifest.contains(&format!("{runtimes}/oas-client-runtime")), "{manifest}");
    let other = pets();
    let ended = oas(other.path(), ["init", "pets.yaml", "--yes", "--runtime", "git"]);
    assert_eq!((ended.code, ended.stderr.contains("--runtime-rev")), (2, true), "{}", ended.stderr);
}

#[test]
fn a_folder_without_runtimes_is_refused() {
    let home = pets();
    let standalone = ["codegen", "--document", "pets.yaml", "--out", "out"];
    let elsewhere = ["--runtime", "path", "--runtime-source", "nowhere"];
    for (arguments, said) in [
        (["init", "pets.yaml", "--yes"].into_iter().chain(elsewhere).collect::<Vec<_>>(), "in `nowhere`"),
        (standalone.into_iter().chain(elsewhere).collect(), "in `nowhere`"),
        (standalone.into_iter().chain(["--runtime-source", "nowhere"]).collect(), "--runtime path"),
    ] {
        let ended = oas(home.path(), &arguments);
        assert_eq!((ended.code, ended.stderr.contains(said)), (2, true), "{arguments:?}: {}", ended.stderr);
        assert_eq!(files(home.path()).len(), 1, "nothing is written");
    }
}

#[test]
fn a_folder_without_configuration_is_told_how_to_start() {
    let home = pets();
    let ended = oas(home.path(), ["codegen"]);
    assert_eq!((ended.code, ended.stderr.contains("`cargo oas init DOCUMENT`")), (2, true), "{}", ended.stderr);
    init(home.path(), &["--only", "cli"]);
    assert!(home.path().join("crates/pets-client").is_dir(), "a command line stands on a client");
    assert_fresh(home.path());
}

#[test]
fn an_address_is_fetched_only_when_asked_for() {
    let home = pets();
    let ended = oas(home.path(), ["init", "https://pets.example.com/openapi.yaml", "--yes"]);
    assert_eq!((ended.code, ended.stderr.contains("--fetch")), (2, true), "{}", ended.stderr);
    assert_eq!(files(home.path()).len(), 1);
}

/// Packages that stand on embedded runtime crates are packed as if those came from the registry, which has the same: here
/// the embedded ones stand for that.
#[test]
fn generated_packages_can_be_published() {
    let home = pets();
    init(home.path(), &["--no-workflows"]);
    let config = read(home.path(), "openapi/codegen.toml");
    let package = "\n[package]\nlicense = \"MIT\"\nrepository = \"https://pets.example.com\"\nversion = \"1.2.3\"\n";
    let (head, apis) = config.split_once("[[api]]").expect("a document");
    write(home.path(), "openapi/codegen.toml", &format!("{head}{}\n[[api]]{apis}", package.trim_start()));
    fs::remove_dir_all(home.path().join("crates")).expect("removed");
    assert_eq!(oas(home.path(), ["codegen"]).code, 0);
    let manifest = read(home.path(), "crates/pets-types/Cargo.toml");
    for line in ["version = \"1.2.3\"", "license = \"MIT\"", "repository = \"https://pets.example.com\""] {
        assert!(manifest.contains(line), "{line} is not in {manifest}");
    }
    for entry in fs::read_dir(home.path().join("crates")).expect("a folder").filter_map(Result::ok) {
        let manifest = entry.path().join("Cargo.toml");
        let text = fs::read_to_string(&manifest).expect("a manifest");
        fs::write(&manifest, text.replace("publish = false\n", "")).expect("written");
    }
    fs::copy(root().join("Cargo.lock"), home.path().join("Cargo.lock")).expect("copied");
    let packed = cargo(home.path(), ["package", "--workspace", "--no-verify", "--allow-dirty", "--offline"]);
    assert_eq!(packed.code, 0, "{}", packed.stderr);
    for package in ["pets-types v1.2.3", "pets-client", "pets-server", "pets-cli"] {
        assert!(packed.stderr.contains(&format!("Packaging {package}")), "{package}: {}", packed.stderr);
    }
}
