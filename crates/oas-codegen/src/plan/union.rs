//! Unions: which branch a value belongs to.

use std::collections::{BTreeMap, BTreeSet};

use oas_model::{Discriminator, SchemaId};

use super::facets::{Conjunction, Facets, Part};
use super::hint::Hint;
use super::in_order::in_order;
use super::names::Kind;
use super::planner::Planner;
use super::request::Request;
use super::scope::Scope;
use super::{RustType, Tagging, TypeKind, UnionItem, UnionVariant};

/// A branch of a union.
pub(super) struct Branch<'a> {
    pub(super) parts: &'a Conjunction,
    /// The schema that the document lists.
    pub(super) schema: SchemaId,
    pub(super) facets: Facets,
    pub(super) tags: Vec<String>,
    /// Whether it takes what the tags of no branch stand for.
    pub(super) is_default: bool,
}

impl Planner<'_> {
    /// The union of these branches.
    pub(super) fn union(
        &mut self,
        branches: &[Conjunction],
        discriminator: Option<Discriminator>,
        hint: &Hint,
        schema: SchemaId,
    ) -> TypeKind {
        let mut branches: Vec<Branch<'_>> = branches
            .iter()
            .map(|parts| Branch {
                parts,
                schema: parts.iter().rev().find_map(|part| part.schema()).unwrap_or(schema),
                facets: Facets::of(self.api, parts),
                tags: Vec::new(),
                is_default: false,
            })
            .collect();
        let tagging = self.tag(&mut branches, discriminator, schema);
        let names = self.branch_names(&branches, &hint.path);
        let order = in_order(&names, |name| &name.key);
        let mut types: Vec<(usize, RustType)> = Vec::with_capacity(branches.len());
        for index in order {
            let name = &names[index];
            let hint = hint.inside(&name.word, hint.path.inside("oneOf", &name.key));
            let ty = self.type_of_all(branches[index].parts, &hint);
            // Two branches of one type cannot be told apart by anything but a tag.
            if tagging != Tagging::Shape || types.iter().all(|(_, other)| *other != ty) {
                types.push((index, ty));
            }
        }
        types.sort_by_key(|(index, _)| *index);
        let requests = types.iter().map(|(index, _)| {
            let (name, at) = (&names[*index], &self.api.schemas[branches[*index].schema].at);
            let request = Request::named(Kind::Variant, &name.word, hint.path.variant_key(&name.key), at);
            match &name.longer {
                Some(longer) => Request { is_vague: true, ..request.or(Kind::Variant, longer) },
                None => request,
            }
        });
        let requests = requests.collect();
        let mut scope = Scope::new(Kind::Variant, format!("variants of `{}`", hint.path.as_str()));
        let idents = self.settle_names(&mut scope, requests);
        let variants: Vec<UnionVariant> = types
            .into_iter()
            .zip(idents)
            .map(|((index, ty), ident)| {
                let Branch { schema, tags, is_default, .. } = &branches[index];
                let key = names[index].key.clone();
                UnionVariant { ident, key, ty, schema: *schema, tags: tags.clone(), is_default: *is_default }
            })
            .collect();
        match variants.as_slice() {
            [] => TypeKind::Newtype(RustType::Json),
            [only] if tagging == Tagging::Shape => TypeKind::Newtype(only.ty.clone()),
            _ => TypeKind::Union(UnionItem { variants, tagging }),
        }
    }

    /// Gives the branches their tags, by the discriminator or by a member whose value is fixed in each of them.
    fn tag(&mut self, branches: &mut [Branch<'_>], discriminator: Option<Discriminator>, schema: SchemaId) -> Tagging {
        let Some(discriminator) = discriminator else { return self.tag_by_constant(branches) };
        let mut by_target: BTreeMap<SchemaId, Vec<&String>> = BTreeMap::new();
        for (tag, target) in &discriminator.mapping {
            by_target.entry(self.target(*target)).or_default().push(tag);
        }
        let mut taken = BTreeSet::new();
        for branch in branches.iter_mut() {
            let mapped = by_target.get(&branch.schema).into_iter().flatten().map(|tag| (*tag).clone());
            branch.tags = mapped.filter(|tag| taken.insert(tag.clone())).collect();
        }
        for branch in branches.iter_mut().filter(|branch| branch.tags.is_empty()) {
            let fixed = self.fixed_values(&branch.facets, &discriminator.property).unwrap_or_default();
            branch.tags = fixed.into_iter().filter(|tag| taken.insert(tag.clone())).collect();
        }
        let default = discriminator.default.map(|id| self.target(id));
        // One branch without a tag takes what the others do not; with two, the tag decides nothing.
        let untagged = branches.iter().filter(|branch| branch.tags.is_empty()).count();
        if untagged <= 1 {
            for branch in branches.iter_mut() {
                branch.is_default = default.map_or(branch.tags.is_empty(), |default| branch.schema == default);
            }
            if default.is_some() && !branches.iter().any(|branch| branch.is_default) {
                self.stray_default(schema);
            }
            return Tagging::Property(discriminator.property);
        }
        for branch in branches.iter_mut() {
            branch.tags.clear();
        }
        let at = self.api.schemas[schema].at.clone();
        let message = format!(
            "no value of the discriminator `{}` leads to {untagged} of the branches; they are told apart by their members",
            discriminator.property.escape_debug()
        );
        self.warn("untagged-branches", &at, message, "list every branch under `mapping`, or make each a component");
        self.tag_by_constant(branches)
    }

    /// A default mapping to what is no branch.
    fn stray_default(&mut self, schema: SchemaId) {
        let at = self.api.schemas[schema].at.clone();
        let message = "`defaultMapping` names none of the branches; a value that no mapping names is kept as it is";
        self.warn("stray-default-mapping", &at, message, "name one of the branches");
    }

    /// The schema behind a target of a mapping, as branches are written down.
    fn target(&self, id: SchemaId) -> SchemaId {
        match self.reduced(&[Part::Whole(id)]).as_slice() {
            [Part::Whole(target)] => *target,
            _ => id,
        }
    }

    /// Looks for a member that every branch requires and fixes to strings of its own.
    fn tag_by_constant(&self, branches: &mut [Branch<'_>]) -> Tagging {
        let Some(first) = branches.first() else { return Tagging::Shape };
        // Of several that would do the choice must not depend on their order.
        let candidates: BTreeSet<String> = first.facets.required.iter().cloned().collect();
        for property in candidates {
            let mut taken = BTreeSet::new();
            let tags: Option<Vec<Vec<String>>> = branches
                .iter()
                .map(|branch| {
                    let required = branch.facets.required.contains(&property);
                    let values = self.fixed_values(&branch.facets, &property).filter(|_| required)?;
                    values.iter().all(|value| taken.insert(value.clone())).then_some(values)
                })
                .collect();
            if let Some(tags) = tags {
                for (branch, tags) in branches.iter_mut().zip(tags) {
                    branch.tags = tags;
                }
                return Tagging::Property(property);
            }
        }
        Tagging::Shape
    }

    /// The strings that a member is fixed to; `None` when there are none.
    fn fixed_values(&self, facets: &Facets, property: &str) -> Option<Vec<String>> {
        let parts: Conjunction = facets.properties.get(property)?.iter().map(|id| Part::Whole(*id)).collect();
        let values = Facets::of(self.api, &parts).values?;
        let strings: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        strings.filter(|strings| !strings.is_empty())
    }
}
