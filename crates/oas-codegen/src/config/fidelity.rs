//! `[fidelity]`: how much of the values that are sent through generated code has to survive.

use serde::Deserialize;

/// `[fidelity]`, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default)]
pub struct FidelityConfig {
    /// Of valid values, how many have to come back equal.
    #[serde(rename = "round-trip")]
    pub round_trip: f64,
    /// Of valid values, how many have to be accepted.
    pub accepted: f64,
    /// Of values with one keyword broken, how many the server has to refuse.
    pub refused: f64,
    /// Of the document's examples, how many a client has to read.
    pub examples: f64,
}

impl Default for FidelityConfig {
    fn default() -> Self {
        Self { round_trip: 99.9, accepted: 100.0, refused: 99.9, examples: 100.0 }
    }
}
