//! The sending end.

use std::fmt;
use std::future::Future;

use axum::BoxError;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use serde::Serialize;

use super::Signer;
use crate::{Operation, ServerError};

/// Brings a request to a receiver. Any client does; a function that takes a request and says the status of the answer is
/// one:
///
/// ```text
/// let client = reqwest::Client::new();
/// let deliver = move |request: http::Request<Bytes>| {
///     let client = client.clone();
///     async move { Ok(client.execute(request.try_into()?).await?.status()) }
/// };
/// ```
pub trait Deliver: Send + Sync + 'static {
    /// Sends `request`, and says with which status it was answered.
    ///
    /// # Errors
    /// When no answer came.
    fn deliver(&self, request: Request<Bytes>) -> impl Future<Output = Result<StatusCode, BoxError>> + Send;
}

impl<F, Answer> Deliver for F
where
    F: Fn(Request<Bytes>) -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Result<StatusCode, BoxError>> + Send,
{
    fn deliver(&self, request: Request<Bytes>) -> impl Future<Output = Result<StatusCode, BoxError>> + Send {
        self(request)
    }
}

/// Sends webhooks. Generated code has a method for each of them over it.
#[derive(Debug, Clone)]
pub struct WebhookSender<D, S> {
    deliver: D,
    signer: S,
    headers: HeaderMap,
}

/// A webhook that its receiver took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivered {
    /// The status of the answer, which is a success.
    pub status: StatusCode,
}

/// Why a webhook was not taken.
#[derive(Debug)]
#[non_exhaustive]
pub enum DeliveryError {
    /// The receiver did not want it. Whether to try again is for the sender's policy.
    Refused(StatusCode),
    /// No answer came.
    Unanswered(BoxError),
    /// There was nothing to send: the address, the body or its signature could not be made.
    Unsendable(ServerError),
}

impl<D: Deliver, S: Signer> WebhookSender<D, S> {
    /// A sender that sends with `deliver` what `signer` signs.
    pub fn new(deliver: D, signer: S) -> Self {
        Self { deliver, signer, headers: HeaderMap::new() }
    }

    /// The same sender with a header on every request: what a document describes as the header of its webhooks.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sends `body` as JSON to `url`. `id` is that of the event, the same for every attempt to deliver it.
    ///
    /// # Errors
    /// When it is not taken.
    pub async fn send(
        &self,
        webhook: &'static Operation,
        id: &str,
        url: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<Delivered, DeliveryError> {
        let request = self.request(webhook, id, url, body).map_err(DeliveryError::Unsendable)?;
        let status = self.deliver.deliver(request).await.map_err(DeliveryError::Unanswered)?;
        if status.is_success() { Ok(Delivered { status }) } else { Err(DeliveryError::Refused(status)) }
    }

    fn request(
        &self,
        webhook: &'static Operation,
        id: &str,
        url: &str,
        body: Option<&impl Serialize>,
    ) -> Result<Request<Bytes>, ServerError> {
        let mut headers = self.headers.clone();
        let content = webhook.body.as_ref().and_then(|body| body.content.first());
        let bytes = body.map(serde_json::to_vec).transpose()?.unwrap_or_default();
        if let Some(content) = content.filter(|_| body.is_some()) {
            // A range says nothing to whoever reads it.
            let name = if content.media_type.contains('*') { "application/json" } else { content.media_type };
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(name)?);
        }
        self.signer.sign(id, &mut headers, &bytes)?;
        let mut request = Request::new(Bytes::from(bytes));
        *request.method_mut() = Method::from_bytes(webhook.method.as_bytes())?;
        *request.uri_mut() = Uri::try_from(url)?;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(status) => write!(formatter, "the receiver answered with status {}", status.as_u16()),
            Self::Unanswered(_) => formatter.write_str("no answer came from the receiver"),
            Self::Unsendable(error) => match error.cause() {
                Some(cause) => write!(formatter, "the webhook cannot be sent: {cause}"),
                None => formatter.write_str("the webhook cannot be sent"),
            },
        }
    }
}

impl std::error::Error for DeliveryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unanswered(error) => Some(error.as_ref()),
            Self::Refused(_) | Self::Unsendable(_) => None,
        }
    }
}
