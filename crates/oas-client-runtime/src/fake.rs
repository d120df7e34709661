//! Answers by operation id, in the place of an API: for tests, without sockets.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use oas_wire::{integer, percent};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower_service::Service;

use crate::Operation;
use crate::transport::{BoxError, BoxFuture, Transport, collect};

/// Answers by operation id, in the place of an API: for tests, without sockets.
///
/// Where a test is about what an API does, implement the generated server's trait and give its router to
/// [`Transport::in_process`]; where it is about what is sent, and about answers that no server of ours would give, use
/// this. An id that the document does not have is an error of the client's builder.
///
/// ```no_run
/// # #[derive(serde::Serialize)] struct Pet { name: &'static str }
/// use oas_client_runtime::{Fake, FakeAnswer};
///
/// let fake = Fake::new()
///     .on("getPet", FakeAnswer::json(200, &Pet { name: "Rex" }))
///     .on("createPet", FakeAnswer::empty(503).header("retry-after", "1"))
///     .on("createPet", FakeAnswer::empty(204));
/// // let client = Client::builder().transport(fake.transport()).build()?;
/// assert_eq!(fake.requests("createPet").len(), 0);
/// ```
#[derive(Clone, Default)]
pub struct Fake(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    answers: BTreeMap<String, VecDeque<Make>>,
    requests: Vec<(&'static str, FakeRequest)>,
}

type Make = Arc<dyn Fn(&FakeRequest) -> FakeAnswer + Send + Sync>;

/// A request that a [`Fake`] got.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FakeRequest {
    /// Its method.
    pub method: Method,
    /// Its path, as it was sent.
    pub path: String,
    /// Its query, as it was sent; empty without.
    pub query: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl FakeRequest {
    /// The body as a value of JSON; `None` when it is none of this type.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        integer::from_slice(&self.body).ok()
    }

    /// What the query says first of a name.
    pub fn query_value(&self, name: &str) -> Option<String> {
        let pairs = percent::pairs(&self.query);
        percent::decode_form(pairs.iter().find(|pair| pair.name == name)?.value)
    }

    /// A header, when it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What a [`Fake`] answers.
#[derive(Debug, Clone)]
pub struct FakeAnswer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl FakeAnswer {
    /// An answer without a body.
    ///
    /// # Panics
    /// When there is no such status.
    pub fn empty(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or_else(|_| panic!("{status} is no status"));
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// An answer of this media type.
    ///
    /// # Panics
    /// When there is no such status or media type.
    pub fn bytes(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..Self::empty(status).header(CONTENT_TYPE.as_str(), media_type) }
    }

    /// A value in JSON.
    ///
    /// # Panics
    /// When there is no such status, or the value cannot be written.
    pub fn json<T: Serialize + ?Sized>(status: u16, body: &T) -> Self {
        let body = serde_json::to_vec(body).unwrap_or_else(|error| panic!("no JSON: {error}"));
        Self::bytes(status, "application/json", body)
    }

    /// The same answer with a header.
    ///
    /// # Panics
    /// When no header can be like this.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => drop(self.headers.append(name, value)),
            _ => panic!("`{name}: {value}` is no header"),
        }
        self
    }
}

impl Fake {
    /// A fake that has no answer to anything.
    pub fn new() -> Self {
        Self::default()
    }

    /// What an operation answers. Several answers of one operation are given one after the other; the last one stays.
    #[must_use]
    pub fn on(self, operation_id: impl Into<String>, answer: FakeAnswer) -> Self {
        self.on_request(operation_id, move |_| answer.clone())
    }

    /// What an operation answers to a request.
    #[must_use]
    pub fn on_request(
        self,
        operation_id: impl Into<String>,
        answer: impl Fn(&FakeRequest) -> FakeAnswer + Send + Sync + 'static,
    ) -> Self {
        self.known().answers.entry(operation_id.into()).or_default().push_back(Arc::new(answer));
        self
    }

    /// What carries requests here.
    pub fn transport(&self) -> Transport {
        let ids = self.known().answers.keys().cloned().collect();
        Transport::in_process(Answering(self.clone())).naming(ids)
    }

    /// The requests of an operation that came, with every attempt.
    pub fn requests(&self, operation_id: &str) -> Vec<FakeRequest> {
        let known = self.known();
        let of = known.requests.iter().filter(|(id, _)| *id == operation_id);
        of.map(|(_, request)| request.clone()).collect()
    }

    /// The ids of the operations that were called, in that order, with every attempt.
    pub fn called(&self) -> Vec<&'static str> {
        self.known().requests.iter().map(|(id, _)| *id).collect()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Who panicked in a test has said so.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request, and answers it.
    fn answer(&self, operation: &'static Operation, request: &FakeRequest) -> Result<FakeAnswer, BoxError> {
        let make = {
            let mut known = self.known();
            known.requests.push((operation.id, request.clone()));
            let Some(answers) = known.answers.get_mut(operation.id) else {
                let id = operation.id;
                return Err(format!("the fake has no answer of `{id}`; add `.on(\"{id}\", ..)`").into());
            };
            if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
        };
        // The closure may look at the fake itself.
        make.map(|make| make(request)).ok_or_else(|| "the fake has no answer".into())
    }
}

impl fmt::Debug for Fake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known();
        formatter.debug_struct("Fake").field("answers", &known.answers.keys()).finish_non_exhaustive()
    }
}

/// A fake as a service.
#[derive(Clone)]
struct Answering(Fake);

impl Service<http::Request<reqwest::Body>> for Answering {
    type Response = http::Response<reqwest::Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<reqwest::Body>) -> Self::Future {
        let fake = self.0.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let operation = head.extensions.get::<&'static Operation>().copied();
            let operation = operation.ok_or("a layer of the client took the request's operation away")?;
            let request = FakeRequest {
                method: head.method,
                path: head.uri.path().to_owned(),
                query: head.uri.query().unwrap_or_default().to_owned(),
                headers: head.headers,
                body: collect(body).await?,
            };
            let FakeAnswer { status, headers, body } = fake.answer(operation, &request)?;
            let mut response = http::Response::new(reqwest::Body::from(body));
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok(response)
        })
    }
}
