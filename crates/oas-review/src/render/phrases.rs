//! Sentences that all faces of a report share.

use serde_json::Value;

use super::clean;
use crate::change::WitnessKind;
use crate::party::Party;
use crate::report::{Finding, Report};
use crate::semver::CrateStep;

/// Of what one cause does, so much is shown.
pub(super) const MOST_PARTS: usize = 6;

/// The verdict of the whole report, in one sentence.
pub(super) fn verdict(report: &Report) -> String {
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

pub(super) fn plural<'w>(count: usize, one: &'w str, many: &'w str) -> &'w str {
    if count == 1 { one } else { many }
}

pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", plural(count, one, many))
}

/// Who breaks, in one sentence; `None` where nobody does.
pub(super) fn parties(report: &Report) -> Option<String> {
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
pub(super) fn order(report: &Report) -> &'static str {
    let open = || report.findings.iter().filter(|finding| finding.accepted.is_none());
    let breaks = |party: Party| open().any(|finding| finding.breaks.contains(&party));
    match (breaks(Party::OldClient), breaks(Party::NewClient)) {
        (true, true) => "No order of roll-out is safe for all of it: see what each finding says.",
        (true, false) => "Move the clients first, then deploy the server.",
        (false, true) => "Deploy the server first, then the clients.",
        (false, false) => "Any order of roll-out is safe.",
    }
}

/// What a package owes, in one sentence.
pub(super) fn owed(owed: &CrateStep) -> String {
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
pub(super) fn witness(finding: &Finding) -> Option<String> {
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
pub(super) fn whole_message(finding: &Finding) -> Option<String> {
    let whole = finding.witness.as_ref()?.message.as_ref()?;
    Some(clean::cut(&clean::clean(&message(&whole.value)), 400))
}

/// A request or response on one line: `POST /clips, Content-Type: application/json, body {}`.
pub(super) fn message(value: &Value) -> String {
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
