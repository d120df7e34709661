//! The report for a terminal, 80 columns wide.

use std::fmt::Write as _;

use super::clean::{clean, cut};
use super::phrases::{MOST_PARTS, order, owed, parties, verdict, whole_message, witness};
use crate::report::{Finding, Impact, Report};
use crate::semver::Step;
use crate::slip::Slip;

/// Of the Rust items that a change touches, so many are shown.
const MOST_ITEMS: usize = 8;

/// Lines are folded before this column.
const WIDTH: usize = 80;

/// Whether the text has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// With ANSI escape sequences.
    Always,
    /// Without.
    Never,
}

/// Colours by what they say.
#[derive(Clone, Copy)]
enum Ink {
    Error,
    Warning,
    Good,
    Faint,
    Place,
}

impl Colour {
    fn paint(self, ink: Ink, text: &str) -> String {
        if self == Self::Never {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Error => "1;31",
            Ink::Warning => "1;33",
            Ink::Good => "1;32",
            Ink::Faint => "2",
            Ink::Place => "1;34",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// The whole report.
pub fn text(report: &Report, colour: Colour) -> String {
    let mut out = String::new();
    write_lead(&mut out, report, colour);
    for finding in report.findings.iter().filter(|finding| finding.impact != Impact::Cosmetic) {
        write_finding(&mut out, finding, colour);
    }
    let cosmetic: Vec<&Finding> = report.findings.iter().filter(|finding| finding.impact == Impact::Cosmetic).collect();
    for finding in &cosmetic {
        let line = format!("{} {}", place(finding), clean(&finding.message));
        let _ = writeln!(out, "{}", colour.paint(Ink::Faint, &format!("cosmetic: {line}")));
    }
    if !cosmetic.is_empty() {
        out.push('\n');
    }
    for slip in &report.slips {
        write_slip(&mut out, slip, colour);
    }
    write_summary(&mut out, report, colour);
    out
}

/// The first lines: the verdict, who breaks, what to deploy first.
fn write_lead(out: &mut String, report: &Report, colour: Colour) {
    if report.findings.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", colour.paint(ink(report), &verdict(report)));
    if let Some(parties) = parties(report) {
        fold(out, "", 0, "  ", &parties);
    }
    let _ = writeln!(out, "{}\n", order(report));
}

/// The colour of the verdict.
fn ink(report: &Report) -> Ink {
    match (report.summary.breaking, report.summary.review) {
        (0, 0) => Ink::Good,
        (0, _) => Ink::Warning,
        _ => Ink::Error,
    }
}

fn write_finding(out: &mut String, finding: &Finding, colour: Colour) {
    let (ink, word) = match (&finding.accepted, finding.impact) {
        (Some(_), _) => (Ink::Faint, "accepted"),
        (None, Impact::Breaking) if finding.silent => (Ink::Error, "silent break"),
        (None, Impact::Breaking) => (Ink::Error, "breaking"),
        (None, Impact::Review) => (Ink::Warning, "review"),
        (None, _) => (Ink::Good, "compatible"),
    };
    let head = format!("{word}[{}]", finding.rule);
    fold(out, &format!("{}: ", colour.paint(ink, &head)), head.chars().count() + 2, "", &clean(&finding.message));
    if finding.base.is_some() || finding.revision.is_some() {
        let _ = writeln!(out, "  {} {}", colour.paint(Ink::Place, "-->"), place(finding));
    }
    if let (Some(base), Some(_)) = (&finding.base, &finding.revision) {
        let _ =
            writeln!(out, "  {} {}:{}:{}", colour.paint(Ink::Place, "was"), clean(&base.file), base.line, base.column);
    }
    let mut row = |word: &str, text: &str| {
        let label = format!("  {} {word}: ", colour.paint(Ink::Place, "="));
        fold(out, &label, word.chars().count() + 6, "      ", text);
    };
    row("why", finding.why);
    for part in finding.parts.iter().take(MOST_PARTS) {
        row("does", &clean(part));
    }
    if finding.parts.len() > MOST_PARTS {
        row("does", &format!("and {} more", finding.parts.len() - MOST_PARTS));
    }
    if !finding.breaks.is_empty() {
        let parties: Vec<&str> = finding.breaks.iter().map(|party| party.as_str()).collect();
        row("breaks", &parties.join(", "));
    }
    match (witness(finding), &finding.no_witness) {
        (Some(witness), _) => row("witness", &clean(&cut(&witness, 320))),
        (None, Some(reason)) if finding.impact <= Impact::Review => row("no witness", reason),
        _ => {}
    }
    if let Some(message) = whole_message(finding) {
        row("as a message", &cut(&message, 320));
    }
    if !finding.operations.is_empty() {
        row("reached by", &operations(finding));
    }
    for item in finding.rust.iter().take(MOST_ITEMS) {
        let show = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        row("rust", &clean(&format!("{}: {} -> {}", item.package, show(&item.before), show(&item.after))));
    }
    if finding.rust.len() > MOST_ITEMS {
        row("rust", &format!("and {} more items", finding.rust.len() - MOST_ITEMS));
    }
    for site in &finding.call_sites {
        row("stops compiling", &clean(&format!("{}:{}:{} {}", site.file, site.line, site.column, site.message)));
    }
    match &finding.accepted {
        Some(accepted) => row("accepted", &clean(&format!("{} (until {})", accepted.reason, accepted.expires))),
        None => row("do", &finding.advice),
    }
    row("fingerprint", &finding.fingerprint.to_string());
    out.push('\n');
}

fn write_slip(out: &mut String, slip: &Slip, colour: Colour) {
    let head = format!("slip[{}]", slip.code);
    let text = format!("{}: {}", slip.side.words(), clean(&slip.message));
    fold(out, &format!("{}: ", colour.paint(Ink::Warning, &head)), head.chars().count() + 2, "  ", &text);
    if let Some(place) = &slip.place {
        let place = clean(&format!("{}:{}:{} #{}", place.file, place.line, place.column, place.pointer));
        let _ = writeln!(out, "  {} {place}", colour.paint(Ink::Place, "-->"));
    }
    if let Some(hint) = &slip.hint {
        let label = format!("  {} hint: ", colour.paint(Ink::Place, "="));
        fold(out, &label, "  = hint: ".len(), "      ", &clean(hint));
    }
    out.push('\n');
}

fn operations(finding: &Finding) -> String {
    let shown: Vec<String> =
        finding.operations.iter().take(3).map(|one| clean(&format!("{} {}", one.method, one.path))).collect();
    let more = finding.operations.len().saturating_sub(shown.len());
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &tail
}

fn place(finding: &Finding) -> String {
    let place = finding.revision.as_ref().or(finding.base.as_ref());
    place.map_or_else(String::new, |place| {
        let gone = if finding.revision.is_none() { " (base)" } else { "" };
        clean(&format!("{}:{}:{} #{}{gone}", place.file, place.line, place.column, place.pointer))
    })
}

fn write_summary(out: &mut String, report: &Report, colour: Colour) {
    let summary = &report.summary;
    let _ = writeln!(out, "{} -> {}", clean(&report.base), clean(&report.revision));
    let count = |ink: Ink, number: usize, word: &str| {
        let text = format!("{number} {word}");
        if number > 0 { colour.paint(ink, &text) } else { text }
    };
    let _ = writeln!(
        out,
        "{} ({} silent), {}, {}, {}, {} accepted",
        count(Ink::Error, summary.breaking, "breaking"),
        summary.silent,
        count(Ink::Warning, summary.review, "to review"),
        count(Ink::Good, summary.compatible, "compatible"),
        count(Ink::Faint, summary.cosmetic, "cosmetic"),
        summary.accepted,
    );
    for one in summary.crates.iter().filter(|one| one.step != Step::Patch) {
        let ink = if one.is_sufficient { Ink::Good } else { Ink::Warning };
        let _ = writeln!(out, "{}", colour.paint(ink, &owed(one)));
    }
    let _ = writeln!(out, "{}", colour.paint(ink(report), &verdict(report)));
}

/// Writes a label and a text after it, folded at the width of the terminal.
fn fold(out: &mut String, label: &str, label_width: usize, indent: &str, text: &str) {
    out.push_str(label);
    let mut column = label_width;
    for (index, word) in text.split(' ').enumerate() {
        let width = word.chars().count();
        if index > 0 && column + 1 + width > WIDTH {
            out.push('\n');
            out.push_str(indent);
            column = indent.len();
        } else if index > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out.push('\n');
}
