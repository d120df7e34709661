//! Documents that tests compare.

use std::path::Path;

use oas_document::{Document, LoadOptions};
use oas_model::Api;
use serde_json::{Value, json};

use crate::change::Change;
use crate::side::Side;

/// A document and its model.
pub(crate) struct Read {
    pub(crate) document: Document,
    pub(crate) api: Api,
}

impl Read {
    pub(crate) fn side(&self) -> Side<'_> {
        Side { document: &self.document, api: &self.api }
    }
}

/// Reads a document from a value.
pub(crate) fn read(value: &Value) -> Read {
    let (path, options) = (Path::new("document.json"), LoadOptions { reference_root: None });
    let document = oas_document::load_text(&value.to_string(), path, &options).expect("it is a document");
    let api = oas_model::build(&document).expect("it is an OpenAPI document").api;
    Read { document, api }
}

/// A document whose one operation takes `request` and answers `response`.
pub(crate) fn exchange(request: &Value, response: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Laws", "version": "1" },
        "paths": { "/things": { "post": {
            "operationId": "act",
            "requestBody": { "required": true, "content": { "application/json": { "schema": request } } },
            "responses": { "200": { "description": "Done.", "content": { "application/json": { "schema": response } } } },
        } } },
    })
}

/// What changes between two documents.
pub(crate) fn changes(base: &Value, revision: &Value) -> Vec<Change> {
    let (base, revision) = (read(base), read(revision));
    crate::compare(base.side(), revision.side())
}
