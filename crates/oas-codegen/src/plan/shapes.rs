//! The second pass: the types that the API needs.

use indexmap::IndexMap;
use oas_document::Diagnostic;
use oas_model::{Api, SchemaId};

use super::draft::Draft;
use super::naming::Names;
use super::planner::Planner;
use super::reserve::Reserved;
use super::webhook::{self, HookTypes};
use super::{CredentialsItem, GroupItem, Ident, OperationItem, SchemeItem, ServerItem, operation};

/// Every type that there is, without its name.
pub(super) struct Shapes<'a> {
    pub(super) names: Names<'a>,
    /// The types. What refers to one holds its number here.
    pub(super) drafts: Vec<Draft>,
    /// What stands for the name of each component.
    pub(super) components: IndexMap<SchemaId, Ident>,
    pub(super) operations: Vec<OperationItem>,
    pub(super) groups: Vec<GroupItem>,
    pub(super) schemes: Vec<SchemeItem>,
    pub(super) servers: Vec<ServerItem>,
    pub(super) credentials: Vec<CredentialsItem>,
    pub(super) hooks: HookTypes,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Declares the types of all operations and webhooks, and defines them.
pub(super) fn shape<'a>(api: &'a Api, reserved: Reserved<'a>) -> Shapes<'a> {
    let Reserved { names, components, schemes, servers, mut groups, operations, requirements, places } = reserved;
    let mut planner = Planner::new(api, names, components, places);
    let operations = operation::settle(&mut planner, operations, &requirements, &mut groups);
    let hooks = webhook::settle(&mut planner);
    planner.define_all();
    planner.prune_or_keep();
    let Planner { names, drafts, components, diagnostics, .. } = planner;
    let (schemes, credentials) = (schemes.items, requirements.items);
    Shapes { names, drafts, components, operations, groups, schemes, servers, credentials, hooks, diagnostics }
}
