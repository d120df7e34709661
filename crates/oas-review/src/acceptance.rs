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

impl Acceptance {
    /// What it is about.
    fn words(&self) -> String {
        match (&self.fingerprint, &self.rule, &self.pointer) {
            (Some(fingerprint), _, _) => format!("fingerprint {fingerprint}"),
            (None, rule, pointer) => {
                format!("{} at {}", rule.as_deref().unwrap_or("?"), pointer.as_deref().unwrap_or("?"))
            }
        }
    }
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
    expired: RefCell<BTreeSet<usize>>,
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
        Ok(Self { all: file.accept, used: RefCell::default(), expired: RefCell::default() })
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
            self.expired.borrow_mut().insert(index);
        }
        None
    }

    /// What no finding was accepted by, in words; to be asked after judging.
    pub fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let unused = self.all.iter().enumerate().filter(|(index, _)| !used.contains(index));
        unused.map(|(index, one)| format!("acceptance {} ({}) matches nothing", index + 1, one.words())).collect()
    }

    /// What counts no more although its finding is still there, in words; to be asked after judging.
    pub fn expired(&self) -> Vec<String> {
        let expired = self.expired.borrow();
        let all = expired.iter().filter_map(|index| Some((index, self.all.get(*index)?)));
        all.map(|(index, one)| {
            let day = one.expires.date.map(|date| date.to_string()).unwrap_or_default();
            format!("acceptance {} ({}) ended on {day}; its finding counts again", index + 1, one.words())
        })
        .collect()
    }

    /// The text of the file without the acceptances that match nothing; what belongs to the others stays as it is.
    pub fn pruned(&self, text: &str) -> String {
        let used = self.used.borrow();
        let mut kept = String::with_capacity(text.len());
        // Comments right above an acceptance belong to it.
        let mut waiting = String::new();
        let mut number = None;
        for line in text.split_inclusive('\n') {
            let is_head = line.trim_start().starts_with("[[accept]]");
            let is_comment = line.trim_start().starts_with('#') || line.trim().is_empty();
            if is_head {
                number = Some(number.map_or(0, |number: usize| number + 1));
            } else if is_comment {
                waiting.push_str(line);
                continue;
            }
            if number.is_none_or(|number| used.contains(&number)) {
                kept.push_str(&waiting);
                kept.push_str(line);
            }
            waiting.clear();
        }
        if number.is_none_or(|number| used.contains(&number)) {
            kept.push_str(&waiting);
        }
        kept
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
        assert!(all.expired().is_empty());
        assert!(all.find(fingerprint, "any", None, "2030-02-01").is_none());
        assert!(all.unused().is_empty());
        assert_eq!(
            all.expired(),
            ["acceptance 1 (fingerprint 00000000000000ff) ended on 2030-01-31; its finding counts again"]
        );
    }

    #[test]
    fn what_matches_nothing_is_taken_out_with_its_comment() {
        let one = |digits: &str| {
            format!("# why\n[[accept]]\nfingerprint = \"{digits}\"\nreason = \"agreed\"\nexpires = 2030-01-31\n")
        };
        let (used, unused) = (one("00000000000000ff"), one("00000000000000ee"));
        let text = format!("# head\n\n{unused}{used}\n{unused}");
        let all = Acceptances::parse(&text).expect("it is well-formed");
        let fingerprint = Fingerprint::parse("00000000000000ff").expect("it has 16 digits");
        assert!(all.find(fingerprint, "any", None, "2030-01-31").is_some());
        assert_eq!(all.pruned(&text), used);
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
