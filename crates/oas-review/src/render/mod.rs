//! Faces of a report. Every one of them escapes what comes from the documents.

mod changelog;
mod clean;
mod github;
mod html;
mod json;
mod markdown;
mod sarif;
mod text;
mod timeline;

pub use changelog::changelog;
pub use github::github;
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::{Colour, text};
pub use timeline::{timeline, timeline_json, timeline_markdown};

use serde_json::Value;

use crate::change::WitnessKind;
use crate::report::{Finding, Impact, Party, Report};
use crate::semver::CrateStep;

/// Of what one cause does, so much is shown.
const MOST_PARTS: usize = 6;

/// The sections of a report, in the order in which a reader needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// The wire breaks, and everything still compiles.
    Silent,
    Breaking,
    Review,
    Compatible,
    Accepted,
    Cosmetic,
}

impl Section {
    const ALL: [Self; 6] =
        [Self::Silent, Self::Breaking, Self::Review, Self::Compatible, Self::Accepted, Self::Cosmetic];

    const fn of(finding: &Finding) -> Self {
        match (&finding.accepted, finding.impact) {
            (Some(_), _) => Self::Accepted,
            (None, Impact::Breaking) if finding.silent => Self::Silent,
            (None, Impact::Breaking) => Self::Breaking,
            (None, Impact::Review) => Self::Review,
            (None, Impact::Compatible) => Self::Compatible,
            (None, Impact::Cosmetic) => Self::Cosmetic,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Silent => "Silent breaks",
            Self::Breaking => "Breaks",
            Self::Review => "To review",
            Self::Compatible => "Compatible",
            Self::Accepted => "Accepted",
            Self::Cosmetic => "Words and names",
        }
    }

    /// What the findings of a section have in common.
    const fn lead(self) -> &'static str {
        match self {
            Self::Silent => "Clients break on the wire, and no compiler says so.",
            Self::Breaking => "Clients that work today stop working.",
            Self::Review => "It could not be decided, or it is a matter of meaning.",
            Self::Compatible => "Clients that work today go on working.",
            Self::Accepted => "Somebody decided to live with it.",
            Self::Cosmetic => "Nothing changes on the wire.",
        }
    }

    fn findings(self, report: &Report) -> Vec<&Finding> {
        report.findings.iter().filter(|finding| Self::of(finding) == self).collect()
    }
}

/// The verdict of the whole report, in one sentence.
fn verdict(report: &Report) -> String {
    let summary = &report.summary;
    match (summary.breaking, summary.review, summary.compatible, summary.cosmetic) {
        (0, 0, 0, 0) if summary.accepted > 0 => {
            format!("Nothing changed but what was accepted: {}.", counted(summary.accepted, "finding", "findings"))
        }
        (0, 0, 0, 0) => "Nothing changed.".to_owned(),
        (0, 0, 0, _) => "Safe: nothing changes on the wire.".to_owned(),
        (0, 0, _, _) => "Safe: clients that work today go on working.".to_owned(),
        (0, review, _, _) => format!(
            "Nothing is known to break, but {review} {} a person.",
            plural(review, "finding needs", "findings need")
        ),
        (breaking, _, _, _) => {
            let silent = match summary.silent {
                0 => String::new(),
                silent if silent == breaking => ", and no compiler tells".to_owned(),
                silent => format!("; no compiler tells of {silent} of them"),
            };
            format!(
                "Not safe: {breaking} {} clients that work today{silent}.",
                plural(breaking, "change breaks", "changes break")
            )
        }
    }
}

fn plural<'w>(count: usize, one: &'w str, many: &'w str) -> &'w str {
    if count == 1 { one } else { many }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", plural(count, one, many))
}

/// Who breaks, in one sentence; `None` where nobody does.
fn parties(report: &Report) -> Option<String> {
    let open = || report.findings.iter().filter(|finding| finding.accepted.is_none());
    let count = |party: Party| open().filter(|finding| finding.breaks.contains(&party)).count();
    let all = [
        (Party::OldClient, "clients of today"),
        (Party::NewClient, "new clients of an old server"),
        (Party::RustTypes, "code that uses the types"),
        (Party::RustClient, "code that uses the client"),
        (Party::RustServer, "code that implements the server"),
    ];
    let words: Vec<String> = all
        .into_iter()
        .map(|(party, words)| (count(party), words))
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{words} ({count})"))
        .collect();
    (!words.is_empty()).then(|| format!("Breaks {}.", words.join(", ")))
}

/// What to deploy first, in one sentence.
fn order(report: &Report) -> &'static str {
    let open = || report.findings.iter().filter(|finding| finding.accepted.is_none());
    let breaks = |party: Party| open().any(|finding| finding.breaks.contains(&party));
    match (breaks(Party::OldClient), breaks(Party::NewClient)) {
        (true, true) => "No order of roll-out is safe for all of it: see what each finding says.",
        (true, false) => "Move the clients first, then deploy the server.",
        (false, true) => "Deploy the server first, then the clients.",
        (false, false) => "Any order of roll-out is safe.",
    }
}

/// What a finding stands in: an operation, a component, or the document.
fn group(finding: &Finding) -> String {
    let place = finding.revision.as_ref().or(finding.base.as_ref());
    let tokens: Vec<String> = place
        .map(|place| {
            place.pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect()
        })
        .unwrap_or_default();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    match tokens.as_slice() {
        ["paths", path, method, ..] => format!("`{} {path}`", method.to_uppercase()),
        ["paths", path] => format!("`{path}`"),
        ["webhooks", name, ..] => format!("the webhook `{name}`"),
        ["components", _, name, ..] => match finding.operations.len() {
            0 => format!("`{name}`"),
            count => format!("`{name}`, reached by {}", counted(count, "operation", "operations")),
        },
        _ => "the document".to_owned(),
    }
}

/// Findings by what they stand in, in the order of the first of each.
fn grouped<'f>(findings: &[&'f Finding]) -> Vec<(String, Vec<&'f Finding>)> {
    let mut groups: Vec<(String, Vec<&'f Finding>)> = Vec::new();
    for finding in findings {
        let own = group(finding);
        match groups.iter_mut().find(|(group, _)| *group == own) {
            Some((_, all)) => all.push(finding),
            None => groups.push((own, vec![finding])),
        }
    }
    groups
}

/// How often each rule was found, the commonest first.
fn rule_counts(report: &Report) -> Vec<(&str, usize)> {
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for finding in &report.findings {
        *counts.entry(&finding.rule).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// What a package owes, in one sentence.
fn owed(owed: &CrateStep) -> String {
    let step = format!("{} owes a {} step", owed.package, owed.step.as_str());
    match (&owed.base, &owed.min_version, &owed.revision) {
        (Some(base), Some(least), Some(revision)) if owed.is_sufficient => {
            format!("{step}: it was {base}, must be at least {least}, and is {revision}")
        }
        (Some(base), Some(least), revision) => {
            let is = revision.as_deref().unwrap_or("unknown");
            format!("{step}: it was {base}, must be at least {least}, but is {is}")
        }
        _ => step,
    }
}

/// The witness in one sentence.
fn witness(finding: &Finding) -> Option<String> {
    let witness = finding.witness.as_ref()?;
    let word = |valid: bool| if valid { "valid" } else { "refused" };
    let shown = match witness.kind {
        WitnessKind::Value => witness.value.to_string(),
        WitnessKind::Request | WitnessKind::Response => clean::clean(&message(&witness.value)),
    };
    let value = clean::cut(&shown, 400);
    Some(format!("{value} was {}, is {} now", word(witness.valid_in_base), word(witness.valid_in_revision)))
}

/// The whole message that has the witness in its place, on one line.
fn whole_message(finding: &Finding) -> Option<String> {
    let whole = finding.witness.as_ref()?.message.as_ref()?;
    Some(clean::cut(&clean::clean(&message(&whole.value)), 400))
}

/// A request or response on one line: `POST /clips, Content-Type: application/json, body {}`.
fn message(value: &Value) -> String {
    let text = |name: &str| value[name].as_str();
    let status = value["status"].as_u64().map(|status| format!("status {status}"));
    let target = text("url").or(text("path")).map(|target| format!("{} {target}", text("method").unwrap_or_default()));
    let headers = value["headers"].as_object().into_iter().flatten();
    let headers = headers.map(|(name, text)| format!("{name}: {}", text.as_str().unwrap_or_default()));
    let credentials = value["credentials"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let body = value.get("body").map(|body| format!("body {body}"));
    let all = status.into_iter().chain(target).chain(credentials.map(ToOwned::to_owned)).chain(headers).chain(body);
    all.collect::<Vec<_>>().join(", ")
}
