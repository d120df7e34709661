//! Webhooks and callbacks: requests that the API sends, which the server package can receive and send.

use std::collections::BTreeMap;

use oas_model::{MediaType, Operation, StatusPattern};
use oas_wire::is_json;

use super::file::FileRef;
use super::hint::Hint;
use super::in_order::in_order;
use super::key::{Key, KeyKind, KeyPath};
use super::names::{self, Kind};
use super::operation::location_word;
use super::planner::Planner;
use super::request::Request;
use super::scope::Scope;
use super::type_names::Base;
use super::{ContentFormat, Ident, RustType, WebhookAnswer, WebhookBody, WebhookItem, WebhookSource};

/// The types that go over the wire for webhooks and callbacks.
#[derive(Debug, Default)]
pub(super) struct HookTypes {
    /// What the API sends.
    pub(super) sent: Vec<RustType>,
    /// What it gets back.
    pub(super) received: Vec<RustType>,
    /// The webhooks themselves.
    pub(super) items: Vec<WebhookItem>,
}

/// A webhook that has no name yet.
struct Hook<'a> {
    operation: &'a Operation,
    /// What its types are named after.
    words: String,
    /// Its name in the document.
    id: String,
    source: WebhookSource,
}

/// Declares the types of every webhook and callback, in the order of their keys.
pub(super) fn settle(planner: &mut Planner<'_>) -> HookTypes {
    let api = planner.api;
    let mut hooks: BTreeMap<KeyPath, Hook<'_>> = BTreeMap::new();
    for (at, webhook) in api.webhooks.iter().enumerate() {
        for (index, operation) in webhook.operations.iter().enumerate() {
            let words = operation.id.clone().unwrap_or_else(|| format!("{} webhook", webhook.name));
            let id = operation.id.clone().unwrap_or_else(|| webhook.name.clone());
            let path = KeyPath::root("webhooks", &webhook.name).child(operation.method.as_str());
            hooks.insert(path, Hook { operation, words, id, source: WebhookSource::Webhook(at, index) });
        }
    }
    for (at, operation) in api.operations.iter().enumerate() {
        let owner = operation.id.clone().unwrap_or_else(|| format!("{} {}", operation.method, operation.path));
        let of_operation = &planner.operation_places[&operation.at].path;
        for (number, callback) in operation.callbacks.iter().enumerate() {
            for (index, sent) in callback.operations.iter().enumerate() {
                let words = sent.id.clone().unwrap_or_else(|| format!("{owner} {} callback", callback.name));
                let id = sent.id.clone().unwrap_or_else(|| format!("{owner} {}", callback.name));
                let source = WebhookSource::Callback(at, number, index);
                let path = of_operation.inside("callbacks", &callback.name);
                let path = path.child(&callback.expression).child(sent.method.as_str());
                hooks.insert(path, Hook { operation: sent, words, id, source });
            }
        }
    }
    let mut scope = Scope::with_reserved(Kind::Method, "webhooks", |ident| RESERVED.contains(&ident));
    let requests = hooks.iter().map(|(path, hook)| {
        Request::named(Kind::Method, &hook.id, Key::new(KeyKind::Webhook, path), &hook.operation.at)
            .or(Kind::Method, &format!("{} {}", hook.id, hook.operation.method.as_str()))
            .placed()
    });
    let methods = planner.settle_names(&mut scope, requests.collect());
    let mut types = HookTypes::default();
    for ((path, hook), method_ident) in hooks.into_iter().zip(methods) {
        planner.hook(hook, &path, method_ident, &mut types);
    }
    types
}

impl Planner<'_> {
    fn hook(&mut self, hook: Hook<'_>, path: &KeyPath, method_ident: Ident, types: &mut HookTypes) {
        let Hook { operation, words: name, id, source } = hook;
        let hint = |suffix: &str, path: KeyPath| Hint {
            base: Base::Settled { is_kept: true },
            words: format!("{name} {suffix}"),
            longer: None,
            path,
            file: FileRef::Named("webhooks".to_owned()),
            depth: 0,
            context: Some(operation.at.clone()),
        };
        let body = operation.request_body.as_ref().and_then(|body| {
            let media_type = json_or_first(&body.content)?;
            let MediaType { name, schema, .. } = &body.content[media_type];
            let ty = schema.map_or(RustType::Json, |id| self.type_of(id, &hint("Body", path.child("body"))));
            types.sent.push(ty.clone());
            let required = body.required;
            Some(if is_json(name) {
                WebhookBody { media_type, format: ContentFormat::Json, ty, required }
            } else {
                WebhookBody { media_type, format: ContentFormat::Bytes, ty: RustType::Bytes, required }
            })
        });
        for index in in_order(&operation.parameters, |one| (&one.name, one.location)) {
            let parameter = &operation.parameters[index];
            let schema = parameter.payload.schema();
            let path = path.inside(location_word(parameter), &parameter.name);
            types.sent.extend(schema.map(|id| self.type_of(id, &hint(&parameter.name, path))));
        }
        let mut answer: Option<WebhookAnswer> = None;
        for response in &operation.responses {
            let first = json_or_first(&response.content).and_then(|index| response.content[index].schema);
            let path = path.inside("responses", &response.status.to_string()).child("body");
            let hint = hint(&format!("{} Body", response.status), path);
            let ty = first.map(|id| self.type_of(id, &hint));
            types.received.extend(ty.clone());
            if let (StatusPattern::Code(status @ 200..=299), None) = (response.status, &answer) {
                let is_json = response.content.iter().any(|media_type| is_json(&media_type.name));
                answer = Some(WebhookAnswer { status, ty: ty.filter(|_| is_json) });
            }
        }
        let request = format!("{} webhook", method_ident.as_str());
        types.items.push(WebhookItem {
            id,
            request_ident: Ident::new(names::ident(Kind::Type, &request)),
            method_ident,
            doc: super::doc::of_operation(operation),
            source,
            body,
            answer: answer.unwrap_or(WebhookAnswer { status: 204, ty: None }),
        });
    }
}

/// What the file of webhooks needs for itself, beside the modules and methods of each.
const RESERVED: [&str; 6] = ["new", "send", "router", "std", "types", "webhooks"];

/// The index of the first media type that is JSON, or else of the first.
fn json_or_first(content: &[MediaType]) -> Option<usize> {
    let json = content.iter().position(|media_type| is_json(&media_type.name));
    json.or_else(|| (!content.is_empty()).then_some(0))
}
