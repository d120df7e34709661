//! Which keyword of a schema has to refuse a value for it to be a witness of a change.

use crate::change::Change;
use crate::rule::{Refusal, Trait, is};
use crate::sentence::camel_case;

/// Keywords that refuse a value for reasons that stand inside of them.
pub(super) const AROUND: [&str; 4] = ["anyOf", "oneOf", "allOf", "not"];

/// The keywords that can refuse a witness of this change; empty when any will do.
pub(super) fn keywords(change: &Change) -> Vec<String> {
    match (change.rule.entry().refusal, change.limit) {
        (Refusal::Keywords(keywords), _) => keywords.iter().map(ToString::to_string).collect(),
        (Refusal::Bound, Some(limit)) => {
            let exclusive = match limit {
                "minimum" => Some("exclusiveMinimum"),
                "maximum" => Some("exclusiveMaximum"),
                _ => None,
            };
            [camel_case(limit)].into_iter().chain(exclusive.map(ToOwned::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

/// The member that the refusal has to name, if the change is about one.
pub(super) fn member(change: &Change) -> Option<String> {
    if !change.rule.entry().has(Trait::Presence) {
        return None;
    }
    change.name.clone().or_else(|| {
        let place = change.revision.as_ref().or(change.base.as_ref())?;
        place.pointer.last().map(std::borrow::Cow::into_owned)
    })
}

/// Whether a validator knows all that the rule is about.
pub(super) fn is_decided_by_validator(change: &Change) -> bool {
    let beyond = [is::UNKNOWN_KEYWORD_CHANGED, is::FORMAT_UNDECIDED, is::PATTERN_UNDECIDED];
    !beyond.contains(&change.rule)
}

/// Whether the change is about types alone.
pub(super) fn is_about_type(change: &Change) -> bool {
    [is::TYPE_NARROWED, is::TYPE_WIDENED, is::TYPE_CHANGED, is::BECAME_NULLABLE, is::BECAME_NOT_NULLABLE]
        .contains(&change.rule)
}

/// Why there is no witness.
pub(super) fn reason(change: &Change) -> &'static str {
    if change.is_meaning {
        return "no validator checks it: it is about what a value means";
    }
    if change.rule.entry().refusal == Refusal::Keywords(&["format"]) {
        return "the validator does not check this format";
    }
    "the values that were tried do not tell the sides apart"
}
