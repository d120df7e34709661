//! How an operation is used, beyond what its types say: its pages, its switch between answer and stream, the key that
//! makes a repetition the same request, the size of its bodies. Recognised from the document, or declared in
//! `codegen.toml`, which is stronger.

use std::collections::BTreeMap;

use oas_document::{Diagnostic, Place};
use oas_model::{Api, Operation, ParameterLocation};

use super::pages::{self, PagesItem};
use super::settings::{OperationSettings, PagesSetting, Settings};
use super::{OperationItem, Plan};

/// How an operation is used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Behavior {
    /// How its pages follow each other.
    pub pages: Option<PagesItem>,
    /// The header that makes a repeated request the same request.
    pub idempotency_key: Option<String>,
    /// The member of the JSON body that is the switch between an answer and a stream, where it is declared.
    pub stream_switch: Option<String>,
    /// How many bytes the body of a request may have; as many as for all others without.
    pub body_limit: Option<u32>,
}

/// Settles how each operation of a finished plan is used.
pub(super) fn settle(api: &Api, plan: &mut Plan, settings: &Settings) -> Vec<Diagnostic> {
    let mut diagnostics = unknown(plan, &settings.operations);
    let declared = |item: &OperationItem| settings.operations.get(&item.id);
    let mut settled = Vec::with_capacity(plan.operations.len());
    for item in &plan.operations {
        let operation = &api[item.operation];
        let explicit = declared(item);
        let pages = match explicit.and_then(|explicit| explicit.pages.as_ref()) {
            Some(PagesSetting::None) => None,
            Some(PagesSetting::Like(declared)) => match pages::declared(api, plan, item, declared) {
                Ok(pages) => Some(pages),
                Err(reason) => {
                    diagnostics.push(misfit(item, operation, &reason));
                    None
                }
            },
            None => pages::recognised(api, plan, item, operation),
        };
        settled.push(Behavior {
            pages,
            idempotency_key: explicit.and_then(|explicit| explicit.idempotency_key.clone()).or_else(|| key(operation)),
            stream_switch: explicit.and_then(|explicit| explicit.stream_switch.clone()),
            body_limit: explicit.and_then(|explicit| explicit.body_limit),
        });
    }
    for (item, behavior) in plan.operations.iter_mut().zip(settled) {
        item.behavior = behavior;
    }
    diagnostics
}

/// The header of an operation that makes a repeated request the same request.
fn key(operation: &Operation) -> Option<String> {
    let is_key = |name: &str| name.to_ascii_lowercase().replace('_', "-").ends_with("idempotency-key");
    let mut headers = operation.parameters.iter().filter(|one| one.location == ParameterLocation::Header);
    headers.find(|parameter| is_key(&parameter.name)).map(|parameter| parameter.name.clone())
}

/// What is said of operations that there are not.
fn unknown(plan: &Plan, operations: &BTreeMap<String, OperationSettings>) -> Vec<Diagnostic> {
    let is_known = |id: &str| plan.operations.iter().any(|item| item.id == id);
    let unknown = operations.keys().filter(|id| !is_known(id));
    let told = unknown.map(|id| {
        let near = plan.operations.iter().map(|item| (strsim::jaro_winkler(&item.id, id), item.id.as_str()));
        let near = near.filter(|(likeness, _)| *likeness > 0.8).max_by(|(one, _), (other, _)| one.total_cmp(other));
        let hint = match near {
            Some((_, near)) => format!("is it `{near}`?"),
            None => "sections are named after operation ids: `[api.operations.ID]`".to_owned(),
        };
        let message = format!("`[api.operations.{}]` names no operation of the document", id.escape_debug());
        Diagnostic::error("unknown-operation", message).hint(hint)
    });
    told.collect()
}

/// What is declared of pages and does not fit.
fn misfit(item: &OperationItem, operation: &Operation, reason: &str) -> Diagnostic {
    let message = format!("`pages` of `[api.operations.{}]` does not fit: {reason}", item.id.escape_debug());
    Diagnostic::error("invalid-pages", message)
        .at(Place::of(&operation.at))
        .hint("the book's page on lists that come in pages shows every way to say it")
}
