//! `$ref` and `$dynamicRef` of schemas.

use std::collections::HashSet;

use oas_document::{Diagnostic, Location};

use super::Draft;
use crate::build::Builder;
use crate::build::reading::Spot;
use crate::vocabulary::ObjectKind;
use crate::{Schema, SchemaId};

/// `$ref`
pub(super) fn read<'d>(builder: &mut Builder<'d>, draft: &mut Draft, spot: Spot<'_, 'd>) {
    let Some(text) = spot.node.as_str() else {
        builder.wrong_kind(spot, "a string");
        return;
    };
    let location = spot.location();
    let Some(target) = builder.resolve(location.file, spot, text) else { return };
    if !builder.check_section(&target.location, ObjectKind::Schema, spot) {
        return;
    }
    let id = builder.schema(target);
    if draft.schema.reference.is_none() {
        draft.schema.reference = Some(id);
    } else {
        // A schema has one reference here; a second one is in force all the same.
        let second = Schema { reference: Some(id), ..Schema::anything(location) };
        draft.schema.all_of.push(builder.schemas.add(second));
    }
}

/// `$dynamicRef`, resolved as if it were a `$ref`: right as long as there is one anchor of its name.
pub(super) fn read_dynamic<'d>(builder: &mut Builder<'d>, draft: &mut Draft, spot: Spot<'_, 'd>) {
    if let Some((_, anchor)) = spot.node.as_str().and_then(|text| text.split_once('#')) {
        builder.deferred.dynamic_references.push((anchor, spot.location()));
    }
    read(builder, draft, spot);
}

/// `$dynamicAnchor`
pub(super) fn read_dynamic_anchor<'d>(builder: &mut Builder<'d>, _: &mut Draft, spot: Spot<'_, 'd>) {
    match spot.node.as_str() {
        Some(name) => builder.deferred.dynamic_anchors.entry(name).or_default().push(spot.location()),
        None => builder.wrong_kind(spot, "a string"),
    }
}

impl Builder<'_> {
    /// Reports every `$dynamicRef` whose target depends on the way that leads to it.
    pub(super) fn report_dynamic_references(&mut self) {
        for (name, location) in std::mem::take(&mut self.deferred.dynamic_references) {
            let anchors = self.deferred.dynamic_anchors.get(name).cloned().unwrap_or_default();
            let [_, _, ..] = anchors.as_slice() else { continue };
            let message = format!("`$dynamicRef` to `{name}` has {} possible targets; the nearest is taken", anchors.len());
            let mut finding = Diagnostic::warning("dynamic-reference", message)
                .hint("give the anchors different names, or write `$ref`");
            for anchor in &anchors {
                finding = self.relate(finding, anchor, "a possible target");
            }
            self.report(finding, &location);
        }
    }

    /// Reports references that lead to each other and never to a schema, and cuts them.
    pub(super) fn report_reference_loops(&mut self) {
        let ids: Vec<SchemaId> = self.schemas.iter().map(|(id, _)| id).collect();
        let mut done: HashSet<SchemaId> = HashSet::new();
        for start in ids {
            let mut chain: Vec<SchemaId> = Vec::new();
            let mut next = Some(start);
            while let Some(id) = next.filter(|id| !done.contains(id)) {
                done.insert(id);
                chain.push(id);
                next = self.schemas[id].reference;
            }
            let Some(back) = next.filter(|id| chain.contains(id)) else { continue };
            let places: Vec<Location> = chain.iter().map(|id| self.schemas[*id].at.clone()).collect();
            let at = self.schemas[back].at.clone();
            self.report_loop(&places, &at);
            if let Some(schema) = self.schemas.get_mut(back) {
                schema.reference = None;
            }
        }
    }
}
