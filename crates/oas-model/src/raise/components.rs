//! Components: what other parts of a document refer to.

use indexmap::IndexMap;
use oas_document::Diagnostic;

use super::Builder;
use super::path::Role;
use super::reading::{At, Fields};
use crate::vocabulary::ObjectKind;
use crate::{SchemaId, StatusPattern};

impl<'d> Builder<'d> {
    /// The fields of the document's `components`.
    pub(super) fn components(&mut self, root: &Fields<'d>) -> Option<Fields<'d>> {
        let at = root.get("components")?.at();
        let fields = self.fields(at, ObjectKind::Components)?;
        for member in ObjectKind::Components.members() {
            for (name, at) in self.map(&fields, member.name) {
                self.check_name(name, &at);
            }
        }
        Some(fields)
    }

    /// Reports names that the specification does not allow (OpenAPI 3.1.1, section 4.8.7.1).
    fn check_name(&mut self, name: &str, at: &At<'d>) {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        if name.is_empty() || !name.bytes().all(is_plain) {
            let message = format!("component name `{name}` has characters other than `A-Z a-z 0-9 . - _`; it is kept");
            let finding = Diagnostic::warning("odd-component-name", message)
                .hint("give it a name of these characters, and refer to that");
            self.report(finding, &at.location);
        }
    }

    /// The schemas under `components`.
    pub(super) fn component_schemas(&mut self, components: &Fields<'d>) -> IndexMap<String, SchemaId> {
        let mut schemas = IndexMap::new();
        for (name, at) in self.map(components, "schemas") {
            schemas.insert(name.to_owned(), self.schema(at));
        }
        schemas
    }

    /// Reads every other component once, for what is to be said about it: nothing may refer to some.
    pub(super) fn check_components(&mut self, components: &Fields<'d>) {
        for (name, at) in self.map(components, "responses") {
            let _ = (name, self.response(StatusPattern::Default, at));
        }
        for (_, at) in self.map(components, "parameters") {
            let _ = self.parameter(at);
        }
        for (_, at) in self.map(components, "examples") {
            let _ = self.example(at);
        }
        for (_, at) in self.map(components, "requestBodies") {
            let _ = self.request_body(at);
        }
        for (name, at) in self.map(components, "headers") {
            let _ = self.header(name, at);
        }
        for (_, at) in self.map(components, "links") {
            let _ = self.link(at);
        }
        for (name, at) in self.map(components, "callbacks") {
            let _ = self.callback(name, at);
        }
        for (name, at) in self.map(components, "pathItems") {
            let _ = self.path_item(at, name.to_owned(), Role::Outgoing);
        }
        for (name, at) in self.map(components, "mediaTypes") {
            let _ = self.media_type(name, at);
        }
    }
}
