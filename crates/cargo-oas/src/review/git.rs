//! What git knows: revisions, and files at them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use oas_document::Failure;

use super::failure;

/// Names of the main branch, the likeliest first.
const MAIN: [&str; 5] = ["origin/HEAD", "origin/main", "main", "origin/master", "master"];

/// A repository, by the root of its working tree.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    root: PathBuf,
    /// The folder of the workspace below the root of the repository; empty when they are the same.
    prefix: String,
}

impl Repository {
    /// The repository around `folder`.
    pub(crate) fn around(folder: &Path) -> Result<Self, Failure> {
        let root = git(folder, ["rev-parse", "--show-toplevel"]).map_err(|words| {
            let message = format!("`{}` is not in a git repository: {words}", folder.display());
            failure("no-repository", message, "give --base FILE and --revision FILE to compare two documents")
        })?;
        let prefix = git(folder, ["rev-parse", "--show-prefix"]).unwrap_or_default();
        Ok(Self { root: PathBuf::from(root), prefix })
    }

    /// The commit that a name stands for.
    pub(crate) fn commit(&self, name: &str) -> Result<String, Failure> {
        // A name that starts with a dash would be read as a flag.
        let named = format!("{name}^{{commit}}");
        git(&self.root, ["rev-parse", "--verify", "--quiet", "--end-of-options", &named]).map_err(|_| {
            let hint = if self.is_shallow() {
                "this clone is shallow: `git fetch --unshallow` (in GitHub Actions: `fetch-depth: 0`) brings the rest"
            } else {
                "`git branch --all` and `git tag` list what there is; a document needs a path that exists"
            };
            failure("unknown-revision", format!("`{name}` is no git revision and no file"), hint)
        })
    }

    /// Where this branch left the main branch.
    pub(crate) fn merge_base(&self) -> Result<(String, String), Failure> {
        let main = MAIN.into_iter().find(|name| git(&self.root, ["rev-parse", "--verify", "--quiet", name]).is_ok());
        let Some(main) = main else {
            let message = "there is no main branch to compare with".to_owned();
            return Err(failure("no-main-branch", message, "give --base REV, or fetch the main branch"));
        };
        let base = git(&self.root, ["merge-base", "HEAD", main]).map_err(|_| {
            let message = format!("`HEAD` and `{main}` have no commit in common that is here");
            let hint = if self.is_shallow() {
                "this clone is shallow: `git fetch --unshallow` (in GitHub Actions: `fetch-depth: 0`) brings the rest"
            } else {
                "give --base REV"
            };
            failure("no-merge-base", message, hint)
        })?;
        let short = git(&self.root, ["rev-parse", "--short", &base]).unwrap_or_else(|_| base.clone());
        Ok((base, format!("{short} (merge base with {main})")))
    }

    /// The commits of a range that touch `paths`, the oldest first, with the one before all of them.
    pub(crate) fn history(&self, from: &str, to: &str, paths: &[PathBuf]) -> Result<Vec<String>, Failure> {
        let (from, to) = (self.commit(from)?, self.commit(to)?);
        let range = format!("{from}..{to}");
        let mut command = Command::new("git");
        command.current_dir(&self.root).args(["log", "--reverse", "--format=%H", &range, "--"]);
        command.args(paths.iter().map(|path| format!("{}{}", self.prefix, slashes(path))));
        let listed = finish(command).map_err(|words| {
            failure("git-failed", format!("cannot list the commits of {range}: {words}"), "`git fsck` looks for damage")
        })?;
        Ok([from].into_iter().chain(listed.lines().map(ToOwned::to_owned)).collect())
    }

    /// A commit as people name it.
    pub(crate) fn short(&self, commit: &str) -> String {
        git(&self.root, ["rev-parse", "--short", commit]).unwrap_or_else(|_| commit.to_owned())
    }

    fn is_shallow(&self) -> bool {
        git(&self.root, ["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true")
    }

    /// The text of a file of the workspace at a commit; `None` when it is not there.
    pub(crate) fn show(&self, commit: &str, path: &Path) -> Option<String> {
        let name = format!("{commit}:{}{}", self.prefix, slashes(path));
        let output = Command::new("git").current_dir(&self.root).args(["show", &name]).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Writes the files below `folders` as they were at a commit into `target`.
    pub(crate) fn materialise(&self, commit: &str, folders: &[PathBuf], target: &Path) -> Result<PathBuf, Failure> {
        let index = target.join("index");
        let tree = target.join("tree");
        let problem = |words: String| {
            failure("git-failed", format!("cannot read commit {commit}: {words}"), "`git fsck` looks for damage")
        };
        // An index of its own keeps the user's as it is.
        let run = |arguments: &[&OsStr]| -> Result<String, Failure> {
            let mut command = Command::new("git");
            command.current_dir(&self.root).env("GIT_INDEX_FILE", &index).args(arguments);
            finish(command).map_err(problem)
        };
        run(&["read-tree".as_ref(), commit.as_ref()])?;
        let wanted: Vec<String> = folders.iter().map(|folder| format!("{}{}", self.prefix, slashes(folder))).collect();
        let mut list: Vec<&OsStr> = vec!["ls-files".as_ref(), "-z".as_ref(), "--".as_ref()];
        list.extend(wanted.iter().map(|one| OsStr::new(one.as_str())));
        let files = run(&list)?;
        let files: Vec<&str> = files.split('\0').filter(|file| !file.is_empty()).collect();
        let prefix = format!("--prefix={}/", tree.display());
        // Command lines have a limit; a chunk stays well below it.
        for chunk in files.chunks(200) {
            let mut checkout: Vec<&OsStr> =
                vec!["checkout-index".as_ref(), "--quiet".as_ref(), prefix.as_ref(), "--".as_ref()];
            checkout.extend(chunk.iter().map(OsStr::new));
            run(&checkout)?;
        }
        Ok(tree.join(&self.prefix))
    }
}

fn slashes(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn git<const N: usize>(folder: &Path, arguments: [&str; N]) -> Result<String, String> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments);
    finish(command)
}

fn finish(mut command: Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("cannot run git: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(words.lines().next().unwrap_or("git said no").to_owned())
}
