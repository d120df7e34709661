//! Findings as a person wants them: in the order of the document, each once, and a habit of its author once as well.

use std::collections::HashMap;

use oas_document::{Diagnostic, Severity, Span};

/// How often the same thing is said about different places before the rest is only counted.
const OFTEN: usize = 3;

/// The findings in the order of the document.
///
/// What several places refer to is read several times: its findings are kept once. A document that has one thing wrong
/// in a thousand places gets [`OFTEN`] findings and a count. Errors are kept one and all.
pub(super) fn arranged(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by(|left, right| order(left).cmp(&order(right)));
    findings.dedup();
    let mut places: HashMap<(&'static str, String), usize> = HashMap::new();
    for finding in findings.iter().filter(|finding| finding.severity != Severity::Error) {
        *places.entry((finding.code, finding.message.clone())).or_default() += 1;
    }
    let mut kept: HashMap<(&'static str, String), usize> = HashMap::new();
    let mut arranged = Vec::with_capacity(findings.len());
    for mut finding in findings {
        let key = (finding.code, finding.message.clone());
        let all = places.get(&key).copied().filter(|_| finding.severity != Severity::Error).unwrap_or_default();
        let number = kept.entry(key).or_default();
        *number += 1;
        if all > OFTEN && *number == OFTEN {
            finding.message = format!("{}; the same in {} further places", finding.message, all - OFTEN);
        }
        if all <= OFTEN || *number <= OFTEN {
            arranged.push(finding);
        }
    }
    arranged
}

/// What findings are sorted by: what has no place comes first.
fn order(finding: &Diagnostic) -> (Option<Span>, std::cmp::Reverse<Severity>, &str, &str) {
    let span = finding.place.as_ref().map(|place| place.span);
    (span, std::cmp::Reverse(finding.severity), finding.code, &finding.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_often_is_counted() {
        let mut findings: Vec<Diagnostic> =
            (0..10).map(|index| Diagnostic::warning("habit", "again").hint(index.to_string())).collect();
        findings.push(Diagnostic::warning("slip", "once"));
        findings.extend((0..10).map(|index| Diagnostic::error("fault", "again").hint(index.to_string())));
        let arranged = arranged(findings);
        let messages = |code| {
            arranged
                .iter()
                .filter(|finding| finding.code == code)
                .map(|finding| finding.message.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(messages("habit"), ["again", "again", "again; the same in 7 further places"]);
        assert_eq!(messages("slip"), ["once"]);
        assert_eq!(messages("fault").len(), 10);
    }
}
