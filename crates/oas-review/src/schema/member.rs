//! What schemas say about the members of an object.

use indexmap::IndexMap;
use oas_model::{Schema, SchemaId, Schemas};
use serde_json::Value;

use super::pattern;
use super::resolver::Resolver;
use super::scalar::{admits, forbids, is_nothing};
use crate::effect::Direction;

/// A member that is described or required.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// The schemas of its value.
    pub(crate) schemas: Vec<SchemaId>,
    /// The schema that has it under `properties`.
    pub(crate) described_by: Option<SchemaId>,
    /// The schema that requires it.
    pub(crate) required_by: Option<SchemaId>,
    /// `readOnly` or `writeOnly`, when that keeps it out of the message.
    pub(crate) kept_out_by: Option<&'static str>,
}

/// What the schemas of a record say about members.
#[derive(Debug, Clone)]
pub(crate) struct Members {
    /// The members by name, in the order of the document.
    pub(crate) named: IndexMap<String, Member>,
    /// The schemas of all other members.
    pub(crate) rest: Vec<SchemaId>,
    /// The schema that forbids other members.
    pub(crate) closed_by: Option<SchemaId>,
    /// Whether the document says that other members may be anything, or names no member at all.
    pub(crate) is_free: bool,
    /// Whether the members that have to be there are as many as there may be.
    is_full: bool,
    /// The schemas of names.
    names: Vec<SchemaId>,
}

impl Members {
    /// Whether there can be a member of this name, as far as the number of members and what names may be tell.
    pub(crate) fn may_have(&self, resolver: &Resolver<'_>, name: &str) -> bool {
        let is_required = self.named.get(name).is_some_and(|member| member.required_by.is_some());
        let value = || Value::String(name.to_owned());
        let is_name = || self.names.iter().all(|id| admits(&resolver.side.api.schemas, *id, &value()));
        (is_required || !self.is_full) && (self.names.is_empty() || is_name())
    }

    /// Whether there can be a member that is not required.
    pub(crate) const fn has_room(&self) -> bool {
        !self.is_full
    }
}

/// Gathers what `sources` say about members.
pub(crate) fn members(resolver: &Resolver<'_>, sources: &[SchemaId], direction: Direction) -> Members {
    let schemas = &resolver.side.api.schemas;
    let mut named: IndexMap<String, Member> = IndexMap::new();
    for id in sources {
        let schema = resolver.schema(*id);
        for name in schema.properties.keys().chain(&schema.required) {
            named.entry(name.clone()).or_insert_with(|| Member {
                schemas: Vec::new(),
                described_by: None,
                required_by: None,
                kept_out_by: None,
            });
        }
    }
    for (name, member) in &mut named {
        for id in sources {
            let schema = resolver.schema(*id);
            member.schemas.extend(member_schemas(schema, name));
            if schema.properties.contains_key(name) {
                member.described_by = member.described_by.or(Some(*id));
            }
            if schema.required.contains(name) {
                member.required_by = member.required_by.or(Some(*id));
            }
        }
        member.kept_out_by = member.schemas.iter().find_map(|id| kept_out_by(schemas, *id, direction));
    }
    let rest = sources.iter().filter_map(|id| rest_of(resolver.schema(*id))).collect();
    let closed_by = sources.iter().copied().find(|id| {
        forbids(schemas, schemas[*id].additional_properties) || forbids(schemas, schemas[*id].unevaluated_properties)
    });
    let is_stated = sources.iter().any(|id| rest_of(resolver.schema(*id)).is_some());
    let has_names = named.values().any(|member| member.described_by.is_some());
    let required = named.values().filter(|member| member.required_by.is_some()).count() as u64;
    Members {
        rest,
        closed_by,
        is_free: closed_by.is_none() && (is_stated || !has_names),
        is_full: sources.iter().filter_map(|id| resolver.schema(*id).max_properties).any(|most| most <= required),
        names: sources.iter().filter_map(|id| resolver.schema(*id).property_names).collect(),
        named,
    }
}

/// The schemas that one schema has for the member `name`.
fn member_schemas(schema: &Schema, name: &str) -> Vec<SchemaId> {
    let mut own: Vec<SchemaId> = schema.properties.get(name).copied().into_iter().collect();
    let matching =
        schema.pattern_properties.iter().filter(|(pattern, _)| pattern::matches(pattern, name) == Some(true));
    own.extend(matching.map(|(_, id)| *id));
    if own.is_empty() {
        own.extend(schema.additional_properties.schema());
    }
    own
}

fn rest_of(schema: &Schema) -> Option<SchemaId> {
    schema.additional_properties.schema().or_else(|| schema.unevaluated_properties.schema())
}

/// The keyword that keeps a member out of messages of this direction: in the schema, what it refers to, or one of
/// its `allOf`.
fn kept_out_by(schemas: &Schemas, id: SchemaId, direction: Direction) -> Option<&'static str> {
    let mut stack = vec![(id, 8_u8)];
    while let Some((id, depth)) = stack.pop() {
        let schema = &schemas[id];
        match direction {
            Direction::Request if schema.read_only => return Some("readOnly"),
            Direction::Response if schema.write_only => return Some("writeOnly"),
            _ => {}
        }
        if let Some(depth) = depth.checked_sub(1) {
            stack.extend(schema.all_of.iter().copied().chain(schema.reference).map(|id| (id, depth)));
        }
    }
    None
}

/// The schemas that say what a member may be, of which no schema has the name itself; `matches` tells which patterns the
/// name matches.
pub(crate) fn unnamed(resolver: &Resolver<'_>, sources: &[SchemaId], matches: impl Fn(&str) -> bool) -> Vec<SchemaId> {
    let mut all = Vec::new();
    let mut is_described = false;
    for id in sources {
        let schema = resolver.schema(*id);
        let own: Vec<SchemaId> =
            schema.pattern_properties.iter().filter(|(pattern, _)| matches(pattern)).map(|(_, id)| *id).collect();
        let own = if own.is_empty() { Vec::from_iter(schema.additional_properties.schema()) } else { own };
        is_described |= !own.is_empty();
        all.extend(own);
    }
    if !is_described {
        all.extend(sources.iter().filter_map(|id| resolver.schema(*id).unevaluated_properties.schema()));
    }
    all
}

/// Whether nothing satisfies all of `schemas`: one of them is `false`, or they contradict each other.
pub(crate) fn is_forbidden(resolver: &mut Resolver<'_>, schemas: &[SchemaId]) -> bool {
    if schemas.is_empty() {
        return false;
    }
    if schemas.iter().any(|id| is_nothing(&resolver.side.api.schemas, *id)) {
        return true;
    }
    let conjunction = resolver.conjunction(schemas.to_vec());
    let shape = resolver.shape(conjunction);
    shape.records.is_empty() && shape.unresolved.is_empty()
}

/// Whether anything satisfies `schemas`.
pub(crate) fn is_anything(resolver: &Resolver<'_>, schemas: &[SchemaId]) -> bool {
    schemas.iter().all(|id| resolver.schema(*id).boolean == Some(true))
}
