//! What `Client::builder()` collects, and what a client keeps of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::state::{Inject, Inner, State};
use crate::token::TokenSource;
use crate::{Credential, Middleware, Operation, Retries, TokenProvider, Transport};

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
    /// A default header has a name or a value that no header can have.
    InvalidHeader {
        /// Its name.
        name: String,
    },
    /// A setting names an operation that the document does not have.
    UnknownOperation {
        /// The id that was given.
        id: String,
        /// The id that is most like it.
        similar: Option<&'static str>,
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
            Self::InvalidHeader { name } => {
                write!(formatter, "`{name}` is no header, or the value given for it is none that a header can have")
            }
            Self::UnknownOperation { id, similar } => {
                write!(formatter, "there is no operation `{id}`")?;
                similar.map_or(Ok(()), |similar| write!(formatter, "; is it `{similar}`?"))
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
#[derive(Clone)]
pub struct Settings {
    server: &'static str,
    operations: &'static [&'static Operation],
    base_url: Option<String>,
    operation_base_urls: BTreeMap<String, String>,
    credentials: BTreeMap<&'static str, Credential>,
    tokens: BTreeMap<&'static str, TokenSource>,
    headers: HeaderMap,
    invalid_header: Option<String>,
    transport: Option<Transport>,
    layers: Vec<Arc<dyn Middleware>>,
    deadline: Option<Duration>,
    inject: Option<Inject>,
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
    /// The settings of a client to which nothing has been set.
    ///
    /// `server` is the document's first server with its variables filled in, `user_agent` what the client calls
    /// itself, `operations` all operations of the document.
    pub fn new(server: &'static str, user_agent: &str, operations: &'static [&'static Operation]) -> Self {
        Self {
            server,
            operations,
            base_url: None,
            operation_base_urls: BTreeMap::new(),
            credentials: BTreeMap::new(),
            tokens: BTreeMap::new(),
            headers: HeaderMap::new(),
            invalid_header: None,
            transport: None,
            layers: Vec::new(),
            deadline: None,
            inject: None,
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

    /// Where the tokens for a scheme come from, called like the builder's method that takes them.
    pub fn token_provider(&mut self, method: &'static str, provider: impl TokenProvider) {
        self.tokens.insert(method, TokenSource::new(provider));
    }

    /// A header that every request has unless it says otherwise.
    pub fn default_header(&mut self, name: &str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.append(name, value);
            }
            _ => self.invalid_header = Some(name.to_owned()),
        }
    }

    /// What carries requests in the place of an HTTP client.
    pub fn transport(&mut self, transport: Transport) {
        self.transport = Some(transport);
    }

    /// A layer around what carries requests; one that is added later is further outside.
    pub fn layer(&mut self, layer: impl Middleware) {
        self.layers.push(Arc::new(layer));
    }

    /// How long a request may take with all its attempts and the waits between them.
    pub fn deadline(&mut self, deadline: Duration) {
        self.deadline = Some(deadline);
    }

    /// What puts headers into each attempt just before it is sent.
    pub fn inject(&mut self, inject: impl Fn(&mut HeaderMap) + Send + Sync + 'static) {
        self.inject = Some(Arc::new(inject));
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

    /// What a client consists of.
    pub fn build(self) -> Result<State, BuildError> {
        if let Some(method) = self.invalid {
            return Err(BuildError::InvalidSecret { method });
        }
        if let Some(name) = self.invalid_header {
            return Err(BuildError::InvalidHeader { name });
        }
        let known = |id: &str| self.operations.iter().any(|operation| operation.id == id);
        let faked = self.transport.iter().flat_map(Transport::named);
        let mut named = self.operation_base_urls.keys().chain(self.retries.allowed()).chain(faked);
        if let Some(id) = named.find(|id| !known(id)).cloned() {
            let ids = self.operations.iter().map(|operation| operation.id);
            return Err(BuildError::UnknownOperation { similar: similar(&id, ids), id });
        }
        drop(named);
        let base_url = match &self.base_url {
            Some(url) => checked(url)?,
            None if self.server.contains("://") => checked(self.server)?,
            None if self.transport.is_some() => "http://in-process.invalid".to_owned(),
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
        let is_in_process = self.transport.is_some();
        let transport = self.transport.unwrap_or_else(|| Transport::new(http.clone()));
        let transport = self.layers.iter().fold(transport, |transport, layer| layer.wrap(transport));
        Ok(State::new(Inner {
            operations: self.operations,
            inject: self.inject,
            base_url,
            has_own_base_url: self.base_url.is_some(),
            operation_base_urls,
            credentials: self.credentials,
            tokens: self.tokens,
            without_credentials: self.without_credentials,
            headers: self.headers,
            retries: self.retries,
            timeout: self.timeout,
            deadline: self.deadline,
            http,
            transport,
            is_in_process,
        }))
    }

    /// The HTTP client for these settings. It follows no redirect: that is done here, because only here is known what
    /// another origin must not see.
    fn http(&self) -> reqwest::Result<reqwest::Client> {
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .redirect(reqwest::redirect::Policy::none());
        if let Some(timeout) = self.read_timeout {
            builder = builder.read_timeout(timeout);
        }
        builder.build()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Settings");
        shown.field("base_url", &self.base_url).field("credentials", &self.credentials).finish_non_exhaustive()
    }
}

/// The id that shares the longest beginning with `id`, without case and punctuation; none when nearly nothing is shared.
fn similar<'a>(id: &str, ids: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = |text: &str| -> Vec<char> {
        text.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = folded(id);
    let shared = |other: &str| wanted.iter().zip(folded(other)).take_while(|(a, b)| **a == *b).count();
    let best = ids.max_by_key(|other| shared(other))?;
    (shared(best) * 2 > wanted.len()).then_some(best)
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
