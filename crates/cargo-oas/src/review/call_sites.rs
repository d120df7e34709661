//! The lines of this workspace that stop compiling.
//!
//! The workspace is copied, the generated files of the revision are put into the copy, and the compiler is asked. What
//! it says about code that people wrote is what they have to change.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use oas_codegen::files::{self, Mode};
use oas_codegen::generate::PackageFiles;
use oas_document::Failure;
use oas_review::{CallSite, Report};
use serde_json::Value;

use super::failure;

/// Where the copy and what is built of it stay, below the root: the next review builds only what changed.
const SCRATCH: &str = "target/review";

/// Finds the lines, and gives them to the findings whose Rust items they name.
pub(crate) fn attach(report: &mut Report, root: &Path, packages: &[PackageFiles]) -> Result<(), Failure> {
    if !root.join("Cargo.toml").is_file() {
        let message = format!("there is no workspace in `{}`, so that no lines can stop compiling", root.display());
        return Err(failure("no-workspace", message, "--call-sites is for workspaces that use generated packages"));
    }
    let copy = root.join(SCRATCH).join("workspace");
    mirror(root, &copy).map_err(|error| {
        let message = format!("cannot copy the workspace to `{}`: {error}", copy.display());
        failure("no-copy", message, "the copy is compiled with the generated code of the revision")
    })?;
    for package in packages {
        let folder = copy.join(&package.folder);
        files::apply(&package.files, &folder, Mode::Write).map_err(|error| {
            failure("no-copy", format!("cannot write to `{}`: {error}", folder.display()), "is the disk full?")
        })?;
    }
    let changed: BTreeSet<String> = report
        .findings
        .iter()
        .flat_map(|finding| &finding.rust)
        .filter(|item| item.breaks().is_some())
        .map(|item| item.package.clone())
        .collect();
    let users = users(&copy, changed)?;
    if users.is_empty() {
        return Ok(());
    }
    for site in check(&copy, &root.join(SCRATCH).join("build"), &users)? {
        assign(report, &site);
    }
    Ok(())
}

/// The members of the workspace that use one of `changed`, directly or not, and those themselves; the rest need not be
/// compiled.
fn users(copy: &Path, mut changed: BTreeSet<String>) -> Result<BTreeSet<String>, Failure> {
    let mut command = cargo(copy);
    let output = command
        .args(["metadata", "--format-version=1", "--no-deps", "--quiet"])
        .output()
        .map_err(|error| failure("no-cargo", format!("cannot run cargo: {error}"), "cargo must be on the path"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let names = |value: &Value| value["name"].as_str().map(ToOwned::to_owned);
    let members: BTreeSet<String> = packages.iter().filter_map(names).collect();
    changed.retain(|package| members.contains(package));
    loop {
        let more: Vec<String> = packages
            .iter()
            .filter(|package| {
                let dependencies = package["dependencies"].as_array().into_iter().flatten().filter_map(names);
                dependencies.into_iter().any(|name| changed.contains(&name))
            })
            .filter_map(names)
            .filter(|name| !changed.contains(name))
            .collect();
        if more.is_empty() {
            return Ok(changed);
        }
        changed.extend(more);
    }
}

/// The cargo that runs this program, or the one on the path, in `folder`.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    command
}

/// Makes `copy` hold the files of the workspace that git knows or would know, and no others; files that are the same
/// already keep their times, so that they are not compiled again.
fn mirror(root: &Path, copy: &Path) -> std::io::Result<()> {
    let mut command = Command::new("git");
    let listed =
        command.current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).output()?;
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    let wanted: BTreeSet<&str> = text.split('\0').filter(|file| root.join(file).is_file()).collect();
    for file in &wanted {
        let (from, to) = (root.join(file), copy.join(file));
        if fs::read(&to).ok() != Some(fs::read(&from)?) {
            fs::create_dir_all(to.parent().unwrap_or(copy))?;
            fs::copy(&from, &to)?;
        }
    }
    prune(copy, copy, &wanted)
}

/// Removes what is not wanted any more.
fn prune(copy: &Path, folder: &Path, wanted: &BTreeSet<&str>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(copy).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if path.is_dir() && !path.is_symlink() {
            prune(copy, &path, wanted)?;
        } else if !wanted.contains(name.as_str()) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Compiles the copy, and collects the errors in code that people wrote.
fn check(copy: &Path, target: &Path, packages: &BTreeSet<String>) -> Result<Vec<CallSite>, Failure> {
    let mut command = cargo(copy);
    command.env("CARGO_TARGET_DIR", target);
    command.args(["check", "--all-targets", "--keep-going", "--quiet", "--message-format=json"]);
    command.args(packages.iter().flat_map(|package| ["--package", package.as_str()]));
    let output = command
        .output()
        .map_err(|error| failure("no-cargo", format!("cannot run cargo: {error}"), "cargo must be on the path"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let messages: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut sites: Vec<CallSite> = messages.iter().filter_map(site).collect();
    sites.sort();
    sites.dedup();
    if sites.is_empty() && !output.status.success() && messages.is_empty() {
        let words = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
        return Err(failure(
            "no-check",
            format!("cargo check failed: {words}"),
            "does the workspace compile as it is?",
        ));
    }
    Ok(sites)
}

/// The place that an error of the compiler points to; `None` for warnings, and for generated code.
fn site(message: &Value) -> Option<CallSite> {
    let inner = message.get("message").filter(|_| message["reason"] == "compiler-message")?;
    let span = inner["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let file = span["file_name"].as_str()?;
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
    (inner["level"] == "error" && !file.contains("src/generated/")).then_some(CallSite {
        package: message["target"]["name"].as_str()?.to_owned(),
        file: file.to_owned(),
        line: number(&span["line_start"])?,
        column: number(&span["column_start"])?,
        message: inner["message"].as_str()?.to_owned(),
    })
}

/// Gives a line to the findings that changed something the message names, or else to all that break code.
fn assign(report: &mut Report, site: &CallSite) {
    let words: BTreeSet<&str> =
        site.message.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).collect();
    let breaks = |finding: &oas_review::Finding| finding.rust.iter().any(|item| item.breaks().is_some());
    let names = |finding: &oas_review::Finding| {
        let broken = finding.rust.iter().filter(|item| item.breaks().is_some());
        broken.map(|item| item.path.rsplit("::").next().unwrap_or_default()).any(|name| words.contains(name))
    };
    let is_named = report.findings.iter().any(names);
    for finding in &mut report.findings {
        if if is_named { names(finding) } else { breaks(finding) } {
            finding.call_sites.push(site.clone());
        }
    }
}

/// The files of the packages that belong to this workspace; those of a document on its own have no folder here.
pub(crate) fn own(packages: Vec<PackageFiles>) -> Vec<PackageFiles> {
    packages.into_iter().filter(|package| package.folder != PathBuf::new()).collect()
}
