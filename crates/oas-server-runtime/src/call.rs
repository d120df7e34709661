//! A request on its way to the service.

mod body;
mod credentials;
mod parameters;
mod violations;

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;

pub(crate) use self::credentials::hide;
pub use self::parameters::Parameters;
pub use self::violations::Invalid;
use self::violations::Violations;
use crate::endpoint::Endpoint;
use crate::exchange::{Exchange, Incoming};
use crate::parameter::Texts;
use crate::{AnswerExtras, Operation, PartHeaders, Rejection, Request, ServerError, accept};

/// A request on its way to the service. It collects what is wrong, so that the caller is told all of it at once.
#[derive(Debug)]
pub struct Call {
    endpoint: Arc<Endpoint>,
    head: Box<Parts>,
    /// The parameters of the path, as they are written.
    captures: Vec<String>,
    body: Incoming,
    exchange: Arc<Exchange>,
    /// Which of the operation's contents the body is, and its bytes.
    content: Option<(usize, Bytes)>,
    parts: Vec<PartHeaders>,
    violations: Violations,
}

impl Call {
    /// `request` of the operation at `endpoint`; `captures` are the parameters of its path, as they are written.
    pub(crate) fn new(
        endpoint: Arc<Endpoint>,
        captures: Vec<String>,
        request: http::Request<Body>,
        exchange: Arc<Exchange>,
    ) -> Self {
        let (head, body) = request.into_parts();
        let head = Box::new(head);
        let body = Incoming::new(body, &head.headers, Arc::clone(&exchange));
        Self {
            endpoint,
            head,
            captures,
            body,
            exchange,
            content: None,
            parts: Vec::new(),
            violations: Violations::default(),
        }
    }

    fn operation(&self) -> &'static Operation {
        self.endpoint.operation
    }

    /// Whether the caller takes what the operation answers.
    ///
    /// # Errors
    /// Status 406.
    pub fn negotiate(&self) -> Result<(), Rejection> {
        let produces = self.operation().produces;
        if accept::acceptable(&self.head.headers, produces) {
            return Ok(());
        }
        let detail = format!("this operation answers with {} only", produces.join(" or "));
        Err(Rejection::new(StatusCode::NOT_ACCEPTABLE, detail))
    }

    /// The parameters, to be read.
    pub fn parameters(&mut self) -> Parameters<'_> {
        let texts = Texts::new(&self.endpoint, &self.captures, &self.head);
        Parameters::new(&self.endpoint, texts, &mut self.violations)
    }

    /// Reads every parameter, of which the service gets none of its own; what is wrong is noted.
    ///
    /// # Errors
    /// When one of them is not what the document describes.
    pub fn check_parameters(&mut self) -> Result<(), Invalid> {
        let count = self.operation().parameters.len();
        let mut parameters = self.parameters();
        let checked = (0..count).map(|index| parameters.optional::<serde_json::Value>(index).map(|_| ()));
        checked.fold(Ok(()), Result::and)
    }

    /// The request for the service, when nothing is wrong with it.
    ///
    /// # Errors
    /// Status 422 with every violation that was noted.
    pub fn request<Principal, Params, Body>(
        self,
        principal: Principal,
        params: Result<Params, Invalid>,
        body: Result<Body, Invalid>,
    ) -> Result<Request<Principal, Params, Body>, Rejection> {
        self.violations.settle()?;
        match (params, body) {
            (Ok(params), Ok(body)) => {
                let answer = AnswerExtras::new(self.exchange);
                Ok(Request { principal, params, body, head: self.head, parts: self.parts, answer })
            }
            _ => Err(ServerError::new("a request is invalid, and nothing says why").into()),
        }
    }
}
