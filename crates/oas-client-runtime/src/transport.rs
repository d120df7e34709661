//! What carries requests: an HTTP client, with layers around it, or a service in the same process.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::{Request, Response, Url};
use tower_layer::Layer;
use tower_service::Service;

use crate::Operation;

/// An error of any kind.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A future of any kind.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An exchange that came to nothing.
#[derive(Debug)]
pub struct ExchangeError(Kind);

#[derive(Debug)]
enum Kind {
    Http(reqwest::Error),
    Other(BoxError),
    Timeout(Duration),
}

impl ExchangeError {
    pub(crate) fn timeout(after: Duration) -> Self {
        Self(Kind::Timeout(after))
    }

    /// What any error of a service is.
    pub(crate) fn other(error: impl Into<BoxError>) -> Self {
        let error: BoxError = error.into();
        let error = match error.downcast::<Self>() {
            Ok(own) => return *own,
            Err(error) => error,
        };
        match error.downcast::<reqwest::Error>() {
            Ok(http) => Self(Kind::Http(*http)),
            Err(other) => Self(Kind::Other(other)),
        }
    }

    /// Whether no answer came in time.
    pub fn is_timeout(&self) -> bool {
        match &self.0 {
            Kind::Http(error) => error.is_timeout(),
            Kind::Timeout(_) => true,
            Kind::Other(_) => false,
        }
    }

    /// Whether no connection came about, so that nothing was sent.
    pub fn is_connect(&self) -> bool {
        matches!(&self.0, Kind::Http(error) if error.is_connect())
    }

    /// Whether the request may have been sent.
    pub(crate) fn may_have_been_sent(&self) -> bool {
        matches!(&self.0, Kind::Http(error) if error.is_request()) || self.is_timeout()
    }

    /// Where the request went.
    pub fn url(&self) -> Option<&Url> {
        if let Kind::Http(error) = &self.0 { error.url() } else { None }
    }

    pub(crate) fn url_mut(&mut self) -> Option<&mut Url> {
        if let Kind::Http(error) = &mut self.0 { error.url_mut() } else { None }
    }

    /// The same error without the URL, which may hold what not everybody should read.
    #[must_use]
    pub fn without_url(self) -> Self {
        match self.0 {
            Kind::Http(error) => Self(Kind::Http(error.without_url())),
            other => Self(other),
        }
    }
}

impl From<reqwest::Error> for ExchangeError {
    fn from(error: reqwest::Error) -> Self {
        Self(Kind::Http(error))
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Http(error) => error.fmt(formatter),
            Kind::Other(error) => error.fmt(formatter),
            Kind::Timeout(after) => write!(formatter, "no answer within {after:?}"),
        }
    }
}

impl StdError for ExchangeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Kind::Http(error) => error.source(),
            Kind::Other(error) => Some(&**error),
            Kind::Timeout(_) => None,
        }
    }
}

/// What carries requests. A `tower::Service`, so that any `tower::Layer` fits around it.
#[derive(Clone)]
pub struct Transport {
    carry: Arc<dyn Carry>,
    /// The operations that were named where it was made.
    named: Arc<[String]>,
}

trait Carry: Send + Sync {
    fn carry(&self, request: Request) -> BoxFuture<'static, Result<Response, ExchangeError>>;
}

impl<S> Carry for S
where
    S: Service<Request, Response = Response> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
{
    fn carry(&self, request: Request) -> BoxFuture<'static, Result<Response, ExchangeError>> {
        let mut service = self.clone();
        Box::pin(async move {
            poll_fn(|context| service.poll_ready(context)).await.map_err(ExchangeError::other)?;
            service.call(request).await.map_err(ExchangeError::other)
        })
    }
}

impl Transport {
    /// A service as it is, an HTTP client for example.
    pub fn new<S>(service: S) -> Self
    where
        S: Service<Request, Response = Response> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
    {
        Self { carry: Arc::new(service), named: Arc::default() }
    }

    /// The same with a layer around it.
    #[must_use]
    pub fn layered<L>(self, layer: &L) -> Self
    where
        L: Layer<Self>,
        L::Service: Service<Request, Response = Response> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Error: Into<BoxError>,
        <L::Service as Service<Request>>::Future: Send,
    {
        Self::new(layer.layer(self))
    }

    /// A service in the same process, an axum router for example: no socket is opened. Among the extensions of its
    /// requests is the `&'static Operation` that they are for.
    pub fn in_process<S, B>(service: S) -> Self
    where
        S: Service<http::Request<reqwest::Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::new(InProcess(service))
    }

    /// The same, for which these operations are named.
    pub(crate) fn naming(self, ids: Vec<String>) -> Self {
        Self { named: ids.into(), ..self }
    }

    /// The operations that were named where it was made.
    pub(crate) fn named(&self) -> &[String] {
        &self.named
    }

    pub(crate) fn carry(&self, request: Request) -> BoxFuture<'static, Result<Response, ExchangeError>> {
        self.carry.carry(request)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Transport")
    }
}

impl Service<Request> for Transport {
    type Response = Response;
    type Error = ExchangeError;
    type Future = BoxFuture<'static, Result<Response, ExchangeError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ExchangeError>> {
        // Each call waits for its own copy of the service.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        self.carry.carry(request)
    }
}

/// A service of HTTP messages, as the HTTP client would be one.
#[derive(Clone)]
struct InProcess<S>(S);

impl<S, B> Service<Request> for InProcess<S>
where
    S: Service<http::Request<reqwest::Body>, Response = http::Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let url = request.url().clone();
        let sent = http::Request::try_from(request).map(|mut request| {
            // What a connection would have done: a target without authority, and the header that has it.
            if let Some(host) = request.uri().authority().and_then(|host| host.as_str().parse().ok()) {
                request.headers_mut().entry(http::header::HOST).or_insert(host);
            }
            if let Some(target) = request.uri().path_and_query().cloned() {
                *request.uri_mut() = target.into();
            }
            self.0.call(request)
        });
        Box::pin(async move {
            let (parts, body) = sent?.await.map_err(Into::into)?.into_parts();
            let body = reqwest::Body::wrap_stream(Frames(Box::pin(body)));
            Ok(rebuild(url, parts.status, parts.headers, body))
        })
    }
}

/// The data of a body.
struct Frames<B>(Pin<Box<B>>);

impl<B> Stream for Frames<B>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            return match std::task::ready!(self.0.as_mut().poll_frame(context)) {
                None => Poll::Ready(None),
                Some(Err(error)) => Poll::Ready(Some(Err(error.into()))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => Poll::Ready(Some(Ok(data))),
                    // Trailers, for which the HTTP client has no place either.
                    Err(_) => continue,
                },
            };
        }
    }
}

/// The same request with its operation among the extensions that a service in the same process sees.
pub(crate) fn marked(request: Request, operation: &'static Operation) -> Result<Request, ExchangeError> {
    let mut request = http::Request::try_from(request)?;
    request.extensions_mut().insert(operation);
    Ok(Request::try_from(request)?)
}

/// All bytes of a body.
pub(crate) async fn collect(body: reqwest::Body) -> Result<Bytes, BoxError> {
    let mut frames = Frames(Box::pin(body));
    let mut all = Vec::new();
    while let Some(bytes) = poll_fn(|context| Pin::new(&mut frames).poll_next(context)).await {
        all.extend_from_slice(&bytes?);
    }
    Ok(all.into())
}

/// An answer from its parts.
pub(crate) fn rebuild(
    url: Url,
    status: reqwest::StatusCode,
    headers: http::HeaderMap,
    body: impl Into<reqwest::Body>,
) -> Response {
    use reqwest::ResponseBuilderExt;
    let mut response = http::Response::new(body.into());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let (mut parts, body) = response.into_parts();
    // The URL travels in an extension that only a builder can make.
    if let Ok(carrier) = http::Response::builder().url(url).body(()) {
        parts.extensions = carrier.into_parts().0.extensions;
    }
    http::Response::from_parts(parts, body).into()
}

/// A layer around what carries requests: every `tower::Layer` over services of `reqwest::Request` is one.
pub trait Middleware: Send + Sync + 'static {
    /// What carries requests from now on.
    fn wrap(&self, inner: Transport) -> Transport;
}

impl<L> Middleware for L
where
    L: Layer<Transport> + Send + Sync + 'static,
    L::Service: Service<Request, Response = Response> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Error: Into<BoxError>,
    <L::Service as Service<Request>>::Future: Send,
{
    fn wrap(&self, inner: Transport) -> Transport {
        inner.layered(self)
    }
}
