//! The writer: what it writes, what it refuses, and what is left when it is killed or runs beside itself.
#![expect(clippy::disallowed_methods, reason = "tests set folders up")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use oas_codegen::files::{Error, Freshness, Mode, apply};
use oas_codegen::{GeneratedFile, HEADER};

/// Tells the process of [`a_killed_run_leaves_whole_files`] what to do.
const CHILD: &str = "OAS_CODEGEN_TEST_ROOT";

fn file(path: &str, contents: &str) -> GeneratedFile {
    GeneratedFile { path: PathBuf::from(path), contents: contents.to_owned() }
}

fn root() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn put(root: &Path, path: &str, contents: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, contents).expect("a file");
}

fn found(files: &[GeneratedFile], root: &Path, mode: Mode) -> Vec<(String, Freshness)> {
    let found = apply(files, root, mode).expect("files that can be written");
    found.into_iter().map(|(path, freshness)| (path.to_string_lossy().replace('\\', "/"), freshness)).collect()
}

#[test]
fn everything_is_told_and_nothing_written_by_a_check() {
    let root = root();
    put(root.path(), "src/generated/stale.rs", "old");
    put(root.path(), "src/generated/fresh.rs", "same");
    put(root.path(), "src/generated/deep/orphan.rs", "gone");
    let files =
        [file("src/generated/stale.rs", "new"), file("src/generated/fresh.rs", "same"), file("src/generated/a.rs", "")];
    let expected = [
        ("src/generated/a.rs".to_owned(), Freshness::Missing),
        ("src/generated/deep/orphan.rs".to_owned(), Freshness::Orphaned),
        ("src/generated/fresh.rs".to_owned(), Freshness::Fresh),
        ("src/generated/stale.rs".to_owned(), Freshness::Stale(b"old".to_vec())),
    ];
    assert_eq!(found(&files, root.path(), Mode::Check), expected);
    assert_eq!(found(&files, root.path(), Mode::Check), expected, "a check changes nothing");
    assert_eq!(found(&files, root.path(), Mode::Write), expected, "writing tells what was there before");
    let after = found(&files, root.path(), Mode::Check);
    assert!(after.iter().all(|(_, freshness)| *freshness == Freshness::Fresh), "{after:?}");
    assert!(!root.path().join("src/generated/deep").exists(), "a folder without files goes with its last orphan");
}

#[test]
fn fresh_files_are_not_touched() {
    let root = root();
    let files = [file("src/generated/a.rs", "a")];
    apply(&files, root.path(), Mode::Write).expect("written");
    let path = root.path().join("src/generated/a.rs");
    let before = fs::metadata(&path).expect("metadata").modified().expect("a time");
    thread::sleep(Duration::from_millis(20));
    apply(&files, root.path(), Mode::Write).expect("written");
    assert_eq!(fs::metadata(&path).expect("metadata").modified().expect("a time"), before);
}

#[test]
fn no_path_leaves_the_folder() {
    let root = root();
    for path in ["../a", "src/../../a", "/etc/a", "", ".", "src/./../a/../../b"] {
        let refused = apply(&[file(path, "x")], root.path(), Mode::Write);
        assert!(matches!(refused, Err(Error::Outside(_))), "{path:?}: {refused:?}");
    }
}

#[test]
fn two_files_of_one_path_are_refused() {
    let files = [file("src/generated/a.rs", "1"), file("src/generated/a.rs", "2")];
    assert!(matches!(apply(&files, root().path(), Mode::Write), Err(Error::Twice(_))));
}

#[test]
fn hand_written_files_are_not_overwritten() {
    let root = root();
    put(root.path(), "Cargo.toml", "[workspace]\n");
    let files = [file("Cargo.toml", "new"), file("src/generated/mod.rs", "")];
    assert!(matches!(apply(&files, root.path(), Mode::Write), Err(Error::HandWritten(_))));
    assert!(!root.path().join("src").exists(), "what is refused leaves the folder as it was");
    put(root.path(), "Cargo.toml", &format!("# {HEADER}\n"));
    apply(&files, root.path(), Mode::Write).expect("a generated file is replaced");
}

#[test]
fn files_outside_of_the_owned_folder_are_no_orphans() {
    let root = root();
    put(root.path(), "src/lib.rs", "mine");
    apply(&[file("src/generated/mod.rs", "")], root.path(), Mode::Write).expect("written");
    assert!(root.path().join("src/lib.rs").exists());
}

#[test]
fn a_folder_without_generated_code_has_no_orphans() {
    let root = root();
    put(root.path(), "src/generated/mine.rs", "mine");
    apply(&[file("manifest.json", "{}")], root.path(), Mode::Write).expect("written");
    assert!(root.path().join("src/generated/mine.rs").exists());
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let (root, elsewhere) = (root(), root());
    put(elsewhere.path(), "mine.rs", "mine");
    fs::create_dir_all(root.path().join("src")).expect("a folder");
    symlink(elsewhere.path(), root.path().join("src/generated")).expect("a link");
    let refused = apply(&[file("src/generated/a.rs", "x")], root.path(), Mode::Write);
    assert!(matches!(refused, Err(Error::NotAFolder(_))), "{refused:?}");
    assert!(elsewhere.path().join("mine.rs").exists(), "what a link leads to is no orphan");

    fs::remove_file(root.path().join("src/generated")).expect("the link goes");
    fs::create_dir_all(root.path().join("src/generated")).expect("a folder");
    symlink(elsewhere.path().join("mine.rs"), root.path().join("src/generated/a.rs")).expect("a link");
    symlink(elsewhere.path(), root.path().join("src/generated/link")).expect("a link");
    let refused = apply(&[file("src/generated/a.rs", "x")], root.path(), Mode::Write);
    assert!(matches!(refused, Err(Error::NotAFile(_))), "{refused:?}");
    fs::remove_file(root.path().join("src/generated/a.rs")).expect("the link goes");
    apply(&[file("src/generated/a.rs", "x")], root.path(), Mode::Write).expect("written");
    assert!(!root.path().join("src/generated/link").exists(), "a link that nobody made is an orphan itself");
    assert_eq!(fs::read_to_string(elsewhere.path().join("mine.rs")).expect("it is there"), "mine");
}

#[cfg(unix)]
#[test]
fn written_files_have_ordinary_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = root();
    put(root.path(), "ordinary", "x");
    apply(&[file("src/generated/a.rs", "x")], root.path(), Mode::Write).expect("written");
    let mode = |path: &str| fs::metadata(root.path().join(path)).expect("metadata").permissions().mode();
    assert_eq!(mode("src/generated/a.rs"), mode("ordinary"));
}

/// Two large sets of files that differ in every byte.
fn generation(letter: char) -> Vec<GeneratedFile> {
    let contents = letter.to_string().repeat(300_000);
    (0..8).map(|number| file(&format!("src/generated/{number}.rs"), &contents)).collect()
}

/// Whether every file is of one generation as a whole.
fn assert_whole(root: &Path) {
    for number in 0..8 {
        let path = root.join(format!("src/generated/{number}.rs"));
        let Ok(text) = fs::read(&path) else { continue };
        let first = text.first().copied();
        assert!(text.len() == 300_000 && text.iter().all(|byte| Some(*byte) == first), "{} is torn", path.display());
    }
}

/// Not a test of its own: what the next one kills.
#[test]
fn write_until_killed() {
    let Some(root) = std::env::var_os(CHILD) else { return };
    loop {
        for letter in ['a', 'b'] {
            apply(&generation(letter), Path::new(&root), Mode::Write).expect("written");
        }
    }
}

#[test]
fn a_killed_run_leaves_whole_files() {
    let root = root();
    let program = std::env::current_exe().expect("this program");
    for round in 0..12 {
        let mut child = Command::new(&program)
            .args(["--exact", "write_until_killed"])
            .env(CHILD, root.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("a process");
        thread::sleep(Duration::from_millis(40 + 7 * round));
        child.kill().expect("killed");
        child.wait().expect("ended");
        assert_whole(root.path());
    }
    assert!(root.path().join("src/generated/0.rs").exists(), "the process wrote nothing: the test tests nothing");
    apply(&generation('c'), root.path(), Mode::Write).expect("written");
    let left: Vec<_> = fs::read_dir(root.path().join("src/generated")).expect("a folder").collect();
    assert_eq!(left.len(), 8, "temporary files of killed runs are removed: {left:?}");
}

#[test]
fn runs_beside_each_other_do_no_harm() {
    let root = root();
    thread::scope(|scope| {
        for letter in ['a', 'b', 'c', 'd'] {
            let root = root.path();
            scope.spawn(move || {
                for _ in 0..15 {
                    apply(&generation(letter), root, Mode::Write).expect("written");
                }
            });
        }
    });
    assert_whole(root.path());
}
