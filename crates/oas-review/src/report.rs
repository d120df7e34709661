//! The report: every change with its verdict.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::acceptance::Accepted;
use crate::change::{OperationName, Witness};
use crate::effect::{Direction, Effect};
use crate::fingerprint::Fingerprint;
use crate::party::Party;
use crate::place::Place;
use crate::rust_items::RustItemChange;
use crate::semver::CrateStep;
use crate::slip::Slip;

/// The version of the JSON form; it grows when a member changes its meaning or goes.
pub const FORMAT_VERSION: u32 = 1;

/// How much a finding matters to those who have to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    /// Clients that work today stop working.
    Breaking,
    /// It could not be decided, or it is a matter of meaning: a person has to look.
    Review,
    /// Clients that work today go on working.
    Compatible,
    /// Nothing changes on the wire.
    Cosmetic,
}

impl Impact {
    /// Every impact, the gravest first.
    pub const ALL: [Self; 4] = [Self::Breaking, Self::Review, Self::Compatible, Self::Cosmetic];

    /// The word for it in a report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Review => "review",
            Self::Compatible => "compatible",
            Self::Cosmetic => "cosmetic",
        }
    }
}

/// A line that stops compiling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CallSite {
    /// The package.
    pub package: String,
    /// The file, relative to the root of the workspace.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What the compiler says.
    pub message: String,
}

/// A change with its verdict.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The id of the rule: `request-property-became-required`.
    pub rule: String,
    /// How much it matters.
    pub impact: Impact,
    /// Who stops working.
    pub breaks: Vec<Party>,
    /// Whether it breaks clients although all code that uses the generated packages still compiles.
    pub silent: bool,
    /// What it does to the set of valid values.
    pub effect: Effect,
    /// The direction of the messages it is about; `None` for both, or for none.
    #[serde(serialize_with = "word")]
    pub direction: Option<Direction>,
    /// Where it stands in the base.
    pub base: Option<Place>,
    /// Where it stands in the revision.
    pub revision: Option<Place>,
    /// The operations it reaches.
    pub operations: Vec<OperationName>,
    /// What happened, in one sentence.
    pub message: String,
    /// What was there, when it can be said in a value.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
    /// What it does, where one cause does several things.
    pub parts: Vec<String>,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub advice: String,
    /// A value that tells the two sides apart.
    pub witness: Option<Witness>,
    /// Why there is no such value.
    pub no_witness: Option<String>,
    /// The Rust items it touches.
    pub rust: Vec<RustItemChange>,
    /// The lines that stop compiling, when they were asked for.
    pub call_sites: Vec<CallSite>,
    /// What it is recognised by.
    pub fingerprint: Fingerprint,
    /// Who accepted it, and why.
    pub accepted: Option<Accepted>,
}

/// Counts, and what each package owes.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Findings that are not accepted, by impact.
    pub breaking: usize,
    /// Findings that need a person.
    pub review: usize,
    /// Findings that break nobody that works today.
    pub compatible: usize,
    /// Findings about words.
    pub cosmetic: usize,
    /// Breaking findings that no compiler shows.
    pub silent: usize,
    /// Findings that somebody accepted.
    pub accepted: usize,
    /// What each package owes.
    pub crates: Vec<CrateStep>,
}

/// Everything there is to say about two revisions.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// [`FORMAT_VERSION`].
    pub version: u32,
    /// What the base is called.
    pub base: String,
    /// What the revision is called.
    pub revision: String,
    /// Counts.
    pub summary: Summary,
    /// The findings: silent breaks first, then by impact, then by place.
    pub findings: Vec<Finding>,
    /// What breaks a rule of OpenAPI on one side alone, and was compared as what it became there.
    pub slips: Vec<Slip>,
}

impl Report {
    /// The gravest impact of all findings that nobody accepted.
    pub fn worst(&self) -> Option<Impact> {
        self.findings.iter().filter(|finding| finding.accepted.is_none()).map(|finding| finding.impact).min()
    }
}

/// A direction as the word for it.
#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over like this")]
fn word<S: Serializer>(direction: &Option<Direction>, serializer: S) -> Result<S::Ok, S::Error> {
    direction.map(Direction::as_str).serialize(serializer)
}
