//! What a document says about itself: info, tags, external documentation.

use indexmap::IndexMap;
use oas_document::Diagnostic;

use super::Builder;
use super::reading::{At, Fields, NodeRef};
use crate::vocabulary::ObjectKind;
use crate::{Contact, Extensions, ExternalDocs, Info, License, Operation, Tag};

impl<'d> Builder<'d> {
    /// The document's `info`.
    pub(super) fn info(&mut self, root: &Fields<'d>) -> Info {
        let Some(node) = root.get("info") else {
            let finding =
                Diagnostic::warning("missing-member", "the document has no `info`; title and version are empty");
            self.report(finding.hint("add `info: {title: ..., version: ...}`"), &root.at.location);
            return Info::default();
        };
        let Some(fields) = self.fields(node.at(), ObjectKind::Info) else { return Info::default() };
        Info {
            title: self.required_text(&fields, "title", ObjectKind::Info),
            summary: self.text(&fields, "summary"),
            description: self.text(&fields, "description"),
            terms_of_service: self.text(&fields, "termsOfService"),
            version: self.required_text(&fields, "version", ObjectKind::Info),
            contact: fields.get("contact").and_then(|node| self.contact(node.at())),
            license: fields.get("license").and_then(|node| self.license(node.at())),
            extensions: fields.extensions(),
        }
    }

    /// A Contact Object.
    fn contact(&mut self, at: At<'d>) -> Option<Contact> {
        let fields = self.fields(at, ObjectKind::Contact)?;
        Some(Contact {
            name: self.text(&fields, "name"),
            url: self.text(&fields, "url"),
            email: self.text(&fields, "email"),
        })
    }

    /// A License Object.
    fn license(&mut self, at: At<'d>) -> Option<License> {
        let fields = self.fields(at, ObjectKind::License)?;
        Some(License {
            name: self.required_text(&fields, "name", ObjectKind::License),
            identifier: self.text(&fields, "identifier"),
            url: self.text(&fields, "url"),
        })
    }

    /// Member `externalDocs` of any object.
    pub(super) fn external_docs(&mut self, fields: &Fields<'d>) -> Option<ExternalDocs> {
        self.external_docs_at(fields.get("externalDocs")?)
    }

    /// An External Documentation Object.
    pub(super) fn external_docs_at(&mut self, node: NodeRef<'_, 'd>) -> Option<ExternalDocs> {
        let fields = self.fields(node.at(), ObjectKind::ExternalDocs)?;
        let url = self.required_text(&fields, "url", ObjectKind::ExternalDocs);
        Some(ExternalDocs { url, description: self.text(&fields, "description") })
    }

    /// The tags that the document declares, and behind them those that `operations` merely use.
    pub(super) fn tags<'o>(&mut self, root: &Fields<'d>, operations: impl Iterator<Item = &'o Operation>) -> Vec<Tag> {
        let mut tags: IndexMap<String, Tag> = IndexMap::new();
        for at in self.list(root, "tags") {
            let Some(tag) = self.tag(at) else { continue };
            if let Some(first) = tags.get(&tag.name) {
                let message = format!("tag `{}` is declared twice; the second is ignored", tag.name);
                let finding = Diagnostic::warning("duplicate-tag", message).hint("remove one of the two");
                let finding = self.relate(finding, &first.at, "declared here first");
                self.report(finding, &tag.at);
            } else {
                tags.insert(tag.name.clone(), tag);
            }
        }
        for operation in operations {
            for name in &operation.tags {
                tags.entry(name.clone()).or_insert_with(|| used_tag(name, operation));
            }
        }
        tags.into_values().collect()
    }

    /// A Tag Object.
    fn tag(&mut self, at: At<'d>) -> Option<Tag> {
        let fields = self.fields(at, ObjectKind::Tag)?;
        let name = self.required_text(&fields, "name", ObjectKind::Tag);
        Some(Tag {
            name,
            summary: self.text(&fields, "summary"),
            description: self.text(&fields, "description"),
            external_docs: self.external_docs(&fields),
            parent: self.text(&fields, "parent"),
            kind: self.text(&fields, "kind"),
            extensions: fields.extensions(),
            at: fields.at.location,
        })
    }
}

/// A tag that an operation uses and nothing declares.
fn used_tag(name: &str, operation: &Operation) -> Tag {
    Tag {
        at: operation.at.clone(),
        name: name.to_owned(),
        summary: None,
        description: None,
        external_docs: None,
        parent: None,
        kind: None,
        extensions: Extensions::new(),
    }
}
