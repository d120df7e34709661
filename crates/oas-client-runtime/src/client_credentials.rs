//! Tokens for a program by its own credentials (RFC 6749, section 4.4).

use std::fmt;
use std::time::Duration;

use oas_wire::percent::Escape;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::Deserialize;

use crate::token::{Token, TokenProvider};
use crate::transport::{BoxError, BoxFuture};

/// How long a token may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A [`TokenProvider`] that asks an authorization server with the id and the secret of this program.
///
/// ```no_run
/// use oas_client_runtime::ClientCredentials;
///
/// let provider = ClientCredentials::new("https://auth.example.com/token", "my-id", "my-secret")
///     .scope("clips:read")
///     .parameter("audience", "https://api.example.com");
/// // Client::builder().oauth_provider(provider)
/// ```
///
/// It is written here and not taken from the crate `oauth2`, because of that crate's work one request is needed, and
/// none of what it brings: random numbers, hashes, dates, and HTTP clients of its own.
#[derive(Clone)]
pub struct ClientCredentials {
    token_url: String,
    id: String,
    secret: String,
    scopes: Vec<String>,
    parameters: Vec<(String, String)>,
    in_body: bool,
    http: reqwest::Client,
}

/// What an authorization server answers (RFC 6749, section 5.1).
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    token_type: Option<String>,
    #[serde(default)]
    expires_in: Option<serde_json::Value>,
}

/// Why there is no token (RFC 6749, section 5.2).
#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: Option<String>,
}

impl ClientCredentials {
    /// Tokens from the endpoint at `token_url`.
    pub fn new(token_url: impl Into<String>, id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            token_url: token_url.into(),
            id: id.into(),
            secret: secret.into(),
            scopes: Vec::new(),
            parameters: Vec::new(),
            in_body: false,
            http: reqwest::Client::new(),
        }
    }

    /// Asks for a scope, in addition to others; without any, the server decides.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Sends one more parameter: `audience` or `resource`, for example.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sends id and secret in the body, for servers that do not take them in the header `Authorization`.
    #[must_use]
    pub fn in_body(mut self) -> Self {
        self.in_body = true;
        self
    }

    /// The HTTP client to ask with.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = client;
        self
    }

    /// The body of the request.
    fn form(&self) -> String {
        let scope = self.scopes.join(" ");
        let mut pairs = vec![("grant_type", "client_credentials")];
        if !scope.is_empty() {
            pairs.push(("scope", &scope));
        }
        if self.in_body {
            pairs.extend([("client_id", self.id.as_str()), ("client_secret", &self.secret)]);
        }
        pairs.extend(self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let escape = |text| Escape::All.apply(text).into_owned();
        pairs.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
    }

    async fn ask(&self) -> Result<Token, BoxError> {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        let mut request = self
            .http
            .post(&self.token_url)
            .timeout(TIMEOUT)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(CONTENT_TYPE, form)
            .body(self.form());
        if !self.in_body {
            // Both are written as in a form first (RFC 6749, section 2.3.1).
            let (id, secret) = (Escape::All.apply(&self.id), Escape::All.apply(&self.secret));
            let pair = oas_wire::basic::encode(&id, &secret).ok_or("the client's id holds a colon")?;
            let mut value = HeaderValue::try_from(format!("Basic {pair}"))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let answer = request.send().await?;
        let (status, body) = (answer.status(), answer.bytes().await?);
        if !status.is_success() {
            let told = serde_json::from_slice(&body).map(|Refused { error, error_description }| {
                error_description.map_or_else(|| error.clone(), |description| format!("{error}: {description}"))
            });
            let told = told.map(|told| format!(" ({told})")).unwrap_or_default();
            return Err(format!("the authorization server gave no token, but status {}{told}", status.as_u16()).into());
        }
        // The parser's message would quote what may be a secret.
        let granted: Granted =
            serde_json::from_slice(&body).map_err(|_| "what the authorization server answered is no token")?;
        if granted.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err("the authorization server gave a token of another type than `Bearer`".into());
        }
        let token = Token::new(granted.access_token);
        // Some servers write the number as a text.
        let seconds = granted.expires_in.and_then(|value| match value {
            serde_json::Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        });
        Ok(match seconds {
            Some(seconds) => token.valid_for(Duration::from_secs(seconds)),
            None => token,
        })
    }
}

impl TokenProvider for ClientCredentials {
    fn fetch(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(self.ask())
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientCredentials")
            .field("token_url", &self.token_url)
            .field("id", &self.id)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
