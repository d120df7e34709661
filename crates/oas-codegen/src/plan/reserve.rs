//! The first pass: what has a name before any type is looked at.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use oas_document::Location;
use oas_model::{Api, SchemaId};

use super::key::KeyPath;
use super::naming::Names;
use super::operation_names::OperationPlace;
use super::operation_names::{self, ReservedNames};
use super::register::Register;
use super::security::{self, Requirements, Schemes};
use super::type_names::{Base, TypeNames, TypeRequest};
use super::{GroupItem, Ident, ServerItem, Settings, group, server};

/// What has a name before any type is looked at.
pub(super) struct Reserved<'a> {
    pub(super) names: Names<'a>,
    /// What stands for the name of each component: it keeps that when operations come and go.
    pub(super) components: IndexMap<SchemaId, Ident>,
    pub(super) schemes: Schemes,
    pub(super) servers: Vec<ServerItem>,
    pub(super) groups: Vec<GroupItem>,
    pub(super) operations: Vec<ReservedNames>,
    pub(super) requirements: Requirements,
    /// What the types of each operation are named after, by its place.
    pub(super) places: BTreeMap<Location, OperationPlace>,
}

/// Names components, security schemes, tags and operations.
pub(super) fn reserve<'a>(api: &'a Api, settings: &'a Settings) -> Reserved<'a> {
    let mut names = Names { settings, register: Register::new(settings), types: TypeNames::default() };
    let components = components(api, &mut names);
    let schemes = security::settle_schemes(api, &mut names);
    let servers = server::settle(api, &mut names);
    let ids = operation_names::identify(&api.operations);
    let tags = group::choose(api, &mut names, &ids.iter().map(|(_, path)| path.clone()).collect::<Vec<_>>());
    let groups = group::settle(api, &mut names, &tags);
    let operations = operation_names::reserve(api, &mut names, ids, &groups, &tags);
    let requirements = security::settle_requirements(api, &mut names, &schemes, &operations);
    let places = api.operations.iter().zip(&operations).map(|(operation, head)| (operation.at.clone(), head.place()));
    let places = places.collect();
    Reserved { names, components, schemes, servers, groups, operations, requirements, places }
}

/// Asks for the name of every component.
fn components(api: &Api, names: &mut Names<'_>) -> IndexMap<SchemaId, Ident> {
    let ask = |(component, id): (&String, &SchemaId)| {
        let at = api.schemas[*id].at.clone();
        let (key, words) = (KeyPath::root("schemas", component).type_key(), component.clone());
        let request = TypeRequest { key, base: Base::Component, words, longer: None, at, has_place: true };
        (*id, names.types.ask(request))
    };
    api.components.iter().map(ask).collect()
}
