//! What `Client::builder()` collects, and what a client keeps of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use progenitor_client::Error;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Request, Url};

use crate::{Credential, Operation, Retries};

/// A client cannot be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The document names no server, or one relative to itself, and the caller gave no base URL.
    NoBaseUrl {
        /// The server as the document writes it.
        server: &'static str,
    },
    /// The base URL is not an absolute `http` or `https` URL without user, query and fragment.
    InvalidBaseUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// A secret holds what cannot be sent where its scheme puts it.
    InvalidSecret {
        /// The method of the builder that got the secret.
        method: &'static str,
    },
    /// The HTTP client cannot be set up, for example because no TLS is available.
    Http(reqwest::Error),
}

impl fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBaseUrl { server } => write!(
                formatter,
                "no base URL: the document names its server `{server}`, relative to itself; \
                 call `.base_url(\"https://HOST{server}\")`"
            ),
            Self::InvalidBaseUrl { reason } => write!(formatter, "the base URL {reason}"),
            Self::InvalidSecret { method } => {
                write!(formatter, "the secret given to `.{method}(..)` holds a character that cannot be sent")
            }
            Self::Http(_) => formatter.write_str("the HTTP client cannot be set up"),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Http(error) = self { Some(error) } else { None }
    }
}

/// What `Client::builder()` collects.
#[derive(Debug, Clone)]
pub struct Settings {
    server: &'static str,
    base_url: Option<String>,
    operation_base_urls: BTreeMap<String, String>,
    credentials: BTreeMap<&'static str, Credential>,
    invalid: Option<&'static str>,
    without_credentials: bool,
    http: Option<reqwest::Client>,
    user_agent: String,
    timeout: Option<Duration>,
    connect_timeout: Duration,
    read_timeout: Option<Duration>,
    retries: Retries,
}

impl Settings {
    /// The settings of a client that nothing was said about yet.
    ///
    /// `server` is the document's first server with its variables filled in, `user_agent` what the client calls
    /// itself.
    pub fn new(server: &'static str, user_agent: &str) -> Self {
        Self {
            server,
            base_url: None,
            operation_base_urls: BTreeMap::new(),
            credentials: BTreeMap::new(),
            invalid: None,
            without_credentials: false,
            http: None,
            user_agent: user_agent.to_owned(),
            timeout: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Some(Duration::from_secs(60)),
            retries: Retries::none(),
        }
    }

    /// Where every operation is sent.
    pub fn base_url(&mut self, url: impl Into<String>) {
        self.base_url = Some(url.into());
    }

    /// Where one operation is sent.
    pub fn operation_base_url(&mut self, operation_id: impl Into<String>, url: impl Into<String>) {
        self.operation_base_urls.insert(operation_id.into(), url.into());
    }

    /// The secret for a scheme, called like the builder's method that takes it; `None` when it cannot be sent.
    pub fn credential(&mut self, method: &'static str, credential: impl Into<Option<Credential>>) {
        match credential.into() {
            Some(credential) => {
                self.credentials.insert(method, credential);
            }
            None => self.invalid = self.invalid.or(Some(method)),
        }
    }

    /// Sends requests without credentials when there are none.
    pub fn without_credentials(&mut self) {
        self.without_credentials = true;
    }

    /// How long a request may take, from connecting to the last byte of the answer.
    pub fn timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// How long connecting may take.
    pub fn connect_timeout(&mut self, timeout: Duration) {
        self.connect_timeout = timeout;
    }

    /// How long the server may stay silent; `None` for as long as it likes.
    pub fn read_timeout(&mut self, timeout: Option<Duration>) {
        self.read_timeout = timeout;
    }

    /// What the client calls itself.
    pub fn user_agent(&mut self, user_agent: impl Into<String>) {
        self.user_agent = user_agent.into();
    }

    /// The HTTP client to use, with its own timeouts, user agent and redirects.
    pub fn http_client(&mut self, client: reqwest::Client) {
        self.http = Some(client);
    }

    /// When requests are sent again.
    pub fn retries(&mut self, retries: Retries) {
        self.retries = retries;
    }

    /// The base URL, the HTTP client and the rest of what a client consists of.
    pub fn build(self) -> Result<(String, reqwest::Client, State), BuildError> {
        if let Some(method) = self.invalid {
            return Err(BuildError::InvalidSecret { method });
        }
        let base_url = match &self.base_url {
            Some(url) => checked(url)?,
            None if self.server.contains("://") => checked(self.server)?,
            None => return Err(BuildError::NoBaseUrl { server: self.server }),
        };
        let operation_base_urls = self
            .operation_base_urls
            .iter()
            .map(|(id, url)| Ok((id.clone(), checked(url)?)))
            .collect::<Result<_, _>>()?;
        let http = match &self.http {
            Some(client) => client.clone(),
            None => self.http().map_err(BuildError::Http)?,
        };
        let state = State(Arc::new(Inner {
            has_own_base_url: self.base_url.is_some(),
            operation_base_urls,
            credentials: self.credentials,
            without_credentials: self.without_credentials,
            retries: self.retries,
        }));
        Ok((base_url, http, state))
    }

    /// The HTTP client for these settings. It follows no redirect: that is done here, because only here is known what
    /// another origin must not see.
    fn http(&self) -> reqwest::Result<reqwest::Client> {
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .redirect(reqwest::redirect::Policy::none());
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        if let Some(timeout) = self.read_timeout {
            builder = builder.read_timeout(timeout);
        }
        builder.build()
    }
}

/// A base URL without a slash at its end, or why it is none.
fn checked(text: &str) -> Result<String, BuildError> {
    let invalid = |reason: String| Err(BuildError::InvalidBaseUrl { reason });
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(error) => return invalid(format!("is not an absolute URL: {error}")),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return invalid(format!("has the scheme `{}`, not `http` or `https`", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return invalid("holds a user or password; give them to the builder's method for that scheme".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return invalid("has a query or a fragment".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// What a client keeps besides base URL and HTTP client. Cloning is cheap; `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct State(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    has_own_base_url: bool,
    operation_base_urls: BTreeMap<String, String>,
    credentials: BTreeMap<&'static str, Credential>,
    without_credentials: bool,
    retries: Retries,
}

impl State {
    /// Where this operation is sent: the URL given for it, else the URL given for all, else the operation's own
    /// server, else the client's base URL.
    pub fn base_url(&self, client: &str, operation: &Operation) -> String {
        if let Some(url) = self.0.operation_base_urls.get(operation.id) {
            return url.clone();
        }
        match operation.server {
            Some(server) if !self.0.has_own_base_url => relative_to(client, server),
            _ => client.to_owned(),
        }
    }

    /// Completes a request before it is sent: the media types that are understood, and credentials.
    pub fn prepare<E>(&self, operation: &Operation, request: &mut Request) -> Result<(), Error<E>> {
        if !operation.accept.is_empty() && !request.headers().contains_key(ACCEPT) {
            request.headers_mut().insert(ACCEPT, HeaderValue::from_static(operation.accept));
        }
        let Some(credentials) = self.credentials(operation) else {
            return Err(Error::InvalidRequest(missing(operation)));
        };
        credentials.for_each(|credential| credential.apply(request));
        Ok(())
    }

    /// The secrets for an operation: those of the first alternative that needs some and has all; `None` when the
    /// operation must not be sent without.
    pub(crate) fn credentials(&self, operation: &Operation) -> Option<impl Iterator<Item = &Credential>> {
        let has = |scheme: &&str| self.0.credentials.contains_key(scheme);
        let complete = operation.security.iter().find(|schemes| !schemes.is_empty() && schemes.iter().all(has));
        let public = operation.security.is_empty() || operation.security.iter().any(|schemes| schemes.is_empty());
        let schemes = match complete {
            Some(schemes) => *schemes,
            None if public || self.0.without_credentials => &[],
            None => return None,
        };
        Some(schemes.iter().filter_map(|scheme| self.0.credentials.get(scheme)))
    }

    /// When requests are sent again.
    pub(crate) fn retries(&self) -> &Retries {
        &self.0.retries
    }
}

/// What to say when credentials are missing.
fn missing(operation: &Operation) -> String {
    let call = |scheme: &&str| format!("`.{scheme}(..)`");
    let alternatives: Vec<String> =
        operation.security.iter().map(|schemes| schemes.iter().map(call).collect::<Vec<_>>().join(" and ")).collect();
    format!(
        "`{}` needs credentials: call {} on the client's builder, or `.without_credentials()` to send it all the same",
        operation.id,
        alternatives.join(", or ")
    )
}

/// A server URL that may be relative to the client's base URL (OpenAPI 3.1.1, section 4.8.5).
fn relative_to(base: &str, server: &str) -> String {
    let url = if server.contains("://") {
        server.to_owned()
    } else {
        match Url::parse(&format!("{base}/")).and_then(|base| base.join(server)) {
            Ok(url) => url.to_string(),
            Err(_) => base.to_owned(),
        }
    };
    url.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings::new("https://api.example.com/v1", "test")
    }

    fn operation(security: &'static [&'static [&'static str]]) -> Operation {
        Operation {
            id: "listClips",
            method: "GET",
            path: "/clips",
            server: Some("/v2"),
            accept: "application/json",
            security,
            responses: &[],
        }
    }

    fn state(settings: Settings) -> State {
        settings.build().expect("valid settings").2
    }

    fn sent_headers(state: &State, operation: &Operation) -> Result<Vec<String>, Error<()>> {
        let mut request = Request::new(reqwest::Method::GET, "http://localhost/".parse().expect("a URL"));
        state.prepare(operation, &mut request)?;
        Ok(request.headers().keys().map(ToString::to_string).collect())
    }

    #[test]
    fn a_base_url_has_no_user_query_or_other_scheme() {
        for bad in ["", "/v1", "ftp://a", "https://user:secret@a", "https://a?b", "https://a#b"] {
            let mut settings = settings();
            settings.base_url(bad);
            let error = settings.build().map(drop).expect_err(bad).to_string();
            assert!(error.starts_with("the base URL ") && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_relative_server_needs_a_base_url() {
        let error = Settings::new("/v1", "test").build().map(drop).expect_err("no host");
        assert!(error.to_string().contains("https://HOST/v1"), "{error}");
    }

    #[test]
    fn the_first_complete_alternative_is_sent() {
        let both = operation(&[&["bearer_auth", "api_key"], &["api_key"], &[]]);
        let mut settings = settings();
        assert_eq!(sent_headers(&state(settings.clone()), &both).expect("anonymous"), ["accept"]);
        settings.credential("api_key", Credential::header("x-key", "k"));
        assert_eq!(sent_headers(&state(settings.clone()), &both).expect("one"), ["accept", "x-key"]);
        settings.credential("bearer_auth", Credential::bearer("t"));
        assert_eq!(sent_headers(&state(settings.clone()), &both).expect("two"), ["accept", "authorization", "x-key"]);
        assert_eq!(sent_headers(&state(settings), &operation(&[])).expect("public"), ["accept"]);
    }

    #[test]
    fn missing_credentials_are_named() {
        let operation = operation(&[&["bearer_auth"], &["bearer_auth", "api_key"]]);
        let error = sent_headers(&state(settings()), &operation).expect_err("missing").to_string();
        assert!(error.contains("`.bearer_auth(..)`, or `.bearer_auth(..)` and `.api_key(..)`"), "{error}");
        let mut settings = settings();
        settings.without_credentials();
        assert_eq!(sent_headers(&state(settings), &operation).expect("allowed"), ["accept"]);
    }

    #[test]
    fn an_unsendable_secret_is_refused_without_showing_it() {
        let mut settings = settings();
        settings.credential("bearer_auth", Credential::bearer("hush\n"));
        let error = settings.build().map(drop).expect_err("not sendable");
        assert_eq!(error.to_string(), "the secret given to `.bearer_auth(..)` holds a character that cannot be sent");
    }

    #[test]
    fn an_operation_with_its_own_server_keeps_it_until_told_otherwise() {
        let operation = operation(&[]);
        let base = |settings: Settings| {
            let (base, _, state) = settings.build().expect("valid settings");
            state.base_url(&base, &operation)
        };
        assert_eq!(base(settings()), "https://api.example.com/v2");
        let mut own = settings();
        own.base_url("http://localhost:1/mock/");
        assert_eq!(base(own.clone()), "http://localhost:1/mock");
        own.operation_base_url("listClips", "http://localhost:2");
        assert_eq!(base(own), "http://localhost:2");
    }
}
