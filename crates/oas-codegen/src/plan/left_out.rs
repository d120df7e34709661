//! What a document describes and no code comes of: told once for each kind, at the first place.

use oas_document::{Diagnostic, Location, Place};
use oas_model::Api;

/// A note for each kind of thing that the emitters have no code for.
pub(super) fn notes(api: &Api) -> Vec<Diagnostic> {
    [links(api), sent_by_the_api(api)].into_iter().flatten().collect()
}

/// Links between operations.
fn links(api: &Api) -> Option<Diagnostic> {
    let responses = api.operations.iter().flat_map(|operation| &operation.responses);
    let places: Vec<&Location> = responses.flat_map(|response| response.links.values()).map(|link| &link.at).collect();
    note(
        "links-not-generated",
        &places,
        |count| format!("no code comes of links; the document has {count}"),
        "call the operation that the link names",
    )
}

/// Webhooks and callbacks.
fn sent_by_the_api(api: &Api) -> Option<Diagnostic> {
    let callbacks = api.operations.iter().flat_map(|operation| &operation.callbacks);
    let callbacks = callbacks.flat_map(|callback| &callback.operations);
    let webhooks = api.webhooks.iter().flat_map(|webhook| &webhook.operations);
    let places: Vec<&Location> = webhooks.chain(callbacks).map(|operation| &operation.at).collect();
    note(
        "types-alone",
        &places,
        |count| format!("webhooks and callbacks become types alone, which nothing sends or receives; here are {count}"),
        "receive them with a handler of your own, which reads the types",
    )
}

/// One note for all `places`, at the first.
fn note(code: &'static str, places: &[&Location], message: impl Fn(usize) -> String, hint: &str) -> Option<Diagnostic> {
    let first = places.first()?;
    Some(Diagnostic::note(code, message(places.len())).at(Place::of(first)).hint(hint))
}
