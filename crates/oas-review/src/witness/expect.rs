//! Which keyword of a schema has to refuse a value for it to be a witness of a change.

use crate::change::Change;
use crate::rule::is;

/// Keywords that refuse a value for reasons that stand inside of them.
pub(super) const AROUND: [&str; 4] = ["anyOf", "oneOf", "allOf", "not"];

/// The keywords that can refuse a witness of this change; empty when any will do.
pub(super) fn keywords(change: &Change) -> Vec<String> {
    if let Some(limit) = change.limit {
        let mut words = limit.split('-');
        let first = words.next().unwrap_or_default().to_owned();
        let keyword = words.fold(first, |text, word| {
            let (head, tail) = word.split_at(word.len().min(1));
            text + &head.to_uppercase() + tail
        });
        let exclusive = match limit {
            "minimum" => "exclusiveMinimum",
            "maximum" => "exclusiveMaximum",
            _ => return vec![keyword],
        };
        return vec![keyword, exclusive.to_owned()];
    }
    let name = change.rule.entry().name;
    let table: [(&str, &[&str]); 12] = [
        ("type-", &["type", "enum", "const", "falseSchema", "anyOf", "oneOf"]),
        ("became-n", &["type", "enum", "const", "anyOf", "oneOf"]),
        ("enum-", &["enum", "const", "type", "anyOf", "oneOf"]),
        ("format-", &["format"]),
        ("multiple-of-", &["multipleOf"]),
        ("pattern-properties", &[]),
        ("pattern-", &["pattern"]),
        ("unique-items-", &["uniqueItems"]),
        ("became-", &["required"]),
        ("required-", &["required", "additionalProperties", "unevaluatedProperties", "falseSchema"]),
        ("additional-properties-", &["additionalProperties", "unevaluatedProperties", "falseSchema"]),
        ("dependent-required-", &["dependentRequired", "required"]),
    ];
    let found = table.iter().find(|(start, _)| name.starts_with(start));
    found.map(|(_, words)| words.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

/// The member that the refusal has to name, if the change is about one.
pub(super) fn member(change: &Change) -> Option<String> {
    let about_presence =
        [is::BECAME_REQUIRED, is::BECAME_OPTIONAL, is::LEFT_MESSAGE_REQUIRED, is::JOINED_MESSAGE_REQUIRED];
    if !about_presence.contains(&change.rule) && !change.rule.entry().name.contains("property-") {
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
    if change.rule.entry().name.starts_with("format-") {
        return "the validator does not check this format";
    }
    "the values that were tried do not tell the sides apart"
}
