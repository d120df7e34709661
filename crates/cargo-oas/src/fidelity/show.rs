//! The report for people.

use std::io::Write as _;

use oas_fidelity::{Counts, Fault, Goals, Report};

use crate::shell;

/// How many faults are shown unless all are asked for.
const SHOWN: usize = 12;

/// How much of a value is shown.
const LONGEST: usize = 300;

/// Prints what was found of a document.
pub(super) fn text(name: &str, report: &Report, is_verbose: bool) {
    print(&format!("{name}: {} (schemas, parameters, headers)", shell::counted(report.probes, "probe")));
    print(&format!("  {:<22} {:>7} {:>9} {:>9}   {:>7} {:>9}", "", "valid", "accepted", "equal", "broken", "refused"));
    row("all", &report.total);
    for (keyword, counts) in &report.by_keyword {
        row(keyword, counts);
    }
    if report.total.examples > 0 {
        let Counts { examples, read, .. } = report.total;
        print(&format!("  examples read by a client: {read} of {examples}"));
    }
    let shown = if is_verbose { usize::MAX } else { SHOWN };
    for fault in report.faults.iter().take(shown) {
        self::fault(fault);
    }
    let more = report.faults.len().saturating_sub(shown);
    if more > 0 {
        print(&format!("  and {}: --verbose shows all", shell::counted(more, "more fault")));
    }
    for (pointer, reason) in report.skipped.iter().take(shown) {
        print(&format!("  not measured: #{pointer}: {}", cut(reason)));
    }
}

fn row(name: &str, counts: &Counts) {
    let percent = |of: u64, value: f64| if of == 0 { String::new() } else { format!("{value:.2} %") };
    let Counts { valid, broken, .. } = *counts;
    let count = |of: u64| if of == 0 { String::new() } else { of.to_string() };
    print(&format!(
        "  {name:<22} {:>7} {:>9} {:>9}   {:>7} {:>9}",
        count(valid),
        percent(valid, counts.accepted_percent()),
        percent(valid, counts.same_percent()),
        count(broken),
        percent(broken, counts.refused_percent()),
    ));
}

fn fault(fault: &Fault) {
    let Fault { kind, pointer, place, keyword, value, found, times } = fault;
    let keyword = keyword.as_ref().map(|keyword| format!(", `{keyword}` broken")).unwrap_or_default();
    let place = if place.is_empty() { String::new() } else { format!(" at {place}") };
    print(&format!("  {}: #{pointer}{place}{keyword} ({times}x)", kind.as_str()));
    print(&format!("      sent  {}", cut(&value.to_string())));
    print(&format!("      found {}", cut(found)));
}

fn cut(text: &str) -> String {
    let kept: String = text.chars().map(|one| if one.is_control() { ' ' } else { one }).take(LONGEST).collect();
    if kept.len() < text.len() { format!("{kept}...") } else { kept }
}

/// Says which goals are not reached.
pub(super) fn verdict(reports: &[(String, Report)], goals: &Goals) {
    for (name, report) in reports {
        let Goals { round_trip, accepted, refused, examples } = *goals;
        let total = report.total;
        let all = [
            ("of valid values come back equal", total.same_percent(), round_trip),
            ("of valid values are accepted", total.accepted_percent(), accepted),
            ("of broken values are refused", total.refused_percent(), refused),
            ("of examples are read", total.read_percent(), examples),
        ];
        for (words, reached, goal) in all.into_iter().filter(|(_, reached, goal)| reached < goal) {
            shell::alarm("Below", format_args!("{name}: {reached:.2} % {words}, the goal is {goal} %"));
        }
    }
}

/// Writes a line to standard output.
pub(super) fn print(line: &str) {
    // A reader that went away is no failure of ours.
    let _ = writeln!(std::io::stdout(), "{line}");
}
