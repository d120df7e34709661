//! Webhooks and callbacks: requests that the API sends. No package has methods for them, but their types are there.

use std::collections::BTreeMap;

use oas_model::Operation;

use super::file::FileRef;
use super::key::KeyPath;
use super::operation::in_order;
use super::settle::{Hint, Planner};
use super::type_names::Base;
use super::{BodyContent, RustType};

/// The types that go over the wire for webhooks and callbacks.
#[derive(Debug, Default)]
pub(super) struct HookTypes {
    /// What the API sends.
    pub(super) sent: Vec<RustType>,
    /// What it gets back.
    pub(super) received: Vec<RustType>,
}

/// Declares the types of every webhook and callback, in the order of their keys.
pub(super) fn settle(planner: &mut Planner<'_>) -> HookTypes {
    let api = planner.api;
    let mut hooks: BTreeMap<KeyPath, (&Operation, String)> = BTreeMap::new();
    for webhook in &api.webhooks {
        for operation in &webhook.operations {
            let name = operation.id.clone().unwrap_or_else(|| format!("{} webhook", webhook.name));
            let path = KeyPath::root("webhooks", &webhook.name).child(operation.method.as_str());
            hooks.insert(path, (operation, name));
        }
    }
    for operation in &api.operations {
        let owner = operation.id.clone().unwrap_or_else(|| format!("{} {}", operation.method, operation.path));
        for callback in &operation.callbacks {
            for sent in &callback.operations {
                let name = sent.id.clone().unwrap_or_else(|| format!("{owner} {} callback", callback.name));
                let path = KeyPath::root("operations", &owner).inside("callbacks", &callback.name);
                let path = path.child(&callback.expression).child(sent.method.as_str());
                hooks.insert(path, (sent, name));
            }
        }
    }
    let mut types = HookTypes::default();
    for (path, (operation, name)) in hooks {
        planner.hook(operation, &name, &path, &mut types);
    }
    types
}

impl Planner<'_> {
    fn hook(&mut self, operation: &Operation, name: &str, path: &KeyPath, types: &mut HookTypes) {
        let hint = |suffix: &str, path: KeyPath| Hint {
            base: Base::Settled { is_kept: true },
            words: format!("{name} {suffix}"),
            longer: None,
            path,
            file: FileRef::Named("webhooks".to_owned()),
            depth: 0,
            context: operation.at.clone(),
        };
        if let Some(body) = &operation.request_body {
            let first = body.content.first().and_then(|media_type| media_type.schema);
            types.sent.extend(first.map(|id| self.type_of(id, &hint("Body", path.child("body")))));
        }
        for index in in_order(&operation.parameters, |one| (&one.name, one.location)) {
            let parameter = &operation.parameters[index];
            let schema = parameter.payload.schema();
            let path = path.inside("parameters", &parameter.name);
            types.sent.extend(schema.map(|id| self.type_of(id, &hint(&parameter.name, path))));
        }
        for response in &operation.responses {
            let first = response.content.first().and_then(|media_type| media_type.schema);
            let path = path.inside("responses", &response.status.to_string()).child("body");
            let hint = hint(&format!("{} Body", response.status), path);
            types.received.extend(first.map(|id| self.type_of(id, &hint)));
        }
    }
}

/// The types of a body.
pub(super) fn types_of(content: &BodyContent) -> Vec<&RustType> {
    match content {
        BodyContent::Single(item) => vec![&item.ty],
        BodyContent::Several { variants, .. } => variants.iter().map(|(_, item)| &item.ty).collect(),
    }
}
