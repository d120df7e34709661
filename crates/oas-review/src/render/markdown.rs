//! The report as Markdown, for a comment on a pull request.

use std::fmt::Write as _;

use super::clean::{code, cut, fenced, markdown as escaped};
use super::phrases::{MOST_PARTS, order, owed, parties, plural, verdict, whole_message, witness};
use super::section::{Section, grouped, rule_counts};
use crate::place::Place;
use crate::report::{Finding, Report};
use crate::semver::Step;

/// GitHub takes comments of 65,536 characters; whoever posts the report puts a mark of theirs before it. Bytes are counted,
/// which are at least as many.
const LONGEST: usize = 65_000;

/// Bytes that are kept for the words at the end.
const RESERVE: usize = 12_000;

/// Slips that are listed at most.
const MOST_SLIPS: usize = 8;

/// Rules in the table of counts at most.
const MOST_RULES: usize = 40;

/// The whole report, or as much of it as a comment can hold; what is left out is counted.
pub fn markdown(report: &Report) -> String {
    let mut out = head(report);
    let mut length = out.len();
    let mut left_out = 0;
    for section in Section::ALL {
        let findings = section.findings(report);
        if findings.is_empty() {
            continue;
        }
        let folded = matches!(section, Section::Compatible | Section::Accepted | Section::Cosmetic);
        let title = format!("{} ({})", section.title(), findings.len());
        let (open, close) = if folded {
            (format!("\n<details><summary><b>{title}</b></summary>\n\n{}\n\n", section.lead()), "\n</details>\n")
        } else {
            (format!("\n### {title}\n\n{}\n\n", section.lead()), "")
        };
        let mut body = String::new();
        let groups = grouped(&findings);
        let is_grouped = section != Section::Cosmetic && groups.len() < findings.len();
        let entries = groups.iter().flat_map(|(group, findings)| {
            findings.iter().enumerate().map(move |(index, finding)| {
                let head =
                    if is_grouped && index == 0 { format!("\n#### {}\n\n", escaped(group)) } else { String::new() };
                head + &if section == Section::Cosmetic { line(finding) } else { entry(finding) }
            })
        });
        for entry in entries {
            let size = entry.len();
            let frame = open.len() + close.len();
            if left_out > 0 || length + frame + size > LONGEST - RESERVE {
                left_out += 1;
                continue;
            }
            length += size;
            body.push_str(&entry);
        }
        if !body.is_empty() {
            length += open.len() + close.len();
            let _ = write!(out, "{open}{body}{close}");
        }
    }
    out.push_str(&slips(report));
    out.push_str(&counts(report));
    if left_out > 0 {
        let _ = write!(
            out,
            "\n**And {left_out} more {}**, which do not fit into a comment. \
             `--format html --output review.html` shows them all.\n",
            plural(left_out, "finding", "findings")
        );
    }
    out
}

fn head(report: &Report) -> String {
    let summary = &report.summary;
    let mut out = format!("## {}\n\n", verdict(report));
    let _ = writeln!(out, "{} → {}\n", code(&report.base), code(&report.revision));
    if !report.findings.is_empty() {
        let parties = parties(report).map(|words| words + " ").unwrap_or_default();
        let _ = writeln!(out, "{parties}{}\n", order(report));
    }
    let _ = writeln!(out, "| breaking | of them silent | to review | compatible | words | accepted |");
    let _ = writeln!(out, "|---:|---:|---:|---:|---:|---:|");
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} | {} |",
        summary.breaking, summary.silent, summary.review, summary.compatible, summary.cosmetic, summary.accepted
    );
    let owing: Vec<String> = summary
        .crates
        .iter()
        .filter(|one| one.step != Step::Patch)
        .map(|one| format!("- {}{}\n", if one.is_sufficient { "" } else { "**Too small:** " }, escaped(&owed(one))))
        .collect();
    if !owing.is_empty() {
        let _ = write!(out, "\n{}", owing.concat());
    }
    out
}

/// What breaks a rule of OpenAPI on one side alone, folded away.
fn slips(report: &Report) -> String {
    let count = report.slips.len();
    if count == 0 {
        return String::new();
    }
    let words = plural(count, "place that breaks", "places that break");
    let mut out = format!(
        "\n<details><summary>{count} {words} a rule of OpenAPI on one side alone</summary>\n\n\
         They were compared as what they became.\n\n"
    );
    for slip in report.slips.iter().take(MOST_SLIPS) {
        let place = slip.place.as_ref().map(|place| format!("{}:{}:{}", place.file, place.line, place.column));
        let place = place.map(|place| format!(" {}", code(&cut(&place, 200)))).unwrap_or_default();
        let hint =
            slip.hint.as_ref().map(|hint| format!(" To mend it: {}.", escaped(&cut(hint, 200)))).unwrap_or_default();
        let message = escaped(&cut(&slip.message, 300));
        let _ = writeln!(out, "- {} `{}`: {message}{place}{hint}", slip.side.words(), slip.code);
    }
    if count > MOST_SLIPS {
        let _ = writeln!(out, "- and {} more", count - MOST_SLIPS);
    }
    out.push_str("\n</details>\n");
    out
}

/// How often each rule was found, folded away.
fn counts(report: &Report) -> String {
    let counts = rule_counts(report);
    if counts.len() < 2 {
        return String::new();
    }
    let mut out = "\n<details><summary>Counts per rule</summary>\n\n| rule | findings |\n|---|---:|\n".to_owned();
    for (rule, count) in counts.iter().take(MOST_RULES) {
        let _ = writeln!(out, "| `{rule}` | {count} |");
    }
    if counts.len() > MOST_RULES {
        let _ = writeln!(out, "| {} more rules | |", counts.len() - MOST_RULES);
    }
    out.push_str("\n</details>\n");
    out
}

fn line(finding: &Finding) -> String {
    format!("- {} {}\n", escaped(&finding.message), place(finding))
}

fn entry(finding: &Finding) -> String {
    let mut out = format!("- **{}** {}\n", escaped(&finding.message), place(finding));
    let mut row = |text: String| {
        let _ = writeln!(out, "  {text}  ");
    };
    row(format!("{} `{}` · {}", finding.why, finding.rule, finding.fingerprint));
    for part in finding.parts.iter().take(MOST_PARTS) {
        row(format!("· {}", escaped(part)));
    }
    if finding.parts.len() > MOST_PARTS {
        row(format!("· and {} more", finding.parts.len() - MOST_PARTS));
    }
    if !finding.breaks.is_empty() {
        let parties: Vec<&str> = finding.breaks.iter().map(|party| party.as_str()).collect();
        row(format!("Breaks: {}", parties.join(", ")));
    }
    match (witness(finding), &finding.no_witness) {
        (Some(witness), _) => row(format!("Witness: {}", code(&witness))),
        (None, Some(reason)) => row(format!("No witness: {}", escaped(reason))),
        (None, None) => {}
    }
    if let Some(message) = whole_message(finding) {
        row(format!("As a message: {}", code(&message)));
    }
    match &finding.accepted {
        Some(accepted) => row(format!("Accepted until {}: {}", accepted.expires, escaped(&accepted.reason))),
        None => row(format!("Do: {}", finding.advice)),
    }
    for item in finding.rust.iter().take(4) {
        let show = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        row(format!("Rust: {} → {}", code(&show(&item.before)), code(&show(&item.after))));
    }
    if finding.rust.len() > 4 {
        row(format!("and {} more Rust items", finding.rust.len() - 4));
    }
    for site in finding.call_sites.iter().take(4) {
        row(format!("Stops compiling: {}", code(&format!("{}:{}:{}", site.file, site.line, site.column))));
    }
    out.push_str(&folded(finding));
    out
}

/// The fragments and the operations, folded away.
fn folded(finding: &Finding) -> String {
    let mut inside = String::new();
    let fragments = [("before", &finding.base), ("after", &finding.revision)];
    for (word, place) in fragments {
        if let Some(Place { fragment, .. }) = place.as_ref().filter(|place| !place.fragment.is_empty()) {
            let _ = write!(inside, "\n{word}:\n\n{}", fenced(&cut(fragment, 500), "json"));
        }
    }
    let count = finding.operations.len();
    if count > 0 {
        let names: Vec<String> =
            finding.operations.iter().take(20).map(|one| code(&format!("{} {}", one.method, one.path))).collect();
        let more = if count > 20 { format!(" and {} more", count - 20) } else { String::new() };
        let _ = writeln!(inside, "\n{}{more}", names.join(", "));
    }
    if inside.is_empty() {
        return String::new();
    }
    let title = if count > 0 {
        format!("fragments, reached by {count} {}", plural(count, "operation", "operations"))
    } else {
        "fragments".to_owned()
    };
    let body = inside.lines().fold(String::new(), |body, line| body + "  " + line + "\n");
    format!("\n  <details><summary>{title}</summary>\n{body}\n  </details>\n\n")
}

fn place(finding: &Finding) -> String {
    let place = finding.revision.as_ref().or(finding.base.as_ref());
    place.map_or_else(String::new, |place| code(&format!("{}:{}:{}", place.file, place.line, place.column)))
}
