//! Entries for the changelogs of the generated packages.

use std::fmt::Write as _;

use super::clean::{code, markdown as escaped};
use crate::report::{Finding, Impact, Report};
use crate::semver::Step;

/// One section for each package that changes, under the headings that changelogs use.
pub fn changelog(report: &Report) -> String {
    let mut out = String::new();
    for owed in report.summary.crates.iter().filter(|owed| owed.step != Step::Patch) {
        let version = owed.min_version.as_deref().unwrap_or("unreleased");
        let _ = writeln!(out, "# {}\n\n## {version}\n", owed.package);
        let touches = |finding: &&Finding| finding.rust.iter().any(|item| item.package == owed.package);
        let touching: Vec<&Finding> = report.findings.iter().filter(touches).collect();
        let is_breaking = |finding: &&Finding| {
            finding.rust.iter().any(|item| item.package == owed.package && item.step == Step::Major)
        };
        let (breaking, other): (Vec<&Finding>, Vec<&Finding>) =
            touching.iter().partition(|finding| is_breaking(finding));
        let wire: Vec<&Finding> =
            report.findings.iter().filter(|finding| finding.silent && !touches(finding)).collect();
        section(&mut out, "Breaking changes", &breaking, &owed.package);
        section(&mut out, "Changes on the wire that no compiler shows", &wire, &owed.package);
        section(&mut out, "Other changes", &other, &owed.package);
    }
    if out.is_empty() {
        let is_silent = report.findings.iter().any(|finding| finding.impact < Impact::Cosmetic);
        out.push_str(if is_silent { "No package changes; the wire does.\n" } else { "Nothing to tell.\n" });
    }
    out
}

fn section(out: &mut String, title: &str, findings: &[&Finding], package: &str) {
    if findings.is_empty() {
        return;
    }
    let _ = writeln!(out, "### {title}\n");
    for finding in findings {
        let _ = writeln!(out, "- {}", escaped(&first_upper(&finding.message)));
        for item in finding.rust.iter().filter(|item| item.package == package && item.step == Step::Major).take(6) {
            let show = |side: &Option<String>| side.as_ref().map_or_else(|| "gone".to_owned(), |text| code(text));
            let line = match (&item.before, &item.after) {
                (None, Some(after)) => format!("new: {}", code(after)),
                (before, after) => format!("{} → {}", show(before), show(after)),
            };
            let _ = writeln!(out, "  - {line}");
        }
    }
    out.push('\n');
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
