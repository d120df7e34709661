//! The examples: each is a hand-written part, which `cargo oas init` makes whole.

use std::fs;
use std::path::Path;

#[cfg(target_os = "linux")]
use super::postgres;
use super::program::{cargo, files, root, shell_with};

/// The commands of an example's README, run in a copy of it and with these variables; what the last one printed.
fn follow(name: &str, variables: &[(&str, &str)]) -> String {
    let source = root().join("examples").join(name);
    let home = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files(&source) {
        let to = home.path().join(&path);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::write(to, bytes).expect("copied");
    }
    fs::copy(root().join("Cargo.lock"), home.path().join("Cargo.lock")).expect("copied");
    let readme = fs::read_to_string(home.path().join("README.md")).expect("the README");
    let commands: Vec<&str> = readme.lines().filter(|line| line.starts_with("cargo ")).collect();
    assert!(commands.len() > 1, "{name}: it is started, and run");
    let mut printed = String::new();
    for command in commands {
        let ended = shell_with(home.path(), command, variables);
        assert_eq!(ended.code, 0, "{name}: {command}: {}", ended.stderr);
        printed = ended.stdout;
    }
    formatted(home.path());
    printed
}

/// What people wrote is formatted.
fn formatted(home: &Path) {
    let ended = cargo(home, ["fmt", "--all", "--check"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn the_petstore_answers() {
    assert_eq!(follow("petstore", &[]), "Rex has the number 1\n");
}

#[test]
fn the_station_streams() {
    let expected = "3 readings taken\n19.5 °C\n20 °C\n20.5 °C\nthe last 10 bytes of the storm\n";
    assert_eq!(follow("streaming", &[]), expected);
}

#[test]
#[cfg(target_os = "linux")]
fn notes_are_in_postgresql() {
    let Some(programs) = postgres::programs() else {
        assert!(std::env::var_os("CI").is_none(), "PostgreSQL is not on this machine");
        return;
    };
    let database = postgres::start(&programs).expect("PostgreSQL") + "/postgres";
    let expected = "stamps, bread\nmilk\nnobody reads what somebody else notes\n";
    assert_eq!(follow("postgres", &[("DATABASE_URL", &database)]), expected);
}
