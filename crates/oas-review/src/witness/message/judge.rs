//! Whether one side takes a message, and why not.

use std::collections::HashMap;

use jsonschema::Validator;
use oas_model::{MediaType, SchemaId, json_schema};
use oas_wire::essence;
use serde_json::Value;

use crate::effect::Direction;
use crate::schema::Resolver;
use crate::witness::oracle;

/// Schemas that are compiled for messages of one side at most, in bytes of JSON.
const MOST_COMPILED: usize = 8 << 20;

/// Why a message is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No operation answers such a request.
    Operation,
    /// No server stands there.
    Server,
    /// A parameter is missing, or is not one that the operation has, or has a value that it may not have.
    Parameter(String),
    /// The body is missing, or there may not be one.
    Body,
    /// The body may not be of this media type.
    MediaType,
    /// The body is not valid.
    BodyValue,
    /// The credentials will not do.
    Security,
    /// The operation does not answer so.
    Status,
    /// A header is missing, or has a value that it may not have.
    Header(String),
}

/// A body.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Body {
    pub(super) media_type: String,
    pub(super) value: Value,
}

/// Validators of one side, each compiled once.
#[derive(Default)]
pub(super) struct Judge {
    validators: HashMap<(SchemaId, Direction), Option<Validator>>,
    compiled: usize,
}

impl Judge {
    /// Whether no more schemas are compiled.
    pub(super) fn is_exhausted(&self) -> bool {
        self.compiled >= MOST_COMPILED
    }

    /// Whether a value is valid; `None` when that cannot be told.
    pub(super) fn is_valid(
        &mut self,
        resolver: &Resolver<'_>,
        id: SchemaId,
        direction: Direction,
        value: &Value,
    ) -> Option<bool> {
        if !self.validators.contains_key(&(id, direction)) && self.is_exhausted() {
            return None;
        }
        let compiled = &mut self.compiled;
        let validator = self.validators.entry((id, direction)).or_insert_with(|| {
            let schema = json_schema::export(resolver.side.api, id, direction);
            *compiled += schema.to_string().len();
            oracle::compile(&schema)
        });
        validator.as_ref().map(|validator| validator.is_valid(value))
    }

    /// Why a body is refused where one of `content` is expected.
    pub(super) fn body(
        &mut self,
        resolver: &Resolver<'_>,
        content: &[MediaType],
        direction: Direction,
        body: &Body,
    ) -> Option<Vec<Refusal>> {
        let Some(media_type) = content.iter().find(|one| takes(&one.name, &body.media_type)) else {
            return Some(vec![Refusal::MediaType]);
        };
        let is_valid = match media_type.schema {
            // What is written as text is whatever its texts can stand for.
            Some(id) if is_text(&media_type.name) => {
                let mut is_valid = false;
                for reading in oracle::readings(&body.value) {
                    is_valid |= self.is_valid(resolver, id, direction, &reading)?;
                }
                is_valid
            }
            Some(id) => self.is_valid(resolver, id, direction, &body.value)?,
            None => true,
        };
        Some(if is_valid { Vec::new() } else { vec![Refusal::BodyValue] })
    }
}

/// Whether values of a media type are written as text.
fn is_text(name: &str) -> bool {
    let name = essence(name);
    let is_plain = name.starts_with("text/") && !name.ends_with("json") && !name.ends_with("xml");
    is_plain || name == "application/x-www-form-urlencoded" || name == "multipart/form-data"
}

/// Whether a media type or range stands for a media type.
fn takes(range: &str, name: &str) -> bool {
    let (range, name) = (essence(range), essence(name));
    let is_inside = range.strip_suffix("/*").is_some_and(|kind| name.split('/').next() == Some(kind));
    range == name || range == "*/*" || is_inside
}
