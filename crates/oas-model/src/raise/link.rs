//! Links and callbacks: what comes after a response.

use indexmap::IndexMap;
use oas_document::Diagnostic;

use super::Builder;
use super::path::Role;
use super::reading::{At, Fields};
use crate::vocabulary::ObjectKind;
use crate::{Callback, Link};

impl<'d> Builder<'d> {
    /// Member `links` of a response.
    pub(super) fn links(&mut self, fields: &Fields<'d>) -> IndexMap<String, Link> {
        let members = self.map(fields, "links");
        members.into_iter().filter_map(|(name, at)| Some((name.to_owned(), self.link(at)?))).collect()
    }

    /// A Link Object, or a reference to one.
    pub(super) fn link(&mut self, at: At<'d>) -> Option<Link> {
        let followed = self.follow(at, ObjectKind::Link)?;
        let fields = self.fields(followed.at, ObjectKind::Link)?;
        let by_reference = self.text(&fields, "operationRef");
        let by_id = self.text(&fields, "operationId");
        if by_reference.is_some() == by_id.is_some() {
            let message = "a link needs either `operationRef` or `operationId`; the first there is is taken";
            let finding = Diagnostic::warning("odd-link", message).hint("write one of the two");
            self.report(finding, &fields.at.location);
        }
        let parameters = self.map(&fields, "parameters");
        let description = self.text(&fields, "description");
        Some(Link {
            target: by_reference.or(by_id),
            parameters: parameters.into_iter().map(|(name, at)| (name.to_owned(), at.node.to_json())).collect(),
            request_body: fields.at.get("requestBody").map(|spot| spot.node.to_json()),
            description: followed.description.or(description),
            server: fields.get("server").and_then(|spot| self.server(spot.at())),
            extensions: fields.extensions(),
            at: fields.at.location,
        })
    }

    /// Member `callbacks` of an operation.
    pub(super) fn callbacks(&mut self, fields: &Fields<'d>) -> Vec<Callback> {
        let members = self.map(fields, "callbacks");
        members.into_iter().flat_map(|(name, at)| self.callback(name, at)).collect()
    }

    /// A Callback Object, or a reference to one: each of its expressions by itself.
    pub(super) fn callback(&mut self, name: &str, at: At<'d>) -> Vec<Callback> {
        let Some(followed) = self.follow(at, ObjectKind::Callback) else { return Vec::new() };
        let Some(fields) = self.fields(followed.at, ObjectKind::Callback) else { return Vec::new() };
        let location = fields.at.location.clone();
        let read = |builder: &mut Self| {
            let mut callbacks = Vec::new();
            for (expression, spot) in fields.at.members().filter(|(name, _)| !name.starts_with("x-")) {
                let at = spot.location();
                let operations = builder.path_item(spot.at(), expression.to_owned(), Role::Outgoing);
                callbacks.push(Callback { at, name: name.to_owned(), expression: expression.to_owned(), operations });
            }
            Some(callbacks)
        };
        self.guarded(&location, ObjectKind::Callback, read).unwrap_or_default()
    }
}
