//! The review itself.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use oas_codegen::config::ApiConfig;
use oas_document::{Diagnostic, Document, Failure, Sources};
use oas_model::Api;
use oas_review::render::{self, Colour};
use oas_review::{Acceptances, Impact, Judging, Report, RustChanges, Side};

use super::cli::{Cli, FailOn, Format};
use super::side::{self, Origin};
use super::{call_sites, failure, today, versions};
use crate::shell::{Shell, Verbosity};
use crate::{config, program};

/// Where acceptances stand, below the root of the workspace.
const ACCEPTED: &str = "openapi/accepted.toml";

/// Runs the review; `false` when something was found that `--fail-on` names.
pub(crate) fn run(flags: &Cli) -> Result<bool, Failure> {
    if let Some(id) = &flags.explain {
        return explain(id);
    }
    if flags.rules {
        print(flags, &oas_review::rule::all_ids().iter().fold(String::new(), |text, id| text + id + "\n"))?;
        return Ok(true);
    }
    let root = root(flags)?;
    let acceptances = acceptances(flags, &root)?;
    if let [only] = flags.base.as_slice()
        && let Some(series) = side::range(&root, only)?
    {
        return history(flags, &root, &acceptances, only, series);
    }
    if flags.base.len() > 1 {
        return timeline(flags, &root, &acceptances);
    }
    let reports = reports(flags, &root, &acceptances)?;
    if flags.prune_accepted {
        return prune(flags, &root, &acceptances);
    }
    tell_acceptances(flags, &acceptances)?;
    let mut text = String::new();
    for report in &reports {
        text.push_str(&show(flags, report));
    }
    print(flags, &text)?;
    Ok(reports.iter().all(|report| is_fine(flags.fail_on, report)))
}

/// Reviews the commits of a range, each against the one before.
fn history(
    flags: &Cli,
    root: &Path,
    acceptances: &Acceptances,
    range: &str,
    mut series: Vec<String>,
) -> Result<bool, Failure> {
    if flags.revision.is_some() {
        let hint = "leave out --revision: a range ends where it says";
        return Err(failure("no-timeline", format!("`{range}` has a revision of its own"), hint));
    }
    if let Some(last) = series.pop().filter(|_| !series.is_empty()) {
        return timeline(&Cli { base: series, revision: Some(last), ..flags.clone() }, root, acceptances);
    }
    out(&format!("No commit of {range} touches a document.\n"))?;
    Ok(true)
}

/// Reviews a series of revisions, each against the one before.
fn timeline(flags: &Cli, root: &Path, acceptances: &Acceptances) -> Result<bool, Failure> {
    let ends = flags.base.iter().skip(1).cloned().map(Some).chain([flags.revision.clone()]);
    let mut steps = Vec::new();
    for (base, revision) in flags.base.iter().zip(ends) {
        let flags = Cli { base: vec![base.clone()], revision, ..flags.clone() };
        steps.extend(reports(&flags, root, acceptances)?);
    }
    let text = match flags.format {
        Format::Json => render::timeline_json(&steps),
        Format::Markdown => render::timeline_markdown(&steps),
        Format::Text => render::timeline(&steps),
        Format::Sarif | Format::Github | Format::Html => {
            let hint = "a timeline is `text`, `markdown` or `json`; review two revisions for other formats";
            return Err(failure("no-timeline", "this format shows two revisions", hint));
        }
    };
    print(flags, &text)?;
    Ok(steps.iter().all(|report| is_fine(flags.fail_on, report)))
}

/// Tells about acceptances that match nothing, which is quiet work for later, and about those that ended.
fn tell_acceptances(flags: &Cli, acceptances: &Acceptances) -> Result<(), Failure> {
    let unused = acceptances.unused();
    let hint = format!("`{} review --prune-accepted` takes it out", program::running().name);
    let told = |make: fn(&'static str, String) -> Diagnostic| -> Vec<Diagnostic> {
        unused.iter().map(|one| make("unused-acceptance", one.clone()).hint(hint.as_str())).collect()
    };
    if flags.deny_unused_accepted && !unused.is_empty() {
        return Err(Failure { sources: Sources::default(), diagnostics: told(Diagnostic::error) });
    }
    let mut diagnostics = told(Diagnostic::warning);
    let hint = "agree on another day, or undo the change";
    let expired = acceptances.expired();
    diagnostics.extend(expired.into_iter().map(|one| Diagnostic::warning("expired-acceptance", one).hint(hint)));
    if !diagnostics.is_empty() {
        Shell { verbosity: Verbosity::Normal }.diagnostics(&diagnostics, &Sources::default());
    }
    Ok(())
}

/// Takes the acceptances that match nothing out of their file.
fn prune(flags: &Cli, root: &Path, acceptances: &Acceptances) -> Result<bool, Failure> {
    let count = acceptances.unused().len();
    let path = flags.accepted.clone().unwrap_or_else(|| root.join(ACCEPTED));
    if count > 0 {
        let unwritable = |error: std::io::Error| {
            let message = format!("cannot rewrite `{}`: {error}", path.display());
            failure("unwritable-acceptances", message, "it lists accepted findings")
        };
        let text = std::fs::read_to_string(&path).map_err(unwritable)?;
        write(&path, &acceptances.pruned(&text)).map_err(unwritable)?;
    }
    let words = if count == 1 { "acceptance" } else { "acceptances" };
    out(&format!("{count} {words} taken out of {}\n", path.display()))?;
    Ok(true)
}

/// Everything but printing, to be measured: the report, and how many findings it has.
pub(crate) fn measured(flags: &Cli) -> Result<(String, usize), Failure> {
    let root = root(flags)?;
    let reports = reports(flags, &root, &Acceptances::default())?;
    let text = reports.iter().map(|report| show(flags, report)).collect();
    Ok((text, reports.iter().map(|report| report.findings.len()).sum()))
}

fn explain(id: &str) -> Result<bool, Failure> {
    let Some(text) = oas_review::rule::explain(id) else {
        let hint = format!("`{} review --rules` lists the rules", program::running().name);
        return Err(failure("unknown-rule", format!("there is no rule `{id}`"), hint));
    };
    out(&text)?;
    Ok(true)
}

/// The root of the workspace: the nearest folder upwards with a configuration, or the current one.
fn root(flags: &Cli) -> Result<PathBuf, Failure> {
    if let Some(root) = &flags.root {
        return Ok(root.clone());
    }
    let current = std::env::current_dir().map_err(|error| {
        failure("no-current-folder", format!("cannot tell the current folder: {error}"), "change into another one")
    })?;
    Ok(current.ancestors().find(|folder| folder.join(config::PATH).is_file()).unwrap_or(&current).to_owned())
}

fn acceptances(flags: &Cli, root: &Path) -> Result<Acceptances, Failure> {
    // Documents on their own have nothing to do with what this workspace accepted.
    let is_document = |flag: &String| Path::new(flag).is_file() || flag.contains(':');
    let are_files = flags.base.iter().chain(&flags.revision).any(is_document);
    let default = root.join(ACCEPTED);
    let path = match &flags.accepted {
        Some(path) => path.clone(),
        None if !are_files && default.is_file() => default,
        None => return Ok(Acceptances::default()),
    };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        let message = format!("cannot read `{}`: {error}", path.display());
        failure("unreadable-acceptances", message, "it lists accepted findings")
    })?;
    Acceptances::parse(&text).map_err(|words| {
        let message = format!("`{}`: {words}", path.display());
        let hint = "each [[accept]] has `fingerprint`, or `rule` and `pointer`; `reason`; and `expires = YYYY-MM-DD`";
        failure("invalid-acceptances", message, hint)
    })
}

/// One report for each document.
fn reports(flags: &Cli, root: &Path, acceptances: &Acceptances) -> Result<Vec<Report>, Failure> {
    let base = side::origin(root, flags.base.first().map(String::as_str), true)?;
    let revision = side::origin(root, flags.revision.as_deref(), false)?;
    let (there, here) = (side::configuration(&base)?, side::configuration(&revision)?);
    let is_meant = |api: &&ApiConfig| flags.api.as_ref().is_none_or(|name| *name == api.name);
    let own = config::read(root).ok();
    let pairs: Vec<(Option<&ApiConfig>, Option<&ApiConfig>)> = match (&there, &here) {
        (None, None) => {
            // A document of this workspace keeps the names of its packages.
            let is_own = |api: &&ApiConfig| [&base, &revision].iter().any(|origin| origin.is(root, &api.document));
            let api = own.as_ref().and_then(|config| config.apis.iter().find(is_own));
            vec![(api, api)]
        }
        (Some(only), None) => only.apis.iter().filter(is_meant).take(1).map(|api| (Some(api), Some(api))).collect(),
        (None, Some(only)) => only.apis.iter().filter(is_meant).take(1).map(|api| (Some(api), Some(api))).collect(),
        (Some(there), Some(here)) => {
            let counterpart = |api: &ApiConfig| there.apis.iter().find(|other| other.name == api.name);
            here.apis.iter().filter(is_meant).filter_map(|api| Some((Some(counterpart(api)?), Some(api)))).collect()
        }
    };
    if pairs.is_empty() {
        let hint = format!("`{}` lists the documents of this workspace", config::PATH);
        return Err(failure("no-document", "there is no document to review on both sides", hint));
    }
    pairs.into_iter().map(|apis| review(flags, root, (&base, &revision), apis, acceptances)).collect()
}

/// A document and its model, to be looked at.
fn look((document, api): &(Document, Api)) -> Side<'_> {
    Side { document, api }
}

fn review(
    flags: &Cli,
    root: &Path,
    (base, revision): (&Origin, &Origin),
    apis: (Option<&ApiConfig>, Option<&ApiConfig>),
    acceptances: &Acceptances,
) -> Result<Report, Failure> {
    let old = side::job(base, apis.0, flags, &[])?;
    let mut new = side::job(revision, apis.1, flags, &flags.revision_overlay)?;
    let [there, here] = side::read(&old, &new)?;
    let (mut base_diagnostics, mut revision_diagnostics) = (there.1.diagnostics, here.1.diagnostics);
    let (there, here) = ((there.0, there.1.api), (here.0, here.1.api));
    let (changes, rust) = if flags.no_rust {
        (oas_review::compare(look(&there), look(&here)), RustChanges::default())
    } else {
        let (changes, described) = side::beside(
            || oas_review::compare(look(&there), look(&here)),
            || side::in_rust((&old, &mut new), (&there, &here)),
        );
        let [(before, told_before), (after, told_after)] = described?;
        base_diagnostics.extend(told_before);
        revision_diagnostics.extend(told_after);
        let rust = RustChanges::between(&before, &after);
        (changes, rust.with_meanings((&before, look(&there)), (&after, look(&here))))
    };
    let versions = apis.1.map(|api| versions::read(root, base, revision, api)).unwrap_or_default();
    let sides = (look(&there), look(&here));
    let name = |origin: &Origin, api: Option<&ApiConfig>| match (origin, api) {
        (Origin::File(_), _) | (_, None) => origin.name(),
        (_, Some(api)) => format!("{} at {}", api.document.display(), origin.name()),
    };
    let today = flags.today.clone().unwrap_or_else(today::today);
    let judging = Judging {
        base: sides.0,
        revision: sides.1,
        names: (name(base, apis.0), name(revision, apis.1)),
        roots: (base.root(), revision.root()),
        diagnostics: (&base_diagnostics, &revision_diagnostics),
        rust: &rust,
        versions: &versions,
        acceptances,
        today: &today,
    };
    let mut report = oas_review::judge(changes, judging);
    if flags.call_sites {
        call_sites::attach(&mut report, root, &call_sites::own(side::packages(&new)?))?;
    }
    Ok(report)
}

fn show(flags: &Cli, report: &Report) -> String {
    let colour = if flags.output.is_none() && std::io::stdout().is_terminal() { Colour::Always } else { Colour::Never };
    if flags.changelog {
        return render::changelog(report);
    }
    match flags.format {
        Format::Text => render::text(report, colour),
        Format::Markdown => render::markdown(report),
        Format::Json => render::json(report),
        Format::Sarif => render::sarif(report),
        Format::Github => render::github(report),
        Format::Html => render::html(report),
    }
}

fn is_fine(fail_on: FailOn, report: &Report) -> bool {
    match (fail_on, report.worst()) {
        (FailOn::Never, _) | (_, None) => true,
        (FailOn::Breaking, Some(worst)) => worst > Impact::Breaking,
        (FailOn::Review, Some(worst)) => worst > Impact::Review,
    }
}

fn print(flags: &Cli, text: &str) -> Result<(), Failure> {
    let Some(path) = &flags.output else { return out(text) };
    write(path, text).map_err(|error| {
        let message = format!("cannot write `{}`: {error}", path.display());
        failure("unwritable-report", message, "--output names the file to write")
    })
}

/// Writes a whole file or none.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    // A device or a pipe is written to, and never replaced by a file.
    if path.exists() && !path.is_file() {
        return std::fs::OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // A report is for others to read; temporary files are private by default.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

/// Writes to standard output; a reader that went away is no failure.
fn out(text: &str) -> Result<(), Failure> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(failure("unwritable-output", format!("cannot write to standard output: {error}"), "is the disk full?"))
        }
        _ => Ok(()),
    }
}
