//! Bodies: request bodies, media types, encodings.

use indexmap::IndexMap;
use oas_document::Diagnostic;

use super::Builder;
use super::reading::{At, Fields, NodeRef};
use crate::vocabulary::{ObjectKind, Version};
use crate::{Encoding, MediaType, RequestBody, Style};

/// The styles that members of a form may have (OpenAPI 3.1.1, section 4.8.15.1.2).
const FORM_STYLES: &[Style] = &[Style::Form, Style::SpaceDelimited, Style::PipeDelimited, Style::DeepObject];

impl<'d> Builder<'d> {
    /// Member `requestBody` of an operation: any content when it says nothing that can be understood, since an
    /// operation that takes a body is not the same as one that takes none.
    pub(super) fn stated_body(&mut self, node: NodeRef<'_, 'd>) -> RequestBody {
        self.request_body(node.at()).unwrap_or_else(|| RequestBody {
            at: node.location(),
            description: None,
            required: false,
            content: Vec::new(),
            extensions: crate::Extensions::new(),
        })
    }

    /// A Request Body Object, or a reference to one.
    pub(super) fn request_body(&mut self, at: At<'d>) -> Option<RequestBody> {
        let followed = self.follow(at, ObjectKind::RequestBody)?;
        let fields = self.fields(followed.at, ObjectKind::RequestBody)?;
        let content = self.content(&fields);
        if content.is_empty() {
            let finding =
                Diagnostic::warning("missing-member", "the request body has no media type; any content will do")
                    .hint("add a media type to `content`");
            self.report(finding, &fields.at.location);
        }
        let description = self.text(&fields, "description");
        Some(RequestBody {
            description: followed.description.or(description),
            required: self.flag(&fields, "required"),
            content,
            extensions: fields.extensions(),
            at: fields.at.location,
        })
    }

    /// Member `content` of a body, parameter or header.
    pub(super) fn content(&mut self, fields: &Fields<'d>) -> Vec<MediaType> {
        let mut content = Vec::new();
        for (name, at) in self.map(fields, "content") {
            if !name.contains('/') {
                let finding = Diagnostic::warning("odd-media-type", format!("`{name}` is no media type; it is kept"))
                    .hint("a media type is written `application/json`");
                self.report(finding, &at.location);
            }
            content.extend(self.media_type(name, at));
        }
        content
    }

    /// A Media Type Object, or a reference to one.
    pub(super) fn media_type(&mut self, name: &str, at: At<'d>) -> Option<MediaType> {
        if at.node.get("$ref").is_some() && !self.is_3_2() {
            self.report_version("`$ref` of a media type", Version::V3_2, &at.location.child("$ref"));
        }
        let followed = self.follow(at, ObjectKind::MediaType)?;
        let fields = self.fields(followed.at, ObjectKind::MediaType)?;
        Some(MediaType {
            name: name.to_owned(),
            schema: fields.get("schema").map(|node| self.schema(node.at())),
            item_schema: fields.get("itemSchema").map(|node| self.schema(node.at())),
            encoding: self.encodings(&fields),
            prefix_encoding: self.prefix_encodings(&fields),
            item_encoding: self.item_encoding(&fields),
            examples: self.examples(&fields),
            extensions: fields.extensions(),
            at: fields.at.location,
        })
    }

    /// Member `encoding`.
    fn encodings(&mut self, fields: &Fields<'d>) -> IndexMap<String, Encoding> {
        let members = self.map(fields, "encoding");
        members.into_iter().filter_map(|(name, at)| Some((name.to_owned(), self.encoding(at)?))).collect()
    }

    /// Member `prefixEncoding`.
    fn prefix_encodings(&mut self, fields: &Fields<'d>) -> Vec<Encoding> {
        self.list(fields, "prefixEncoding").into_iter().filter_map(|at| self.encoding(at)).collect()
    }

    /// Member `itemEncoding`.
    fn item_encoding(&mut self, fields: &Fields<'d>) -> Option<Box<Encoding>> {
        fields.get("itemEncoding").and_then(|node| self.encoding(node.at())).map(Box::new)
    }

    /// An Encoding Object.
    fn encoding(&mut self, at: At<'d>) -> Option<Encoding> {
        let fields = self.fields(at, ObjectKind::Encoding)?;
        Some(Encoding {
            content_type: self.text(&fields, "contentType"),
            headers: self.headers(&fields),
            style: self.stated_style(&fields, FORM_STYLES, "it is ignored"),
            explode: fields.get("explode").and_then(|node| self.read_flag(node)),
            allow_reserved: self.flag(&fields, "allowReserved"),
            encoding: self.encodings(&fields),
            prefix_encoding: self.prefix_encodings(&fields),
            item_encoding: self.item_encoding(&fields),
            extensions: fields.extensions(),
            at: fields.at.location,
        })
    }
}
