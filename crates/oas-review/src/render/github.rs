//! The report as annotations of GitHub Actions (workflow commands).

use std::fmt::Write as _;

use super::clean::clean;
use super::phrases::{verdict, witness};
use crate::report::{Finding, Impact, Report};
use crate::slip::{Slip, SlipIn};

/// One line for each finding that is not accepted and more than words, and the verdict as a notice.
pub fn github(report: &Report) -> String {
    let mut out = String::new();
    let open = report.findings.iter().filter(|finding| finding.accepted.is_none());
    for finding in open.filter(|finding| finding.impact < Impact::Cosmetic) {
        out.push_str(&annotation(finding));
    }
    for slip in report.slips.iter().filter(|slip| slip.side == SlipIn::Revision) {
        out.push_str(&slip_annotation(slip));
    }
    let _ = writeln!(out, "::notice title=API review::{}", data(&verdict(report)));
    out
}

fn annotation(finding: &Finding) -> String {
    let level = match finding.impact {
        Impact::Breaking => "error",
        Impact::Review => "warning",
        Impact::Compatible | Impact::Cosmetic => "notice",
    };
    // What is gone has no line in the revision; the file it was in may still be there, but not the line.
    let place = finding.revision.as_ref().map_or_else(String::new, |place| {
        format!("file={},line={},col={},", property(&place.file), place.line, place.column)
    });
    let mut words = finding.message.clone();
    if let Some(witness) = witness(finding) {
        let _ = write!(words, "\nwitness: {witness}");
    }
    if !finding.advice.is_empty() {
        let _ = write!(words, "\ndo: {}", finding.advice);
    }
    format!("::{level} {place}title={}::{}\n", property(&finding.rule), data(&words))
}

fn slip_annotation(slip: &Slip) -> String {
    let place = slip.place.as_ref().map_or_else(String::new, |place| {
        format!("file={},line={},col={},", property(&place.file), place.line, place.column)
    });
    let hint = slip.hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    format!("::notice {place}title={}::{}\n", property(slip.code), data(&format!("{}{hint}", slip.message)))
}

/// A value in the message of a command.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| clean(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// A value of a command's property.
fn property(text: &str) -> String {
    clean(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}
