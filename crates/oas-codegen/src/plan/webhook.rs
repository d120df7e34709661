//! Webhooks and callbacks: requests that the API sends. No package has methods for them, but their types are there.

use oas_model::Operation;

use super::settle::{Hint, Planner};
use super::{BodyContent, RustType};

/// The types that go over the wire for webhooks and callbacks.
#[derive(Debug, Default)]
pub(super) struct HookTypes {
    /// What the API sends.
    pub(super) sent: Vec<RustType>,
    /// What it gets back.
    pub(super) received: Vec<RustType>,
}

/// Declares the types of every webhook and callback.
pub(super) fn settle(planner: &mut Planner<'_>) -> HookTypes {
    let api = planner.api;
    let mut types = HookTypes::default();
    for webhook in &api.webhooks {
        for operation in &webhook.operations {
            let name = operation.id.clone().unwrap_or_else(|| format!("{} webhook", webhook.name));
            planner.hook(operation, &name, &mut types);
        }
    }
    for operation in &api.operations {
        let owner = operation.id.clone().unwrap_or_else(|| format!("{} {}", operation.method, operation.path));
        for callback in &operation.callbacks {
            for sent in &callback.operations {
                let name = sent.id.clone().unwrap_or_else(|| format!("{owner} {} callback", callback.name));
                planner.hook(sent, &name, &mut types);
            }
        }
    }
    types
}

impl Planner<'_> {
    fn hook(&mut self, operation: &Operation, name: &str, types: &mut HookTypes) {
        let hint = |suffix: &str| Hint {
            name: format!("{name} {suffix}"),
            second: None,
            module: "webhooks".to_owned(),
            depth: 0,
            context: operation.at.clone(),
        };
        if let Some(body) = &operation.request_body {
            let first = body.content.first().and_then(|media_type| media_type.schema);
            types.sent.extend(first.map(|id| self.type_of(id, &hint("Body"))));
        }
        for parameter in &operation.parameters {
            let schema = parameter.payload.schema();
            types.sent.extend(schema.map(|id| self.type_of(id, &hint(&parameter.name))));
        }
        for response in &operation.responses {
            let first = response.content.first().and_then(|media_type| media_type.schema);
            types.received.extend(first.map(|id| self.type_of(id, &hint(&format!("{} Body", response.status)))));
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
