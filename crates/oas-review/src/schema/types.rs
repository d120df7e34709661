//! Which types of value are allowed.

use oas_model::{SchemaId, Type, TypeSet};
use serde_json::Value;

use super::constraint::distinct;
use super::format::is_any_bytes;
use super::medium::Medium;
use super::pair::{Child, Inside, Pair};
use super::pair_comparison::PairComparison;
use super::resolver::{Conjunction, Resolver};
use super::shape::{Kind, Record, Shape};
use crate::effect::Effect;
use crate::rule::is;

impl PairComparison<'_, '_> {
    /// Compares two conjunctions.
    pub(crate) fn compare(&mut self, base: Conjunction, revision: Conjunction) {
        let (there, here) = (self.base.shape(base), self.revision.shape(revision));
        if self.pair.medium == Medium::Part && self.are_bytes(base, revision) {
            return self.compare_seeds(base, revision);
        }
        if self.pair.medium.repeats() && self.compare_repetition(base, revision, &there, &here) {
            return;
        }
        let types = self.found.len();
        let effect = self.compare_types(base, revision, &there, &here);
        for kind in Kind::ALL {
            let old: Vec<&Record> = there.of(kind).collect();
            let new: Vec<&Record> = here.of(kind).collect();
            if old.is_empty() || new.is_empty() {
                continue;
            }
            // Where anything was allowed, the change of the type says it all; whoever accepts it accepts all of it.
            let is_told = (effect.narrows() && self.says_nothing(true, base, &there, &old))
                || (effect.widens() && self.says_nothing(false, revision, &here, &new));
            if is_told {
                if let Some(found) = self.found.get_mut(types) {
                    found.is_whole = true;
                }
                continue;
            }
            match (old.as_slice(), new.as_slice()) {
                ([old], [new]) => self.compare_records(old, new),
                _ => self.compare_choices(&old, &new),
            }
        }
        self.compare_exclusivity(base, revision, &there, &here);
        self.compare_polymorphism(&there, &here);
        self.compare_seeds(base, revision);
    }

    /// Whether both sides are bytes, in whatever words.
    fn are_bytes(&self, base: Conjunction, revision: Conjunction) -> bool {
        let is_bytes = |resolver: &Resolver<'_>, conjunction: Conjunction| {
            let [id] = resolver.seeds(conjunction) else { return resolver.seeds(conjunction).is_empty() };
            is_any_bytes(&resolver.side.api.schemas, *id)
        };
        is_bytes(self.base, base) && is_bytes(self.revision, revision)
    }

    /// Compares a value with a list of such values, where each item is written like a value that is alone; `false` where
    /// that is not what changed.
    fn compare_repetition(&mut self, base: Conjunction, revision: Conjunction, there: &Shape, here: &Shape) -> bool {
        let is_single = |resolver: &Resolver<'_>, conjunction: Conjunction, shape: &Shape| {
            let schemas = &resolver.side.api.schemas;
            let is_bytes = matches!(resolver.seeds(conjunction), [id] if is_any_bytes(schemas, *id)
                && schemas[schemas.resolve(*id)].content_media_type.is_some());
            is_bytes || (!shape.allows(Kind::Array) && !shape.allows(Kind::Object))
        };
        let (was, is) = (listed(self.base, base), listed(self.revision, revision));
        let (rule, old, new) = match (was, is) {
            (None, Some(item)) if is_single(self.base, base, there) => {
                (is::BECAME_LIST, self.base.seeds(base).to_vec(), vec![item])
            }
            (Some(item), None) if is_single(self.revision, revision, here) => {
                (is::BECAME_SINGLE, vec![item], self.revision.seeds(revision).to_vec())
            }
            _ => return false,
        };
        let place_there = self.base_place::<()>(None, self.base.seeds(base), &["type"]);
        let place_here = self.revision_place::<()>(None, self.revision.seeds(revision), &["type"]);
        self.find(rule, place_there, place_here);
        let homes = (self.homes.0.clone(), self.homes.1.clone());
        let pair = Pair { base: self.base.conjunction(old), revision: self.revision.conjunction(new), ..self.pair };
        self.children.push(Child { pair, inside: Inside::Apart, homes });
        true
    }

    /// Whether a side has no schema at a position, or one that allows anything; a scalar that is told apart from others
    /// by its type alone says something.
    fn says_nothing(&self, in_base: bool, side: Conjunction, shape: &Shape, records: &[&Record]) -> bool {
        let resolver = if in_base { &*self.base } else { &*self.revision };
        let [record] = records else { return false };
        let is_free = record.sources.iter().all(|id| is_unconstrained(resolver.schema(*id)));
        let allows_all = Kind::ALL.into_iter().all(|kind| shape.allows(kind));
        is_free && (resolver.seeds(side).is_empty() || (allows_all && !record.kind.is_scalar()))
    }

    /// Compares the types alone, and tells what the change of them does.
    fn compare_types(&mut self, base: Conjunction, revision: Conjunction, there: &Shape, here: &Shape) -> Effect {
        let only = |these: &Shape, those: &Shape| -> Vec<Kind> {
            Kind::ALL.into_iter().filter(|kind| these.allows(*kind) && !those.allows(*kind)).collect()
        };
        let (mut lost, mut gained) = (only(there, here), only(here, there));
        let is_respelled = if self.pair.medium.is_text() {
            // Every text of a number or a word is a text.
            let is_covered = |kind: &Kind, resolver: &Resolver<'_>, other: &Shape| {
                kind.is_scalar()
                    && other.of(Kind::String).any(|record| {
                        record.values.is_none() && record.sources.iter().all(|id| is_any_text(resolver.schema(*id)))
                    })
            };
            let before = lost.len() + gained.len();
            lost.retain(|kind| !is_covered(kind, self.revision, here));
            gained.retain(|kind| !is_covered(kind, self.base, there));
            lost.len() + gained.len() < before
        } else {
            false
        };
        let both_numbers = there.allows(Kind::Number) && here.allows(Kind::Number);
        let to_integers = both_numbers && !there.allows_only_whole_numbers() && here.allows_only_integers();
        let from_integers = both_numbers && there.allows_only_integers() && !here.allows_only_whole_numbers();
        let only_null = |kinds: &[Kind]| kinds == [Kind::Null];
        if only_null(&lost) || only_null(&gained) {
            self.leave_out_doubtful_null((base, revision), (there, here), (&mut lost, &mut gained));
        }
        let effect = Effect::of(!lost.is_empty() || to_integers, !gained.is_empty() || from_integers);
        let rule = match effect {
            Effect::Narrows if only_null(&lost) && !to_integers => is::BECAME_NOT_NULLABLE,
            Effect::Widens if only_null(&gained) && !from_integers => is::BECAME_NULLABLE,
            Effect::Narrows => is::TYPE_NARROWED,
            Effect::Widens => is::TYPE_WIDENED,
            Effect::Both => is::TYPE_CHANGED,
            Effect::None if is_respelled => is::TYPE_RESPELLED,
            Effect::None | Effect::Unknown => return effect,
        };
        let (old, new) = (self.base.seeds(base).to_vec(), self.revision.seeds(revision).to_vec());
        let of = |shape: &Shape| {
            let mut sources: Vec<_> = shape.records.iter().flat_map(|record| record.sources.to_vec()).collect();
            sources.dedup();
            sources
        };
        let base_constraint = distinct(self.base, &of(there), |schema| schema.types).into_iter().next();
        let revision_constraint = distinct(self.revision, &of(here), |schema| schema.types).into_iter().next();
        let place_there = self.base_place(base_constraint.as_ref(), &old, &["type"]);
        let place_here = self.revision_place(revision_constraint.as_ref(), &new, &["type"]);
        let (before, after) = (words(there), words(here));
        let is_null_alone = rule == is::BECAME_NULLABLE || rule == is::BECAME_NOT_NULLABLE;
        let found = self.find(rule, place_there, place_here);
        if !is_null_alone {
            found.before = Some(before);
            found.after = Some(after);
        }
        effect
    }

    /// Leaves out a `null` that came or went by one reading of a side alone; it is told where the other side does not name
    /// `null` at all.
    fn leave_out_doubtful_null(
        &mut self,
        (base, revision): (Conjunction, Conjunction),
        (there, here): (&Shape, &Shape),
        (lost, gained): (&mut Vec<Kind>, &mut Vec<Kind>),
    ) {
        let is_lost = !lost.is_empty();
        let is_doubtful =
            if is_lost { is_null_doubtful(self.base, there) } else { is_null_doubtful(self.revision, here) };
        if !is_doubtful {
            return;
        }
        lost.clear();
        gained.clear();
        // Both say that it may be null in one place, and that it may not in another.
        let is_named = if is_lost { names_null(self.revision, here) } else { names_null(self.base, there) };
        if !is_named {
            let (old, new) = (self.base.seeds(base).to_vec(), self.revision.seeds(revision).to_vec());
            let place_there = self.base_place::<()>(None, &old, &["enum"]);
            let place_here = self.revision_place::<()>(None, &new, &["enum"]);
            self.find(is::NULL_UNDECIDED, place_there, place_here);
        }
    }
}

/// The items, where a schema plainly is a list that may have one of them.
fn listed(resolver: &Resolver<'_>, conjunction: Conjunction) -> Option<SchemaId> {
    let [id] = resolver.seeds(conjunction) else { return None };
    let schema = resolver.schema(resolver.side.api.schemas.resolve(*id));
    let may_be_one = schema.min_items.is_none_or(|least| least <= 1) && schema.max_items != Some(0);
    let is_list = schema.types.and_then(TypeSet::single) == Some(Type::Array) && schema.prefix_items.is_empty();
    schema.items.schema().filter(|_| is_list && may_be_one)
}

/// Whether `null` is allowed by a reading that not everybody shares: `nullable` beside an `enum` that does not list it.
fn is_null_doubtful(resolver: &Resolver<'_>, shape: &Shape) -> bool {
    let is_doubtful = |id: &SchemaId| {
        let node = resolver.side.document.get(&resolver.schema(*id).at);
        let is_nullable = node.and_then(|node| node.get("nullable")?.as_bool()) == Some(true);
        let values = node.and_then(|node| node.get("enum")?.as_array());
        is_nullable && values.is_some_and(|all| all.iter().all(|one| !matches!(one.value, oas_document::Value::Null)))
    };
    let mut records = shape.of(Kind::Null).peekable();
    records.peek().is_some() && records.all(|record| record.sources.iter().any(is_doubtful))
}

/// Whether a schema lists `null` among its types, although it allows no `null`.
fn names_null(resolver: &Resolver<'_>, shape: &Shape) -> bool {
    let mut sources = shape.records.iter().flat_map(|record| record.sources.iter());
    sources.any(|id| resolver.schema(*id).types.is_some_and(|types| types.contains(Type::Null)))
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

/// Whether a schema of texts allows every text.
fn is_any_text(schema: &oas_model::Schema) -> bool {
    schema.pattern.is_none()
        && schema.min_length.is_none()
        && schema.max_length.is_none()
        && schema.format.as_deref().is_none_or(super::format::is_hint)
        && schema.not.is_none()
        && schema.condition.is_none()
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
