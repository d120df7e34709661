//! Bodies of requests and responses.

use oas_model::{Direction, MediaType, SchemaId};
use oas_wire::essence;

use super::facets::{Facets, Part};
use super::hint::Hint;
use super::in_order::in_order;
use super::names::{self, Kind};
use super::planner::Planner;
use super::request::Request;
use super::scope::Scope;
use super::type_names::Base;
use super::{BodyContent, ContentFormat, ContentItem, RustType};

impl Planner<'_> {
    /// What a body with these media types is; `None` without any. `hint` names an inline schema, and the enum when
    /// there are several.
    pub(super) fn body_content(
        &mut self,
        content: &[MediaType],
        hint: &Hint,
        direction: Direction,
    ) -> Option<BodyContent> {
        let mut distinct = self.distinct(content);
        if direction == Direction::Response {
            self.leave_parts_alone(content, &mut distinct);
        }
        match distinct.as_slice() {
            [] => None,
            [(index, format)] => {
                let ty = self.content_type(&content[*index], *format, hint);
                Some(BodyContent::Single(ContentItem { media_type: *index, format: *format, ty }))
            }
            _ => {
                let at = content.first().map(|media_type| media_type.at.clone())?;
                let ident = self.ask_own(hint, &at);
                let mut scope = Scope::new(Kind::Variant, format!("variants of `{}`", hint.path.as_str()));
                let requests = distinct.iter().map(|(index, _)| {
                    let MediaType { name, at, .. } = &content[*index];
                    Request {
                        key: hint.path.variant_key(name),
                        forms: vec![names::ident(Kind::Variant, &short_name(name)), names::ident(Kind::Variant, name)],
                        at: at.clone(),
                        has_place: false,
                        keeps: true,
                        follows: None,
                        level: 0,
                        is_vague: false,
                    }
                });
                let idents = self.settle_names(&mut scope, requests.collect());
                let mut variants = Vec::with_capacity(distinct.len());
                for place in in_order(&distinct, |(index, _)| &content[*index].name) {
                    let (index, format) = distinct[place];
                    let media_type = &content[index];
                    let hint = Hint {
                        base: Base::Type(ident.clone()),
                        words: idents[place].as_str().to_owned(),
                        longer: None,
                        path: hint.path.child(&media_type.name),
                        ..hint.clone()
                    };
                    let ty = self.content_type(media_type, format, &hint);
                    variants.push((place, (idents[place].clone(), ContentItem { media_type: index, format, ty })));
                }
                variants.sort_by_key(|(place, _)| *place);
                let variants = variants.into_iter().map(|(_, variant)| variant).collect();
                Some(BodyContent::Several { ident, variants })
            }
        }
    }

    /// Answers in parts are bytes: what a part is made of, and where it ends, is for those who make or read it.
    fn leave_parts_alone(&mut self, content: &[MediaType], distinct: &mut [(usize, ContentFormat)]) {
        for (index, format) in distinct.iter_mut().filter(|(_, format)| *format == ContentFormat::Multipart) {
            *format = ContentFormat::Bytes;
            let media_type = &content[*index];
            let message = format!(
                "an answer of the media type {} is bytes, whatever its schema says",
                crate::docs::code(&media_type.name)
            );
            let hint = "a server answers with the whole body, which begins with its boundary; or use JSON";
            self.note("multipart-response", &media_type.at, message, hint);
        }
    }

    /// The media types that differ in more than their name: JSON of one schema in two spellings is one.
    fn distinct(&self, content: &[MediaType]) -> Vec<(usize, ContentFormat)> {
        let mut seen: Vec<Option<SchemaId>> = Vec::new();
        let mut distinct = Vec::new();
        // By name: which spelling stays must not depend on the order.
        for index in in_order(content, |media_type| &media_type.name) {
            let media_type = &content[index];
            let format = self.format_of(media_type);
            if format == ContentFormat::Json {
                let is_alike = |other: &Option<SchemaId>| match (*other, media_type.schema) {
                    (Some(one), Some(other)) => super::alike::are_alike(self.api, one, other),
                    (one, other) => one == other,
                };
                if seen.iter().any(is_alike) {
                    continue;
                }
                seen.push(media_type.schema);
            }
            distinct.push((index, format));
        }
        distinct.sort_by_key(|(index, _)| *index);
        distinct
    }

    /// How values of a media type are written.
    fn format_of(&self, media_type: &MediaType) -> ContentFormat {
        let name = essence(&media_type.name);
        let (top, sub) = name.split_once('/').unwrap_or((name.as_str(), ""));
        match (top, sub) {
            ("multipart", "form-data") => ContentFormat::Multipart,
            ("application", "x-www-form-urlencoded") => ContentFormat::Form,
            ("text", "event-stream") => ContentFormat::EventStream,
            (_, "jsonl" | "x-ndjson" | "ndjson" | "json-lines" | "x-jsonlines" | "json-seq") => {
                ContentFormat::JsonLines
            }
            (_, "json") => ContentFormat::Json,
            (_, sub) if sub.ends_with("+json") => ContentFormat::Json,
            // A range says nothing; a schema that is no text says JSON.
            ("*" | "application", "*") | ("*", "") if self.is_json(media_type.schema) => ContentFormat::Json,
            ("text", _) | (_, "xml" | "yaml" | "x-yaml" | "javascript" | "graphql" | "toml") => ContentFormat::Text,
            (_, sub) if sub.ends_with("+xml") || sub.ends_with("+yaml") => ContentFormat::Text,
            _ => ContentFormat::Bytes,
        }
    }

    fn is_json(&self, schema: Option<SchemaId>) -> bool {
        schema.is_some_and(|id| {
            let facets = Facets::of(self.api, &[Part::Whole(id)]);
            let is_string = facets.types.and_then(oas_model::TypeSet::single) == Some(oas_model::Type::String);
            !is_string && !self.is_binary(id)
        })
    }

    /// Whether a schema describes an object or a list.
    fn has_structure(&self, schema: Option<SchemaId>) -> bool {
        schema.is_some_and(|id| {
            let facets = Facets::of(self.api, &[Part::Whole(id)]);
            facets.describes_object() || facets.describes_array()
        })
    }

    fn content_type(&mut self, media_type: &MediaType, format: ContentFormat, hint: &Hint) -> RustType {
        let schema = media_type.schema;
        if matches!(format, ContentFormat::Text | ContentFormat::Bytes) && self.has_structure(schema) {
            self.note_unread(media_type, format);
        }
        match format {
            ContentFormat::Text => RustType::String,
            ContentFormat::Bytes => RustType::Bytes,
            ContentFormat::Json => match schema {
                Some(id) => self.value_type(&[Part::Whole(id)], hint),
                None => RustType::Json,
            },
            ContentFormat::Form | ContentFormat::Multipart => match schema {
                Some(id) => {
                    self.forms.extend(Facets::of(self.api, &[Part::Whole(id)]).parts);
                    self.type_of(id, hint)
                }
                None => RustType::JsonObject,
            },
            ContentFormat::EventStream => match media_type.item_schema.or(schema) {
                Some(id) => self.type_of(id, hint),
                None => RustType::String,
            },
            ContentFormat::JsonLines => match media_type.item_schema.or_else(|| schema.map(|id| self.item_of(id))) {
                Some(id) => self.value_type(&[Part::Whole(id)], hint),
                None => RustType::Json,
            },
        }
    }

    /// Says that nothing is made of the schema of a body that is neither JSON nor a form.
    fn note_unread(&mut self, media_type: &MediaType, format: ContentFormat) {
        if essence(&media_type.name) == "multipart/form-data" {
            // Of an answer in parts was told where it became bytes.
            return;
        }
        let became = if format == ContentFormat::Text { "text" } else { "bytes" };
        let name = crate::docs::code(&media_type.name);
        let message = format!("a body of the media type {name} is {became}, whatever its schema says");
        self.note("unread-media-type", &media_type.at, message, "read and write it by hand, or use JSON");
    }

    /// The schema of one line: that of the items, when the document describes all lines together as a list.
    fn item_of(&self, id: SchemaId) -> SchemaId {
        let facets = Facets::of(self.api, &[Part::Whole(id)]);
        facets.items.first().copied().unwrap_or(id)
    }
}

/// The shortest name for a media type that people use.
fn short_name(name: &str) -> String {
    match essence(name).as_str() {
        "application/x-www-form-urlencoded" => "Form".to_owned(),
        "multipart/form-data" => "Multipart".to_owned(),
        "text/plain" => "Text".to_owned(),
        "*/*" => "Any".to_owned(),
        other => match other.split_once('/') {
            Some((top, "*")) => top.to_owned(),
            Some((_, sub)) => sub.strip_prefix("x-").unwrap_or(sub).replace('+', " "),
            None => other.to_owned(),
        },
    }
}
