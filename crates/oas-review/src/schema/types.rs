//! Which types of value are allowed.

use serde_json::Value;

use super::lens::Conjunction;
use super::record::distinct;
use super::shape::{Kind, Record, Shape};
use super::walk::Comparison;
use crate::effect::Effect;
use crate::rule::is;

impl Comparison<'_, '_> {
    /// Compares two conjunctions.
    pub(crate) fn compare(&mut self, base: Conjunction, revision: Conjunction) {
        let (there, here) = (self.base.shape(base), self.revision.shape(revision));
        let effect = self.compare_types(base, revision, &there, &here);
        for kind in Kind::ALL {
            let old: Vec<&Record> = there.of(kind).collect();
            let new: Vec<&Record> = here.of(kind).collect();
            if old.is_empty() || new.is_empty() {
                continue;
            }
            // Where anything of the type was allowed, the change of the type says it all.
            if (effect.narrows() && self.is_unconstrained_base(&old))
                || (effect.widens() && self.is_unconstrained_revision(&new))
            {
                continue;
            }
            match (old.as_slice(), new.as_slice()) {
                ([old], [new]) => self.compare_records(old, new),
                _ => self.compare_choices(&old, &new, (!there.exclusive.is_empty(), !here.exclusive.is_empty())),
            }
        }
        self.compare_exclusivity(base, revision, &there, &here);
        self.compare_seeds(base, revision);
    }

    fn is_unconstrained_base(&self, records: &[&Record]) -> bool {
        let [record] = records else { return false };
        record.sources.iter().all(|id| is_unconstrained(self.base.schema(*id)))
    }

    fn is_unconstrained_revision(&self, records: &[&Record]) -> bool {
        let [record] = records else { return false };
        record.sources.iter().all(|id| is_unconstrained(self.revision.schema(*id)))
    }

    /// Compares the types alone, and tells what the change of them does.
    fn compare_types(&mut self, base: Conjunction, revision: Conjunction, there: &Shape, here: &Shape) -> Effect {
        let lost: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| there.allows(*kind) && !here.allows(*kind)).collect();
        let gained: Vec<Kind> =
            Kind::ALL.into_iter().filter(|kind| !there.allows(*kind) && here.allows(*kind)).collect();
        let both_numbers = there.allows(Kind::Number) && here.allows(Kind::Number);
        let to_integers = both_numbers && !there.allows_only_whole_numbers() && here.allows_only_integers();
        let from_integers = both_numbers && there.allows_only_integers() && !here.allows_only_whole_numbers();
        let only_null = |kinds: &[Kind]| kinds == [Kind::Null];
        let effect = Effect::of(!lost.is_empty() || to_integers, !gained.is_empty() || from_integers);
        let rule = match effect {
            Effect::Narrows if only_null(&lost) && !to_integers => is::BECAME_NOT_NULLABLE,
            Effect::Widens if only_null(&gained) && !from_integers => is::BECAME_NULLABLE,
            Effect::Narrows => is::TYPE_NARROWED,
            Effect::Widens => is::TYPE_WIDENED,
            Effect::Both => is::TYPE_CHANGED,
            Effect::None | Effect::Unknown => return effect,
        };
        let (old, new) = (self.base.seeds(base).to_vec(), self.revision.seeds(revision).to_vec());
        let of = |shape: &Shape| {
            let mut sources: Vec<_> = shape.records.iter().flat_map(|record| record.sources.to_vec()).collect();
            sources.dedup();
            sources
        };
        let said_there = distinct(self.base, &of(there), |schema| schema.types).into_iter().next();
        let said_here = distinct(self.revision, &of(here), |schema| schema.types).into_iter().next();
        let place_there = self.base_place(said_there.as_ref(), &old, &["type"]);
        let place_here = self.revision_place(said_here.as_ref(), &new, &["type"]);
        let (before, after) = (words(there), words(here));
        let is_null_alone = rule == is::BECAME_NULLABLE || rule == is::BECAME_NOT_NULLABLE;
        let found = self.find(rule, place_there, place_here);
        if !is_null_alone {
            found.before = Some(before);
            found.after = Some(after);
        }
        effect
    }
}

/// The types that a shape allows, in words.
fn words(shape: &Shape) -> Value {
    let kinds: Vec<&str> = Kind::ALL
        .into_iter()
        .filter(|kind| shape.allows(*kind))
        .map(|kind| if kind == Kind::Number && shape.allows_only_integers() { "integer" } else { kind.as_str() })
        .collect();
    let text = match kinds.as_slice() {
        [] => "impossible".to_owned(),
        all if all.len() == Kind::ALL.len() && !shape.allows_only_integers() => "anything".to_owned(),
        some => some.join(" or "),
    };
    Value::String(text)
}

/// Whether the schema allows every value of the types that it allows.
fn is_unconstrained(schema: &oas_model::Schema) -> bool {
    let plain = oas_model::Schema {
        component: schema.component.clone(),
        reference: schema.reference,
        all_of: schema.all_of.clone(),
        any_of: schema.any_of.clone(),
        one_of: schema.one_of.clone(),
        types: schema.types,
        title: schema.title.clone(),
        description: schema.description.clone(),
        default: schema.default.clone(),
        examples: schema.examples.clone(),
        deprecated: schema.deprecated,
        read_only: schema.read_only,
        write_only: schema.write_only,
        xml: schema.xml.clone(),
        external_docs: schema.external_docs.clone(),
        extensions: schema.extensions.clone(),
        unknown: schema.unknown.clone(),
        discriminator: schema.discriminator.clone(),
        ..oas_model::Schema::anything(schema.at.clone())
    };
    *schema == plain
}
