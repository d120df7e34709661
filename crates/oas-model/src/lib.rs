//! One model for OpenAPI 3.0, 3.1 and 3.2: the second stage of the generator.
//!
//! [`build`] turns a document into an [`Api`]. References are followed, defaults are made explicit, what belongs to
//! one version alone is raised to JSON Schema 2020-12 and OpenAPI 3.1 words. No later stage knows which version a
//! document was written in.
//!
//! ```
//! use std::path::Path;
//!
//! use oas_document::{LoadOptions, load_text};
//!
//! let text = r#"{"openapi": "3.1.0", "info": {"title": "Clips", "version": "1"}, "paths": {
//!     "/clips": {"get": {"operationId": "listClips", "responses": {"200": {"description": "the clips"}}}}
//! }}"#;
//! let document = load_text(text, Path::new("openapi.json"), &LoadOptions { reference_root: None }).expect("it is JSON");
//! let built = oas_model::build(&document).expect("it is OpenAPI");
//! assert_eq!(built.api.operations[0].id.as_deref(), Some("listClips"));
//! assert!(built.diagnostics.is_empty());
//! ```

mod direction;
mod family;
mod integer_range;
pub mod json_schema;
mod operation;
mod raise;
mod reachable;
mod schema;
mod schemas;
mod security;
mod select;
mod swagger;
mod type_set;
pub mod vocabulary;

pub use direction::Direction;
pub use integer_range::integer_range;
pub use operation::{
    Callback, Encoding, Example, Header, Link, MediaType, Method, Operation, Parameter, ParameterLocation, Payload,
    RequestBody, Response, StatusPattern, Style, Webhook,
};
pub use raise::{Built, build};
pub use reachable::ReachableSchemas;
pub use schema::{AdditionalItems, Bound, Discriminator, Schema, Xml};
pub use schemas::{SchemaId, Schemas};
pub use security::{ApiKeyLocation, OAuthFlow, OAuthFlowKind, SecurityRequirement, SecurityScheme, SecuritySchemeKind};
pub use select::{InvalidSelector, Selection, Selector, select};
pub use swagger::from_swagger;
pub use type_set::{Type, TypeSet};

use indexmap::IndexMap;
use oas_document::Location;

/// An HTTP API, as its document describes it.
#[derive(Debug, Clone)]
pub struct Api {
    /// Title, version and the like.
    pub info: Info,
    /// The servers of the document, in its order; never empty (OpenAPI 3.1.1, section 4.8.1: the default is `/`).
    pub servers: Vec<Server>,
    /// The tags that the document declares, and behind them those that operations merely use.
    pub tags: Vec<Tag>,
    /// The operations, in the order of the document; inside a path item in the order of [`Method`].
    pub operations: Vec<Operation>,
    /// The requests the API sends on its own.
    pub webhooks: Vec<Webhook>,
    /// Every schema of the document.
    pub schemas: Schemas,
    /// The schemas that have a name under `components/schemas`, in the order of the document.
    pub components: IndexMap<String, SchemaId>,
    /// The security schemes, by the name that requirements use.
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// The document's own `security`: what an operation inherits that has none.
    pub security: Vec<SecurityRequirement>,
    /// Where more is written about the API.
    pub external_docs: Option<ExternalDocs>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// Members whose names start with `x-`, as they were written.
pub type Extensions = IndexMap<String, serde_json::Value>;

/// OpenAPI 3.1.1, section 4.8.2: Info Object.
#[derive(Debug, Clone, Default)]
pub struct Info {
    /// The name of the API.
    pub title: String,
    /// A short summary.
    pub summary: Option<String>,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// Where the terms of service stand.
    pub terms_of_service: Option<String>,
    /// The version of the document, not of OpenAPI.
    pub version: String,
    /// Whom to ask.
    pub contact: Option<Contact>,
    /// Under which terms the API may be used.
    pub license: Option<License>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// OpenAPI 3.1.1, section 4.8.3: Contact Object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The person or organization.
    pub name: Option<String>,
    /// Their page.
    pub url: Option<String>,
    /// Their address.
    pub email: Option<String>,
}

/// OpenAPI 3.1.1, section 4.8.4: License Object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct License {
    /// The name of the licence.
    pub name: String,
    /// Its SPDX expression.
    pub identifier: Option<String>,
    /// Where its text stands.
    pub url: Option<String>,
}

/// OpenAPI 3.1.1, section 4.8.5: Server Object.
#[derive(Debug, Clone)]
pub struct Server {
    /// Where it stands.
    pub at: Location,
    /// The URL, with `{variables}`; may be relative to the document.
    pub url: String,
    /// A name (OpenAPI 3.2).
    pub name: Option<String>,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// The variables of the URL, in the order of the document.
    pub variables: IndexMap<String, ServerVariable>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

impl Server {
    /// The URL, with the defaults of its variables.
    pub fn default_url(&self) -> String {
        let values: Vec<(&str, &str)> =
            self.variables.iter().map(|(name, variable)| (name.as_str(), variable.default.as_str())).collect();
        oas_wire::server_url(&self.url, &values)
    }
}

/// OpenAPI 3.1.1, section 4.8.6: Server Variable Object.
#[derive(Debug, Clone)]
pub struct ServerVariable {
    /// The values it may take; empty when any will do.
    pub values: Vec<String>,
    /// The value it takes unless told otherwise.
    pub default: String,
    /// A description, in CommonMark.
    pub description: Option<String>,
}

/// OpenAPI 3.1.1, section 4.8.22: Tag Object.
#[derive(Debug, Clone)]
pub struct Tag {
    /// Where it stands: its declaration, or the first operation that uses it.
    pub at: Location,
    /// The name that operations use.
    pub name: String,
    /// A short summary (OpenAPI 3.2).
    pub summary: Option<String>,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// Where more is written about it.
    pub external_docs: Option<ExternalDocs>,
    /// The tag it belongs under (OpenAPI 3.2).
    pub parent: Option<String>,
    /// What sort of tag it is: `nav`, `badge`, `audience`... (OpenAPI 3.2).
    pub kind: Option<String>,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// OpenAPI 3.1.1, section 4.8.11: External Documentation Object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalDocs {
    /// Where it is.
    pub url: String,
    /// What it is, in CommonMark.
    pub description: Option<String>,
}
