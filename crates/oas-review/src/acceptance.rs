//! Acceptances: changes that somebody decided to live with.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// What a finding says about its acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// Why.
    pub reason: String,
    /// The last day on which it counts, as `YYYY-MM-DD`.
    pub expires: String,
}

/// One acceptance, as it is written in `accepted.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    /// The finding's fingerprint.
    fingerprint: Option<String>,
    /// Or its rule and pointer.
    rule: Option<String>,
    /// The pointer, in the revision or else in the base.
    pointer: Option<String>,
    reason: String,
    expires: toml::value::Datetime,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    accept: Vec<Acceptance>,
}

/// All acceptances, and which of them were of use.
#[derive(Debug, Default)]
pub struct Acceptances {
    all: Vec<Acceptance>,
    used: RefCell<BTreeSet<usize>>,
}

impl Acceptances {
    /// Reads the text of `accepted.toml`.
    ///
    /// # Errors
    /// When it is not TOML, has unknown keys, or an acceptance says neither a fingerprint nor a rule with a pointer,
    /// has no reason, or no day on which it ends.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        for (index, one) in file.accept.iter().enumerate() {
            let problem = match one {
                Acceptance { fingerprint: Some(text), rule: None, pointer: None, .. } => {
                    Fingerprint::parse(text).is_none().then_some("has a fingerprint that is not 16 hexadecimal digits")
                }
                Acceptance { fingerprint: None, rule: Some(_), pointer: Some(_), .. } => None,
                _ => Some("needs either `fingerprint`, or `rule` and `pointer`"),
            };
            let problem = problem
                .or_else(|| one.reason.trim().is_empty().then_some("has no reason"))
                .or_else(|| one.expires.date.is_none().then_some("has an `expires` that is no date"));
            if let Some(problem) = problem {
                return Err(format!("acceptance {} {problem}", index + 1));
            }
        }
        Ok(Self { all: file.accept, used: RefCell::default() })
    }

    /// The acceptance of a finding, unless it has expired.
    pub(crate) fn find(
        &self,
        fingerprint: Fingerprint,
        rule: &str,
        pointer: Option<&str>,
        today: &str,
    ) -> Option<Accepted> {
        let is_meant = |one: &Acceptance| match &one.fingerprint {
            Some(text) => Fingerprint::parse(text) == Some(fingerprint),
            None => one.rule.as_deref() == Some(rule) && one.pointer.as_deref() == pointer,
        };
        for (index, one) in self.all.iter().enumerate().filter(|(_, one)| is_meant(one)) {
            self.used.borrow_mut().insert(index);
            let expires = one.expires.date.map(|date| date.to_string()).unwrap_or_default();
            // Days as `YYYY-MM-DD` are in the order of their texts.
            if today <= expires.as_str() {
                return Some(Accepted { reason: one.reason.clone(), expires });
            }
        }
        None
    }

    /// What no finding was accepted by, in words; to be asked after judging.
    pub fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let unused = self.all.iter().enumerate().filter(|(index, _)| !used.contains(index));
        unused
            .map(|(index, one)| {
                let what = match (&one.fingerprint, &one.rule, &one.pointer) {
                    (Some(fingerprint), _, _) => format!("fingerprint {fingerprint}"),
                    (None, rule, pointer) => {
                        format!("{} at {}", rule.as_deref().unwrap_or("?"), pointer.as_deref().unwrap_or("?"))
                    }
                };
                format!("acceptance {} ({what}) matches nothing", index + 1)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_counts_until_its_day() {
        let text = "[[accept]]\nfingerprint = \"00000000000000ff\"\nreason = \"agreed\"\nexpires = 2030-01-31\n";
        let all = Acceptances::parse(text).expect("it is well-formed");
        let fingerprint = Fingerprint::parse("00000000000000ff").expect("it has 16 digits");
        assert_eq!(all.unused().len(), 1);
        assert!(all.find(fingerprint, "any", None, "2030-01-31").is_some());
        assert!(all.find(fingerprint, "any", None, "2030-02-01").is_none());
        assert!(all.unused().is_empty());
    }

    #[test]
    fn an_acceptance_needs_a_reason_and_a_subject() {
        for text in [
            "[[accept]]\nreason = \"r\"\nexpires = 2030-01-31\n",
            "[[accept]]\nfingerprint = \"x\"\nreason = \"r\"\nexpires = 2030-01-31\n",
            "[[accept]]\nrule = \"a\"\npointer = \"\"\nreason = \" \"\nexpires = 2030-01-31\n",
            "[[accept]]\nrule = \"a\"\npointer = \"\"\nreason = \"r\"\n",
            "[[accepted]]\n",
        ] {
            assert!(Acceptances::parse(text).is_err(), "{text}");
        }
    }
}
