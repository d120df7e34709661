//! Only the part of an API that is wanted.

mod pattern;
mod selector;

use std::collections::HashSet;

use oas_document::{Diagnostic, FileId, Pointer, nearest};

pub use selector::{InvalidSelector, Selector};

use crate::{Api, Built, Operation, Webhook};

/// Which operations and webhooks of an API are wanted: those that an `include` selects, or all when there is none,
/// without those that an `exclude` selects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// What is wanted; empty for everything.
    pub include: Vec<Selector>,
    /// What is not wanted, even when an `include` selects it.
    pub exclude: Vec<Selector>,
}

impl Selection {
    /// Whether everything is wanted.
    pub fn is_all(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Whether an operation is wanted.
    fn wants(&self, operation: &Operation) -> bool {
        self.decides(|selector| selector.selects(operation))
    }

    /// Whether an operation of a webhook is wanted.
    fn wants_webhook(&self, webhook: &Webhook, operation: &Operation) -> bool {
        self.decides(|selector| selector.selects_webhook(webhook, operation))
    }

    fn decides(&self, selects: impl Fn(&Selector) -> bool) -> bool {
        (self.include.is_empty() || self.include.iter().any(&selects)) && !self.exclude.iter().any(&selects)
    }
}

/// Leaves out of a model the operations and webhooks that are not wanted, the tags that none of the others has, and what
/// was said about them. Schemas stay in the model: what no operation reaches is known by
/// [`Api::reachable`](crate::Api::reachable).
///
/// A selector that selects nothing is a slip of whoever wrote it, and one of the diagnostics is an error that says so; so
/// it is when nothing is left.
pub fn select(mut built: Built, selection: &Selection) -> Built {
    if selection.is_all() {
        return built;
    }
    let api = &mut built.api;
    let all = selection.include.iter().chain(&selection.exclude);
    let mut errors: Vec<Diagnostic> = all.filter(|one| !is_known(one, api)).map(|one| unknown(one, api)).collect();
    let mut left_out = Vec::new();
    api.operations.retain(|operation| {
        let is_wanted = selection.wants(operation);
        if !is_wanted {
            left_out.push(operation.at.clone());
        }
        is_wanted
    });
    for webhook in &mut api.webhooks {
        let mut operations = std::mem::take(&mut webhook.operations);
        operations.retain(|operation| selection.wants_webhook(webhook, operation));
        if operations.is_empty() {
            left_out.push(webhook.at.clone());
        }
        webhook.operations = operations;
    }
    api.webhooks.retain(|webhook| !webhook.operations.is_empty());
    if errors.is_empty() && api.operations.is_empty() && api.webhooks.is_empty() {
        let message = "`include` and `exclude` leave no operation and no webhook";
        let hint = "take an `exclude` away, or include more";
        errors.push(Diagnostic::error("nothing-selected", message).hint(hint));
    }
    keep_used_tags(api);
    let pointers: HashSet<(FileId, Pointer)> = left_out.into_iter().map(|at| (at.file, at.pointer)).collect();
    let unreached = unreached_components(api);
    built.diagnostics.retain(|diagnostic| !is_about(diagnostic, &pointers, &unreached));
    built.diagnostics.extend(errors);
    built
}

/// Whether a selector selects something.
fn is_known(selector: &Selector, api: &Api) -> bool {
    api.operations.iter().any(|operation| selector.selects(operation))
        || api
            .webhooks
            .iter()
            .any(|webhook| webhook.operations.iter().any(|operation| selector.selects_webhook(webhook, operation)))
}

/// What is said of a selector that selects nothing.
fn unknown(selector: &Selector, api: &Api) -> Diagnostic {
    /// Of many names, as many are shown.
    const SHOWN: usize = 10;
    let operations = || api.operations.iter().chain(api.webhooks.iter().flat_map(|webhook| &webhook.operations));
    let (kind, mut names): (&str, Vec<String>) = match selector {
        Selector::Tag(_) => {
            ("tags", operations().flat_map(|operation| &operation.tags).map(|tag| format!("tag:{tag}")).collect())
        }
        Selector::Webhook(_) => {
            ("webhooks", api.webhooks.iter().map(|webhook| format!("webhook:{}", webhook.name)).collect())
        }
        Selector::Id(_) => ("operation ids", operations().filter_map(|operation| operation.id.clone()).collect()),
        Selector::Request { .. } => (
            "requests",
            api.operations.iter().map(|operation| format!("{} {}", operation.method, operation.path)).collect(),
        ),
    };
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    let written = selector.to_string();
    let hint = match nearest(&written, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => format!("the document has no {kind}"),
        None => {
            let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
            let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
            format!("its {kind} are {}{more}", shown.join(", "))
        }
    };
    Diagnostic::error("unknown-selector", format!("`{}` selects nothing in the document", written.escape_debug()))
        .hint(hint)
}

/// Takes away the tags that no operation has any more, but those that others stand under.
fn keep_used_tags(api: &mut Api) {
    let operations = api.operations.iter().chain(api.webhooks.iter().flat_map(|webhook| &webhook.operations));
    let mut used: HashSet<String> = operations.flat_map(|operation| operation.tags.iter().cloned()).collect();
    let mut open: Vec<String> = used.iter().cloned().collect();
    open.sort();
    while let Some(name) = open.pop() {
        let parent = api.tags.iter().find(|tag| tag.name == name).and_then(|tag| tag.parent.clone());
        open.extend(parent.filter(|parent| used.insert(parent.clone())));
    }
    api.tags.retain(|tag| used.contains(&tag.name));
}

/// The places of the components that no operation reaches.
fn unreached_components(api: &Api) -> HashSet<(FileId, Pointer)> {
    let reachable = api.reachable();
    let unreached = api.components.values().filter(|id| !reachable.contains(**id));
    unreached.map(|id| &api.schemas[*id].at).map(|at| (at.file, at.pointer.clone())).collect()
}

/// Whether a diagnostic is about something that is left out.
fn is_about(
    diagnostic: &Diagnostic,
    left_out: &HashSet<(FileId, Pointer)>,
    unreached: &HashSet<(FileId, Pointer)>,
) -> bool {
    let Some(place) = &diagnostic.place else { return false };
    let mut around = Some(place.pointer.clone());
    while let Some(pointer) = around {
        around = pointer.parent();
        let key = (place.span.file, pointer);
        if left_out.contains(&key) || unreached.contains(&key) {
            return true;
        }
    }
    false
}
