//! `cargo oas init`: from a document to a workspace that generates, checks and reviews.
//!
//! It writes what people own: a copy of the document, the configuration, an overlay to start from, workflows. Then it
//! generates, as `cargo oas codegen` does from then on. What is there already stays as it is.

mod answers;
mod document;
mod files;

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use oas_codegen::config::{self, Config, Unknown};
use oas_codegen::files::Freshness;
use oas_document::Failure;

use crate::cli::Codegen;
use crate::cli::Init;
use crate::shell::{self, Shell, Verbosity};
use crate::{Outcome, codegen, failure, program};
use answers::Answers;

/// Runs the command.
///
/// # Errors
/// When the document cannot be read, or something that is there already is in the way.
pub fn run(flags: &Init) -> Result<Outcome, Failure> {
    let shell = Shell { verbosity: Verbosity::Normal };
    let brought = document::read(&flags.document, flags.fetch)?;
    shell.diagnostics(&brought.warnings, brought.document.sources());
    let root = answers::root(flags)?;
    let answers = Answers::new(flags, &brought)?;
    std::env::set_current_dir(&root).map_err(|error| {
        let message = format!("cannot enter `{}`: {error}", root.display());
        failure::plain("unreadable-folder", message, "--root names the folder of the workspace")
    })?;
    let mut planned = answers.files(&brought)?;
    planned.retain(|one| one.found != Freshness::Fresh);
    let config = planned.iter().find(|one| one.file.path == Path::new(config::PATH));
    let config = match config {
        Some(planned) => planned.file.contents.clone(),
        None => files::text(Path::new(config::PATH))?.unwrap_or_default(),
    };
    let config = config::parse(&config, Path::new(config::PATH), Unknown::Refuse)?;
    let coming = codegen::preview(preview(config, &answers, &brought))?;
    let own = planned.iter().map(|one| (one.file.path.clone(), one.found.clone()));
    let all: Vec<(PathBuf, Freshness)> = own.chain(coming).filter(|(_, found)| *found != Freshness::Fresh).collect();
    if flags.dry_run || !flags.yes {
        shell.status("Folder", root.display());
        show(shell, &all, ["Would write", "Would change"]);
        if flags.dry_run {
            shell.status("Finished", "nothing was written: this was a --dry-run");
            return Ok(Outcome::Fine);
        }
        if !agreed()? {
            shell.status("Finished", "nothing was written");
            return Ok(Outcome::Fine);
        }
    }
    for one in &planned {
        files::write(one)?;
    }
    let outcome = codegen::run(&Codegen { quiet: true, ..Codegen::default() })?;
    if all.is_empty() {
        shell.status("Finished", "nothing to do: everything is there, and fresh");
        return Ok(outcome);
    }
    show(shell, &all, ["Wrote", "Added to"]);
    shell.status("Finished", format_args!("{} are as they should be", shell::counted(all.len(), "file")));
    next(&answers);
    Ok(outcome)
}

/// Shows files, those of a package together: they are many.
fn show(shell: Shell, files: &[(PathBuf, Freshness)], [new, changed]: [&str; 2]) {
    let mut packages: Vec<(&Path, usize)> = Vec::new();
    for (path, found) in files {
        match package(path) {
            Some(folder) if *found == Freshness::Missing => match packages.iter_mut().find(|(one, _)| *one == folder) {
                Some((_, count)) => *count += 1,
                None => packages.push((folder, 1)),
            },
            _ => shell.status(if *found == Freshness::Missing { new } else { changed }, path.display()),
        }
    }
    for (folder, count) in packages {
        shell.status(new, format_args!("{} ({})", folder.display(), shell::counted(count, "file")));
    }
}

/// The folder of the package that a file belongs to; `None` for files of the workspace.
fn package(path: &Path) -> Option<&Path> {
    let is_part = |folder: &&Path| {
        path.starts_with(folder.join("src"))
            || ["Cargo.toml", "rustfmt.toml"].iter().any(|name| folder.join(name) == path)
    };
    path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).find(is_part)
}

/// The configuration as it is before anything is copied: the document is where it was, and its overlay does nothing.
fn preview(mut config: Config, answers: &Answers, brought: &document::Brought) -> Config {
    for api in config.apis.iter_mut().filter(|api| api.name == answers.name) {
        if !api.document.is_file() {
            api.document.clone_from(&brought.path);
        }
        api.overlays.retain(|folder| folder.exists());
    }
    config
}

/// Whether a person agrees.
fn agreed() -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        let hint = "--yes goes on without a question, --dry-run only shows";
        return Err(failure::plain("nobody-to-ask", "nobody is there to agree: this is no terminal", hint));
    }
    let mut out = anstream::stderr();
    // Where nobody sees the question, nobody answers it.
    let _ = write!(out, "Go on? [Y/n] ").and_then(|()| out.flush());
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
    Ok(matches!(line.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

/// What to do next.
fn next(answers: &Answers) {
    let program = program::running().name;
    let Answers { name, packages, overlays, .. } = answers;
    let mut steps = vec!["`cargo check` compiles what was generated".to_owned()];
    let has = |package: &str| packages.iter().any(|(one, _)| one.as_str() == package);
    if has("client") {
        steps.push(format!("use `{name}-client` to call the API: `Client::builder().build()?`"));
    }
    if has("server") {
        steps.push(format!("implement the traits of `{name}-server`, and give that to its `router`"));
    }
    if has("cli") {
        steps.push(format!("`cargo run -p {name}-cli -- --help` calls the API from a shell"));
    }
    steps.push(format!("when the document changes: `{program} review`, then `{program} codegen`"));
    steps.push(format!("what the document gets wrong is mended in `{}`", overlays.display()));
    steps.push("commit everything; the workflows check it from then on".to_owned());
    for step in steps {
        shell::help(step);
    }
}

/// The folder that packages go into.
const CRATES: &str = "crates";

/// Where a file that was copied belongs.
fn below_openapi(path: &Path) -> PathBuf {
    Path::new("openapi").join(path)
}
