//! Webhooks and callbacks of the plan beside those of the model.

use oas_model::Operation;

use super::Context;
use crate::plan::WebhookItem;

/// A webhook or callback with its place in the model.
pub(super) struct Hook<'a> {
    pub(super) item: &'a WebhookItem,
    pub(super) operation: &'a Operation,
}

/// The webhooks and callbacks of the document.
pub(super) fn all<'a>(server: &Context<'a>) -> Vec<Hook<'a>> {
    let find = |item: &'a WebhookItem| Some(Hook { item, operation: item.source.find(server.api)? });
    server.plan.webhooks.iter().filter_map(find).collect()
}
