//! The report as one page that opens offline.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::clean::{cut, html as escaped};
use super::phrases::{order, owed, parties, plural, verdict, whole_message, witness};
use super::section::{Section, grouped};
use crate::place::Place;
use crate::report::{Finding, Report};
use crate::semver::Step;
use crate::slip::Slip;

const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");

/// The whole report. The page loads nothing, and says so to the browser.
pub fn html(report: &Report) -> String {
    let mut out = String::new();
    let title = verdict(report);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escaped(&title)
    );
    head(&mut out, report, &title);
    bar(&mut out, report);
    out.push_str("<main>\n");
    for section in Section::ALL {
        write_section(&mut out, section, &section.findings(report));
    }
    write_slips(&mut out, &report.slips);
    out.push_str("</main>\n<footer><p>");
    let keys = [
        ("/", "search"),
        ("j", "next"),
        ("k", "previous"),
        ("Enter", "open"),
        ("o", "open all"),
        ("c", "close all"),
        ("1–6", "filters"),
    ];
    let keys: Vec<String> = keys.iter().map(|(key, words)| format!("<kbd>{key}</kbd> {words}")).collect();
    let _ = write!(out, "Keys: {}</p></footer>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n", keys.join(", "));
    out
}

fn head(out: &mut String, report: &Report, title: &str) {
    let _ = write!(
        out,
        "<header>\n<h1>{}</h1>\n<p class=\"sides\"><code>{}</code> → <code>{}</code></p>\n",
        escaped(title),
        escaped(&report.base),
        escaped(&report.revision)
    );
    if !report.findings.is_empty() {
        let words = parties(report).map(|words| words + " ").unwrap_or_default();
        let _ = writeln!(out, "<p class=\"order\">{}{}</p>", escaped(&words), escaped(order(report)));
    }
    let owing: Vec<String> = report
        .summary
        .crates
        .iter()
        .filter(|one| one.step != Step::Patch)
        .map(|one| {
            let class = if one.is_sufficient { "enough" } else { "short" };
            format!("<li class=\"{class}\">{}</li>\n", escaped(&owed(one)))
        })
        .collect();
    if !owing.is_empty() {
        let _ = write!(out, "<ul class=\"owed\">\n{}</ul>\n", owing.concat());
    }
    out.push_str("</header>\n");
}

fn bar(out: &mut String, report: &Report) {
    out.push_str(
        "<div class=\"bar\"><div role=\"search\">\n\
         <input type=\"search\" id=\"search\" placeholder=\"Search rules, paths, words\" aria-label=\"Search findings\" autocomplete=\"off\">\n\
         <fieldset><legend class=\"legend\">Show</legend>\n",
    );
    for section in Section::ALL {
        let count = section.findings(report).len();
        let kind = kind(section);
        let _ = writeln!(
            out,
            "<label class=\"{kind}\"><input type=\"checkbox\" value=\"{kind}\" checked><span class=\"dot\" aria-hidden=\"true\"></span>{} {count}</label>",
            section.title()
        );
    }
    out.push_str("</fieldset>\n<span id=\"shown\" role=\"status\"></span>\n</div></div>\n");
}

const fn kind(section: Section) -> &'static str {
    match section {
        Section::Silent => "silent",
        Section::Breaking => "breaking",
        Section::Review => "review",
        Section::Compatible => "compatible",
        Section::Accepted => "accepted",
        Section::Cosmetic => "cosmetic",
    }
}

fn write_section(out: &mut String, section: Section, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    let count = findings.len();
    let _ =
        write!(out, "<section>\n<h2>{} ({count})</h2>\n<p class=\"lead\">{}</p>\n", section.title(), section.lead());
    let groups = grouped(findings);
    let is_grouped = groups.len() < findings.len();
    for (group, findings) in groups {
        if is_grouped {
            let _ = writeln!(out, "<h3>{}</h3>", marked(&group));
        }
        for finding in findings {
            write_finding(out, section, finding);
        }
    }
    out.push_str("</section>\n");
}

fn write_slips(out: &mut String, slips: &[Slip]) {
    if slips.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<section>\n<h2>Broken on one side ({})</h2>\n\
         <p class=\"lead\">A rule of OpenAPI is broken on one side alone. It was compared as what it became there.</p>\n",
        slips.len()
    );
    for slip in slips {
        let place = slip.place.as_ref();
        let place = place
            .map(|place| format!("{}:{}:{} #{}", place.file, place.line, place.column, place.pointer))
            .unwrap_or_default();
        let _ = write!(
            out,
            "<details class=\"finding slip\" data-kind=\"slip\" data-search=\"{}\">\n\
             <summary><span class=\"word\">{}</span> {}: {}<span class=\"where\">{}</span></summary>\n\
             <div class=\"body\">\n<dl>\n",
            escaped(&format!("{} {} {place}", slip.code, slip.message)),
            escaped(slip.code),
            slip.side.words(),
            marked(&slip.message),
            escaped(&place)
        );
        if let Some(hint) = &slip.hint {
            let _ = writeln!(out, "<dt>Mend</dt><dd>{}</dd>", marked(hint));
        }
        out.push_str("</dl>\n</div>\n</details>\n");
    }
    out.push_str("</section>\n");
}

fn write_finding(out: &mut String, section: Section, finding: &Finding) {
    let kind = kind(section);
    let place = finding.revision.as_ref().or(finding.base.as_ref());
    let place_words = place
        .map_or_else(String::new, |place| format!("{}:{}:{} #{}", place.file, place.line, place.column, place.pointer));
    let operations: Vec<String> =
        finding.operations.iter().take(40).map(|one| format!("{} {}", one.method, one.path)).collect();
    let search =
        format!("{} {} {place_words} {} {}", finding.rule, finding.message, operations.join(" "), finding.fingerprint);
    let _ = write!(
        out,
        "<details class=\"finding {kind}\" data-kind=\"{kind}\" data-search=\"{}\">\n<summary><span class=\"word\">{}</span> {}<span class=\"where\">{}</span></summary>\n<div class=\"body\">\n<dl>\n",
        escaped(&search),
        escaped(&finding.rule),
        marked(&finding.message),
        escaped(&place_words)
    );
    write_facts(out, finding, &operations);
    out.push_str("</dl>\n");
    write_fragments(out, finding);
    out.push_str("</div>\n</details>\n");
}

/// A sentence whose backquoted parts are code.
fn marked(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        match (index % 2 == 1, index + 1 < parts.len()) {
            (true, true) => {
                let _ = write!(out, "<code>{}</code>", escaped(part));
            }
            (true, false) => {
                let _ = write!(out, "`{}", escaped(part));
            }
            (false, _) => out.push_str(&escaped(part)),
        }
    }
    out
}

fn write_facts(out: &mut String, finding: &Finding, operations: &[String]) {
    let mut row = |term: &str, words: &str| {
        let _ = writeln!(out, "<dt>{term}</dt><dd>{}</dd>", escaped(words));
    };
    row("Why", finding.why);
    for part in &finding.parts {
        row("Does", part);
    }
    if !finding.breaks.is_empty() {
        let parties: Vec<&str> = finding.breaks.iter().map(|party| party.as_str()).collect();
        row("Breaks", &parties.join(", "));
    }
    match (witness(finding), &finding.no_witness) {
        (Some(witness), _) => row("Witness", &witness),
        (None, Some(reason)) => row("No witness", reason),
        (None, None) => {}
    }
    if let Some(message) = whole_message(finding) {
        row("As a message", &message);
    }
    match &finding.accepted {
        Some(accepted) => row("Accepted", &format!("{} (until {})", accepted.reason, accepted.expires)),
        None => row("Do", &finding.advice),
    }
    if !operations.is_empty() {
        let count = finding.operations.len();
        let more =
            if count > operations.len() { format!(" and {} more", count - operations.len()) } else { String::new() };
        row(
            &format!("Reached by {count} {}", plural(count, "operation", "operations")),
            &format!("{}{more}", operations.join(", ")),
        );
    }
    for item in finding.rust.iter().take(20) {
        let show = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        row("Rust", &format!("{}: {} → {}", item.package, show(&item.before), show(&item.after)));
    }
    for site in &finding.call_sites {
        row("Stops compiling", &format!("{}:{}:{} {}", site.file, site.line, site.column, site.message));
    }
    row("Fingerprint", &finding.fingerprint.to_string());
}

fn write_fragments(out: &mut String, finding: &Finding) {
    let text = |place: &Option<Place>| place.as_ref().map(|place| cut(&place.fragment, 900)).unwrap_or_default();
    let (before, after) = (text(&finding.base), text(&finding.revision));
    if before.is_empty() && after.is_empty() {
        return;
    }
    let title = |place: &Option<Place>, word: &str| match place {
        Some(place) => format!("{word} {}:{}:{}", place.file, place.line, place.column),
        None => format!("{word} nothing"),
    };
    let _ = write!(
        out,
        "<div class=\"sidebyside\">\n<div><h3>{}</h3>{}</div>\n<div><h3>{}</h3>{}</div>\n</div>\n",
        escaped(&title(&finding.base, "before:")),
        lines(&before, &after, "removed"),
        escaped(&title(&finding.revision, "after:")),
        lines(&after, &before, "added")
    );
}

/// The lines of a fragment; those that the other one does not have are marked.
fn lines(text: &str, other: &str, class: &str) -> String {
    let known: HashSet<&str> = other.lines().map(|line| line.trim().trim_end_matches(',')).collect();
    let mut out = String::from("<pre tabindex=\"0\">");
    for line in text.lines() {
        let is_new = !known.contains(line.trim().trim_end_matches(','));
        let class = if is_new && !other.is_empty() { format!(" class=\"{class}\"") } else { String::new() };
        let _ = write!(out, "<span{class}>{}</span>", escaped(line));
    }
    out.push_str("</pre>");
    out
}
