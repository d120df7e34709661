//! An operation at the end of its path.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use axum::response::Response;
use http::Method;

use crate::options::Render;
use crate::panicked::Panicked;
use crate::schemas::Compiled;
use crate::template::Template;
use crate::{AnswerCheck, Operation, Rejection, RouterOptions, Schemas, ServerError};

/// An operation at the end of its path, with all that is the same for each of its requests.
pub(crate) struct Endpoint {
    pub(crate) operation: &'static Operation,
    pub(crate) schemas: &'static Schemas,
    reject: Arc<Reject>,
    pub(crate) template: Template,
    /// `None` for a method that no request can have.
    method: Option<Method>,
    /// In bytes.
    pub(crate) body_limit: usize,
    /// Whether its responses say whose they are.
    pub(crate) marks_responses: bool,
    /// What becomes of answers that the document does not describe.
    pub(crate) check: AnswerCheck,
    render: Render,
    parameters: Vec<Named>,
    contents: Vec<Named>,
}

/// Answers a rejection where the document describes such an answer.
pub(crate) type Reject = dyn Fn(&Rejection) -> Option<Response> + Send + Sync;

/// A schema by its name, looked for when it is first needed, and not again.
struct Named {
    name: Option<&'static str>,
    found: OnceLock<&'static Compiled>,
}

impl Endpoint {
    pub(crate) fn new(
        operation: &'static Operation,
        schemas: &'static Schemas,
        reject: Arc<Reject>,
        options: &RouterOptions,
    ) -> Self {
        let contents = operation.body.iter().flat_map(|body| body.content);
        Self {
            template: Template::parse(operation.path),
            method: Method::from_bytes(operation.method.as_bytes()).ok(),
            marks_responses: options.marks_responses,
            check: options.answer_check,
            render: Arc::clone(&options.render),
            body_limit: options.limit(operation),
            parameters: operation.parameters.iter().map(|parameter| Named::new(parameter.schema)).collect(),
            contents: contents.map(|content| Named::new(content.schema)).collect(),
            operation,
            schemas,
            reject,
        }
    }

    /// Whether it is one for this very method.
    pub(crate) fn is_for(&self, method: &Method) -> bool {
        self.method.as_ref() == Some(method)
    }

    /// Whether it answers requests of this method; one for GET answers HEAD too (RFC 9110, section 9.3.2).
    pub(crate) fn serves(&self, method: &Method) -> bool {
        self.is_for(method) || *method == Method::HEAD && self.is_for(&Method::GET)
    }

    /// Answers a rejection: in the operation's own schema where the document describes one.
    pub(crate) fn reject(&self, mut rejection: Rejection) -> Response {
        if let Some(answer) = rejection.take_answer() {
            return answer;
        }
        let rejection = &rejection;
        let operation = self.operation.id;
        if let Some(cause) = rejection.cause() {
            tracing::error!(operation, status = rejection.status().as_u16(), cause = %chain(cause), "the service failed");
        } else {
            tracing::debug!(operation, status = rejection.status().as_u16(), %rejection, "request rejected");
        }
        let rendered = || (self.reject)(rejection).unwrap_or_else(|| (self.render)(rejection));
        catch_unwind(AssertUnwindSafe(rendered)).unwrap_or_else(|panic| {
            let cause = ServerError::from(Panicked::new(&*panic));
            tracing::error!(operation, ?cause, "the service failed to answer a rejection");
            Rejection::from(cause).problem()
        })
    }

    /// The schema of the parameter at `index`; `None` when anything will do.
    pub(crate) fn parameter_schema(&self, index: usize) -> Result<Option<&'static Compiled>, ServerError> {
        self.parameters.get(index).map_or(Ok(None), |named| named.get(self.schemas))
    }

    /// The schema of the content at `index`; `None` when anything will do.
    pub(crate) fn content_schema(&self, index: usize) -> Result<Option<&'static Compiled>, ServerError> {
        self.contents.get(index).map_or(Ok(None), |named| named.get(self.schemas))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Endpoint").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

impl Named {
    const fn new(name: Option<&'static str>) -> Self {
        Self { name, found: OnceLock::new() }
    }

    fn get(&self, schemas: &'static Schemas) -> Result<Option<&'static Compiled>, ServerError> {
        let Some(name) = self.name else { return Ok(None) };
        if let Some(found) = self.found.get() {
            return Ok(Some(found));
        }
        let found = schemas.get(name)?;
        Ok(Some(self.found.get_or_init(|| found)))
    }
}

/// An error with what caused it.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
