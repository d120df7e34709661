//! One call: requests out, retried and redirected, the answer back as it is.

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use oas_types_runtime::FromAnswer;
use reqwest::header::AUTHORIZATION;
use reqwest::{Request, Response, StatusCode};

use crate::operation::Class;
use crate::redirect::{self, Sent};
use crate::trace;
use crate::transport::{ExchangeError, marked, rebuild};
use crate::{Credential, Error, ErrorAnswer, Operation, Options, Outgoing, RawAnswer, State};

/// How long something may take from now on.
#[derive(Debug, Clone, Copy)]
struct Limit(Option<(Instant, Duration)>);

impl Limit {
    fn new(after: Option<Duration>) -> Self {
        Self(after.and_then(|after| Some((Instant::now().checked_add(after)?, after))))
    }

    /// What is left; `None` for as long as it takes.
    fn left(self) -> Option<Duration> {
        self.0.map(|(end, _)| end.saturating_duration_since(Instant::now()))
    }

    /// Whichever ends first.
    fn or(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some((a, _)), Some((b, _))) if b < a => other,
            (None, _) => other,
            _ => self,
        }
    }

    async fn hold<T>(self, future: impl Future<Output = Result<T, ExchangeError>>) -> Result<T, ExchangeError> {
        match (self.left(), self.0) {
            (Some(left), Some((_, after))) => {
                tokio::time::timeout(left, future).await.unwrap_or_else(|_| Err(ExchangeError::timeout(after)))
            }
            _ => future.await,
        }
    }
}

/// An answer whose body was not read yet.
pub(crate) struct Head {
    pub(crate) response: Response,
    pub(crate) class: Class,
    limit: Limit,
}

impl Head {
    /// The answer with its body.
    pub(crate) async fn whole(self) -> Result<RawAnswer, Error> {
        let Self { mut response, class: _, limit } = self;
        let (status, url) = (response.status(), response.url().clone());
        let headers = std::mem::take(response.headers_mut());
        let body = pin!(async { response.bytes().await.map_err(ExchangeError::from) });
        let bytes = limit.hold(body).await.map_err(Error::ResponseBodyError)?;
        Ok(RawAnswer { url, status, headers, bytes })
    }

    /// The error that an answer is which is no success.
    pub(crate) async fn refuse<E: FromAnswer>(self) -> Error<E> {
        let class = self.class;
        match self.whole().await {
            Ok(raw) => refused(class, raw),
            Err(error) => error.widen(),
        }
    }
}

/// The error that an answer is which is no success.
fn refused<E: FromAnswer>(class: Class, raw: RawAnswer) -> Error<E> {
    if class != Class::Error {
        return Error::UnexpectedResponse(raw);
    }
    match raw.read() {
        Ok(value) => Error::ErrorResponse(ErrorAnswer { value, raw }),
        Err(misfit) => Error::InvalidResponsePayload(raw, misfit),
    }
}

impl Outgoing {
    /// Sends the request; the answer's body was not read yet.
    pub(crate) async fn head(self) -> Result<Head, Error> {
        let (request, state, operation, options) = self.build()?;
        state.exchange(operation, &options, request).await
    }

    /// The answer as it came, whatever its status.
    pub(crate) async fn raw(self) -> Result<RawAnswer, Error> {
        // Boxed: every builder's future would have its size otherwise.
        Box::pin(async { self.head().await?.whole().await }).await
    }
}

impl State {
    /// Sends a request and hands back the answer: repeated as [`Retries`](crate::Retries) allow, redirects followed,
    /// tokens renewed.
    ///
    /// No error and no answer shows a secret of the URL.
    pub(crate) async fn exchange(
        &self,
        operation: &'static Operation,
        options: &Options,
        request: Request,
    ) -> Result<Head, Error> {
        let deadline = Limit::new(options.deadline.or(self.deadline()));
        let timeout = options.timeout.or(self.timeout());
        let retries = options.retries.as_ref().unwrap_or(self.retries());
        if let Some(id) = retries.allowed().find(|id| !self.knows(id)) {
            return Err(Error::InvalidRequest(format!("its retries allow `{id}`, and there is no such operation")));
        }
        let is_marked = Self::is_marked(operation, &request);
        let mut request = request;
        let (mut done, mut renewed) = (0, false);
        loop {
            let copy = if retries.are_left(done) || self.has_tokens() { request.try_clone() } else { None };
            let limit = Limit::new(timeout).or(deadline);
            let token = match deadline.hold(self.authorize(operation, &mut request)).await {
                Ok(token) => token,
                Err(error) => return Err(Error::CommunicationError(error)),
            };
            let subject = trace::Subject::of(&request);
            let result = {
                // Within the span, which what is injected may be about. Pinned here: the futures around it would each
                // have its size, twice. It ends before anybody waits.
                let attempt = pin!(async {
                    self.inject(request.headers_mut());
                    self.follow(operation, request).await
                });
                trace::attempt(operation, subject, done + u32::from(renewed), limit.hold(attempt)).await
            };
            let is_stale = matches!(&result, Ok(answer) if answer.status() == StatusCode::UNAUTHORIZED);
            let delay = match (is_stale && !renewed, token) {
                (true, Some(token)) if copy.is_some() => {
                    if let Some(source) = self.token_source(operation) {
                        source.forget(&token).await;
                    }
                    renewed = true;
                    Some(Duration::ZERO)
                }
                _ => {
                    let delay = retries.delay(operation, is_marked, done, &result);
                    done += u32::from(delay.is_some());
                    delay
                }
            };
            let in_time = |delay: &Duration| deadline.left().is_none_or(|left| *delay < left);
            let (Some(copy), Some(delay)) = (copy, delay.filter(in_time)) else {
                return self.finish(operation, result, limit);
            };
            tokio::time::sleep(delay).await;
            request = copy;
        }
    }

    fn finish(
        &self,
        operation: &'static Operation,
        result: Result<Response, ExchangeError>,
        limit: Limit,
    ) -> Result<Head, Error> {
        match result {
            Ok(response) => {
                let response = self.hide_url(operation, response);
                Ok(Head { class: operation.class(response.status()), response, limit })
            }
            Err(error) => Err(Error::CommunicationError(self.hide(operation, error))),
        }
    }

    /// Sends a request and follows where the answer points, unless the document describes that answer.
    async fn follow(&self, operation: &'static Operation, request: Request) -> Result<Response, ExchangeError> {
        let mut request = request;
        let mut followed = 0;
        loop {
            let sent = Sent::keep(&request);
            if self.is_in_process() {
                request = marked(request, operation)?;
            }
            let response = self.transport().carry(request).await?;
            let status = response.status();
            if !status.is_redirection() || operation.names(status) || followed == redirect::MOST {
                return Ok(response);
            }
            let credentials: Vec<&Credential> = self.sent(operation).collect();
            let Some(next) = sent.follow(&response, &credentials) else { return Ok(response) };
            request = next;
            followed += 1;
        }
    }

    /// Puts a token into the request where its operation takes one; hands it back.
    async fn authorize(&self, operation: &Operation, request: &mut Request) -> Result<Option<String>, ExchangeError> {
        self.sent(operation).for_each(|credential| credential.apply(request));
        // What was said of this request alone is stronger.
        let source = self.token_source(operation).filter(|_| !request.headers().contains_key(AUTHORIZATION));
        let Some(source) = source else { return Ok(None) };
        let token = source.token().await.map_err(ExchangeError::other)?;
        let Some(credential) = Credential::bearer(&token) else {
            return Err(ExchangeError::other("the token holds a character that no header can carry"));
        };
        credential.apply(request);
        Ok(Some(token))
    }

    /// The same error without the secrets of its URL.
    fn hide(&self, operation: &Operation, mut error: ExchangeError) -> ExchangeError {
        if let Some(url) = error.url_mut() {
            self.sent(operation).for_each(|credential| credential.hide(url));
        }
        error
    }

    /// The same answer without the secrets of its URL.
    fn hide_url(&self, operation: &Operation, response: Response) -> Response {
        if !self.sent(operation).any(Credential::is_in_url) {
            return response;
        }
        let mut url = response.url().clone();
        self.sent(operation).for_each(|credential| credential.hide(&mut url));
        let (status, headers) = (response.status(), response.headers().clone());
        rebuild(url, status, headers, reqwest::Body::from(response))
    }

    /// The secrets that a request of this operation was sent with.
    fn sent(&self, operation: &Operation) -> impl Iterator<Item = &Credential> {
        self.credentials(operation).into_iter().flatten()
    }

    /// Whether a repetition of the request is the same request to the server, because it says so itself.
    fn is_marked(operation: &Operation, request: &Request) -> bool {
        let named = operation.idempotency_key.is_some_and(|name| request.headers().contains_key(name));
        named || request.headers().contains_key(crate::state::IDEMPOTENCY_KEY)
    }
}
