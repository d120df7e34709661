//! What no value satisfies, or nobody can check: told when generating, and not by a server that refuses everything.

use oas_document::{Diagnostic, Place};
use oas_model::{Api, Schema, SchemaId};

use super::facets::{Facets, Part};

/// How many schemas are looked at for closed objects that hold together; each look follows its references.
const MOST: usize = 20_000;

/// A warning for each place.
pub(super) fn warnings(api: &Api) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, schema) in api.schemas.iter() {
        found.extend(unusable_patterns(schema));
        if id.index() < MOST && !schema.all_of.is_empty() {
            found.extend(ruled_out(api, id));
        }
    }
    found
}

/// Patterns that are none of ECMA-262, so that no server can hold a text against them.
fn unusable_patterns(schema: &Schema) -> Vec<Diagnostic> {
    let own = schema.pattern.iter().map(|pattern| ("pattern", pattern));
    let of_members = schema.pattern_properties.keys().map(|pattern| ("patternProperties", pattern));
    let unusable = own.chain(of_members).filter_map(|(keyword, pattern)| {
        let error = fault(pattern)?;
        let shown: String = pattern.chars().take(60).collect();
        let message = format!(
            "`{keyword}` has `{}`, which is no regular expression of ECMA-262 ({error}); the server refuses what it would judge",
            shown.escape_debug()
        );
        let place = Place::of(&schema.at.child(keyword));
        let hint = "correct it; between slashes, `/a/i`, is how JavaScript writes one, not what belongs here";
        Some(Diagnostic::warning("unusable-pattern", message).at(place).hint(hint))
    });
    unusable.collect()
}

/// Why a pattern cannot be used.
fn fault(pattern: &str) -> Option<String> {
    if is_literal(pattern) {
        return Some("it is written as JavaScript writes one, and no text has its slashes at these ends".to_owned());
    }
    // JSON Schema recommends the flag for Unicode; what compiles without it alone is understood, too.
    let with = |flags: &str| regress::Regex::with_flags(pattern, flags);
    with("u").map(drop).or_else(|_| with("").map(drop)).err().map(|error| error.text)
}

/// Whether a pattern is written between slashes, with an anchor behind the first that can hold nowhere else.
fn is_literal(pattern: &str) -> bool {
    let end = pattern.trim_end_matches(|one: char| one.is_ascii_lowercase());
    pattern.starts_with("/^") && end.len() > 2 && end.ends_with('/')
}

/// Members that some part of an `allOf` describes and another, which is closed, does not know.
fn ruled_out(api: &Api, id: SchemaId) -> Option<Diagnostic> {
    let facets = Facets::of(api, &[Part::Whole(id)]);
    let is_closed = |part: &&SchemaId| {
        let rest = api.schemas[**part].additional_properties.schema();
        rest.is_some_and(|rest| api.schemas[api.schemas.resolve(rest)].boolean == Some(false))
    };
    let rules_out = |part: SchemaId, name: &String| {
        let schema = &api.schemas[part];
        schema.pattern_properties.is_empty() && !schema.properties.contains_key(name)
    };
    for part in facets.parts.iter().filter(is_closed) {
        let described = facets.properties.keys().chain(&facets.required);
        let mut names: Vec<&String> = described.filter(|name| rules_out(*part, name)).collect();
        names.dedup();
        let Some(first) = names.iter().find(|name| facets.required.contains(**name)).or(names.first()) else {
            continue;
        };
        let consequence = if facets.required.contains(*first) {
            "and is required: no value satisfies both"
        } else {
            "so that no value can have it"
        };
        let message = format!(
            "`allOf` holds together with `additionalProperties: false`, which does not know the member `{}` of another part, {consequence}",
            first.escape_debug()
        );
        let place = Place::of(&api.schemas[id].at.child("allOf"));
        let hint = "take `additionalProperties: false` out of the part, or write `unevaluatedProperties: false` beside `allOf`";
        return Some(Diagnostic::warning("closed-all-of", message).at(place).hint(hint));
    }
    None
}
