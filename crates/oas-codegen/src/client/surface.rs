//! What the client looks like to generated code that calls it: the command line.

use oas_model::{Api, Server};

use super::direct::parts;
pub(crate) use super::direct::parts::PartKind;
use super::paging;
pub(crate) use super::request::Success;
use super::request::{Context, Request};
use crate::plan::{Field, Ident, OperationItem, Plan};

/// The request builder of an operation.
pub(crate) struct Surface<'a> {
    /// What `send` returns.
    pub(crate) success: Success<'a>,
    /// The setters of the parts, when the body is given part by part.
    pub(crate) parts: Option<Vec<PartSetter<'a>>>,
    /// Whether the answer is a list that comes in pages.
    pub(crate) is_paged: bool,
}

/// The setter of a part.
pub(crate) struct PartSetter<'a> {
    /// Its name.
    pub(crate) ident: &'a Ident,
    /// The member that it sets.
    pub(crate) field: &'a Field,
    /// What it takes.
    pub(crate) kind: PartKind,
}

/// The request builder of `item`.
pub(crate) fn of<'a>(api: &'a Api, plan: &'a Plan, item: &'a OperationItem) -> Surface<'a> {
    let client = Context { api, plan };
    let request = Request::new(client, 0, item);
    let parts = request.body_in_parts(client).map(|(structure, _)| {
        let setter = |field: &'a Field| {
            let kind = parts::part_kind(client, &field.ty);
            PartSetter { ident: &item.part_setters[&field.wire], field, kind }
        };
        structure.fields.iter().map(setter).collect()
    });
    let is_paged = paging::is_paged(&request);
    Surface { success: request.success, parts, is_paged }
}

/// Where the client sends requests unless it is told otherwise; `None` when it has to be told.
pub(crate) fn base_url(api: &Api) -> Option<String> {
    api.servers.first().map(Server::default_url).filter(|url| url.contains("://"))
}
