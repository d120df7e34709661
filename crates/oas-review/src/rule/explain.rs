//! From an id to an explanation.

use std::fmt::Write as _;

use super::entry::{Judgement, LOWER_LIMITS, Rule, Scope, Trait, UPPER_LIMITS};
use crate::effect::{Effect, Exchange};

/// The first parts of the ids of rules about schemas.
const PREFIXES: [&str; 6] = ["request", "response", "callback-request", "callback-response", "shared", "unused"];

/// The middle parts of the ids of rules about schemas.
pub(crate) const POSITIONS: [&str; 8] =
    ["body", "property", "item", "map-value", "parameter", "header", "schema", "part"];

impl Rule {
    /// The last parts of its ids: one, or one for each bound.
    fn names(self) -> Vec<String> {
        let entry = self.entry();
        if !entry.name.contains("{limit}") {
            return vec![entry.name.to_owned()];
        }
        let limits = if entry.has(Trait::Upper) { UPPER_LIMITS } else { LOWER_LIMITS };
        limits.iter().map(|limit| entry.name.replace("{limit}", limit)).collect()
    }
}

/// The last part of every id there can be, in the order of the table.
pub fn all_ids() -> Vec<String> {
    let mut ids: Vec<String> = Rule::all().flat_map(Rule::names).collect();
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    ids
}

/// The rule of an id, with or without its first parts.
pub fn find(id: &str) -> Option<Rule> {
    let last = PREFIXES
        .iter()
        .find_map(|prefix| id.strip_prefix(prefix)?.strip_prefix('-'))
        .and_then(|rest| POSITIONS.iter().find_map(|position| rest.strip_prefix(position)?.strip_prefix('-')));
    let by_name = |name: &str, scope: Scope| {
        Rule::all().find(|rule| rule.entry().scope == scope && rule.names().iter().any(|one| one == name))
    };
    by_name(id, Scope::Api)
        .or_else(|| last.and_then(|last| by_name(last, Scope::Schema)))
        .or_else(|| by_name(id, Scope::Schema))
}

/// What a rule means, for a person; `None` when there is no such rule.
pub fn explain(id: &str) -> Option<String> {
    let entry = find(id)?.entry();
    let mut text = String::new();
    let _ = writeln!(text, "{id}: {}\n\n{}\n", entry.summary, entry.why);
    let effect = match entry.effect {
        Effect::None => "The set of valid values stays the same.",
        Effect::Narrows => "It narrows the set of valid values.",
        Effect::Widens => "It widens the set of valid values.",
        Effect::Both => "It takes values out of the set of valid values and puts others in.",
        Effect::Unknown => "What it does to the set of valid values depends; a validator is asked for examples.",
    };
    let _ = writeln!(text, "{effect}");
    match entry.judgement {
        Judgement::Derived | Judgement::DerivedForRequests | Judgement::DerivedAndReview => {
            for exchange in Exchange::ALL {
                let _ =
                    writeln!(text, "  {:<18} {}", exchange.words(), verdict(entry.judgement, entry.effect, exchange));
            }
        }
        Judgement::Review => {
            let _ = writeln!(text, "Nobody is known to break by it, but a person has to look.");
        }
        Judgement::Tolerated => {
            let _ = writeln!(text, "Nobody breaks by it.");
        }
        Judgement::Cosmetic => {
            let _ = writeln!(text, "It is on no wire.");
        }
        Judgement::Silent => {
            let _ = writeln!(text, "It breaks code without a word from the compiler.");
        }
    }
    Some(text)
}

fn verdict(judgement: Judgement, effect: Effect, exchange: Exchange) -> &'static str {
    if effect == Effect::Unknown || (judgement == Judgement::DerivedForRequests && !exchange.is_read_by_api()) {
        return "a person has to look";
    }
    let broken = exchange.breaks(effect);
    match (broken.old_client, broken.new_client) {
        (true, true) => "breaks old clients, and new clients of an old server",
        (true, false) => "breaks old clients",
        (false, true) => "breaks new clients of an old server: deploy the server first",
        (false, false) if judgement == Judgement::DerivedAndReview => "a person has to look",
        (false, false) => "safe",
    }
}

impl Exchange {
    /// What to call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Request => "in requests",
            Self::Response => "in responses",
            Self::CallbackRequest => "in callbacks",
            Self::CallbackResponse => "in their answers",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_can_be_found_and_explained() {
        for rule in Rule::all() {
            for name in rule.names() {
                let id = match rule.entry().scope {
                    Scope::Api => name,
                    Scope::Schema => format!("request-property-{name}"),
                };
                assert_eq!(find(&id), Some(rule), "{id}");
                assert!(explain(&id).is_some());
            }
        }
        assert_eq!(explain("no-such-rule"), None);
    }

    #[test]
    fn messages_name_what_they_are_about_and_end_without_a_stop() {
        for rule in Rule::all() {
            let entry = rule.entry();
            assert!(!entry.message.ends_with('.') && !entry.summary.ends_with('.'), "{}", entry.name);
            assert!(entry.why.ends_with('.'), "{}", entry.name);
        }
    }
}
