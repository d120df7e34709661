//! What a client keeps.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use crate::token::TokenSource;
use crate::{Credential, Error, Operation, Options, Retries, Transport};

/// The header that makes a repeated request the same request where the document names none
/// (draft-ietf-httpapi-idempotency-key-header).
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What puts headers into each attempt.
pub(crate) type Inject = Arc<dyn Fn(&mut HeaderMap) + Send + Sync>;

/// What a client keeps. Cloning is cheap; `Debug` shows no secret.
#[derive(Clone)]
pub struct State(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) operations: &'static [&'static Operation],
    pub(crate) inject: Option<Inject>,
    pub(crate) base_url: String,
    pub(crate) has_own_base_url: bool,
    pub(crate) operation_base_urls: BTreeMap<String, String>,
    pub(crate) credentials: BTreeMap<&'static str, Credential>,
    pub(crate) tokens: BTreeMap<&'static str, TokenSource>,
    pub(crate) without_credentials: bool,
    pub(crate) headers: HeaderMap,
    pub(crate) retries: Retries,
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    /// Makes requests; the transport carries them.
    pub(crate) http: reqwest::Client,
    pub(crate) transport: Transport,
    /// Whether the transport is one that was given, and may want to know which operation a request is for.
    pub(crate) is_in_process: bool,
}

impl State {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Where operations are sent that have no URL of their own.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// Where this operation is sent: the URL given for it, else the URL given for all, else the operation's own
    /// server, else the client's base URL.
    pub fn url_of(&self, operation: &Operation) -> String {
        if let Some(url) = self.0.operation_base_urls.get(operation.id) {
            return url.clone();
        }
        match operation.server {
            Some(server) if !self.0.has_own_base_url => relative_to(&self.0.base_url, server),
            _ => self.0.base_url.clone(),
        }
    }

    /// Completes the headers of a request before it is sent: what was said of this one, what is said of all, the media
    /// types that are understood, and a key where a repetition needs one.
    pub(crate) fn complete(
        &self,
        operation: &Operation,
        options: &Options,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        replace(headers, &options.headers);
        for name in self.0.headers.keys().filter(|name| !options.headers.contains_key(*name)) {
            if !headers.contains_key(name) {
                self.0.headers.get_all(name).iter().for_each(|value| {
                    headers.append(name, value.clone());
                });
            }
        }
        if !operation.accept.is_empty() && !headers.contains_key(ACCEPT) {
            headers.insert(ACCEPT, HeaderValue::from_static(operation.accept));
        }
        Self::mark(operation, options, headers)?;
        if self.credentials(operation).is_none() && !headers.contains_key(AUTHORIZATION) {
            return Err(Error::InvalidRequest(missing(operation)));
        }
        Ok(())
    }

    /// Puts in what makes a repetition the same request: the key that was given, otherwise one made here where the
    /// operation has a header for it and the request has none.
    fn mark(operation: &Operation, options: &Options, headers: &mut HeaderMap) -> Result<(), Error> {
        let name = operation.idempotency_key.unwrap_or(IDEMPOTENCY_KEY);
        let key = match &options.idempotency_key {
            Some(key) => key.clone(),
            None if operation.idempotency_key.is_some() && !headers.contains_key(name) => random_key(),
            None => return Ok(()),
        };
        match (HeaderName::try_from(name), HeaderValue::try_from(key)) {
            (Ok(name), Ok(value)) => {
                headers.insert(name, value);
                Ok(())
            }
            _ => {
                Err(Error::InvalidRequest("the idempotency key holds a character that no header can carry".to_owned()))
            }
        }
    }

    /// The secrets for an operation: those of the first alternative that needs some and has all; `None` when the
    /// operation must not be sent without.
    pub(crate) fn credentials(&self, operation: &Operation) -> Option<impl Iterator<Item = &Credential>> {
        let schemes = self.schemes(operation)?;
        Some(schemes.iter().filter_map(|scheme| self.0.credentials.get(scheme)))
    }

    /// The schemes that an operation is sent with; `None` when it must not be sent without and there are none.
    fn schemes(&self, operation: &Operation) -> Option<&'static [&'static str]> {
        let has = |scheme: &&str| self.0.credentials.contains_key(scheme) || self.0.tokens.contains_key(scheme);
        let complete = operation.security.iter().find(|schemes| !schemes.is_empty() && schemes.iter().all(has));
        let public = operation.security.is_empty() || operation.security.iter().any(|schemes| schemes.is_empty());
        match complete {
            Some(schemes) => Some(*schemes),
            None if public || self.0.without_credentials => Some(&[]),
            None => None,
        }
    }

    /// Where the token of an operation comes from.
    pub(crate) fn token_source(&self, operation: &Operation) -> Option<&TokenSource> {
        if !self.has_tokens() {
            return None;
        }
        self.schemes(operation)?.iter().find_map(|scheme| self.0.tokens.get(scheme))
    }

    /// Whether any token may have to be fetched again.
    pub(crate) fn has_tokens(&self) -> bool {
        !self.0.tokens.is_empty()
    }

    pub(crate) fn retries(&self) -> &Retries {
        &self.0.retries
    }

    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.0.timeout
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.0.deadline
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// Puts in what each attempt has of its own.
    pub(crate) fn inject(&self, headers: &mut HeaderMap) {
        if let Some(inject) = &self.0.inject {
            inject(headers);
        }
    }

    /// Whether the document has this operation.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.0.operations.iter().any(|operation| operation.id == id)
    }

    pub(crate) fn is_in_process(&self) -> bool {
        self.0.is_in_process
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }
}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { base_url, credentials, tokens, retries, .. } = &*self.0;
        let mut shown = formatter.debug_struct("State");
        shown.field("base_url", base_url).field("credentials", credentials).field("tokens", tokens);
        shown.field("retries", retries).finish_non_exhaustive()
    }
}

/// Puts all of `added` in the place of what there is under the same names.
fn replace(headers: &mut HeaderMap, added: &HeaderMap) {
    for name in added.keys() {
        headers.remove(name);
        added.get_all(name).iter().for_each(|value| {
            headers.append(name, value.clone());
        });
    }
}

/// A key that no other request has. The hasher of the standard library is seeded at random.
fn random_key() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
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
