//! Operations.

use indexmap::IndexMap;
use oas_document::{Diagnostic, Location};

use super::Builder;
use super::path::{PathItem, Role};
use super::reading::{At, Fields};
use super::template;
use crate::vocabulary::{ObjectKind, Version};
use crate::{
    Callback, Method, Operation, Parameter, ParameterLocation, Payload, Schema, Style, Type, TypeSet, Webhook,
};

impl<'d> Builder<'d> {
    /// An Operation Object, with what it inherits from its path item and the document.
    pub(super) fn operation(&mut self, at: At<'d>, method: Method, item: &PathItem) -> Option<Operation> {
        let location = at.location.clone();
        let fields = self.fields(at, ObjectKind::Operation)?;
        self.guarded(&location, ObjectKind::Operation, |builder| Some(builder.operation_of(&fields, method, item)))
    }

    /// The operation in `fields`.
    fn operation_of(&mut self, fields: &Fields<'d>, method: Method, item: &PathItem) -> Operation {
        let own_security = self.security_of(fields);
        let has_own_security = own_security.is_some();
        let security = own_security.unwrap_or_else(|| self.security.clone());
        let mut servers = self.servers(fields);
        if servers.is_empty() {
            servers.clone_from(&item.servers);
        }
        let own_parameters = self.parameters(fields);
        let mut operation = Operation {
            at: fields.at.location.clone(),
            id: self.operation_id(fields),
            method,
            path: item.path.clone(),
            tags: self.operation_tags(fields),
            summary: self.text(fields, "summary").or_else(|| item.summary.clone()),
            description: self.text(fields, "description").or_else(|| item.description.clone()),
            deprecated: self.flag(fields, "deprecated"),
            parameters: merged(&item.parameters, own_parameters),
            request_body: fields.get("requestBody").map(|spot| self.stated_body(spot)),
            responses: self.responses(fields),
            callbacks: self.callbacks(fields),
            has_own_security,
            security: security.alternatives,
            denied: security.denied,
            servers,
            external_docs: self.external_docs(fields),
            extensions: fields.extensions(),
        };
        if item.role == Role::Path {
            self.match_template(&mut operation, item);
        }
        operation
    }

    /// The operation's `operationId`.
    fn operation_id(&mut self, fields: &Fields<'d>) -> Option<String> {
        let id = self.text(fields, "operationId")?;
        if id.is_empty() {
            let finding = Diagnostic::warning("wrong-kind", "`operationId` is empty, and treated as absent");
            let finding = finding.hint("remove it, or give it a text");
            self.report(finding, &fields.at.location.child("operationId"));
            return None;
        }
        Some(id)
    }

    /// The operation's `tags`, each once.
    fn operation_tags(&mut self, fields: &Fields<'d>) -> Vec<String> {
        let mut tags = fields.get("tags").map(|spot| self.read_texts(spot)).unwrap_or_default();
        let mut seen = std::collections::HashSet::new();
        tags.retain(|tag| seen.insert(tag.clone()));
        tags
    }

    /// Holds the path parameters against the path: every `{name}` has one, and every one has its `{name}`.
    fn match_template(&mut self, operation: &mut Operation, item: &PathItem) {
        let mut names: Vec<&str> = Vec::new();
        for name in template::names(&item.path) {
            if names.contains(&name) {
                let message = format!("path `{}` has `{{{name}}}` twice", item.path);
                let finding = Diagnostic::warning("odd-path", message).hint("rename one of them");
                self.report(finding, &item.at);
                continue;
            }
            names.push(name);
        }
        let is_path = |parameter: &Parameter| parameter.location == ParameterLocation::Path;
        let (kept, stray): (Vec<_>, Vec<_>) = std::mem::take(&mut operation.parameters)
            .into_iter()
            .partition(|parameter| !is_path(parameter) || names.contains(&parameter.name.as_str()));
        operation.parameters = kept;
        for parameter in stray {
            let message = format!("path `{}` has no `{{{}}}`; the parameter is ignored", item.path, parameter.name);
            let hint = super::slip::did_you_mean(&parameter.name, names.iter().copied());
            let hint = hint.unwrap_or_else(|| "add it to the path, or move the parameter to the query".to_owned());
            let finding = Diagnostic::warning("stray-path-parameter", message).hint(hint);
            let finding = self.relate(finding, &operation.at, "the operation");
            self.report(finding, &parameter.at);
        }
        let is_declared = |name: &str| operation.parameters.iter().any(|other| is_path(other) && other.name == name);
        let missing: Vec<&str> = names.into_iter().filter(|name| !is_declared(name)).collect();
        for name in missing {
            let message = format!("`{{{name}}}` of path `{}` is not described; it is taken as a string", item.path);
            let finding = Diagnostic::warning("undescribed-path-parameter", message)
                .hint(format!("add a parameter `{name}` with `in: path`"));
            self.report(finding, &operation.at);
            let parameter = self.undescribed_parameter(name, &operation.at);
            operation.parameters.push(parameter);
        }
    }

    /// The parameter that a path names and nothing describes.
    fn undescribed_parameter(&mut self, name: &str, at: &Location) -> Parameter {
        let schema = Schema { types: Some(TypeSet::default().with(Type::String)), ..Schema::anything(at.clone()) };
        Parameter {
            at: at.clone(),
            name: name.to_owned(),
            location: ParameterLocation::Path,
            description: None,
            required: true,
            deprecated: false,
            allow_empty_value: false,
            style: Style::Simple,
            explode: false,
            allow_reserved: false,
            payload: Payload::Schema(self.make(schema)),
            examples: IndexMap::new(),
            extensions: crate::Extensions::new(),
        }
    }

    /// Reports ids that several operations share.
    pub(super) fn check_operation_ids(&mut self, operations: &mut [Operation], webhooks: &[Webhook]) {
        let mut places: IndexMap<String, Vec<Location>> = IndexMap::new();
        for operation in operations.iter_mut() {
            let Some(id) = operation.id.clone() else { continue };
            let known = places.entry(id).or_default();
            if !known.contains(&operation.at) {
                known.push(operation.at.clone());
            } else if let Some(id) = operation.id.take() {
                let message = format!("operation `{id}` stands under several paths; this one has no id of its own");
                let finding = Diagnostic::warning("duplicate-operation-id", message)
                    .hint("describe each path by itself to name its operations");
                self.report(finding, &operation.at);
            }
        }
        let mut inner: Vec<&Operation> = webhooks.iter().flat_map(|webhook| &webhook.operations).collect();
        inner.extend(operations.iter().flat_map(|operation| called_back(&operation.callbacks)));
        while let Some(operation) = inner.pop() {
            if let Some(id) = &operation.id {
                let known = places.entry(id.clone()).or_default();
                if !known.contains(&operation.at) {
                    known.push(operation.at.clone());
                }
            }
            inner.extend(called_back(&operation.callbacks));
        }
        for (id, places) in places.iter().filter(|(_, places)| places.len() > 1) {
            self.report_shared_id(id, places);
        }
    }

    /// Reports an id that several operations share.
    fn report_shared_id(&mut self, id: &str, places: &[Location]) {
        /// Of many operations, as many are shown.
        const SHOWN: usize = 3;
        let Some((first, others)) = places.split_first() else { return };
        let message =
            format!("{} operations share the id `{id}`; each is named by its method and path instead", places.len());
        let mut finding = Diagnostic::slip("duplicate-operation-id", message)
            .hint("rename them, in an overlay where the document is not yours: an id must be unique in the document");
        for other in others.iter().take(SHOWN) {
            finding = self.relate(finding, &other.child("operationId"), "another operation of this id");
        }
        self.report(finding, &first.child("operationId"));
    }

    /// Reports an operation without `responses`, which OpenAPI 3.0 wants.
    pub(super) fn report_missing_responses(&mut self, fields: &Fields<'d>) {
        if self.version == Version::V3_0 {
            let finding = Diagnostic::warning("missing-member", "the operation has no `responses`; any answer will do")
                .hint("describe at least `default`");
            self.report(finding, &fields.at.location);
        }
    }
}

/// The requests of some callbacks.
fn called_back(callbacks: &[Callback]) -> impl Iterator<Item = &Operation> {
    callbacks.iter().flat_map(|callback| &callback.operations)
}

/// The parameters of the path item, each replaced by the operation's own of that name and location, and the rest of
/// those.
fn merged(shared: &[Parameter], own: Vec<Parameter>) -> Vec<Parameter> {
    let mut merged = shared.to_vec();
    for parameter in own {
        match merged.iter_mut().find(|other| super::parameter::is_same(other, &parameter)) {
            Some(other) => *other = parameter,
            None => merged.push(parameter),
        }
    }
    merged
}
