//! `$ref` and `$dynamicRef` of schemas.

use std::collections::HashSet;

use oas_document::{Diagnostic, Location, Pointer};

use super::Draft;
use crate::raise::Builder;
use crate::raise::deferred::DynamicReference;
use crate::raise::reading::{At, NodeRef};
use crate::vocabulary::ObjectKind;
use crate::{Schema, SchemaId};

/// `$ref`
pub(super) fn read<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    let Some(target) = target(builder, node) else { return };
    let id = builder.schema(target);
    refer(builder, draft, id, node.location());
}

/// The schema that a reference names.
fn target<'d>(builder: &mut Builder<'d>, node: NodeRef<'_, 'd>) -> Option<At<'d>> {
    let Some(text) = node.node.as_str() else {
        builder.wrong_kind(node, "a string");
        return None;
    };
    let target = builder.schema_target(node, &node.location(), text)?;
    builder.check_section(&target.location, ObjectKind::Schema, node).then_some(target)
}

/// Lets the draft refer to a schema. It has one reference; a second one is in force all the same, from a schema of its
/// own, which is returned.
fn refer(builder: &mut Builder<'_>, draft: &mut Draft, id: SchemaId, location: Location) -> Option<SchemaId> {
    if draft.schema.reference.is_none() {
        draft.schema.reference = Some(id);
        return None;
    }
    let second = builder.make(Schema { reference: Some(id), ..Schema::anything(location) });
    draft.schema.all_of.push(second);
    Some(second)
}

/// `$recursiveRef` of draft 2019-09, which is always `#`.
pub(super) fn read_recursive<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    let location = node.location();
    match builder.target_around(&location, "#") {
        Some(target) => {
            let id = builder.schema(target);
            refer(builder, draft, id, location);
        }
        None => read(builder, draft, node),
    }
}

/// `$dynamicRef`, read as if it were a `$ref`; what it names is decided when every schema is known.
pub(super) fn read_dynamic<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    let Some(target) = target(builder, node) else { return };
    let name = node.node.as_str().and_then(|text| text.split_once('#')).map(|(_, name)| name);
    let anchor = target.node.get("$dynamicAnchor").and_then(oas_document::Node::as_str);
    let id = builder.schema(target);
    let own = SchemaId::of_position(builder.schemas.len());
    let holder = refer(builder, draft, id, node.location()).unwrap_or(own);
    // A target without an anchor of that name is that of an ordinary reference.
    if let Some(name) = name.filter(|name| Some(*name) == anchor) {
        builder.deferred.dynamic_references.push(DynamicReference { name, holder });
    }
}

/// `$dynamicAnchor`
pub(super) fn read_dynamic_anchor<'d>(builder: &mut Builder<'d>, _: &mut Draft, node: NodeRef<'_, 'd>) {
    if node.node.as_str().is_none() {
        builder.wrong_kind(node, "a string");
    }
}

/// The fragments that count from a whole JSON Schema document, which has these members and an OpenAPI document not.
const WHOLE_SCHEMA: [&str; 4] = ["#/$defs/", "#/definitions/", "#/properties/", "#/items"];

impl<'d> Builder<'d> {
    /// What a reference of a schema names. Schemas that were written as documents of their own and put into this one
    /// as a whole refer to their own parts as `#/$defs/...` still: those are found around the reference.
    fn schema_target(&mut self, node: NodeRef<'_, 'd>, location: &Location, text: &str) -> Option<At<'d>> {
        let reason = match self.document.resolve_at(location, text) {
            Ok(target) if target == self.document.root_location() => None,
            Ok(target) => return self.at(target),
            Err(reason) => Some(reason),
        };
        if let Some(target) = self.target_around(location, text) {
            let message = format!("`{text}` names nothing in the document; it is taken from the schema around it");
            let finding = Diagnostic::warning("reference-from-schema", message)
                .hint(format!("write `{}`", target.location.pointer));
            self.report(finding, location);
            return Some(target);
        }
        if let Some(reason) = reason {
            return self.meant(node, text).or_else(|| {
                self.report_unresolved(node, &reason, "any value will do");
                None
            });
        }
        let message = format!("`{text}` names the document as a whole, which is no schema; any value will do");
        let finding = Diagnostic::slip("wrong-reference", message).hint("name a schema: `#/components/schemas/...`");
        self.report(finding, location);
        None
    }

    /// What a fragment names, counted from one of the schemas around the reference: the nearest that has it.
    fn target_around(&self, location: &Location, text: &str) -> Option<At<'d>> {
        let is_whole = text == "#" || text == "#/";
        if !is_whole && !WHOLE_SCHEMA.iter().any(|prefix| text.starts_with(prefix)) {
            return None;
        }
        let mut outermost = None;
        let mut around = location.pointer.parent();
        while let Some(pointer) = around {
            around = pointer.parent();
            let candidate = Location { file: location.file, pointer };
            if !self.schema_at.contains_key(&candidate) {
                continue;
            }
            if is_whole {
                let is_anchored = self.document.get(&candidate)?.get("$recursiveAnchor").is_some();
                outermost = Some(candidate);
                if is_anchored {
                    break;
                }
            } else {
                let inner = Pointer::parse(&format!("{}{}", candidate.pointer.as_str(), text.strip_prefix('#')?))?;
                let found = self.at(Location { file: location.file, pointer: inner });
                if found.is_some() {
                    return found;
                }
            }
        }
        self.at(outermost?)
    }
}

impl Builder<'_> {
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
