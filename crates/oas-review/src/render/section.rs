//! In which order findings are shown, and what they are shown under.

use super::phrases::counted;
use crate::report::{Finding, Impact, Report};

/// The sections of a report, in the order in which a reader needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// The wire breaks, and everything still compiles.
    Silent,
    Breaking,
    Review,
    Compatible,
    Accepted,
    Cosmetic,
}

impl Section {
    pub(super) const ALL: [Self; 6] =
        [Self::Silent, Self::Breaking, Self::Review, Self::Compatible, Self::Accepted, Self::Cosmetic];

    pub(super) const fn of(finding: &Finding) -> Self {
        match (&finding.accepted, finding.impact) {
            (Some(_), _) => Self::Accepted,
            (None, Impact::Breaking) if finding.silent => Self::Silent,
            (None, Impact::Breaking) => Self::Breaking,
            (None, Impact::Review) => Self::Review,
            (None, Impact::Compatible) => Self::Compatible,
            (None, Impact::Cosmetic) => Self::Cosmetic,
        }
    }

    pub(super) const fn title(self) -> &'static str {
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
    pub(super) const fn lead(self) -> &'static str {
        match self {
            Self::Silent => "Clients break on the wire, and no compiler says so.",
            Self::Breaking => "Clients that work today stop working.",
            Self::Review => "It could not be decided, or it is a matter of meaning.",
            Self::Compatible => "Clients that work today go on working.",
            Self::Accepted => "Somebody decided to live with it.",
            Self::Cosmetic => "Nothing changes on the wire.",
        }
    }

    pub(super) fn findings(self, report: &Report) -> Vec<&Finding> {
        report.findings.iter().filter(|finding| Self::of(finding) == self).collect()
    }
}

/// What a finding stands in: an operation, a component, or the document.
pub(super) fn group(finding: &Finding) -> String {
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
pub(super) fn grouped<'f>(findings: &[&'f Finding]) -> Vec<(String, Vec<&'f Finding>)> {
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
pub(super) fn rule_counts(report: &Report) -> Vec<(&str, usize)> {
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for finding in &report.findings {
        *counts.entry(&finding.rule).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
