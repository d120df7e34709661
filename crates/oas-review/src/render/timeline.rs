//! A series of revisions: what happened at each step.

use std::fmt::Write as _;

use super::clean::{clean, code, markdown as escaped};
use super::phrases::verdict;
use crate::report::{Finding, Impact, Report};

/// Of the findings of a step, so many are named.
const MOST: usize = 12;

/// The findings that somebody has to know of, the gravest first.
fn told(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|finding| finding.accepted.is_none() && finding.impact <= Impact::Review)
}

fn more(report: &Report) -> Option<String> {
    let count = told(report).count();
    (count > MOST).then(|| format!("and {} more", count - MOST))
}

/// The steps for a terminal.
pub fn timeline(steps: &[Report]) -> String {
    let mut out = String::new();
    for report in steps {
        let _ = writeln!(out, "{} -> {}", clean(&report.base), clean(&report.revision));
        let _ = writeln!(out, "  {}", verdict(report));
        for finding in told(report).take(MOST) {
            let word = if finding.silent { "silent break" } else { finding.impact.as_str() };
            let _ = writeln!(out, "  {word}: {}", clean(&finding.message));
        }
        if let Some(more) = more(report) {
            let _ = writeln!(out, "  {more}");
        }
        out.push('\n');
    }
    out
}

/// The steps as Markdown.
pub fn timeline_markdown(steps: &[Report]) -> String {
    let mut out =
        "| from | to | breaking | silent | to review | compatible |\n|---|---|---:|---:|---:|---:|\n".to_owned();
    for report in steps {
        let summary = &report.summary;
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            code(&report.base),
            code(&report.revision),
            summary.breaking,
            summary.silent,
            summary.review,
            summary.compatible
        );
    }
    for report in steps.iter().filter(|report| told(report).next().is_some()) {
        let _ = writeln!(out, "\n### {} → {}\n\n{}\n", code(&report.base), code(&report.revision), verdict(report));
        for finding in told(report).take(MOST) {
            let word = if finding.silent { "silent break" } else { finding.impact.as_str() };
            let _ = writeln!(out, "- {word}: {}", escaped(&finding.message));
        }
        if let Some(more) = more(report) {
            let _ = writeln!(out, "- {more}");
        }
    }
    out
}

/// The reports of all steps, as a list.
pub fn timeline_json(steps: &[Report]) -> String {
    let mut text = serde_json::to_string_pretty(steps).unwrap_or_default();
    text.push('\n');
    text
}
