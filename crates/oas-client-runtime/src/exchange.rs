//! One call: requests out, retried and redirected, the answer back in the form its decoder expects.

use reqwest::{Client, Request, Response};

use crate::redirect::{self, Sent};
use crate::{Body, Credential, Operation, State, tagging};

impl State {
    /// Sends a request that [`prepare`](Self::prepare) has completed, and hands back the answer: repeated as the
    /// client's [`Retries`](crate::Retries) allow, redirects followed, its body [tagged](Body::Tagged) where several
    /// types are possible.
    ///
    /// No error and no answer shows a secret of the URL.
    ///
    /// # Errors
    /// When no answer came, or its body ended early.
    pub async fn exchange(
        &self,
        client: &Client,
        operation: &Operation,
        request: Request,
    ) -> reqwest::Result<Response> {
        let response = self.repeat(client, operation, request).await.map_err(|error| self.hide(operation, error))?;
        let response = self.hide_url(operation, response);
        match operation.body(response.status()) {
            Some(Body::Tagged) => tagging::tag(response).await,
            Some(Body::Direct) | None => Ok(response),
        }
    }

    /// Sends a request as often as it takes.
    async fn repeat(&self, client: &Client, operation: &Operation, request: Request) -> reqwest::Result<Response> {
        let mut request = request;
        let mut done = 0;
        loop {
            let copy = if self.retries().are_left(done) { request.try_clone() } else { None };
            let result = self.follow(client, operation, request).await;
            let (Some(copy), Some(delay)) = (copy, self.retries().delay(operation, done, &result)) else {
                return result;
            };
            tokio::time::sleep(delay).await;
            request = copy;
            done += 1;
        }
    }

    /// Sends a request and follows where the answer points, unless the document describes that answer.
    async fn follow(&self, client: &Client, operation: &Operation, request: Request) -> reqwest::Result<Response> {
        let mut request = request;
        let mut followed = 0;
        loop {
            let sent = Sent::keep(&request);
            let response = client.execute(request).await?;
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

    /// The same error without the secrets of its URL.
    fn hide(&self, operation: &Operation, mut error: reqwest::Error) -> reqwest::Error {
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
        tagging::rebuild(url, status, headers, reqwest::Body::from(response))
    }

    /// The secrets that a request of this operation was sent with.
    fn sent(&self, operation: &Operation) -> impl Iterator<Item = &Credential> {
        self.credentials(operation).into_iter().flatten()
    }
}
