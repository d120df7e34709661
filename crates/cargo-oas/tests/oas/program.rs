//! Running programs as a person does.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a run of a program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Standard error without the folder `home`.
    pub(crate) fn stderr_in(&self, home: &Path) -> String {
        self.stderr.replace(&home.display().to_string(), "HOME")
    }
}

/// The root of this workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ended { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// Runs `cargo oas` with these arguments in `folder`.
pub(crate) fn oas<I: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = I>) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-oas"));
    // Cargo puts the name of the command first.
    command.arg("oas").args(arguments).current_dir(folder).env_remove("RUST_BACKTRACE").env("NO_COLOR", "1");
    ended(&mut command)
}

/// Runs cargo in `folder`. All of these tests build into one folder: what the packages depend on is built once.
pub(crate) fn cargo<const N: usize>(folder: &Path, arguments: [&str; N]) -> Ended {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", root().join("target/standalone"));
    ended(&mut command)
}

/// Runs a line as it is typed, with `cargo oas` on the path. Nothing is fetched.
pub(crate) fn shell(folder: &Path, line: &str) -> Ended {
    shell_with(folder, line, &[])
}

/// The same with variables of the environment.
pub(crate) fn shell_with(folder: &Path, line: &str, variables: &[(&str, &str)]) -> Ended {
    let own = Path::new(env!("CARGO_BIN_EXE_cargo-oas")).parent().unwrap_or(Path::new(""));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([own.to_owned()].into_iter().chain(std::env::split_paths(&path)));
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(folder).env("PATH", path.unwrap_or_default()).env("CARGO_NET_OFFLINE", "true");
    command.env("CARGO_TARGET_DIR", root().join("target/standalone")).env("NO_COLOR", "1");
    command.envs(variables.iter().copied());
    ended(&mut command)
}

/// Runs git in `folder`; it must work.
pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Case", "-c", "user.email=case@example.com", "-c", "commit.gpgsign=false"];
    let done = ended(Command::new("git").current_dir(folder).args(identity).args(arguments));
    assert_eq!(done.code, 0, "{arguments:?}: {}", done.stderr);
}

/// Every file below `folder` with its bytes, in the order of the paths, without those of git and of `target/`.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().filter_map(Result::ok) {
            if entry.file_name() == ".git" || entry.file_name() == "target" {
                continue;
            }
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
