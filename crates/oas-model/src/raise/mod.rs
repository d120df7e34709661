//! From document to model: one file per construct of the specification.

mod builder;
mod components;
mod content;
mod deferred;
mod example;
mod findings;
mod info;
mod link;
mod operation;
mod parameter;
mod path;
mod reading;
mod reference;
mod response;
mod schema;
mod security;
mod server;
mod slip;
pub(crate) mod template;
mod version;

use oas_document::{Diagnostic, Document, Failure};

use self::builder::Builder;
use crate::Api;
use crate::vocabulary::ObjectKind;

/// A model, and what was worth saying while it was built.
#[derive(Debug, Clone)]
pub struct Built {
    /// The model.
    pub api: Api,
    /// Warnings and notes, in the order of the document.
    pub diagnostics: Vec<Diagnostic>,
}

/// Builds the model of a document.
///
/// # Errors
/// When the document is not OpenAPI 3.0, 3.1 or 3.2. Whatever else it breaks leaves a model of the rest: an unresolved
/// reference, two operations of one id, a security scheme that does not exist are [slips](oas_document::Class::Slip).
pub fn build(document: &Document) -> Result<Built, Failure> {
    let failure = |diagnostics| Failure { sources: document.sources().clone(), diagnostics };
    let version = version::check(document).map_err(|finding| failure(vec![*finding]))?;
    match Builder::new(document, version).api() {
        (Some(api), diagnostics) => Ok(Built { api, diagnostics }),
        (None, diagnostics) => Err(failure(diagnostics)),
    }
}

impl Builder<'_> {
    /// The model, and everything that was found.
    fn api(mut self) -> (Option<Api>, Vec<Diagnostic>) {
        let root = self.root();
        let Some(root) = self.fields(root, ObjectKind::OpenApi) else { return (None, self.into_findings().1) };
        self.check_contents(&root);
        self.check_dialect(&root);
        let components = self.components(&root);
        let mut named = components.as_ref().map(|fields| self.component_schemas(fields)).unwrap_or_default();
        let stated = components.as_ref().map(|fields| self.map(fields, "securitySchemes")).unwrap_or_default();
        self.read_security_schemes(stated);
        self.security = self.security_of(&root).unwrap_or_default();
        let info = self.info(&root);
        let servers = self.root_servers(&root);
        let mut operations = self.paths(&root);
        let webhooks = self.webhooks(&root);
        if let Some(components) = &components {
            self.check_components(components);
        }
        self.check_operation_ids(&mut operations, &webhooks);
        let outgoing = webhooks.iter().flat_map(|webhook| &webhook.operations);
        let tags = self.tags(&root, operations.iter().chain(outgoing));
        let external_docs = self.external_docs(&root);
        self.finish_schemas(&mut named);
        let security_schemes = std::mem::take(&mut self.security_schemes);
        let security = std::mem::take(&mut self.security).alternatives;
        let (schemas, findings) = self.into_findings();
        let api = Api {
            info,
            servers,
            tags,
            operations,
            webhooks,
            schemas,
            components: named,
            security_schemes,
            security,
            external_docs,
            extensions: root.extensions(),
        };
        (Some(api), findings)
    }
}
