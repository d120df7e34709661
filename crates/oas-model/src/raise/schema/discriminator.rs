//! Discriminators: which value stands for which branch.

use std::collections::HashSet;

use indexmap::IndexMap;
use oas_document::{Diagnostic, Value};

use crate::family::Children;
use crate::raise::Builder;
use crate::raise::reading::{At, NodeRef};
use crate::raise::slip::did_you_mean;
use crate::vocabulary::ObjectKind;
use crate::{Discriminator, SchemaId};

impl<'d> Builder<'d> {
    /// A Discriminator Object, with the mappings that it states.
    pub(super) fn discriminator(&mut self, node: NodeRef<'_, 'd>) -> Option<Discriminator> {
        if let Value::String(property) = &node.node.value {
            let message = "`discriminator` as a string is Swagger 2; it is taken as its `propertyName`";
            let finding =
                Diagnostic::warning("wrong-kind", message).hint(format!("write `{{propertyName: {property}}}`"));
            self.report(finding, &node.location());
            return Some(Discriminator { property: property.clone(), mapping: IndexMap::new(), default: None });
        }
        let fields = self.fields(node.at(), ObjectKind::Discriminator)?;
        let Some(property) = self.text(&fields, "propertyName") else {
            let finding = Diagnostic::warning("missing-member", "a discriminator needs `propertyName`; it is ignored");
            self.report(finding.hint("add the name of the member that tells the branches apart"), &fields.at.location);
            return None;
        };
        let mut mapping = IndexMap::new();
        if let Some(members) = fields.get("mapping") {
            if members.node.as_object().is_none() {
                self.wrong_kind(members, "an object of values and schemas");
            }
            for (value, target) in members.at().members() {
                if let Some(id) = self.mapping_target(target) {
                    mapping.insert(value.to_owned(), id);
                }
            }
        }
        let default = fields.get("defaultMapping").and_then(|target| self.mapping_target(target));
        Some(Discriminator { property, mapping, default })
    }

    /// The schema that a mapping names: by the name of a component or by a reference (OpenAPI 3.1.1, section
    /// 4.8.25.3).
    fn mapping_target(&mut self, node: NodeRef<'_, 'd>) -> Option<SchemaId> {
        let text = self.read_text(node)?;
        let schemas = self.root().get("components")?.at().get("schemas").map(|schemas| schemas.at());
        let component = schemas.as_ref().and_then(|schemas| {
            let node = schemas.node.get(&text)?;
            Some(At { node, location: schemas.location.child(&text) })
        });
        if let Some(at) = component {
            return Some(self.schema(at));
        }
        if let Ok(location) = self.document.resolve_at(&node.location(), &text) {
            let at = self.at(location)?;
            return Some(self.schema(at));
        }
        let message = format!("discriminator mapping to `{text}`, which is no schema, is ignored");
        let names = schemas.as_ref().and_then(|schemas| schemas.node.as_object()).into_iter().flatten();
        let wanted = text.rsplit('/').next().unwrap_or(&text);
        let hint = did_you_mean(wanted, names.map(|(name, _)| name.as_str()))
            .unwrap_or_else(|| "name a component, or write a reference to a schema".to_owned());
        self.report(Diagnostic::warning("unknown-mapping", message).hint(hint), &node.location());
        None
    }

    /// Adds the mappings that nobody states: a branch is mapped from the name of its component.
    pub(super) fn complete_discriminators(&mut self, components: &IndexMap<String, SchemaId>) {
        /// A document in which everything extends everything has more branches than anybody could use.
        const MOST: usize = 200_000;
        let mut total = 0;
        if self.deferred.discriminators.is_empty() {
            return;
        }
        let children = Children::of(&self.schemas, components.values().copied());
        for id in std::mem::take(&mut self.deferred.discriminators) {
            let schema = &self.schemas[id];
            let Some(mut discriminator) = schema.discriminator.clone() else { continue };
            let listed = schema.one_of.iter().chain(&schema.any_of);
            let mut branches: Vec<SchemaId> =
                listed.map(|branch| self.schemas[*branch].reference.unwrap_or(*branch)).collect();
            if branches.is_empty() {
                branches = children.descendants(id);
            }
            total += branches.len();
            if total > MOST {
                let message = format!("the discriminators have more than {MOST} branches; the rest is left out");
                let finding =
                    Diagnostic::slip("too-many-branches", message).hint("state the `mapping` of those that matter");
                let at = self.schemas[id].at.clone();
                self.report(finding, &at);
                return;
            }
            let mapped: HashSet<SchemaId> =
                discriminator.mapping.values().map(|id| self.schemas.resolve(*id)).collect();
            for target in branches {
                if mapped.contains(&self.schemas.resolve(target)) {
                    continue;
                }
                let Some(name) = &self.schemas[target].component else { continue };
                discriminator.mapping.entry(name.clone()).or_insert(target);
            }
            if let Some(schema) = self.schemas.get_mut(id) {
                schema.discriminator = Some(discriminator);
            }
        }
    }
}
