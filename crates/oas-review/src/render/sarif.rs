//! The report as SARIF 2.1.0, for code scanning.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::phrases::witness;
use crate::place::Place;
use crate::report::{Finding, Impact, Report};
use crate::rule;
use crate::slip::Slip;

/// The whole report. Positions count characters, as this tool's columns do.
pub fn sarif(report: &Report) -> String {
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for finding in &report.findings {
        rules.entry(&finding.rule).or_insert_with(|| rule(finding));
    }
    let index = |finding: &Finding| rules.keys().position(|id| *id == finding.rule).unwrap_or(0);
    let results: Vec<Value> = report.findings.iter().map(|finding| result(finding, index(finding))).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "oas-review",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": report.slips.iter().map(notification).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn rule(finding: &Finding) -> Value {
    let summary = rule::find(&finding.rule).map_or("", |rule| rule.entry().summary);
    json!({
        "id": finding.rule,
        "shortDescription": { "text": summary },
        "fullDescription": { "text": finding.why },
        "help": { "text": rule::explain(&finding.rule).unwrap_or_default() },
        "defaultConfiguration": { "level": level(finding) },
    })
}

fn result(finding: &Finding, index: usize) -> Value {
    let mut words = finding.message.clone();
    if let Some(witness) = witness(finding) {
        words.push_str("; witness: ");
        words.push_str(&witness);
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level(finding),
        "message": { "text": words },
        "partialFingerprints": { "oasReview/v1": finding.fingerprint.to_string() },
        "properties": {
            "impact": finding.impact,
            "breaks": finding.breaks,
            "effect": finding.effect,
            "silent": finding.silent,
        },
    });
    if let Some(place) = finding.revision.as_ref().or(finding.base.as_ref()) {
        result["locations"] = json!([location(place)]);
    }
    if let (Some(_), Some(base)) = (&finding.revision, &finding.base) {
        let mut there = location(base);
        there["id"] = json!(1);
        there["message"] = json!({ "text": "the base" });
        result["relatedLocations"] = json!([there]);
    }
    if let Some(accepted) = &finding.accepted {
        let justification = format!("{} (until {})", accepted.reason, accepted.expires);
        result["suppressions"] = json!([{ "kind": "external", "justification": justification }]);
    }
    result
}

/// What breaks a rule of OpenAPI is no result of this comparison.
fn notification(slip: &Slip) -> Value {
    let mut notification = json!({
        "level": "note",
        "message": { "text": format!("{}: {}", slip.side.words(), slip.message) },
        "descriptor": { "id": slip.code },
    });
    if let Some(place) = &slip.place {
        notification["locations"] = json!([location(place)]);
    }
    notification
}

fn level(finding: &Finding) -> &'static str {
    match finding.impact {
        Impact::Breaking => "error",
        Impact::Review => "warning",
        Impact::Compatible => "note",
        Impact::Cosmetic => "none",
    }
}

fn location(place: &Place) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.file) },
            "region": { "startLine": place.line, "startColumn": place.column },
        },
        "logicalLocations": [{ "fullyQualifiedName": place.pointer }],
    })
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
