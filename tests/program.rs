//! Running `cargo xtask` as a person does: the real program, in a folder of its own.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// The root of the workspace.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}

/// How a run of a program ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; -1 when a signal ended it.
    pub code: i32,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error.
    pub stderr: String,
}

impl Ended {
    /// Standard error with what changes from run to run replaced: times, and the folder `home`.
    pub fn stderr_in(&self, home: &Path) -> String {
        without_times(&self.stderr.replace(&home.display().to_string(), "HOME"))
    }
}

/// Runs a command to its end.
///
/// # Panics
/// When it cannot be started.
pub fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ended { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// The program behind `cargo xtask`, built once per test program.
///
/// # Panics
/// When it does not build.
pub fn xtask() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built("xtask"))
}

/// The program behind `cargo xtask review`, built once per test program.
///
/// # Panics
/// When it does not build.
pub fn review() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built("xtask-review"))
}

/// The program behind `cargo oas`, built once per test program.
///
/// # Panics
/// When it does not build.
pub fn oas() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built("cargo-oas"))
}

fn built(package: &str) -> PathBuf {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--package", package, "--message-format=json", "--quiet"]).current_dir(root());
    let built = ended(&mut command);
    assert!(built.code == 0, "{package} does not build: {}", built.stderr);
    let messages = built.stdout.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let executable = messages
        .filter(|message| message["target"]["name"] == package)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    executable.unwrap_or_else(|| panic!("cargo names no program: {}", built.stdout))
}

/// Runs `cargo xtask` with these arguments in `folder`.
///
/// # Panics
/// When it cannot be started.
pub fn run<I: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = I>) -> Ended {
    let mut command = Command::new(xtask());
    command.args(arguments).current_dir(folder).env_remove("RUST_BACKTRACE").env("NO_COLOR", "1");
    ended(&mut command)
}

/// A copy of what `codegen` reads and writes in this workspace: the documents and the packages' generated code.
///
/// # Panics
/// When it cannot be made.
pub fn copy() -> TempDir {
    let home = TempDir::new().unwrap_or_else(|error| panic!("{error}"));
    let mut pending = vec![PathBuf::from("openapi")];
    let crates = fs::read_dir(root().join("crates")).unwrap_or_else(|error| panic!("{error}"));
    for package in crates.filter_map(Result::ok) {
        pending.push(Path::new("crates").join(package.file_name()).join("src/generated"));
    }
    while let Some(folder) = pending.pop() {
        let Ok(entries) = fs::read_dir(root().join(&folder)) else { continue };
        fs::create_dir_all(home.path().join(&folder)).unwrap_or_else(|error| panic!("{error}"));
        for entry in entries.filter_map(Result::ok) {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                pending.push(path);
            } else {
                fs::copy(entry.path(), home.path().join(&path)).unwrap_or_else(|error| panic!("{error}"));
            }
        }
    }
    home
}

/// Every file below `folder` with its bytes, in the order of the paths.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().filter_map(Result::ok) {
            if entry.path().is_dir() {
                pending.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(folder) {
                files.push((path.to_owned(), fs::read(entry.path()).unwrap_or_default()));
            }
        }
    }
    files.sort();
    files
}

/// A text in which `in 0.12s` became `in TIME`.
fn without_times(text: &str) -> String {
    let time = |word: &str| {
        let number = word.strip_suffix('s').unwrap_or_default();
        number.contains('.') && number.chars().all(|one| one.is_ascii_digit() || one == '.')
    };
    let lines = text.lines().map(|line| {
        let words: Vec<&str> = line.split(' ').map(|word| if time(word) { "TIME" } else { word }).collect();
        words.join(" ").trim_end().to_owned() + "\n"
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_replaced_and_nothing_else() {
        assert_eq!(without_times("fresh, in 0.12s\n  1.2 s 3s"), "fresh, in TIME\n  1.2 s 3s\n");
    }
}
