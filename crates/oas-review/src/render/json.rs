//! The report as JSON; its JSON Schema is `docs/review/report.schema.json`.

use crate::report::Report;

/// The whole report.
pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
