//! What a schema says about a value once references and `allOf` are folded in.

use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};
use oas_model::{AdditionalItems, Api, Bound, Discriminator, Schema, SchemaId, Type, TypeSet};
use serde_json::Value;

use super::admits::kinds;

/// Something that a value has to satisfy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// The whole schema.
    Whole(SchemaId),
    /// The schema without its references, `allOf`, `anyOf` and `oneOf`.
    Own(SchemaId),
    /// The type alone.
    Only(Type),
    /// The members of a schema that may hold or not, such as a branch of a second choice.
    Members(SchemaId),
    /// One of the schemas that extend this one, as its discriminator says.
    Children(SchemaId),
}

/// Several parts that a value has to satisfy together.
pub(super) type Conjunction = Vec<Part>;

/// A choice between schemas: `anyOf` or `oneOf`.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// The schema that has the keyword.
    pub(super) owner: SchemaId,
    /// The branches, in the order of the document.
    pub(super) branches: Vec<SchemaId>,
    /// The discriminator beside the keyword.
    pub(super) discriminator: Option<Discriminator>,
}

/// What several parts say together. Of what a Rust type cannot hold, such as patterns, nothing is kept.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that schemas say, beside others")]
pub(super) struct Facets {
    /// The schemas that were folded, without their references and combinations, in the order of their properties.
    pub(super) parts: Vec<SchemaId>,
    /// The types, without `null`; `None` when every type will do.
    pub(super) types: Option<TypeSet>,
    /// Whether `null` is allowed, by those that say something about it.
    pub(super) null: Option<bool>,
    /// The values, without `null`.
    pub(super) values: Option<Vec<Value>>,
    /// Whether none of the values is of the types beside them.
    pub(super) has_unfit_values: bool,
    /// The first format.
    pub(super) format: Option<String>,
    /// The first `contentEncoding`.
    pub(super) content_encoding: Option<String>,
    /// The first `contentMediaType`.
    pub(super) content_media_type: Option<String>,
    /// The greatest minimum.
    pub(super) minimum: Option<Bound>,
    /// The least maximum.
    pub(super) maximum: Option<Bound>,
    /// The schemas of each property.
    pub(super) properties: IndexMap<String, Vec<SchemaId>>,
    /// The schemas of properties that are described only under a condition: in `then`, `else`, `dependentSchemas`, or
    /// by a branch of another choice.
    pub(super) conditional: IndexMap<String, Vec<SchemaId>>,
    /// The properties that must be there.
    pub(super) required: IndexSet<String>,
    /// The schemas of additional properties.
    pub(super) additional: Vec<SchemaId>,
    /// Whether additional properties are forbidden.
    pub(super) is_closed: bool,
    /// The schemas of `patternProperties`.
    pub(super) patterned: Vec<SchemaId>,
    /// The schemas of each item.
    pub(super) items: Vec<SchemaId>,
    /// Whether items behind those of [`prefix`](Self::prefix) are forbidden.
    pub(super) no_more_items: bool,
    /// The schemas of the first items.
    pub(super) prefix: Vec<SchemaId>,
    /// The greatest `minItems`.
    pub(super) min_items: Option<u64>,
    /// The least `maxItems`.
    pub(super) max_items: Option<u64>,
    /// The choices.
    pub(super) choices: Vec<Choice>,
    /// Whether there is a discriminator without a choice: others extend the schema.
    pub(super) is_parent: bool,
    /// Whether the schema `false` is among them.
    pub(super) is_never: bool,
    /// The schema whose `allOf` or reference leads back to itself.
    pub(super) cycle: Option<SchemaId>,
}

/// How many schemas are folded into one at most; no person writes as many.
const MOST_PARTS: usize = 4_096;

impl Facets {
    /// What the parts of `conjunction` say together.
    pub(super) fn of(api: &Api, conjunction: &[Part]) -> Self {
        let mut facets = Self::default();
        let mut seen = BTreeSet::new();
        for part in conjunction {
            match *part {
                Part::Whole(id) | Part::Children(id) => facets.fold(api, id, &mut seen),
                Part::Own(id) => {
                    if seen.insert(id) {
                        facets.add(id, &api.schemas[id]);
                    }
                }
                Part::Only(one) => facets.restrict(TypeSet::default().with(one)),
                Part::Members(id) => facets.add_conditional(api, id),
            }
        }
        for id in facets.parts.clone() {
            let schema = &api.schemas[id];
            let then = [schema.consequence, schema.alternative].into_iter().flatten();
            then.chain(schema.dependent_schemas.values().copied()).for_each(|id| facets.add_conditional(api, id));
        }
        // Who lists what extends it in turn: that it is one of these is said of it already.
        facets.choices.retain(|choice| {
            let mut branches = choice.branches.iter().map(|branch| api.schemas.resolve(*branch));
            !branches.any(|branch| branch != choice.owner && seen.contains(&branch))
        });
        let Self { properties, conditional, .. } = &mut facets;
        conditional.retain(|name, _| !properties.contains_key(name));
        facets.keep_fitting_values();
        facets
    }

    /// The schemas that hold with a schema: itself, and everything its references and `allOf` lead to.
    pub(super) fn parts_of(api: &Api, id: SchemaId) -> BTreeSet<SchemaId> {
        let mut parts = BTreeSet::new();
        Self::default().fold(api, id, &mut parts);
        parts
    }

    /// Folds a schema with everything its references and `allOf` lead to; those come first, as bases do.
    fn fold(&mut self, api: &Api, start: SchemaId, seen: &mut BTreeSet<SchemaId>) {
        enum Step {
            Enter(SchemaId),
            Leave(SchemaId),
        }
        let mut open = BTreeSet::new();
        let mut steps = vec![Step::Enter(start)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(id) if open.contains(&id) => {
                    self.cycle.get_or_insert(id);
                }
                Step::Enter(id) if seen.len() < MOST_PARTS && seen.insert(id) => {
                    open.insert(id);
                    steps.push(Step::Leave(id));
                    let schema = &api.schemas[id];
                    steps.extend(schema.all_of.iter().rev().map(|branch| Step::Enter(*branch)));
                    steps.extend(schema.reference.map(Step::Enter));
                }
                Step::Enter(_) => {}
                Step::Leave(id) => {
                    open.remove(&id);
                    let schema = &api.schemas[id];
                    self.add(id, schema);
                    self.add_choices(id, schema);
                }
            }
        }
    }

    fn add_choices(&mut self, id: SchemaId, schema: &Schema) {
        let has_choice = !(schema.any_of.is_empty() && schema.one_of.is_empty());
        for branches in [&schema.one_of, &schema.any_of] {
            if !branches.is_empty() {
                let discriminator = schema.discriminator.clone();
                self.choices.push(Choice { owner: id, branches: branches.clone(), discriminator });
            }
        }
        self.is_parent |= schema.discriminator.is_some() && !has_choice;
    }

    /// Adds what a schema says itself.
    fn add(&mut self, id: SchemaId, schema: &Schema) {
        self.parts.push(id);
        self.is_never |= schema.boolean == Some(false);
        if let Some(types) = schema.types {
            self.allow_null(types.contains(Type::Null));
            self.restrict(types.without(Type::Null));
        }
        self.add_values(schema);
        keep_first(&mut self.format, schema.format.as_ref());
        keep_first(&mut self.content_encoding, schema.content_encoding.as_ref());
        keep_first(&mut self.content_media_type, schema.content_media_type.as_ref());
        tighten(&mut self.minimum, schema.minimum.as_ref(), |new, old| new > old);
        tighten(&mut self.maximum, schema.maximum.as_ref(), |new, old| new < old);
        self.add_members(schema);
        self.add_items(schema);
    }

    fn add_values(&mut self, schema: &Schema) {
        let constant = schema.constant.as_ref().map(std::slice::from_ref);
        for values in [schema.enumeration.as_deref(), constant].into_iter().flatten() {
            self.allow_null(values.iter().any(Value::is_null));
            let mut kept: Vec<Value> = Vec::with_capacity(values.len());
            let mut seen = BTreeSet::new();
            for value in values.iter().filter(|value| !value.is_null()) {
                let earlier = self.values.as_ref();
                if earlier.is_none_or(|earlier| earlier.contains(value)) && seen.insert(value.to_string()) {
                    kept.push(value.clone());
                }
            }
            self.values = Some(kept);
        }
    }

    fn add_members(&mut self, schema: &Schema) {
        for (name, property) in &schema.properties {
            let schemas = self.properties.entry(name.clone()).or_default();
            if !schemas.contains(property) {
                schemas.push(*property);
            }
        }
        self.required.extend(schema.required.iter().cloned());
        self.patterned.extend(schema.pattern_properties.values());
        let unevaluated = schema.unevaluated_properties;
        let stated = if schema.additional_properties == AdditionalItems::Unstated {
            unevaluated
        } else {
            schema.additional_properties
        };
        self.additional.extend(stated.schema());
    }

    fn add_items(&mut self, schema: &Schema) {
        self.items.extend(schema.items.schema());
        if self.prefix.is_empty() {
            self.prefix.clone_from(&schema.prefix_items);
        }
        self.min_items = self.min_items.max(schema.min_items);
        self.max_items = [self.max_items, schema.max_items].into_iter().flatten().min();
    }

    /// Adds the members of a schema that may hold or not.
    fn add_conditional(&mut self, api: &Api, start: SchemaId) {
        let mut seen = BTreeSet::new();
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            if seen.len() == MOST_PARTS || !seen.insert(id) {
                continue;
            }
            let schema = &api.schemas[id];
            for (name, property) in &schema.properties {
                let schemas = self.conditional.entry(name.clone()).or_default();
                if !schemas.contains(property) {
                    schemas.push(*property);
                }
            }
            let single = [schema.reference, schema.consequence, schema.alternative].into_iter().flatten();
            let several = [&schema.all_of, &schema.any_of, &schema.one_of].into_iter().flatten().copied();
            open.extend(single.chain(several).chain(schema.dependent_schemas.values().copied()));
        }
    }

    fn allow_null(&mut self, allowed: bool) {
        self.null = Some(self.null.unwrap_or(true) && allowed);
    }

    /// Allows only types that are in `types` too. Integers are numbers.
    fn restrict(&mut self, types: TypeSet) {
        let Some(before) = self.types else {
            self.types = Some(types);
            return;
        };
        let mut both = before.intersection(types);
        let is_number = |set: TypeSet| set.contains(Type::Number);
        let is_integer = |set: TypeSet| set.contains(Type::Integer);
        if (is_number(before) && is_integer(types)) || (is_integer(before) && is_number(types)) {
            both = both.with(Type::Integer);
        }
        self.types = Some(both);
    }

    /// Leaves out values of other types than those that are allowed. When that leaves none, the values are believed:
    /// `type: integer` beside `enum: ["1"]` is a slip of the pen.
    fn keep_fitting_values(&mut self) {
        let (Some(values), Some(types)) = (&mut self.values, self.types) else { return };
        let fitting: Vec<Value> =
            values.iter().filter(|value| kinds(value).iter().any(|kind| types.contains(*kind))).cloned().collect();
        if fitting.is_empty() {
            self.has_unfit_values = !values.is_empty();
        } else {
            *values = fitting;
        }
    }

    /// Settles which `additionalProperties` and `items` are the schemas `true` and `false`.
    pub(super) fn close(&mut self, api: &Api) {
        let is_false = |id: &SchemaId| api.schemas[api.schemas.resolve(*id)].boolean == Some(false);
        self.is_closed = self.additional.iter().any(is_false);
        self.additional.retain(|id| !is_false(id));
        self.no_more_items = self.items.iter().any(is_false);
        self.items.retain(|id| !is_false(id));
    }

    /// The folded schemas without their references and combinations.
    pub(super) fn own_parts(&self) -> Conjunction {
        self.parts.iter().map(|id| Part::Own(*id)).collect()
    }

    /// Whether something is said about members.
    pub(super) fn describes_object(&self) -> bool {
        !self.properties.is_empty()
            || !self.conditional.is_empty()
            || !self.additional.is_empty()
            || !self.patterned.is_empty()
            || self.is_closed
    }

    /// Whether something is said about items.
    pub(super) fn describes_array(&self) -> bool {
        !self.items.is_empty() || !self.prefix.is_empty() || self.no_more_items
    }
}

fn keep_first(kept: &mut Option<String>, new: Option<&String>) {
    if kept.is_none() {
        *kept = new.cloned();
    }
}

fn tighten(kept: &mut Option<Bound>, new: Option<&Bound>, is_tighter: impl Fn(f64, f64) -> bool) {
    let Some(new) = new else { return };
    let is_kept = kept.as_ref().is_some_and(|old| match (new.value.as_f64(), old.value.as_f64()) {
        (Some(new), Some(old)) => !is_tighter(new, old),
        _ => true,
    });
    if !is_kept {
        *kept = Some(new.clone());
    }
}

/// Whether a schema says anything that decides which Rust type a value has; descriptions, patterns and lengths do not.
pub(super) fn has_shape(schema: &Schema) -> bool {
    schema.types.is_some()
        || schema.boolean == Some(false)
        || schema.enumeration.is_some()
        || schema.constant.is_some()
        || !schema.properties.is_empty()
        || !schema.required.is_empty()
        || schema.additional_properties != AdditionalItems::Unstated
        || !schema.pattern_properties.is_empty()
        || schema.items != AdditionalItems::Unstated
        || !schema.prefix_items.is_empty()
        || !schema.all_of.is_empty()
        || !schema.any_of.is_empty()
        || !schema.one_of.is_empty()
        || schema.consequence.is_some()
        || schema.alternative.is_some()
        || !schema.dependent_schemas.is_empty()
}
