//! Compares two revisions of an OpenAPI document: what changes, who breaks, and why one should believe it.
//!
//! [`compare`] finds the changes, [`judge`] says who breaks and what to do, [`render`] shows the report.

#![expect(clippy::similar_names, reason = "names of what stands on two sides differ in the side alone")]

mod acceptance;
mod address;
mod change;
mod code_change;
mod comparison;
#[cfg(test)]
mod coverage;
pub mod effect;
mod fingerprint;
mod judge;
#[cfg(test)]
mod laws;
mod one_file;
mod operation;
mod party;
mod place;
pub mod render;
mod report;
pub mod rule;
mod rust_items;
mod schema;
mod semver;
mod sentence;
mod side;
mod slip;
mod subject;
#[cfg(test)]
mod trial;
mod witness;

pub use acceptance::{Acceptances, Accepted};
pub use change::{Change, Evidence, OperationName, WholeMessage, Witness, WitnessKind};
pub use fingerprint::Fingerprint;
pub use judge::{Judging, broken, judge};
pub use operation::compare;
pub use party::Party;
pub use place::Place;
pub use report::{CallSite, FORMAT_VERSION, Finding, Impact, Report, Summary};
pub use rust_items::{Happening, RustChanges, RustItemChange};
pub use semver::{CrateStep, Step};
pub use side::Side;
pub use slip::{Slip, SlipIn};
pub use subject::{Position, Subject};
