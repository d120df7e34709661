//! What was found: percentages by keyword, and the smallest value of each fault.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::json::Json;

/// Counts of values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Valid values that were sent.
    pub valid: u64,
    /// Those of them that got through.
    pub accepted: u64,
    /// Those of them that came back equal.
    pub same: u64,
    /// Values with something wrong that were sent.
    pub broken: u64,
    /// Those of them that the server refused.
    pub refused: u64,
    /// Examples of the document that a server answered as they are.
    pub examples: u64,
    /// Those of them that the client read.
    pub read: u64,
}

impl Counts {
    /// The share of valid values that got through, in percent.
    pub fn accepted_percent(&self) -> f64 {
        percent(self.accepted, self.valid)
    }

    /// The share of valid values that came back equal.
    pub fn same_percent(&self) -> f64 {
        percent(self.same, self.valid)
    }

    /// The share of broken values that were refused.
    pub fn refused_percent(&self) -> f64 {
        percent(self.refused, self.broken)
    }

    /// The share of examples that were read.
    pub fn read_percent(&self) -> f64 {
        percent(self.read, self.examples)
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "nobody counts that far")]
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// What happened to a value that should not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// The program died.
    Died,
    /// A valid value came back changed.
    Changed,
    /// A valid value was refused.
    Refused,
    /// A broken value was accepted.
    Accepted,
    /// The client did not read an example.
    Unread,
}

impl FaultKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Died => "died",
            Self::Changed => "changed",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Unread => "unread",
        }
    }
}

/// A fault, with the smallest value that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What happened.
    pub kind: FaultKind,
    /// The schema, parameter or header: a JSON Pointer into the document.
    pub pointer: String,
    /// The place in the value, a JSON Pointer.
    pub place: String,
    /// The keyword that was broken, when one was.
    pub keyword: Option<String>,
    /// What was sent.
    pub value: Json,
    /// What came of it.
    pub found: String,
    /// How many values showed it.
    pub times: u64,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// All counts.
    pub total: Counts,
    /// Counts by keyword: of a valid value those that had a say in it, of a broken one that which refuses it.
    pub by_keyword: BTreeMap<String, Counts>,
    /// The faults, the gravest first.
    pub faults: Vec<Fault>,
    /// How many schemas, parameters and headers were looked at.
    pub probes: usize,
    /// Those of which no value could be made, or which no validator understands: pointer and reason.
    pub skipped: Vec<(String, String)>,
}

impl Report {
    /// The report for machines.
    pub fn to_json(&self) -> Value {
        let counts = |counts: &Counts| {
            let Counts { valid, accepted, same, broken, refused, examples, read } = counts;
            json!({
                "valid": valid, "accepted": accepted, "same": same, "broken": broken, "refused": refused,
                "examples": examples, "read": read,
            })
        };
        let by_keyword: serde_json::Map<String, Value> =
            self.by_keyword.iter().map(|(keyword, one)| (keyword.clone(), counts(one))).collect();
        let faults: Vec<Value> = self
            .faults
            .iter()
            .map(|Fault { kind, pointer, place, keyword, value, found, times }| {
                json!({
                    "fault": kind.as_str(), "pointer": pointer, "place": place, "keyword": keyword,
                    "value": value.to_string(), "found": found, "times": times,
                })
            })
            .collect();
        let skipped: Vec<Value> =
            self.skipped.iter().map(|(pointer, reason)| json!({ "pointer": pointer, "reason": reason })).collect();
        json!({
            "probes": self.probes, "total": counts(&self.total), "byKeyword": by_keyword, "faults": faults,
            "skipped": skipped,
        })
    }

    /// Whether it is as good as it should be.
    pub fn reaches(&self, goals: &Goals) -> bool {
        let Goals { round_trip, accepted, refused, examples } = goals;
        self.faults.iter().all(|fault| fault.kind != FaultKind::Died)
            && self.total.same_percent() >= *round_trip
            && self.total.accepted_percent() >= *accepted
            && self.total.refused_percent() >= *refused
            && self.total.read_percent() >= *examples
    }
}

/// How good a report has to be, in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goals {
    /// Of valid values, how many have to come back equal.
    pub round_trip: f64,
    /// Of valid values, how many have to get through.
    pub accepted: f64,
    /// Of broken values, how many have to be refused.
    pub refused: f64,
    /// Of the document's examples, how many the client has to read.
    pub examples: f64,
}
